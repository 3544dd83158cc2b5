delete from login_failure where address_hash = $1
