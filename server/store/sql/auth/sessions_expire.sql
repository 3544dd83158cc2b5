delete from session where user_id = $1 and expires_at <= $2
