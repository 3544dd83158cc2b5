-- Idempotent: disabling a disabled user keeps the first time.
update app_user set disabled_at = case when $2::timestamptz is null then null else coalesce(disabled_at, $2) end
where id = $1
