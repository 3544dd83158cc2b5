insert into app_user (id, tenant_id, email, role, password_hash, created_at)
values ($1, $2, $3, $4, $5, $6)
