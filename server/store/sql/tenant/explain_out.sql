-- Keyset page of units with matching runs of which none is counted, by operation, in the order of
-- serial and operation, after $9 and $10. With the reasons: those of the runs, whether any run
-- was aborted, whether the definition does not select any remaining run, and the unit's run 1.
select u.serial, a.operation, count(*) as runs,
       array_agg(distinct a.reason) filter (where a.reason > 0) as reasons,
       coalesce(bool_or(a.reason = 0 and a.outcome = 4 and $8), false) as aborted,
       coalesce(bool_or(a.reason = 0 and not (a.outcome = 4 and $8)), false) as unchosen,
       coalesce(bool_or(a.first_at < coalesce($2, '-infinity')
                        or $4 is not null
                           and (a.first_at at time zone (select timezone from tenant where id = $1))::date < $4),
                false) as before,
       min(a.first_at) as first_at
from runs_asked($1, $2, $3, $4, $5, $6, $7, $8) a
join unit u on u.tenant_id = $1 and u.id = a.unit_id
where (u.serial collate "C", a.operation collate "C") > ($9, $10)
group by u.serial, a.operation
having not bool_or(a.counted)
order by u.serial collate "C", a.operation collate "C"
limit $11
