-- Keeps the 20 most recently used devices of a user.
delete from known_device
where user_id = $1 and device_hash in (
    select device_hash from known_device where user_id = $1 order by last_used_at desc, device_hash offset 20)
