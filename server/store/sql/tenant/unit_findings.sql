select f.run_id, f.kind, f.outcome, f.system, f.code, f.message, f.component
from run r
join finding f on f.tenant_id = $1 and f.run_id = r.id and f.run_at = r.started_at
where r.tenant_id = $1 and r.unit_id = $2
order by f.run_at, f.run_id, f.seq
limit 2000
