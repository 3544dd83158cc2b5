select failures, last_at from login_failure where address_hash = $1 and last_at > $2
