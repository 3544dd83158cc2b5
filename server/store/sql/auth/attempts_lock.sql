-- The counter of a key, locked until the transaction ends: parallel attempts are admitted
-- one after the other. A counter that is not there begins at 0.
insert into login_failure as f (address_hash, failures, last_at) values ($1, 0, $2)
on conflict (address_hash) do update set failures = f.failures
returning failures, last_at
