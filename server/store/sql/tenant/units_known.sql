select id, serial, kind_said from unit where tenant_id = $1 and serial = any ($2)
