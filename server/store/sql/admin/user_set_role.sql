update app_user set internal_role = $2 where id = $1
