select u.email, t.slug as tenant, u.role, u.created_at, u.disabled_at
from app_user u
left join tenant t on t.id = u.tenant_id
where $1::uuid is null or u.tenant_id = $1
order by lower(u.email)
