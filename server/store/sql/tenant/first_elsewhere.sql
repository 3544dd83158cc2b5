-- Units with runs here whose run 1 is not counted here: because it was before the window,
-- or because it does not match the filters or belongs to another group. Nothing can be
-- elsewhere ($17 false) where neither groups nor filters tell the runs of a unit in an
-- operation apart. Where time alone does, when run 1 started says all; else it is looked up.
with here as (
    select distinct a.unit_id, a.operation, a.key, a.key_day, a.first_at
    from runs_asked($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) a
    where a.reason = 0 and a.again
), dated as (
    select *, (first_at at time zone (select timezone from tenant where id = $1))::date as first_day
    from here
), judged as materialized (
    select h.key, h.key_day,
           h.first_at < coalesce($2, '-infinity') or $4 is not null and h.first_day < $4 as before,
           $17 and case when coalesce($7, $8, $9, $10, $11, $12, $13) is null and coalesce($14, 0) not between 1 and 7
               then h.key_day is distinct from
                    case $14 when 8 then h.first_day when 9 then date_trunc('week', h.first_day::timestamp)::date
                             when 10 then date_trunc('month', h.first_day::timestamp)::date end
                    or $14 = 11 and h.key <> local_hour(h.first_at, (select timezone from tenant where id = $1))
               else not exists (
                   select from run r
                   where r.tenant_id = $1 and r.unit_id = h.unit_id and r.operation = h.operation
                     and r.started_at = h.first_at
                     and case when $16 then r.unaborted_index = 1 else r.run_index = 1 end
                     and ($7::text[] is null or r.product = any ($7))
                     and ($8::text[] is null or r.revision = any ($8))
                     and ($9::text[] is null or r.level = any ($9))
                     and ($10::text[] is null or r.station = any ($10))
                     and ($11::text[] is null or r.fixture = any ($11))
                     and ($12::text[] is null or r.operator = any ($12))
                     and ($13::text[] is null or r.software = any ($13))
                     and h.key is not distinct from
                         case $14 when 0 then r.operation when 1 then r.product when 2 then r.revision
                                  when 3 then r.level when 4 then r.station when 5 then r.fixture
                                  when 6 then r.operator when 7 then r.software
                                  when 11 then local_hour(r.started_at, (select timezone from tenant where id = $1)) end
                     and h.key_day is not distinct from
                         case $14 when 8 then r.day when 9 then date_trunc('week', r.day::timestamp)::date
                                  when 10 then date_trunc('month', r.day::timestamp)::date end) end as elsewhere
    from dated h
)
select key, key_day, count(*) filter (where before) as before,
       count(*) filter (where not before and elsewhere) as elsewhere
from judged
where before or elsewhere
group by key, key_day
