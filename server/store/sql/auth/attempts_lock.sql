-- Upsert that returns the counter of a key, locked until the transaction ends: concurrent
-- attempts are serialized. A new counter starts at 0.
insert into login_failure as f (address_hash, failures, last_at) values ($1, 0, $2)
on conflict (address_hash) do update set failures = f.failures
returning failures, last_at
