select $1::bigint
