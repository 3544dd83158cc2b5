select id, slug, name, timezone from tenant
