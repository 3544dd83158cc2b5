-- Accepts an invitation once; returns the invited user.
update invite i
set accepted_at = $2
from app_user u
where i.token_hash = $1 and i.accepted_at is null and i.expires_at > $2
  and u.id = i.user_id and u.disabled_at is null
returning u.id, u.email
