-- Deletes expired sessions. Skips locked rows until the next call, so it never waits.
delete from session
where token_hash in (
    select token_hash from session where expires_at <= $1 limit 1000 for update skip locked)
