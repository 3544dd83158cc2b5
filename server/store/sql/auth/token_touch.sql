-- At most once a minute a token: a request should not cost a write.
update api_token set last_used_at = $2
where id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')
