-- Values of the parameters $7 with the unit and the station of their runs, counted or not, except
-- skipped and voided ones, in the order of (start, id); at most $8.
select u.serial, r.station, u.kind = 2 as golden, v.value, v.low, v.high
from runs_matching($1, $2, $3, $4, $5, $6) r
join measured_values($1, $7, $2, $3) v on v.run_id = r.id
join unit u on u.tenant_id = $1 and u.id = r.unit_id
where r.station is not null and r.outcome <> 5 and not r.voided
  and v.value > '-Infinity' and v.value < 'Infinity'
order by r.started_at, r.id
limit $8
