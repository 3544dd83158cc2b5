select id, email from app_user
where lower(email) = lower($1) and ($2::uuid is null or tenant_id = $2)
for no key update
