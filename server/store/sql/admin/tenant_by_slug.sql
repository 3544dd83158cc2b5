select id, slug, name, timezone, created_at from tenant where slug = $1
