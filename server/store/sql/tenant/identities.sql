-- Which delivery of these runs stands, and where it is kept.
select i.id, i.unit_id, i.started_at, i.complete, i.artifacts, i.content_hash
from unnest($2::uuid[]) as asked (id)
join run_identity i on i.tenant_id = $1 and i.id = asked.id
