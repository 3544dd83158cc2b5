-- One row a run: the upload's own repetitions, and what is better kept already, were
-- settled before, under the lock. The condition says again what decides.
insert into run (tenant_id, id, unit_id, operation, started_at, ended_at, outcome, code, test_name,
                 product, revision, level, station, fixture, slot, operator, software,
                 defects, opportunities, flags, complete, artifacts, content_hash, receipt_id)
select $1, s.id, u.id, s.operation, s.started_at, s.ended_at, s.outcome, s.code, s.test_name,
       s.product, s.revision, s.level, s.station, s.fixture, s.slot, s.operator, s.software,
       s.defects, s.opportunities, s.flags, s.complete, s.artifacts, s.content_hash, $2
from stage_run s
join unit u on u.tenant_id = $1 and u.serial = s.serial
order by s.id
on conflict (tenant_id, id) do update set
    unit_id = excluded.unit_id, operation = excluded.operation,
    started_at = excluded.started_at, ended_at = excluded.ended_at,
    outcome = excluded.outcome, code = excluded.code, test_name = excluded.test_name,
    product = excluded.product, revision = excluded.revision, level = excluded.level,
    station = excluded.station, fixture = excluded.fixture, slot = excluded.slot,
    operator = excluded.operator, software = excluded.software,
    defects = excluded.defects, opportunities = excluded.opportunities,
    flags = excluded.flags, complete = excluded.complete, artifacts = excluded.artifacts,
    content_hash = excluded.content_hash, receipt_id = excluded.receipt_id
where (not excluded.complete, -excluded.artifacts, excluded.content_hash)
    < (not run.complete, -run.artifacts, run.content_hash)
