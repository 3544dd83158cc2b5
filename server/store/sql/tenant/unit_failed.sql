-- Measurements that failed in the unit's runs, in the order in which they were taken.
select m.run_id, s.name as step, p.name, p.unit, m.value, m.other::text as other, m.low, m.high, m.component
from run r
join measurement m on m.tenant_id = $1 and m.run_id = r.id and m.run_at = r.started_at and m.outcome = 1
join parameter p on p.tenant_id = $1 and p.id = m.parameter_id
left join step s on s.tenant_id = $1 and s.run_id = r.id and s.run_at = r.started_at and s.seq = m.step
where r.tenant_id = $1 and r.unit_id = $2
order by m.run_at, m.run_id, m.step, m.seq
limit 2000
