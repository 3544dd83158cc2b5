insert into yield_cell (tenant_id, day, attribute, reason, outcome, marks, first, unaborted_first,
                        operation, value, runs, attempts, unaborted_attempts, defects, opportunities)
select tenant_id, day, attribute, reason, outcome, marks, first, unaborted_first,
       operation, value, runs, attempts, unaborted_attempts, defects, opportunities
from run_cell
where tenant_id = $1
-- In the order of days, so that the rows of a day are physically adjacent, as if inserted daily.
order by attribute, day, operation, value
on conflict do nothing
