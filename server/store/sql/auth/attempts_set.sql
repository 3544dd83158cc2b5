update login_failure set failures = $2, last_at = $3 where address_hash = $1
