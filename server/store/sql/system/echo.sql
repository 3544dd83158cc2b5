-- The nonce, unless the connection is in a transaction: each of ours takes on a role first.
select $1::bigint where current_user = session_user
