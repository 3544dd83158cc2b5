select id, content_hash from repair where tenant_id = $1 and id = any ($2)
