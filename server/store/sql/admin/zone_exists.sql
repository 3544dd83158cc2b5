select exists (select 1 from pg_timezone_names where name = $1)
