update tenant set name = coalesce($2, name), timezone = coalesce($3, timezone) where id = $1
