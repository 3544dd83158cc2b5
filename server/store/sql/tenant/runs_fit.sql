-- The first day from which on a question is about no more than $14 runs; null if even the
-- last day has more.
select min(day) from (
    select r.day, sum(count(*)) over (order by r.day desc) as since
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
    group by r.day
) days
where since <= $14
