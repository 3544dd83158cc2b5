insert into invite (tenant_id, token_hash, user_id, created_at, expires_at)
values ($1, $2, $3, $4, $5)
