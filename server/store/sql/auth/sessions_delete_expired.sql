-- Deletes sessions that have ended; those in use are left for the next time, so that this
-- waits for nobody.
delete from session
where token_hash in (
    select token_hash from session where expires_at <= $1 limit 1000 for update skip locked)
