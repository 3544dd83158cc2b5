delete from run_void where tenant_id = $1 and run_id = $2
