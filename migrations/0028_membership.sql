-- A person may belong to several tenants, with a role in each; a tenant may be suspended, and
-- its slug changed.

create table membership (
    tenant_id   uuid not null references tenant (id),
    user_id     uuid not null references app_user (id) on delete cascade,
    role        text not null,
    created_at  timestamptz not null,
    disabled_at timestamptz,
    primary key (tenant_id, user_id),
    constraint membership_role_check check (role in ('viewer', 'engineer', 'partner-admin'))
);
create index membership_user_id on membership (user_id);
call tenant_table('membership');
create policy log_in on membership for select to firstpass_auth using (true);
grant select on membership to firstpass_auth;
grant select, insert, update, delete on membership to firstpass_admin;

create policy migration on membership to current_user using (true) with check (true);
create policy migration on app_user to current_user using (true) with check (true);
insert into membership (tenant_id, user_id, role, created_at)
select tenant_id, id, role, created_at from app_user where tenant_id is not null;
drop policy migration on membership;

-- What remains in `app_user` is the person: the role of internal people is theirs everywhere.
drop trigger user_changed on app_user;
alter table app_user drop constraint app_user_role_check;
drop policy tenant on app_user;
alter table app_user alter column role drop not null;
update app_user set role = null where tenant_id is not null;
drop policy migration on app_user;
alter table app_user drop column tenant_id;
alter table app_user rename column role to internal_role;
alter table app_user add constraint app_user_internal_role_check
    check (internal_role in ('operator', 'admin'));

-- Suspension ends tokens, pages and streams at once. `deleted_at` begins the grace period after
-- which a tenant's rows are removed.
alter table tenant add suspended_at timestamptz;
alter table tenant add deleted_at timestamptz;
grant select (id, slug, name, suspended_at) on tenant to firstpass_auth;

-- Slugs that a tenant had before. They are not given to another tenant.
create table former_slug (
    slug       text primary key,
    tenant_id  uuid not null references tenant (id),
    expires_at timestamptz not null
);
call tenant_table('former_slug');
create policy log_in on former_slug for select to firstpass_auth using (true);
grant select on former_slug to firstpass_auth;
grant select, insert, update, delete on former_slug to firstpass_admin;

-- Notifications of `credential`, as in migration 0015; also `tenant UUID`, whose streams end.
create trigger user_changed after update of internal_role, disabled_at on app_user for each row
    when (old.internal_role is distinct from new.internal_role
          or old.disabled_at is distinct from new.disabled_at)
    execute function notify_credential('user');

create function notify_member() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    perform pg_notify('credential', 'user ' || old.user_id);
    return null;
end
$$;
create trigger membership_changed after update of role, disabled_at on membership for each row
    when (old.role is distinct from new.role or old.disabled_at is distinct from new.disabled_at)
    execute function notify_member();
create trigger membership_ended after delete on membership for each row
    execute function notify_member();
create trigger tenant_suspended after update of suspended_at on tenant for each row
    when (old.suspended_at is distinct from new.suspended_at)
    execute function notify_credential('tenant');
