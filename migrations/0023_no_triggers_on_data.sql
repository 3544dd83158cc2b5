-- Cells and the data version are written by statements of the transaction that changes runs
-- (store::attempts, store::data_version) and no longer by triggers, which a distributed
-- database does not run across its nodes.
do $$
declare
    old record;
begin
    for old in
        select g.tgname, g.tgrelid::regclass as target
        from pg_trigger g
        join pg_proc p on p.oid = g.tgfoid
        where p.pronamespace = 'public'::regnamespace
          and p.proname in ('cells_with', 'cells_without', 'watermark_moves')
          and not g.tgisinternal and g.tgparentid = 0
    loop
        execute format('drop trigger %I on %s', old.tgname, old.target);
    end loop;
end
$$;
drop function watermark_moves, cells_with, cells_without;
-- Later migrations may still call it: it does nothing.
create or replace procedure moves_watermark(target regclass) language plpgsql as $$ begin end $$;

-- One version of what is shown of a tenant, not less than either of the two was. A receipt
-- alone does not move it.
alter table watermark no force row level security;
update watermark set data_version = greatest(data_version, mark);
alter table watermark force row level security;
alter table watermark drop column mark;

-- Servers compare the versions of the tenants that their streams follow, in case that a
-- notification was lost.
create policy versions on watermark for select to firstpass_auth using (true);
grant select (tenant_id, data_version) on watermark to firstpass_auth;
