select id from job where tenant_id = $1 and kind = $2 and idempotency_key = $3
