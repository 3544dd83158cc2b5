-- Throttled to one write a minute per session: most page loads do not write.
update session set last_seen_at = $2
where token_hash = $1 and last_seen_at < $2::timestamptz - interval '1 minute'
