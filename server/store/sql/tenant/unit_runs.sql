-- Keyset page of a unit's runs, newest first, from the run started at $3 with the id $4 on.
select r.id, r.operation, r.run_index, r.started_at, r.ended_at, r.outcome, r.code, r.station,
       r.fixture, r.software, r.product, r.revision, r.voided, r.flags, i.receipt_id,
       v.at as voided_at, v.actor as voided_by, v.reason as voided_why
from run r
join run_identity i on i.tenant_id = $1 and i.id = r.id
left join run_void v on v.tenant_id = $1 and v.run_id = r.id
where r.tenant_id = $1 and r.unit_id = $2
  and ($3::timestamptz is null or (r.started_at, r.id) <= ($3, $4))
order by r.started_at desc, r.id desc
limit $5
