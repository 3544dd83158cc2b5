-- The number of runs of a unit, the number of those newer than the run started at $3 with the id
-- $4, and the first start of the newer ones.
select count(*) as runs,
       count(*) filter (where (started_at, id) > ($3, $4)) as newer,
       min(started_at) filter (where (started_at, id) > ($3, $4)) as newer_from
from run
where tenant_id = $1 and unit_id = $2
