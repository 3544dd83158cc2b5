-- Runs ($2) in whose place others stand ($3), in the same order, under another id: their
-- rows in the ledger go, and the voids and deliveries that name them name the others.
with pairs as (
    select * from unnest($2::uuid[], $3::uuid[]) as t (old, new)
), voids as (
    insert into run_void (tenant_id, run_id, at, actor, reason)
    select v.tenant_id, p.new, v.at, v.actor, v.reason
    from pairs p join run_void v on v.tenant_id = $1 and v.run_id = p.old
    on conflict do nothing
), unvoided as (
    delete from run_void v using pairs p where v.tenant_id = $1 and v.run_id = p.old
), deliveries as (
    insert into delivered (tenant_id, id, origin_id)
    select d.tenant_id, p.new, d.origin_id
    from pairs p join delivered d on d.tenant_id = $1 and d.id = p.old
    on conflict do nothing
), undelivered as (
    delete from delivered d using pairs p where d.tenant_id = $1 and d.id = p.old
)
delete from run_identity i using pairs p where i.tenant_id = $1 and i.id = p.old
