select exists (select 1 from known_device where user_id = $1 and device_hash = $2 and last_used_at > $3)
