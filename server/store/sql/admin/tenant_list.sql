select id, slug, name, timezone from tenant order by slug
