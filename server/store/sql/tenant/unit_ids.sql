select id from unit where tenant_id = $1 and serial = any ($2)
