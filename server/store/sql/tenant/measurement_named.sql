-- The parameters whose name is $2: one, unless somebody wrote ' / ' into a name.
select p.id
from parameter p
where p.tenant_id = $1 and measurement_name(p.operation, p.step, p.name, p.unit) = $2
