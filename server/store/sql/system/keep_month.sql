select keep_month($1, $2)
