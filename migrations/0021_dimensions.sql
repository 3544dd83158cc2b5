-- Dimensions: free attributes of runs, lots of components, and one place that filters and
-- groups runs by any of them.

-- {name: text}; null where a run has none. No index: an operator of jsonb is not leakproof, so
-- that row-level security could not use one, and no other filter of runs has one either.
alter table run add attributes jsonb;

-- As it was sent, or derived from the serial number by a rule of the tenant.
alter table component add lot text;

-- Of the canonical record: 1 without attributes, which were not kept.
alter table run_identity add content_version smallint not null default 1;
alter table run_identity alter content_version set default 2;

-- Part types of OCP hardware infos whose part numbers are attributes of the run.
alter table tenant add attribute_part_types text[] not null default '{}';
-- [{part, pattern}]: how the lot is part of the serial number of a component.
alter table tenant add lot_rules jsonb not null default '[]';
grant update (lot_rules) on tenant to firstpass_app;

-- The values that a filter lets through; null where there is no filter by the dimension.
-- Evaluated while planning, where the filters are constant.
create function filter_values(filters jsonb, dimension text) returns text[] language sql immutable as $$
    select case when filters ? dimension then array(select jsonb_array_elements_text(filters -> dimension)) end
$$;

-- Whether a run passes the filters by its own columns, {dimension: [value, …]}; the empty value
-- is of runs that have none. Of attributes there is one jsonpath. Inlined where it is called.
create function run_matches(r run, filters jsonb) returns boolean language sql immutable as $$
    select (filter_values(filters, 'operation') is null or coalesce(r.operation, '') = any (filter_values(filters, 'operation')))
       and (filter_values(filters, 'product') is null or coalesce(r.product, '') = any (filter_values(filters, 'product')))
       and (filter_values(filters, 'revision') is null or coalesce(r.revision, '') = any (filter_values(filters, 'revision')))
       and (filter_values(filters, 'level') is null or coalesce(r.level, '') = any (filter_values(filters, 'level')))
       and (filter_values(filters, 'station') is null or coalesce(r.station, '') = any (filter_values(filters, 'station')))
       and (filter_values(filters, 'fixture') is null or coalesce(r.fixture, '') = any (filter_values(filters, 'fixture')))
       and (filter_values(filters, 'slot') is null or coalesce(r.slot, '') = any (filter_values(filters, 'slot')))
       and (filter_values(filters, 'operator') is null or coalesce(r.operator, '') = any (filter_values(filters, 'operator')))
       and (filter_values(filters, 'software') is null or coalesce(r.software, '') = any (filter_values(filters, 'software')))
       and (filter_values(filters, 'code') is null or coalesce(r.code, '') = any (filter_values(filters, 'code')))
       and (filters ->> 'attributes' is null or coalesce(r.attributes, '{}') @@ (filters ->> 'attributes')::jsonpath)
$$;

-- The runs in a window that pass filters, counted or not. A component passes for its run: a
-- filter by part and one by lot may be met by two components. Inlined where it is called.
create function runs_matching(
    tenant uuid, from_at timestamptz, to_at timestamptz, from_day date, to_day date, filters jsonb
) returns setof run language sql stable as $$
    select r.*
    from run r
    where r.tenant_id = tenant
      and r.started_at >= coalesce(from_at, '-infinity') and r.started_at < coalesce(to_at, 'infinity')
      and (from_day is null or r.day >= from_day) and (to_day is null or r.day < to_day)
      and run_matches(r, filters)
      and (filter_values(filters, 'component_part') is null or (
          select coalesce(bool_or(c.part = any (filter_values(filters, 'component_part'))), false)
                 or count(c.part) = 0 and '' = any (filter_values(filters, 'component_part'))
          from component c where c.tenant_id = tenant and c.run_id = r.id and c.run_at = r.started_at))
      and (filter_values(filters, 'component_lot') is null or (
          select coalesce(bool_or(c.lot = any (filter_values(filters, 'component_lot'))), false)
                 or count(c.lot) = 0 and '' = any (filter_values(filters, 'component_lot'))
          from component c where c.tenant_id = tenant and c.run_id = r.id and c.run_at = r.started_at))
$$;

-- The key of a period, as a number: days since 1970 of its first day, for an hour the second
-- since 1970 at which it begins at the site. Null for what is no period.
create function period_key(dimension text, day date, at timestamptz, zone text) returns text language sql stable as $$
    select case dimension
        when 'day' then (day - date '1970-01-01')::text
        when 'week' then (date_trunc('week', day::timestamp)::date - date '1970-01-01')::text
        when 'month' then (date_trunc('month', day::timestamp)::date - date '1970-01-01')::text
        when 'hour' then extract(epoch from date_trunc('hour', at, zone))::bigint::text
    end
$$;

