-- The runs that a question is about, counted or not, those that are alike together, in no
-- order; nothing if that makes more than $14 rows. These are known before the first is sent.
with cells as materialized (
    select r.day, r.reason, r.outcome, r.marks,
           r.run_index is not distinct from 1 as first, r.unaborted_index is not distinct from 1 as unaborted_first,
           r.operation, r.product, r.station, r.fixture, r.software, r.code, count(*) as runs
    from run r
    where r.tenant_id = $1
      and r.started_at >= coalesce($2::timestamptz, '-infinity') and r.started_at < coalesce($3::timestamptz, 'infinity')
      and ($4::date is null or r.day >= $4) and ($5::date is null or r.day < $5)
      and ($6::text[] is null or r.operation = any ($6))
      and ($7::text[] is null or r.product = any ($7))
      and ($8::text[] is null or r.revision = any ($8))
      and ($9::text[] is null or r.level = any ($9))
      and ($10::text[] is null or r.station = any ($10))
      and ($11::text[] is null or r.fixture = any ($11))
      and ($12::text[] is null or r.operator = any ($12))
      and ($13::text[] is null or r.software = any ($13))
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    limit $14 + 1
)
select day, reason, outcome, marks, first, unaborted_first, operation, product, station, fixture, software, code, runs
from cells
where (select count(*) from cells) <= $14
