-- Runs ($2) in whose place others stand ($3), in the same order, under another id: their
-- rows in the ledger go, and the voids and deliveries that name them name the others.
-- Found one by one, whatever the planner thinks that the tenant has.
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
