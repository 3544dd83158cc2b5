-- Returns the nonce, unless the connection is in a transaction: each of our transactions first
-- sets a role.
select $1::bigint where current_user = session_user
