-- The number of parameters with numeric values whose name contains $2, ignoring case.
select count(*)
from parameter p
cross join lateral (
    select 1 from measurement m
    where m.tenant_id = $1 and m.parameter_id = p.id and m.value is not null
    limit 1
) measured
where p.tenant_id = $1
  and ($2 = '' or position(lower($2) in lower(measurement_name(p.operation, p.step, p.name, p.unit))) > 0)
