-- COPY refuses tables under row-level security, so rows land here first. The
-- table lives as long as the connection and is emptied by every commit.
create temporary table if not exists stage_run (
    id            uuid not null,
    serial        text not null,
    operation     text not null,
    started_at    timestamptz not null,
    ended_at      timestamptz,
    outcome       smallint not null,
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
    content_hash  bytea not null
) on commit delete rows