-- The key of the group that a run belongs to by one of its own dimensions. A tenant's is put in
-- its place by whoever asks. Inlined where it is called.
create function run_key(r run, dimension text, zone text) returns text language sql stable as $$
    select case dimension
        when 'operation' then r.operation
        when 'product' then r.product
        when 'revision' then r.revision
        when 'level' then r.level
        when 'station' then r.station
        when 'fixture' then r.fixture
        when 'slot' then r.slot
        when 'operator' then r.operator
        when 'software' then r.software
        when 'code' then r.code
        when 'tenant' then ''
        else case when starts_with(dimension, 'attr.') then r.attributes ->> substr(dimension, 6)
                  else period_key(dimension, r.day, r.started_at, zone) end
    end
$$;

drop function runs_asked;
-- The same runs, and whether each is counted.
--   definition: 0 first-run, 1 first-attempt-of-day, 2 report
create function runs_asked(
    tenant uuid, from_at timestamptz, to_at timestamptz, from_day date, to_day date, filters jsonb,
    definition smallint, aborted_excluded boolean
) returns table (
    id uuid, unit_id bigint, started_at timestamptz, operation text, outcome smallint, code text,
    reason smallint, marks smallint, first boolean, unaborted_first boolean, again boolean,
    first_at timestamptz, attempts integer, unaborted_attempts integer, defects bigint,
    opportunities bigint, counted boolean
) language sql stable as $$
    select r.id, r.unit_id, r.started_at, r.operation, r.outcome, r.code, r.reason, r.marks,
           r.run_index is not distinct from 1, r.unaborted_index is not distinct from 1,
           case when aborted_excluded then r.unaborted_index > 1 else r.run_index > 1 end,
           case when aborted_excluded then r.unaborted_first_at else r.first_at end,
           r.attempts, r.unaborted_attempts, r.defects, r.opportunities,
           run_counts(r.reason, r.outcome, r.run_index, r.unaborted_index, r.marks, definition, aborted_excluded)
    from runs_matching(tenant, from_at, to_at, from_day, to_day, filters) r
$$;

-- The same runs with the keys of the groups that they belong to, by one dimension or two; both
-- may be null. Grouped by parts or lots a run is there once for each that is listed in it, and
-- with none once without a key. Inlined where it is called; of its halves the planner drops one.
create function runs_grouped(
    tenant uuid, from_at timestamptz, to_at timestamptz, from_day date, to_day date, filters jsonb,
    aborted_excluded boolean, by_1 text, by_2 text
) returns table (
    unit_id bigint, started_at timestamptz, operation text, outcome smallint, reason smallint,
    marks smallint, first boolean, unaborted_first boolean, again boolean, first_at timestamptz,
    attempts integer, unaborted_attempts integer, defects bigint, opportunities bigint,
    key_1 text, key_2 text
) language sql stable as $$
    select r.unit_id, r.started_at, r.operation, r.outcome, r.reason, r.marks,
           r.run_index is not distinct from 1, r.unaborted_index is not distinct from 1,
           case when aborted_excluded then r.unaborted_index > 1 else r.run_index > 1 end,
           case when aborted_excluded then r.unaborted_first_at else r.first_at end,
           r.attempts, r.unaborted_attempts, r.defects, r.opportunities,
           run_key(r, by_1, (select t.timezone from tenant t where t.id = tenant)),
           run_key(r, by_2, (select t.timezone from tenant t where t.id = tenant))
    from runs_matching(tenant, from_at, to_at, from_day, to_day, filters) r
    where coalesce(by_1, '') not in ('component_part', 'component_lot')
      and coalesce(by_2, '') not in ('component_part', 'component_lot')
    union all
    select r.unit_id, r.started_at, r.operation, r.outcome, r.reason, r.marks,
           r.run_index is not distinct from 1, r.unaborted_index is not distinct from 1,
           case when aborted_excluded then r.unaborted_index > 1 else r.run_index > 1 end,
           case when aborted_excluded then r.unaborted_first_at else r.first_at end,
           r.attempts, r.unaborted_attempts, r.defects, r.opportunities,
           coalesce(c.key_1, run_key(r, by_1, (select t.timezone from tenant t where t.id = tenant))),
           coalesce(c.key_2, run_key(r, by_2, (select t.timezone from tenant t where t.id = tenant)))
    from runs_matching(tenant, from_at, to_at, from_day, to_day, filters) r
    left join lateral (
        select distinct case by_1 when 'component_part' then c.part when 'component_lot' then c.lot end as key_1,
                        case by_2 when 'component_part' then c.part when 'component_lot' then c.lot end as key_2
        from component c
        where c.tenant_id = tenant and c.run_id = r.id and c.run_at = r.started_at
          and coalesce(case by_1 when 'component_part' then c.part when 'component_lot' then c.lot end,
                       case by_2 when 'component_part' then c.part when 'component_lot' then c.lot end) is not null
    ) c on true
    where coalesce(by_1, '') in ('component_part', 'component_lot')
       or coalesce(by_2, '') in ('component_part', 'component_lot')
$$;
