-- Which deliveries of these runs stand, and where they are kept. A run is asked for by the range of
-- ids from $2 to $3 that runs of its start can have. The limit bounds what one start can cost, and
-- keeps the planner from reading the table from end to end for each range, as it would where it
-- was small when the plan was made.
select i.id, i.unit_id, i.started_at, i.complete, i.artifacts, i.content_hash, i.content_version
from unnest($2::uuid[], $3::uuid[]) as asked (first, last)
cross join lateral (
    select * from run_identity i
    where i.tenant_id = $1 and i.id >= asked.first and i.id <= asked.last
    order by i.id
    limit 10000
) i
