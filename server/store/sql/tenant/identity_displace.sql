-- Deletes the identities of runs ($2) that runs with another id replaced ($3, in the same order),
-- and moves their voids and deliveries to the replacing runs. Looks rows up one by one,
-- independent of the planner's estimates.
with pairs as (
    select * from unnest($2::uuid[], $3::uuid[]) as t (old, new)
), voids as (
    insert into run_void (tenant_id, run_id, at, actor, reason)
    select $1, p.new, v.at, v.actor, v.reason
    from pairs p
    cross join lateral (
        select * from run_void v where v.tenant_id = $1 and v.run_id = p.old offset 0
    ) v
    on conflict do nothing
), unvoided as (
    delete from run_void where tenant_id = $1 and run_id = any ($2::uuid[])
), deliveries as (
    insert into delivered (tenant_id, id, origin_id)
    select $1, p.new, d.origin_id
    from pairs p
    cross join lateral (
        select * from delivered d where d.tenant_id = $1 and d.id = p.old offset 0
    ) d
    on conflict do nothing
), undelivered as (
    delete from delivered where tenant_id = $1 and id = any ($2::uuid[])
)
delete from run_identity where tenant_id = $1 and id = any ($2::uuid[])
