insert into tenant (id, slug, name, timezone, created_at) values ($1, $2, $3, $4, $5)
