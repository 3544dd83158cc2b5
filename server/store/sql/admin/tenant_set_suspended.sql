-- Idempotent: suspending a suspended tenant keeps the first time.
update tenant
set suspended_at = case when $2::timestamptz is null then null else coalesce(suspended_at, $2) end
where id = $1
