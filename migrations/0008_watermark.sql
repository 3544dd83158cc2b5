-- How often what is kept of a tenant changed: who knows the mark knows whether a figure or
-- a list may be another than before. Greater is later; it moves once a transaction.
create table watermark (
    tenant_id uuid not null references tenant (id),
    mark      bigint not null,
    primary key (tenant_id)
) with (fillfactor = 10); -- written with every upload, in its place
call tenant_table('watermark');
grant select, insert, update on watermark to firstpass_app;
grant select, insert, update on watermark to firstpass_admin;

-- Whatever writes rows that are shown, the mark moves in the same transaction, and whoever
-- listens is told as it is committed: the tenant and its mark. The row stays locked from the
-- first of these rows to the end of the transaction; writers take turns before (lock.sql).
create function watermark_moves() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
    moved record;
begin
    for moved in
        insert into watermark as w (tenant_id, mark)
        select distinct c.tenant_id, 1 from changed c
        on conflict (tenant_id) do update set mark = w.mark + 1
        where w.xmin <> pg_current_xact_id()::xid -- not twice
        returning w.tenant_id, w.mark
    loop
        perform pg_notify('watermark', moved.tenant_id || ' ' || moved.mark);
    end loop;
    return null;
end
$$;

-- Makes the mark move with a table's rows.
create procedure moves_watermark(target regclass) language plpgsql as $$
declare
    change record;
begin
    for change in select * from (values ('insert', 'new'), ('update', 'new'), ('delete', 'old')) t (made, rows) loop
        execute format('create trigger watermark_%1$s after %1$s on %2$s referencing %3$s table as changed
                        for each statement execute function watermark_moves()',
                       change.made, target, change.rows);
    end loop;
end
$$;
revoke execute on procedure moves_watermark from public;

call moves_watermark('receipt');
call moves_watermark('repair');
call moves_watermark('run');
call moves_watermark('unit');
call moves_watermark('yield_cell'); -- also where cells alone are mended
