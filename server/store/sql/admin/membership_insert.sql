insert into membership (tenant_id, user_id, role, created_at) values ($1, $2, $3, $4)
