-- All that is known of a run, kept by month; repairs; what people decide about runs and
-- units; receipts of replays.

-- The part type under which the tenant's test programs list the unit itself.
alter table tenant add chassis_part_type text;

-- A unit's kind: what a person set, else the greatest that the data said.
alter table unit rename column kind to kind_said;
alter table unit add kind_set smallint;
alter table unit add kind smallint not null generated always as (coalesce(kind_set, kind_said)) stored;

-- Checked by the policy already: a unit of another tenant cannot be written.
alter table unit drop constraint unit_tenant_id_fkey;

-- A replay parses a receipt's bytes again; it and its origin share one set of runs.
alter table receipt add replay_of uuid;
alter table receipt add origin_id uuid;
alter table receipt no force row level security;
update receipt set origin_id = id;
alter table receipt force row level security;
alter table receipt alter origin_id set not null;
alter table receipt add foreign key (tenant_id, replay_of) references receipt;
alter table receipt add repairs_accepted bigint not null default 0;
alter table receipt add repairs_updated bigint not null default 0;
alter table receipt add repairs_duplicates bigint not null default 0;
create index receipt_by_origin on receipt (tenant_id, origin_id);

-- Which delivery of a run stands, and where it is kept. One row a run, in one table:
-- the months' tables cannot hold a key over all of them. No foreign keys from here to
-- `component`: each costs a look-up a row, and one statement of ours writes them all.
create table run_identity (
    tenant_id    uuid not null,
    id           uuid not null, -- made from the run's identity
    unit_id      bigint not null,
    started_at   timestamptz not null,
    complete     boolean not null,
    artifacts    bigint not null,
    content_hash bytea not null,
    receipt_id   uuid not null,
    primary key (tenant_id, id)
);
create index run_identity_by_receipt on run_identity (tenant_id, receipt_id);
call tenant_table('run_identity');
grant select, insert, update, delete on run_identity to firstpass_app;

alter table run rename to run_before;
alter table run_before rename constraint run_pkey to run_before_pkey;
drop index run_by_unit;
create table run (
    tenant_id     uuid not null,
    id            uuid not null,
    unit_id       bigint not null,
    started_at    timestamptz not null,
    ended_at      timestamptz,
    defects       bigint not null,
    opportunities bigint not null,
    day           date not null, -- of the start, at the tenant's site
    flags         integer not null,
    -- Attempts of the unit in the operation over its whole history, by (started_at, id):
    -- 1 for the first. Null where the run is none: skipped, voided, from the future. Once
    -- with aborted runs as attempts, once without ("unaborted").
    run_index           integer,
    unaborted_index     integer,
    -- On the first attempt: how many there are.
    attempts            integer,
    unaborted_attempts  integer,
    marks         smallint not null, -- of the definitions, see attempts.sql
    outcome       smallint not null, -- 0 pass, 1 fail, 2 error, 3 timeout, 4 aborted, 5 skip
    unit_kind     smallint not null, -- as this run says: 0 production, 1 reference, 2 golden
    voided        boolean not null,
    operation     text not null,
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
    producer_id   text,
    primary key (tenant_id, unit_id, operation, started_at, id)
) partition by range (started_at);
-- Runs from the future, whose time will come.
create index run_pending on run (tenant_id, started_at)
    where run_index is null and outcome <> 5 and not voided;

create table step (
    tenant_id  uuid not null,
    run_id     uuid not null,
    run_at     timestamptz not null, -- the run's start
    started_at timestamptz,
    ended_at   timestamptz,
    loop_index bigint,
    seq        integer not null,
    status     smallint, -- 0 pass, 1 fail, 2 error, 3 skip
    name       text not null
) partition by range (run_at);
create index step_by_run on step (tenant_id, run_id);

-- What is measured: the same name in the same step of the same operation, in one unit
-- of measure.
create table parameter (
    tenant_id uuid not null references tenant (id),
    id        bigint generated always as identity,
    digest    bytea not null, -- of the four texts, which are longer than a key may be
    operation text not null,
    step      text not null,
    name      text not null,
    unit      text,
    primary key (tenant_id, id),
    constraint parameter_digest_key unique (tenant_id, digest)
);
call tenant_table('parameter');
grant select, insert on parameter to firstpass_app;

