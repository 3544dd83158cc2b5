insert into tenant (id, slug, name, timezone, chassis_part_type, created_at)
values ($1, $2, $3, $4, $5, $6)
