delete from known_device where user_id = $1
