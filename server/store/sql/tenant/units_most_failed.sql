-- Units of which at least $7 runs in one operation did not pass: the $8 with the most of them.
with failed as materialized (
    select r.unit_id, r.operation, count(*) as failed
    from runs_matching($1, $2, $3, $4, $5, $6) r
    where r.reason = 0 and r.outcome between 1 and 4
    group by r.unit_id, r.operation
    having count(*) >= $7
    order by failed desc, r.unit_id
    limit $8
)
select u.serial, f.operation, f.failed
from failed f
cross join lateral (
    select u.serial from unit u where u.tenant_id = $1 and u.id = f.unit_id limit 1
) u
order by f.failed desc, u.serial collate "C"
