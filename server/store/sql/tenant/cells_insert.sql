insert into yield_cell (tenant_id, day, attribute, reason, outcome, marks, first, unaborted_first,
                        operation, value, runs, attempts, unaborted_attempts, defects, opportunities)
select tenant_id, day, attribute, reason, outcome, marks, first, unaborted_first,
       operation, value, runs, attempts, unaborted_attempts, defects, opportunities
from run_cell
where tenant_id = $1
-- Those of one day lie together, as the days themselves would have brought them.
order by attribute, day, operation, value
on conflict do nothing
