select u.email, t.slug as tenant, coalesce(m.role, u.internal_role) as role,
       coalesce(m.created_at, u.created_at) as created_at,
       coalesce(u.disabled_at, m.disabled_at) as disabled_at
from app_user u
left join membership m on m.user_id = u.id
left join tenant t on t.id = m.tenant_id
where $1::uuid is null or m.tenant_id = $1
order by lower(u.email), t.slug
