select id, prefix, scopes, created_at, expires_at, last_used_at, revoked_at
from api_token where tenant_id = $1 order by created_at, id
