delete from saved_view where tenant_id = $1 and id = $2 returning name
