-- A mark is greater than any before it also where an older state of the database was brought
-- back: what a browser keeps under the marks of the state that is gone is of no mark to come.
-- Microseconds since 1970 are beyond every mark so far.
create or replace function watermark_moves() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
    moved record;
    now_micros bigint := extract(epoch from clock_timestamp()) * 1000000;
begin
    for moved in
        insert into watermark as w (tenant_id, mark)
        select distinct c.tenant_id, now_micros from changed c
        on conflict (tenant_id) do update set mark = greatest(w.mark + 1, excluded.mark)
        where w.xmin <> pg_current_xact_id()::xid -- not twice
        returning w.tenant_id, w.mark
    loop
        perform pg_notify('watermark', moved.tenant_id || ' ' || moved.mark);
    end loop;
    return null;
end
$$;
