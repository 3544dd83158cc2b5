-- What was measured as a number, at most $2 of it. The order comes first, so that little more
-- is looked up than is given, unless much was measured without a number.
select p.operation, measurement_name(p.operation, p.step, p.name, p.unit) as name
from (
    select * from parameter p where p.tenant_id = $1
    order by p.operation collate "C", p.step collate "C", p.name collate "C", p.unit collate "C"
) p
cross join lateral (
    select from measurement m
    where m.tenant_id = $1 and m.parameter_id = p.id and m.value is not null
    limit 1
) measured
order by p.operation collate "C", p.step collate "C", p.name collate "C", p.unit collate "C"
limit $2