create table measurement (
    tenant_id    uuid not null,
    run_id       uuid not null,
    run_at       timestamptz not null,
    parameter_id bigint not null,
    value        double precision, -- a number; anything else is in `other`
    low          double precision,
    high         double precision,
    started_at   timestamptz,
    ended_at     timestamptz,
    step         integer not null, -- the step's seq
    seq          integer not null, -- within the step
    cmp          smallint, -- 0 EQ, 1 NE, 2 LT, 3 LE, 4 GT, 5 GE, 6 GELE, 7 GTLT, 8 LOG
    outcome      smallint, -- 0 pass, 1 fail, 2 unset
    component    text,
    subcomponent text,
    other        json, -- a text, a truth value, or the elements of a series
    checks       json
) partition by range (run_at);
create index measurement_by_run on measurement (tenant_id, run_id);

create table finding (
    tenant_id    uuid not null,
    run_id       uuid not null,
    run_at       timestamptz not null,
    seq          integer not null,
    step         integer,
    kind         smallint not null, -- 0 diagnosis, 1 error, 2 symptom, 3 defect
    outcome      smallint not null, -- 0 pass, 1 fail, 2 unknown
    code         text not null,
    system       text,
    severity     text,
    message      text,
    component    text,
    subcomponent text
) partition by range (run_at);
create index finding_by_run on finding (tenant_id, run_id);

create table component (
    tenant_id uuid not null,
    run_id    uuid not null,
    run_at    timestamptz not null,
    seq       integer not null,
    serial    text,
    part      text,
    slot      text,
    name      text
) partition by range (run_at);
create index component_by_run on component (tenant_id, run_id);

-- Months are made by `keep_month`; what falls into none is kept here until then. Moving
-- updates happen in place where a page has room.
create table run_rest partition of run default with (fillfactor = 90);
create table step_rest partition of step default;
create table measurement_rest partition of measurement default;
create table finding_rest partition of finding default;
create table component_rest partition of component default;
do $$
declare
    kept text;
begin
    foreach kept in array array['run', 'step', 'measurement', 'finding', 'component'] loop
        call tenant_table(kept::regclass);
        call tenant_table((kept || '_rest')::regclass);
        execute format('grant select, insert, delete on %I to firstpass_app', kept);
        execute format('grant select on %I to firstpass_admin', kept);
    end loop;
end
$$;
grant update on run to firstpass_app;

alter table run_before no force row level security;
alter table run no force row level security;
alter table run_rest no force row level security;
alter table run_identity no force row level security;
alter table tenant no force row level security;
alter table unit no force row level security;
insert into run_identity
select tenant_id, id, unit_id, started_at, complete, artifacts, content_hash, receipt_id
from run_before;
-- Numbered as before; the marks of these runs wait for the next upload of their units.
insert into run (tenant_id, id, unit_id, operation, started_at, ended_at, day, outcome, code, test_name,
                 product, revision, level, station, fixture, slot, operator, software,
                 defects, opportunities, flags, run_index, marks, unit_kind, voided)
select r.tenant_id, r.id, r.unit_id, r.operation, r.started_at, r.ended_at,
       (r.started_at at time zone t.timezone)::date, r.outcome, r.code, r.test_name,
       r.product, r.revision, r.level, r.station, r.fixture, r.slot, r.operator, r.software,
       r.defects, r.opportunities, r.flags, r.run_index, 0, u.kind_said, false
from run_before r
join tenant t on t.id = r.tenant_id
join unit u on u.tenant_id = r.tenant_id and u.id = r.unit_id;
drop table run_before;
alter table run force row level security;
alter table run_rest force row level security;
alter table run_identity force row level security;
alter table tenant force row level security;
alter table unit force row level security;

