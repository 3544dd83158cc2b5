-- What yields are counted from: why a run does not count, when its unit first ran in the
-- operation, and cells, the runs of a day that count alike.

-- Why the run is in no figure: 0 it may be in one, 1 golden unit, 2 reference unit,
-- 3 voided, 4 from the future, 5 skipped; the first of these that holds.
alter table run add reason smallint not null default 0;
-- When the unit's first attempt in the operation started; null where the run is none.
-- Once with aborted runs as attempts, once without.
alter table run add first_at timestamptz;
alter table run add unaborted_first_at timestamptz;

create index run_by_start on run (tenant_id, started_at);
-- The few runs that are asked for most, with what is asked of them.
create index run_failed on run (tenant_id, started_at)
    include (unit_id, day, reason, outcome, marks, run_index, unaborted_index, operation, code, product, station)
    where outcome between 1 and 4;
create index run_again on run (tenant_id, started_at)
    include (unit_id, day, reason, run_index, unaborted_index, first_at, unaborted_first_at, operation, product, station)
    where run_index > 1 or unaborted_index > 1;

-- Runs of a site's day that count alike, by operation alone (attribute 0, value null), and
-- by operation and one more attribute: 1 product, 4 station. Yields add up over them.
create table yield_cell (
    tenant_id          uuid not null,
    day                date not null,
    attribute          smallint not null,
    reason             smallint not null,
    outcome            smallint not null,
    marks              smallint not null,
    first              boolean not null, -- run 1
    unaborted_first    boolean not null, -- run 1 without aborted runs
    operation          text not null,
    value              text,
    runs               bigint not null,
    attempts           bigint not null, -- of the units whose first these are
    unaborted_attempts bigint not null,
    defects            bigint not null,
    opportunities      bigint not null,
    constraint yield_cell_key unique nulls not distinct
        (tenant_id, attribute, day, operation, value, reason, outcome, marks, first, unaborted_first)
) with (fillfactor = 80);
call tenant_table('yield_cell');
grant select, insert, update, delete on yield_cell to firstpass_app;
grant select on yield_cell to firstpass_admin;

create view run_cell with (security_invoker = true) as
select r.tenant_id, r.day, a.attribute, r.reason, r.outcome, r.marks,
       r.run_index is not distinct from 1 as first,
       r.unaborted_index is not distinct from 1 as unaborted_first,
       r.operation, a.value,
       count(*) as runs, coalesce(sum(r.attempts), 0)::bigint as attempts,
       coalesce(sum(r.unaborted_attempts), 0)::bigint as unaborted_attempts,
       sum(r.defects)::bigint as defects, sum(r.opportunities)::bigint as opportunities
from run r
cross join lateral (values (0::smallint, null), (1::smallint, r.product), (4::smallint, r.station)) a (attribute, value)
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
grant select on run_cell to firstpass_app;

-- Whatever writes runs, the cells follow in the same transaction. Who counts them all anew
-- at its end says so first (app.cells): cells would be written many times for nothing.
do $$
declare
    way record;
begin
    for way in select * from (values ('cells_with', 'come', '+'), ('cells_without', 'gone', '-')) t (name, runs, sign) loop
        execute format($f$
            create function %1$s() returns trigger language plpgsql set search_path = public, pg_temp as $body$
            begin
                insert into yield_cell as c (tenant_id, day, attribute, reason, outcome, marks, first, unaborted_first,
                                             operation, value, runs, attempts, unaborted_attempts, defects, opportunities)
                select r.tenant_id, r.day, a.attribute, r.reason, r.outcome, r.marks,
                       r.run_index is not distinct from 1, r.unaborted_index is not distinct from 1,
                       r.operation, a.value,
                       %3$s count(*), %3$s coalesce(sum(r.attempts), 0), %3$s coalesce(sum(r.unaborted_attempts), 0),
                       %3$s sum(r.defects), %3$s sum(r.opportunities)
                from %2$s r
                cross join lateral (values (0::smallint, null), (1::smallint, r.product), (4::smallint, r.station)) a (attribute, value)
                group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
                on conflict on constraint yield_cell_key do update
                set runs = c.runs + excluded.runs, attempts = c.attempts + excluded.attempts,
                    unaborted_attempts = c.unaborted_attempts + excluded.unaborted_attempts,
                    defects = c.defects + excluded.defects, opportunities = c.opportunities + excluded.opportunities;
                return null;
            end
            $body$ $f$, way.name, way.runs, way.sign);
    end loop;
