insert into session (token_hash, user_id, created_at, last_seen_at, expires_at, agent)
values ($1, $2, $3, $3, $4, $5)
