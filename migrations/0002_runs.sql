-- What was tested: receipts of uploads, their raw bytes, units and runs.

create table raw_upload (
    tenant_id  uuid not null references tenant (id),
    sha256     bytea not null,  -- of the decoded bytes
    bytes      bigint not null, -- how many they are
    zstd       bytea not null,
    created_at timestamptz not null,
    primary key (tenant_id, sha256)
);
-- Compressed already: a second attempt would only cost time.
alter table raw_upload alter column zstd set storage external;
call tenant_table('raw_upload');
grant select, insert on raw_upload to firstpass_app;

create table receipt (
    tenant_id   uuid not null references tenant (id),
    id          uuid not null,
    received_at timestamptz not null,
    format      text not null,
    params      jsonb not null,
    raw_sha256  bytea not null,
    actor       text not null,
    accepted    bigint not null,
    updated     bigint not null,
    duplicates  bigint not null,
    rejected    bigint not null,
    warnings    bigint not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, raw_sha256) references raw_upload
);
create index receipt_by_content on receipt (tenant_id, raw_sha256, received_at);
call tenant_table('receipt');
grant select, insert on receipt to firstpass_app;

-- One row a reject (code is null) or warning, in the order of the upload.
create table receipt_remark (
    tenant_id  uuid not null,
    receipt_id uuid not null,
    seq        integer not null,
    line       bigint not null,
    code       text,
    why        text not null,
    primary key (tenant_id, receipt_id, seq),
    foreign key (tenant_id, receipt_id) references receipt
);
call tenant_table('receipt_remark');
grant select, insert on receipt_remark to firstpass_app;

create table unit (
    tenant_id uuid not null references tenant (id),
    id        bigint generated always as identity,
    serial    text not null,
    kind      smallint not null, -- 0 production, 1 reference, 2 golden: the greater wins
    primary key (tenant_id, id),
    constraint unit_serial_key unique (tenant_id, serial)
);
call tenant_table('unit');
grant select, insert, update on unit to firstpass_app;

create table run (
    tenant_id     uuid not null references tenant (id),
    id            uuid not null, -- made from the run's identity
    unit_id       bigint not null,
    operation     text not null,
    -- 1 for a unit's first attempt in the operation, over its whole history, by
    -- (started_at, id); null where the run is no attempt (skipped).
    run_index     integer,
    started_at    timestamptz not null,
    ended_at      timestamptz,
    outcome       smallint not null, -- 0 pass, 1 fail, 2 error, 3 timeout, 4 aborted, 5 skip
    code          text,
    test_name     text,
    product       text,
    revision      text,
    level         text,
    station       text,
    fixture       text,
    slot          text,
    operator      text,
    software      text,
    defects       bigint not null,
    opportunities bigint not null,
    flags         integer not null,
    complete      boolean not null,
    artifacts     bigint not null,
    content_hash  bytea not null,
    receipt_id    uuid not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, unit_id) references unit,
    -- The receipt counts the runs, so it is written after them.
    foreign key (tenant_id, receipt_id) references receipt deferrable initially deferred
);
create index run_by_unit on run (tenant_id, unit_id, operation, started_at, id);
call tenant_table('run');
grant select, insert, update on run to firstpass_app;

-- firstpass_admin reads everything, and writes runs nowhere.
grant select on raw_upload, receipt, receipt_remark, unit, run to firstpass_admin;
