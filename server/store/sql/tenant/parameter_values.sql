-- Counted runs of the operations $10 in the order of (start, id), at most $12 of them, each with
-- its value of the parameters $9, if any, and its key in the dimension $11. For a run with
-- several parts or lots, the key is the first by name.
select r.id, r.unit_id, r.started_at, r.outcome, v.value, v.low, v.high,
       case $11::text
           when 'component_part' then (
               select min(c.part) from component c
               where c.tenant_id = $1 and c.run_id = r.id and c.run_at = r.started_at)
           when 'component_lot' then (
               select min(c.lot) from component c
               where c.tenant_id = $1 and c.run_id = r.id and c.run_at = r.started_at)
           else run_key(r, $11, (select timezone from tenant where id = $1)) end as key
from runs_matching($1, $2, $3, $4, $5, $6) r
left join measured_values($1, $9, $2, $3) v on v.run_id = r.id
where run_counts(r.reason, r.outcome, r.run_index, r.unaborted_index, r.marks, $7, $8)
  and r.operation = any ($10::text[])
order by r.started_at, r.id
limit $12
