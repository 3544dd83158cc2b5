-- At most once a minute a session: a page load should not cost a write.
update session set last_seen_at = $2
where token_hash = $1 and last_seen_at < $2::timestamptz - interval '1 minute'
