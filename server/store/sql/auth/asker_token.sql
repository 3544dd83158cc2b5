select scopes, revoked_at is not null as is_revoked, expires_at <= now() as is_expired
from api_token
where tenant_id = $1 and id = $2
