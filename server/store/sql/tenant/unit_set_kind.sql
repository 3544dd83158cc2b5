update unit set kind_set = $3, kind_set_at = $4, kind_set_by = $5, kind_set_why = $6
where tenant_id = $1 and serial = $2
returning id
