-- Upsert. Duplicates of higher priority were resolved before, under the lock; the condition
-- repeats the criterion.
insert into run_identity (tenant_id, id, unit_id, started_at, complete, artifacts, content_hash, receipt_id)
select $1, s.id, ($2::bigint[])[s.unit], s.started_at, s.complete, s.artifacts, s.content_hash, $3
from stage_run s
on conflict (tenant_id, id) do update set
    unit_id = excluded.unit_id, started_at = excluded.started_at, complete = excluded.complete,
    artifacts = excluded.artifacts, content_hash = excluded.content_hash,
    content_version = excluded.content_version, receipt_id = excluded.receipt_id
where (not excluded.complete, -excluded.artifacts, excluded.content_hash)
    < (not run_identity.complete, -run_identity.artifacts, run_identity.content_hash)
