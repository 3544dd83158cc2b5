-- Ends a session of a user; without an id all of them except $3.
delete from session
where user_id = $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or id <> $3)
