-- A user, with their role in a tenant ($2).
select u.email, u.internal_role, u.disabled_at is not null as is_disabled, m.role
from app_user u
left join membership m on m.user_id = u.id and m.tenant_id = $2 and m.disabled_at is null
where u.id = $1
