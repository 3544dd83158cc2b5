-- Forgets counters from before $1; those in use are left for the next time, so that this
-- waits for nobody.
delete from login_failure
where address_hash in (
    select address_hash from login_failure where last_at <= $1 limit 1000 for update skip locked)