-- The months of `run` and its details that deserve tables of their own and have none:
-- this one and the next two, and whatever month the rest holds many runs of.
create function months_due() returns table (kept text, month date)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    busy date[] := '{}';
begin
    if (select reltuples from pg_class where oid = 'run_rest'::regclass) > 10000 then
        set local lock_timeout = '2s';
        alter table run_rest no force row level security;
        busy := array(select date_trunc('month', started_at at time zone 'UTC')::date
                      from run_rest
                      -- A clock that is set wrong is worth no table.
                      where started_at between now() - interval '10 years' and now() + interval '3 months'
                      group by 1 having count(*) > 10000);
        alter table run_rest force row level security;
    end if;
    return query
        select k, m
        from unnest(array['run', 'step', 'measurement', 'finding', 'component']) k,
             lateral (select unnest(busy)
                      union
                      select (date_trunc('month', now() at time zone 'UTC')
                              + make_interval(months => ahead))::date
                      from generate_series(0, 2) ahead) months (m)
        where to_regclass(k || to_char(m, '_YYYYMM')) is null
        -- The months ahead first: they are empty and soon made.
        order by m < date_trunc('month', now() at time zone 'UTC'), m, k;
end
$$;

-- Gives a month its table, and moves into it what the rest holds of that month. Waits
-- two seconds for those who read or write the rest, and then gives up until next time.
create function keep_month(kept text, month date) returns void
language plpgsql security definer
set search_path = public, pg_temp
set lock_timeout = '2s'
set timezone = 'UTC' as $$
declare
    begins timestamptz := date_trunc('month', month::timestamp);
    ends   timestamptz := date_trunc('month', month::timestamp) + interval '1 month';
    named  text := kept || to_char(month, '_YYYYMM');
    rest   text := kept || '_rest';
    key    text := case kept when 'run' then 'started_at' else 'run_at' end;
begin
    if kept not in ('run', 'step', 'measurement', 'finding', 'component') then
        raise exception 'nothing of that name is kept by month';
    end if;
    -- Two servers may come at once.
    perform pg_advisory_xact_lock(5041733002);
    if to_regclass(named) is not null then
        return;
    end if;
    execute format('create table %I (like %I including defaults) with (fillfactor = %s)',
                   named, kept, case kept when 'run' then 90 else 100 end);
    execute format('alter table %I no force row level security', rest);
    execute format('with moved as (delete from %1$I where %2$I >= %3$L and %2$I < %4$L returning *)
                    insert into %5$I select * from moved', rest, key, begins, ends, named);
    execute format('alter table %I force row level security', rest);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)',
                   kept, named, begins, ends);
    execute format('call tenant_table(%L)', named);
end
$$;
revoke execute on function months_due from public;
revoke execute on function keep_month from public;
grant execute on function months_due to firstpass_login;
grant execute on function keep_month to firstpass_login;

create table repair (
    tenant_id     uuid not null,
    id            uuid not null, -- made from the repair's identity
    unit_id       bigint not null,
    at            timestamptz not null,
    action        text not null,
    producer_id   text,
    run_id        uuid, -- of the run that led to it, whether it is here or not
    defect        text,
    component_out json,
    component_in  json,
    comment       text,
    content_hash  bytea not null,
    receipt_id    uuid not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, unit_id) references unit
);
create index repair_by_unit on repair (tenant_id, unit_id, at);
create index repair_by_receipt on repair (tenant_id, receipt_id);
call tenant_table('repair');
grant select, insert, update, delete on repair to firstpass_app;

-- Runs that a person took out of the figures. Kept apart from the run, which may be
-- replaced and come back.
create table run_void (
    tenant_id uuid not null,
    run_id    uuid not null,
    at        timestamptz not null,
    actor     text not null,
    reason    text not null,
    primary key (tenant_id, run_id)
);
call tenant_table('run_void');
grant select, insert, update, delete on run_void to firstpass_app;

grant insert on audit to firstpass_app;
grant delete on unit to firstpass_app;
grant select on run_identity, parameter, repair, run_void to firstpass_admin;
