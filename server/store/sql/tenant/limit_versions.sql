-- The limits on the parameters $9 in counted runs, the newest by their first run first: how many
-- runs have them, from when to when, and with which software. At most $10 of them.
select v.low, v.high, count(*) as n, min(r.started_at) as first_at, max(r.started_at) as last_at,
       coalesce(array_agg(distinct r.software) filter (where r.software is not null), '{}') as softwares
from runs_matching($1, $2, $3, $4, $5, $6) r
join measured_values($1, $9, $2, $3) v on v.run_id = r.id
where run_counts(r.reason, r.outcome, r.run_index, r.unaborted_index, r.marks, $7, $8)
group by v.low, v.high
order by first_at desc
limit $10
