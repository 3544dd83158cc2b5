-- Change events that people record, and the values of a parameter by run.

create table change_event (
    tenant_id   uuid not null references tenant (id),
    id          uuid not null,
    at          timestamptz not null,
    kind        text not null,
    what        text not null,
    scope       jsonb not null default '{}', -- {dimension: value}: what it concerns; empty: all
    recorded_by text not null,
    recorded_at timestamptz not null,
    primary key (tenant_id, id)
);
create index change_event_by_time on change_event (tenant_id, at, id);
call tenant_table('change_event');
call moves_watermark('change_event');
grant select, insert on change_event to firstpass_app;
grant select on change_event to firstpass_admin;

-- The value of each run that has one: the last number that was measured of these parameters,
-- one that is finite before all others, with its limits. What a value is equal to, or not to, is
-- no limit. Inlined where it is called.
create function measured_values(
    tenant uuid, parameters bigint[], from_at timestamptz, to_at timestamptz
) returns table (
    run_id uuid, value double precision, low double precision, high double precision, outcome smallint
) language sql stable as $$
    select distinct on (m.run_at, m.run_id) m.run_id, m.value,
           case when m.cmp in (0, 1, 8) then null else m.low end,
           case when m.cmp in (0, 1, 8) then null else m.high end, m.outcome
    from measurement m
    where m.tenant_id = tenant and m.parameter_id = any (parameters)
      and m.run_at >= coalesce(from_at, '-infinity') and m.run_at < coalesce(to_at, 'infinity')
      and m.value is not null
    order by m.run_at, m.run_id, m.value in ('NaN', 'Infinity', '-Infinity'), m.step desc, m.seq desc
$$;
