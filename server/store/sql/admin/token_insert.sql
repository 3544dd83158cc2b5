insert into api_token (tenant_id, id, token_hash, prefix, scopes, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7)
