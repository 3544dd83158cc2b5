-- Parameters with numeric values whose name contains $3, ignoring case: at most $2, an exact
-- match of $3 first. Sorts before the look-up of values, so that it looks up few more parameters
-- than it returns, unless many have no numeric value.
select p.operation, p.full_name as name
from (
    select p.*, measurement_name(p.operation, p.step, p.name, p.unit) as full_name
    from parameter p
    where p.tenant_id = $1
      and ($3 = '' or position(lower($3) in lower(measurement_name(p.operation, p.step, p.name, p.unit))) > 0)
    order by lower(measurement_name(p.operation, p.step, p.name, p.unit)) <> lower($3),
             p.operation collate "C", p.step collate "C", p.name collate "C", p.unit collate "C"
) p
cross join lateral (
    select 1 from measurement m
    where m.tenant_id = $1 and m.parameter_id = p.id and m.value is not null
    limit 1
) measured
order by lower(p.full_name) <> lower($3),
         p.operation collate "C", p.step collate "C", p.name collate "C", p.unit collate "C"
limit $2
