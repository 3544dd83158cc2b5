-- The runs that a question is about, counted or not, in no order; with what was last measured
-- of the parameters $14 in each.
select r.day, r.reason, r.outcome, r.marks,
       r.run_index is not distinct from 1, r.unaborted_index is not distinct from 1,
       r.operation, r.product, r.station, r.fixture, r.software, r.code,
       r.revision, r.level, r.operator, r.started_at, r.ended_at, v.value
from run r
left join last_measured($1, $14, $2, $3) v on v.run_id = r.id
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
