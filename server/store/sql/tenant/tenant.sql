select id, slug, name, timezone, chassis_part_type, attribute_part_types, lot_rules, created_at, stale, suspended_at, deleted_at from tenant
