-- Keyset page of units after the serial $3, in the order of serials. Filters, each if given: the
-- serial contains $2, ignoring case; a run failed with the code $5; the kind is $6; the latest run
-- did not pass ($7); a run is in a slice ($8: days from $9 to before $10, filters $11, seconds from
-- $12 to before $13, a value of the parameters $17 from $18 to below $19), is counted by the
-- definition $14, and did not pass ($16).
with failed as materialized (
    select distinct r.unit_id
    from run r
    where ($5::text is not null or $7)
      and r.tenant_id = $1 and r.outcome between 1 and 4 and not r.voided
      and ($5::text is null or coalesce(r.code, 'unspecified') = $5)
), sliced as materialized (
    select distinct r.unit_id
    from runs_matching($1, null, null, $9, $10, $11) r
    where $8
      and ($12::bigint is null or r.ended_at >= r.started_at and trunc(extract(epoch from r.ended_at - r.started_at)) >= $12)
      and ($13::bigint is null or r.ended_at >= r.started_at and trunc(extract(epoch from r.ended_at - r.started_at)) < $13)
      -- A subquery condition, which is hashed even if few values are expected, unlike a join.
      and ($17::bigint[] is null or r.id in (
          select v.run_id
          -- No local day begins or ends more than 26 hours from midnight UTC.
          from last_measured($1, $17, $9::date::timestamp at time zone 'UTC' - interval '26 hours',
                             $10::date::timestamp at time zone 'UTC' + interval '26 hours') v
          where v.value >= coalesce($18::double precision, '-Infinity')
            and v.value < coalesce($19::double precision, 'Infinity')))
      and run_counts(r.reason, r.outcome, r.run_index, r.unaborted_index, r.marks, $14, $15)
      and (not $16 or r.outcome <> 0)
)
select u.serial, u.kind, latest.product, latest.revision, latest.runs, latest.started_at, latest.outcome
-- Sorts units first: their histories are read lazily, only for as many as the limit needs.
from (
    select u.id, u.serial, u.kind, u.kind_set
    from unit u
    where u.tenant_id = $1
      -- Lower case on both sides by the database, so that every serial matches itself.
      and ($2 = '' or position(lower($2) in lower(u.serial)) > 0)
      and ($3::text is null or u.serial collate "C" > $3)
      and (($5::text is null and not $7) or u.id in (select unit_id from failed))
      and (not $8 or u.id in (select unit_id from sliced))
      and ($6::smallint is null or u.kind = $6)
    order by u.serial collate "C"
    offset 0
) u
cross join lateral (
    select (array_agg(r.product order by r.started_at desc, r.id desc))[1] as product,
           (array_agg(r.revision order by r.started_at desc, r.id desc))[1] as revision,
           (array_agg(r.outcome order by r.started_at desc, r.id desc) filter (where not r.voided))[1] as outcome,
           count(*) as runs, max(r.started_at) as started_at
    from run r
    where r.tenant_id = $1 and r.unit_id = u.id
) latest
where (not $7 or latest.outcome between 1 and 4)
  and (latest.runs > 0 or u.kind_set is not null
       or exists (select 1 from repair p where p.tenant_id = $1 and p.unit_id = u.id))
order by u.serial collate "C"
limit $4
