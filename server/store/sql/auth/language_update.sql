update app_user set language = $2 where id = $1
