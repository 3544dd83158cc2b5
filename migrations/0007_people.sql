-- What people do with their own log-ins.

-- A name for a session that may be shown, and what it was begun with.
alter table session add id uuid not null default gen_random_uuid();
alter table session add agent text;
create unique index session_id on session (id);

grant update (password_hash) on app_user to firstpass_auth;
create policy new_password on app_user for update to firstpass_auth using (true) with check (true);

-- Log-ins that failed, by a hash of the address: whoever types a password into the wrong
-- field does not leave it here. Also of addresses that nobody has.
create table login_failure (
    address_hash bytea primary key,
    failures     integer not null,
    last_at      timestamptz not null
);
create index login_failure_last_at on login_failure (last_at);
grant select, insert, update, delete on login_failure to firstpass_auth;
