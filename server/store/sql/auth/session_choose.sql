update session set tenant_id = $2 where token_hash = $1
