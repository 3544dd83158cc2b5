update run r
set run_index = a.run_index, unaborted_index = a.unaborted_index, attempts = a.attempts,
    unaborted_attempts = a.unaborted_attempts, marks = a.marks, reason = a.reason,
    first_at = a.first_at, unaborted_first_at = a.unaborted_first_at
from stage_attempt a
where not a.staged and a.changed
  and r.tenant_id = $1 and r.unit_id = a.unit_id and r.operation = a.operation
  and r.started_at = a.started_at and r.id = a.id
