-- Who there is: tenants, people, sessions, tokens, and the record of who did what.

-- Puts a table under row-level security: its tenant's rows for firstpass_app,
-- every row for firstpass_admin (whose door writes an audit line first), none
-- for anybody else, the owner included. No default for the tenant: forgetting
-- it is an error, not an empty page.
create procedure tenant_table(target regclass, tenant_column name default 'tenant_id')
language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
        'create policy tenant on %1$s to firstpass_app
             using (%2$I = current_setting(''app.tenant'')::uuid)
             with check (%2$I = current_setting(''app.tenant'')::uuid)',
        target, tenant_column);
    execute format(
        'create policy everything on %s to firstpass_admin using (true) with check (true)',
        target);
end
$$;
revoke execute on procedure tenant_table from public;

create table tenant (
    id         uuid primary key,
    slug       text not null,
    name       text not null,
    timezone   text not null,
    created_at timestamptz not null,
    constraint tenant_slug_key unique (slug),
    constraint tenant_slug_check check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')
);
call tenant_table('tenant', 'id');
grant select on tenant to firstpass_app;
grant select, insert, update on tenant to firstpass_admin;

create table app_user (
    id            uuid primary key,
    tenant_id     uuid references tenant (id), -- null: one of ours
    email         text not null,
    role          text not null,
    password_hash text not null,
    created_at    timestamptz not null,
    disabled_at   timestamptz,
    constraint app_user_role_check check (
        (tenant_id is not null and role in ('viewer', 'engineer', 'partner-admin'))
        or (tenant_id is null and role in ('operator', 'admin')))
);
create unique index app_user_email_key on app_user (lower(email));
call tenant_table('app_user');
create policy log_in on app_user for select to firstpass_auth using (true);
grant select on app_user to firstpass_auth;
grant select, insert, update on app_user to firstpass_admin;

-- Only the hash of a session's or token's secret is kept.
create table session (
    token_hash   bytea primary key,
    user_id      uuid not null references app_user (id) on delete cascade,
    tenant_id    uuid references tenant (id), -- an internal user's chosen partner
    created_at   timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at   timestamptz not null
);
create index session_user_id on session (user_id);
call tenant_table('session');
create policy log_in on session to firstpass_auth using (true) with check (true);
grant select, insert, update, delete on session to firstpass_auth;
grant delete on session to firstpass_admin;

create table api_token (
    tenant_id  uuid not null references tenant (id),
    id         uuid not null,
    token_hash bytea not null,
    scopes     text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    primary key (tenant_id, id),
    constraint api_token_hash_key unique (token_hash),
    constraint api_token_scopes_check
        check (scopes <@ array['ingest', 'read'] and cardinality(scopes) > 0)
);
call tenant_table('api_token');
create policy log_in on api_token for select to firstpass_auth using (true);
grant select on api_token to firstpass_auth;
grant select, insert, update on api_token to firstpass_admin;

create table audit (
    id         uuid primary key,
    tenant_id  uuid references tenant (id), -- null: about all partners, or none
    at         timestamptz not null,
    actor      text not null,
    action     text not null,
    detail     jsonb not null default '{}'
);
create index audit_by_tenant on audit (tenant_id, at);
call tenant_table('audit');
create policy log_in on audit for insert to firstpass_auth with check (true);
grant insert on audit to firstpass_auth;
grant select, insert on audit to firstpass_admin;
