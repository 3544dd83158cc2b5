-- Revocation that takes effect at once, and log-ins that are throttled by address, source
-- and device.

-- What a list of tokens may show: the first characters of the secret (null for tokens from
-- before this migration), and when it was last used, to the minute.
alter table api_token add prefix text;
alter table api_token add last_used_at timestamptz;
grant update (last_used_at) on api_token to firstpass_auth;
create policy last_used on api_token for update to firstpass_auth using (true) with check (true);

-- Notifies every server, on commit, of a credential that ended or changed what it may do:
-- the open streams of its holder end. TG_ARGV[0] says whose id is sent. The channel is
-- `credential`, the payload `user|session|token UUID`.
create function notify_credential() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    perform pg_notify('credential', TG_ARGV[0] || ' ' || old.id);
    return null;
end
$$;

create trigger user_changed after update of role, tenant_id, disabled_at on app_user for each row
    when (old.role is distinct from new.role or old.tenant_id is distinct from new.tenant_id
          or old.disabled_at is distinct from new.disabled_at)
    execute function notify_credential('user');
create trigger user_deleted after delete on app_user for each row
    execute function notify_credential('user');
create trigger session_ended after delete on session for each row
    execute function notify_credential('session');
create trigger token_changed after update of scopes, expires_at, revoked_at on api_token for each row
    when (old.scopes is distinct from new.scopes or old.expires_at is distinct from new.expires_at
          or old.revoked_at is distinct from new.revoked_at)
    execute function notify_credential('token');
create trigger token_deleted after delete on api_token for each row
    execute function notify_credential('token');

-- Deleting by user needs the column to be readable.
grant select (user_id) on session to firstpass_admin;

-- Browsers that a person has logged in with before, by the hash of a secret that is in a
-- cookie: they are let through while the person's address is locked by somebody's guesses.
create table known_device (
    device_hash  bytea not null,
    user_id      uuid not null references app_user (id) on delete cascade,
    created_at   timestamptz not null,
    last_used_at timestamptz not null,
    primary key (user_id, device_hash)
);
grant select, insert, update, delete on known_device to firstpass_auth;
grant select (user_id), delete on known_device to firstpass_admin;

-- `address_hash` of login_failure is the key of a counter of log-in attempts: the hash of an
-- address, and now also of a source or a device. A reset password forgets the address's.
grant select (address_hash), delete on login_failure to firstpass_admin;
