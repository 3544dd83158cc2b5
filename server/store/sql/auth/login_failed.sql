-- One more failure; those from before $3 are forgotten, of this address and of others.
with forgotten as (
    delete from login_failure where last_at <= $3 and address_hash <> $1
)
insert into login_failure as f (address_hash, failures, last_at) values ($1, 1, $2)
on conflict (address_hash) do update
set failures = case when f.last_at <= $3 then 1 else f.failures + 1 end, last_at = excluded.last_at
