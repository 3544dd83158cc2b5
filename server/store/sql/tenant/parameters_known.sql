select id, digest from parameter where tenant_id = $1 and digest = any ($2)
