-- The parameters with the name $2: one, unless a name contains ' / '.
select p.id
from parameter p
where p.tenant_id = $1 and measurement_name(p.operation, p.step, p.name, p.unit) = $2
