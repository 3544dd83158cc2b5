-- The stored version of these runs, and where it is stored. The limit keeps the planner from a
-- sequential scan per run, as it would choose if the table was small when the plan was made.
select i.id, i.unit_id, i.started_at, i.complete, i.artifacts, i.content_hash, i.content_version
from unnest($2::uuid[]) as asked (id)
cross join lateral (
    select * from run_identity i where i.tenant_id = $1 and i.id = asked.id limit 1
) i
