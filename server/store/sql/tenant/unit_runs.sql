select r.id, r.operation, r.run_index, r.started_at, r.ended_at, r.outcome, r.code, r.station,
       r.fixture, r.software, r.product, r.revision, r.voided, r.flags, i.receipt_id
from run r
join run_identity i on i.tenant_id = $1 and i.id = r.id
where r.tenant_id = $1 and r.unit_id = $2
order by r.started_at, r.id
