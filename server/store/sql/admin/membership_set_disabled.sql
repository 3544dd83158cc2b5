update membership
set disabled_at = case when $3::timestamptz is null then null else coalesce(disabled_at, $3) end
where user_id = $1 and tenant_id = $2
