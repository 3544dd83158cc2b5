select k.tenant_id, k.id, k.scopes,
       k.last_used_at is null or k.last_used_at < $2::timestamptz - interval '1 minute' as is_use_due
from api_token k
join tenant t on t.id = k.tenant_id
where k.token_hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)
  and t.suspended_at is null
