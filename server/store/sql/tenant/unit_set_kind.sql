update unit set kind_set = $3 where tenant_id = $1 and serial = $2 returning id