end
$$;
create trigger come after insert on run referencing new table as come
    for each statement
    when (current_setting('app.cells', true) is distinct from 'later') execute function cells_with();
create trigger gone after delete on run referencing old table as gone
    for each statement
    when (current_setting('app.cells', true) is distinct from 'later') execute function cells_without();
create trigger changed_from after update on run referencing old table as gone
    for each statement
    when (current_setting('app.cells', true) is distinct from 'later') execute function cells_without();
create trigger changed_to after update on run referencing new table as come
    for each statement
    when (current_setting('app.cells', true) is distinct from 'later') execute function cells_with();

-- Whether the tenant's runs are to be numbered and counted anew: those that were kept
-- under other definitions than these. A migration that changes them sets it again.
alter table tenant add stale boolean not null default true;
alter table tenant alter stale set default false;
grant update (stale) on tenant to firstpass_app;

-- The hour of a moment on the clocks of a zone, with their offset at that moment:
-- 2026-03-01T08:00+08:00.
create function local_hour(at timestamptz, zone text) returns text language sql stable as $$
    select to_char(at at time zone zone, 'YYYY-MM-DD"T"HH24:00')
           || case when at at time zone zone < at at time zone 'UTC' then '-' else '+' end
           || to_char(greatest(at at time zone zone - (at at time zone 'UTC'),
                               at at time zone 'UTC' - (at at time zone zone)), 'HH24:MI')
$$;

-- The runs that a question is about, with the group each belongs to and whether it is
-- counted. Null bounds and filters let everything through. Inlined where it is called.
--   grouped: 0 to 7 an attribute (key), 8 day, 9 week, 10 month (key_day, its first day),
--   11 hour (key)
--   definition: 0 first-run, 1 first-attempt-of-day, 2 report
create function runs_asked(
    tenant uuid, from_at timestamptz, to_at timestamptz, from_day date, to_day date,
    operations text[], products text[], revisions text[], levels text[], stations text[],
    fixtures text[], operators text[], softwares text[],
    grouped smallint, definition smallint, aborted_excluded boolean
) returns table (
    id uuid, unit_id bigint, started_at timestamptz, operation text, outcome smallint, code text,
    reason smallint, marks smallint, first boolean, unaborted_first boolean, again boolean,
    first_at timestamptz, attempts integer, unaborted_attempts integer, defects bigint,
    opportunities bigint, key text, key_day date, counted boolean
) language sql stable as $$
    select r.id, r.unit_id, r.started_at, r.operation, r.outcome, r.code, r.reason, r.marks,
           r.run_index is not distinct from 1, r.unaborted_index is not distinct from 1,
           case when aborted_excluded then r.unaborted_index > 1 else r.run_index > 1 end,
           case when aborted_excluded then r.unaborted_first_at else r.first_at end,
           r.attempts, r.unaborted_attempts, r.defects, r.opportunities,
           case grouped when 0 then r.operation when 1 then r.product when 2 then r.revision
                        when 3 then r.level when 4 then r.station when 5 then r.fixture
                        when 6 then r.operator when 7 then r.software
                        when 11 then local_hour(r.started_at, (select t.timezone from tenant t where t.id = tenant)) end,
           case grouped when 8 then r.day when 9 then date_trunc('week', r.day::timestamp)::date
                        when 10 then date_trunc('month', r.day::timestamp)::date end,
           r.reason = 0 and case definition
               when 0 then case when aborted_excluded then r.unaborted_index else r.run_index end is not distinct from 1
               when 1 then r.marks & (case when aborted_excluded then 32 else 1 end) > 0
               else not aborted_excluded or r.outcome <> 4 end
    from run r
    where r.tenant_id = tenant
      and r.started_at >= coalesce(from_at, '-infinity') and r.started_at < coalesce(to_at, 'infinity')
      and (from_day is null or r.day >= from_day) and (to_day is null or r.day < to_day)
      and (operations is null or r.operation = any (operations))
      and (products is null or r.product = any (products))
      and (revisions is null or r.revision = any (revisions))
      and (levels is null or r.level = any (levels))
      and (stations is null or r.station = any (stations))
      and (fixtures is null or r.fixture = any (fixtures))
      and (operators is null or r.operator = any (operators))
      and (softwares is null or r.software = any (softwares))
$$;
