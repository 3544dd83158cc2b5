-- Units with counted runs that did not pass, latest first.
with failed as (
    select unit_id, max(started_at) as latest
    from runs_asked($1, $2, $3, $4, $5, $6, $7, $8)
    where counted and outcome between 1 and 4
    group by unit_id
    order by latest desc
    limit $9
)
select u.serial
from failed f
cross join lateral (
    select u.serial from unit u where u.tenant_id = $1 and u.id = f.unit_id limit 1
) u
order by f.latest desc
