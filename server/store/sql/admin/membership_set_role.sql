update membership set role = $3 where user_id = $1 and ($2::uuid is null or tenant_id = $2)
