-- Two versions of a tenant's rows. `mark` moves with everything that pages show, lists of
-- uploads too. `data_version` is the mark at which runs, repairs, units or cells changed last:
-- an upload that adds none leaves answers valid that were computed from them.
alter table watermark add data_version bigint not null default 0;
alter table watermark no force row level security;
update watermark set data_version = mark;
alter table watermark force row level security;

create or replace function watermark_moves() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
    moved record;
    now_micros bigint := extract(epoch from clock_timestamp()) * 1000000;
    is_data boolean := tg_table_name <> 'receipt';
begin
    for moved in
        insert into watermark as w (tenant_id, mark, data_version)
        select distinct c.tenant_id, now_micros, case when is_data then now_micros else 0 end from changed c
        on conflict (tenant_id) do update
        set mark = greatest(w.mark + 1, excluded.mark),
            data_version = case when is_data then greatest(w.mark + 1, excluded.mark) else w.data_version end
        where w.xmin <> pg_current_xact_id()::xid -- once in a transaction
           or is_data and w.data_version < w.mark -- and again where only a receipt moved it
        returning w.tenant_id, w.mark
    loop
        perform pg_notify('watermark', moved.tenant_id || ' ' || moved.mark);
    end loop;
    return null;
end
$$;
