select id, slug, name, timezone from tenant where slug = $1
