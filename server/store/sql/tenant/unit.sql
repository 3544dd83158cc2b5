select id, serial, kind from unit where tenant_id = $1 and serial = $2
