select s.id as session_id, s.user_id, u.email, u.role, u.tenant_id as own_tenant
from session s
join app_user u on u.id = s.user_id
where s.token_hash = $1
  and u.disabled_at is null
  and s.expires_at > $2
  and s.last_seen_at > $2::timestamptz - make_interval(secs => $3)
