insert into audit (id, tenant_id, at, actor, action, detail) values ($1, $2, $3, $4, $5, $6)
