-- Units other than $2 in which runs found these parts ($3), and whether any of these runs did not
-- pass: the first $4 of each part, those that failed first, of `total`.
select part, serial, failed, total
from (
    select c.serial as part, u.serial, bool_or(r.outcome between 1 and 4) as failed,
           count(*) over (partition by c.serial) as total,
           row_number() over (partition by c.serial order by bool_or(r.outcome between 1 and 4) desc, u.serial collate "C") as place
    from component c
    cross join lateral (
        select i.unit_id from run_identity i where i.tenant_id = $1 and i.id = c.run_id limit 1
    ) i
    cross join lateral (
        select r.outcome from run r
        where r.tenant_id = $1 and r.unit_id = i.unit_id and r.started_at = c.run_at and r.id = c.run_id
        limit 1
    ) r
    join unit u on u.tenant_id = $1 and u.id = i.unit_id
    where c.tenant_id = $1 and c.serial = any ($3) and c.serial is not null and i.unit_id <> $2
    group by c.serial, u.serial
) ranked
where place <= $4
order by part, place
