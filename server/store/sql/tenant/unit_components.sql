-- The parts that the unit's runs found, with the times of the first and last such run: the $3
-- that were seen last, of `total`.
select *
from (
    select c.serial, c.part, c.slot, c.name, min(c.run_at) as first_seen, max(c.run_at) as last_seen,
           count(*) over () as total
    from run r
    cross join lateral (
        select * from component c where c.tenant_id = $1 and c.run_id = r.id and c.run_at = r.started_at offset 0
    ) c
    where r.tenant_id = $1 and r.unit_id = $2
    group by c.serial, c.part, c.slot, c.name
    order by last_seen desc, c.slot, c.part, c.serial, c.name
    limit $3
) latest
order by slot, part, serial, name, first_seen
