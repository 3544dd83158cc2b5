-- Saves a view unless the tenant has $7 already, or one with that name: returns whether the
-- number is below the limit, and whether the view was inserted.
with room as (
    select count(*) < $7 as room from saved_view where tenant_id = $1
), inserted as (
    insert into saved_view (tenant_id, id, name, state, saved_by, saved_at)
    select $1, $2, $3, $4, $5, $6 from room where room
    on conflict on constraint saved_view_name do nothing
    returning 1
)
select room, exists (select 1 from inserted) from room
