-- A user, of that tenant or of any, with the number of their memberships.
select u.id, u.email, u.internal_role,
       (select count(*) from membership m where m.user_id = u.id) as memberships
from app_user u
where lower(u.email) = lower($1)
  and ($2::uuid is null
       or exists (select 1 from membership m where m.user_id = u.id and m.tenant_id = $2))
for no key update
