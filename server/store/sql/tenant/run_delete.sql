-- Takes runs ($2) and all that is kept of them away, to make place for what replaces
-- them. Their units ($3) and starts ($4), in the same order, say where they are.
with gone as (
    select * from unnest($2::uuid[], $3::bigint[], $4::timestamptz[]) as t (id, unit, at)
), steps as (
    delete from step d using gone where d.tenant_id = $1 and d.run_id = gone.id and d.run_at = gone.at
), measurements as (
    delete from measurement d using gone where d.tenant_id = $1 and d.run_id = gone.id and d.run_at = gone.at
), findings as (
    delete from finding d using gone where d.tenant_id = $1 and d.run_id = gone.id and d.run_at = gone.at
), components as (
    delete from component d using gone where d.tenant_id = $1 and d.run_id = gone.id and d.run_at = gone.at
)
delete from run d using gone
where d.tenant_id = $1 and d.unit_id = gone.unit and d.started_at = gone.at and d.id = gone.id
