-- Counted runs by the dimension $9 (a period, or a dimension of runs), in the order of their
-- first start: runs, those that did not pass, those of them with the code $10, defects, and
-- retests. A run counts for each of its lots. At most $11 keys.
select k.key, min(r.started_at) as at, count(*) as n,
       count(*) filter (where r.outcome between 1 and 4) as failed,
       count(*) filter (where r.outcome between 1 and 4 and coalesce(r.code, 'unspecified') = $10) as with_code,
       sum(r.defects)::bigint as defects,
       coalesce(sum(case when $8 then r.unaborted_attempts else r.attempts end - 1), 0)::bigint as retests
from runs_matching($1, $2, $3, $4, $5, $6) r
cross join lateral (
    select run_key(r, $9, (select timezone from tenant where id = $1)) as key
    where $9 <> 'component_lot'
    union all
    select distinct c.lot
    from component c
    where $9 = 'component_lot' and c.tenant_id = $1 and c.run_id = r.id and c.run_at = r.started_at
) k
where run_counts(r.reason, r.outcome, r.run_index, r.unaborted_index, r.marks, $7, $8)
  and k.key is not null
group by k.key
order by at, k.key
limit $11
