select u.id, u.email, u.password_hash
from app_user u
where lower(u.email) = lower($1) and u.disabled_at is null
  and (u.internal_role is not null
       or exists (select 1 from membership m where m.user_id = u.id and m.disabled_at is null))
