-- Background work: a queue of jobs with leases and fencing tokens, and the schedules that add
-- jobs to it.

-- Keys begin with the id and not with the tenant: workers claim jobs of all tenants, and the
-- server's own have none. Never joined with tables of tenants' data.
create table job (
    id                  uuid primary key, -- version 7: ordered by time
    tenant_id           uuid references tenant (id), -- null: the server's own
    kind                text not null,
    arguments           jsonb not null default '{}',
    -- Who asked; looked up again when the job starts. Never a secret.
    asked_by_kind       text not null,
    asked_by_id         uuid,
    asked_by            text not null, -- as lists show it
    idempotency_key     text,
    state               text not null default 'queued',
    run_at              timestamptz not null default now(),
    attempt             integer not null default 0, -- how often it was started
    max_attempts        integer not null default 5,
    -- Incremented by each claim. Whoever holds an older one may write no result.
    fence               bigint not null default 0,
    worker              uuid,
    lease_until         timestamptz,
    progress_done       bigint,
    progress_total      bigint,
    progress_message    text,
    cancel_requested_at timestamptz,
    last_error          text,
    created_at          timestamptz not null default now(),
    started_at          timestamptz,
    finished_at         timestamptz,
    constraint job_asked_by_check check (
        asked_by_kind in ('user', 'token') and asked_by_id is not null
        or asked_by_kind = 'server' and asked_by_id is null),
    constraint job_state_check check (state in ('queued', 'running', 'succeeded', 'failed', 'canceled')),
    constraint job_running_check check ((state = 'running') = (lease_until is not null)),
    constraint job_finished_check check ((state in ('queued', 'running')) = (finished_at is null)),
    constraint job_bounds_check check (
        length(kind) <= 100 and length(idempotency_key) <= 200 and length(progress_message) <= 200
        and length(last_error) <= 1000 and length(arguments::text) <= 100000 and max_attempts between 1 and 100)
);
create unique index job_idempotency_key on job (tenant_id, kind, idempotency_key)
    nulls not distinct where idempotency_key is not null;
create index job_by_tenant on job (tenant_id, id);
create index job_unfinished on job (tenant_id) where finished_at is null;
create index job_queued on job (run_at) where state = 'queued';
create index job_running on job (tenant_id, id) where state = 'running';
create index job_finished on job (finished_at) where finished_at is not null;
call tenant_table('job');
grant select, insert on job to firstpass_app;
grant update (state, lease_until, worker, cancel_requested_at, finished_at) on job to firstpass_app;
grant select on job to firstpass_admin;

create table schedule (
    id         uuid primary key,
    tenant_id  uuid references tenant (id), -- null: the server's own
    kind       text not null,
    arguments  jsonb not null default '{}',
    cron       text not null, -- five fields
    timezone   text not null, -- IANA
    next_at    timestamptz not null,
    enabled    boolean not null default true,
    constraint schedule_bounds_check check (
        length(kind) <= 100 and length(cron) <= 100 and length(timezone) <= 100)
);
create index schedule_due on schedule (next_at) where enabled;
call tenant_table('schedule');
grant select on schedule to firstpass_admin;

-- Workers see the jobs and schedules of all tenants, and no other table.
create policy workers on job to firstpass_jobs using (true) with check (true);
create policy workers on schedule to firstpass_jobs using (true) with check (true);
grant select, insert, update, delete on job to firstpass_jobs;
grant select, update on schedule to firstpass_jobs;

-- The server's own schedules. The policies hold for the owner too.
alter table schedule no force row level security;
insert into schedule (id, kind, cron, timezone, next_at) values
    ('5e9f1d2e-0000-4000-8000-000000000001', 'create-month-partitions', '7 * * * *', 'UTC', now()),
    ('5e9f1d2e-0000-4000-8000-000000000002', 'delete-expired', '37 * * * *', 'UTC', now());
alter table schedule force row level security;
