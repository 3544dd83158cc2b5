select id, slug, name, timezone, chassis_part_type, created_at, stale from tenant where slug = $1
