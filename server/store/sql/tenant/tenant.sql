select id, slug, name, timezone, created_at from tenant
