-- Invitations, and the audit for those whom it is about.

-- A link with which an invited person chooses a password; only its hash is kept.
create table invite (
    tenant_id   uuid not null references tenant (id),
    token_hash  bytea not null,
    user_id     uuid not null references app_user (id) on delete cascade,
    created_at  timestamptz not null,
    expires_at  timestamptz not null,
    accepted_at timestamptz,
    primary key (tenant_id, token_hash)
);
create unique index invite_token_hash on invite (token_hash);
call tenant_table('invite');
create policy log_in on invite to firstpass_auth using (true) with check (true);
grant select, update (accepted_at) on invite to firstpass_auth;
grant select, insert on invite to firstpass_admin;

-- The managers of a tenant read who did what with its data, internal people included.
grant select on audit to firstpass_app;
