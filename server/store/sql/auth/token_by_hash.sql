select tenant_id, id, scopes
from api_token
where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
