-- Throttled to one write a minute per token: most requests do not write.
update api_token set last_used_at = $2
where id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')
