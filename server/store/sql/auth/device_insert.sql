insert into known_device (user_id, device_hash, created_at, last_used_at) values ($1, $2, $3, $3)
