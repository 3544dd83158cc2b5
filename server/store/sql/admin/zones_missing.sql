select t.slug, t.timezone from tenant t
where not exists (select 1 from pg_timezone_names z where z.name = t.timezone)
order by t.slug
