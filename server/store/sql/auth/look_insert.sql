insert into audit (id, tenant_id, at, actor, action, detail) values ($1, $2, now(), $3, 'look', $4)
