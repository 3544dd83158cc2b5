update app_user set role = $2 where id = $1
