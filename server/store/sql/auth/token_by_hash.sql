select tenant_id, id, scopes,
       last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute' as is_use_due
from api_token
where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
