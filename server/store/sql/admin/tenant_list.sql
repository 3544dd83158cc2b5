select id, slug, name, timezone, chassis_part_type, created_at, stale from tenant order by slug
