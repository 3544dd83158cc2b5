delete from yield_cell where tenant_id = $1
