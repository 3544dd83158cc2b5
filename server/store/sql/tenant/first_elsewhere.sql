-- Units with matching runs whose run 1 is not counted in the group: because it was before the
-- window ("before"), or because it does not match the filters or is in another group
-- ("elsewhere"). The latter is impossible ($10 false) if neither groups nor filters distinguish
-- the runs of a unit in an operation. If only time does ($11), the start of run 1 decides;
-- otherwise it is looked up.
with here as (
    select distinct a.unit_id, a.operation, a.key_1, a.key_2, a.first_at
    from runs_grouped($1, $2, $3, $4, $5, $6, $7, $8, $9) a
    where a.reason = 0 and a.again
), dated as (
    select *, (first_at at time zone (select timezone from tenant where id = $1))::date as first_day
    from here
), judged as materialized (
    select h.key_1, h.key_2,
           h.first_at < coalesce($2, '-infinity') or $4 is not null and h.first_day < $4 as before,
           $10 and case when $11
               then h.key_1 is distinct from period_key($8, h.first_day, h.first_at, (select timezone from tenant where id = $1))
                    or h.key_2 is distinct from period_key($9, h.first_day, h.first_at, (select timezone from tenant where id = $1))
               else not exists (
                   select 1 from runs_grouped($1, h.first_at, h.first_at + interval '1 microsecond', null, null, $6, $7, $8, $9) r
                   where r.unit_id = h.unit_id and r.operation = h.operation and r.started_at = h.first_at
                     and case when $7 then r.unaborted_first else r.first end
                     and h.key_1 is not distinct from r.key_1 and h.key_2 is not distinct from r.key_2) end as elsewhere
    from dated h
)
select key_1, key_2, count(*) filter (where before) as before,
       count(*) filter (where not before and elsewhere) as elsewhere
from judged
where before or elsewhere
group by key_1, key_2
