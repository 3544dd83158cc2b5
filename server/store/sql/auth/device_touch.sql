update known_device set last_used_at = $3 where user_id = $1 and device_hash = $2
