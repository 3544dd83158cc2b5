insert into app_user (id, email, internal_role, password_hash, created_at)
values ($1, $2, $3, $4, $5)
