-- Slices that people of a tenant gave a name to, for all of its people.
create table saved_view (
    tenant_id uuid not null references tenant (id),
    id        uuid not null,
    name      text not null,
    state     text not null, -- the query of the page
    saved_by  text not null,
    saved_at  timestamptz not null,
    primary key (tenant_id, id),
    constraint saved_view_name unique (tenant_id, name)
);
call tenant_table('saved_view');
grant select, insert, delete on saved_view to firstpass_app;
grant select on saved_view to firstpass_admin;

-- Whether a definition counts a run: 0 the first in its operation, 1 the first of the site's
-- day, 2 every one.
create function run_counts(
    reason smallint, outcome smallint, run_index integer, unaborted_index integer, marks smallint,
    definition smallint, aborted_excluded boolean
) returns boolean language sql immutable as $$
    select reason = 0 and case definition
        when 0 then case when aborted_excluded then unaborted_index else run_index end is not distinct from 1
        when 1 then marks & (case when aborted_excluded then 32 else 1 end) > 0
        else not aborted_excluded or outcome <> 4 end
$$;

-- As before, but for what it counts, which is now said once.
create or replace function runs_asked(
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
           run_counts(r.reason, r.outcome, r.run_index, r.unaborted_index, r.marks, definition, aborted_excluded)
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
