-- Keyset page of units with counted runs, by operation, in the order of serial and operation,
-- after $9 and $10.
select u.serial, a.operation, count(*) as runs, count(*) filter (where a.outcome = 0) as passed,
       min(a.started_at) as started_at
from runs_asked($1, $2, $3, $4, $5, $6, $7, $8) a
join unit u on u.tenant_id = $1 and u.id = a.unit_id
where a.counted and (u.serial collate "C", a.operation collate "C") > ($9, $10)
group by u.serial, a.operation
order by u.serial collate "C", a.operation collate "C"
limit $11
