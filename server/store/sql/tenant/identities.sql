-- Which delivery of these runs stands, and where it is kept.
select id, unit_id, started_at, complete, artifacts, content_hash
from run_identity
where tenant_id = $1 and id = any ($2)
