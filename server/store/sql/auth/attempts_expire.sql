-- Deletes counters from before $1. Skips locked rows until the next call, so it never waits.
delete from login_failure
where address_hash in (
    select address_hash from login_failure where last_at <= $1 limit 1000 for update skip locked)
