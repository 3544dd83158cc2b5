-- First-pass yield, definition first-run, version 1: every production unit whose
-- first run in the operation has come, passed if that run passed. Also what was
-- left out of the same operations, in runs, with the reason.
select r.operation,
       count(*) filter (where r.run_index = 1 and u.kind = 0 and r.started_at <= $1) as n,
       count(*) filter (where r.run_index = 1 and u.kind = 0 and r.started_at <= $1 and r.outcome = 0) as passed,
       count(*) filter (where u.kind = 2) as golden,
       count(*) filter (where u.kind = 1) as reference,
       count(*) filter (where u.kind = 0 and not r.voided and r.outcome = 5) as skipped,
       count(*) filter (where u.kind = 0 and not r.voided and r.outcome <> 5 and r.started_at > $1) as future,
       count(*) filter (where u.kind = 0 and r.voided) as voided,
       max(r.started_at) filter (where r.started_at <= $1) as latest
from run r
join unit u on u.id = r.unit_id
group by r.operation
order by r.operation
