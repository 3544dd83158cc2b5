-- Stages two rows per run for the cells: before and after.
with written as (
    update run r
    set run_index = a.run_index, unaborted_index = a.unaborted_index, attempts = a.attempts,
        unaborted_attempts = a.unaborted_attempts, marks = a.marks, reason = a.reason,
        first_at = a.first_at, unaborted_first_at = a.unaborted_first_at
    from stage_attempt a
    where not a.staged and a.changed
      and r.tenant_id = $1 and r.unit_id = a.unit_id and r.operation = a.operation
      and r.started_at = a.started_at and r.id = a.id
    returning r.day, r.outcome, r.operation, r.product, r.station, r.defects, r.opportunities,
              r.reason, r.marks, r.run_index, r.unaborted_index, r.attempts, r.unaborted_attempts,
              a.old_reason, a.old_marks, a.old_run_index, a.old_unaborted_index, a.old_attempts,
              a.old_unaborted_attempts
)
insert into stage_cell (sign, day, reason, outcome, marks, run_index, unaborted_index, operation, product, station, attempts, unaborted_attempts, defects, opportunities)
select v.sign, w.day, v.reason, w.outcome, v.marks, v.run_index, v.unaborted_index, w.operation, w.product,
       w.station, v.attempts, v.unaborted_attempts, w.defects, w.opportunities
from written w
cross join lateral (values
    (-1::smallint, old_reason, old_marks, old_run_index, old_unaborted_index, old_attempts, old_unaborted_attempts),
    (1::smallint, reason, marks, run_index, unaborted_index, attempts, unaborted_attempts)
) v (sign, reason, marks, run_index, unaborted_index, attempts, unaborted_attempts)
