-- Plans that do not depend on which tenants the last ANALYZE saw. Every key begins with
-- tenant_id. With statistics of it, a tenant that arrived since is estimated at one row, all
-- indexes look equally cheap, and nested loops become quadratic. Without them the planner
-- assumes 1 in 200 rows for every tenant, known or not, and the index that matches more of
-- its columns is always the cheaper one.
create procedure estimate_tenants_alike(target regclass) language plpgsql as $$
declare
    key name;
begin
    execute format('alter table %s alter column tenant_id set statistics 0', target);
    for key in
        select a.attname from pg_attribute a
        where a.attrelid = target and a.attname in ('unit_id', 'run_id') and not a.attisdropped
    loop
        -- About ten rows of a run or a unit: one odd unit that ANALYZE happened to see is not
        -- taken for all of them.
        execute format('alter table %s alter column %I set (n_distinct = -0.1)', target, key);
    end loop;
end
$$;
revoke execute on procedure estimate_tenants_alike from public;

-- As before, and estimated alike; also the tables of new months, see keep_month.
create or replace procedure tenant_table(target regclass, tenant_column name default 'tenant_id')
language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
        'create policy tenant on %1$s to firstpass_app
             using (%2$I = current_setting(''app.tenant'')::uuid)
             with check (%2$I = current_setting(''app.tenant'')::uuid)',
        target, tenant_column);
    execute format(
        'create policy everything on %s to firstpass_admin using (true) with check (true)',
        target);
    if tenant_column = 'tenant_id' then
        call estimate_tenants_alike(target);
    end if;
end
$$;

-- An index that serves one question is offered for no other: its predicate holds for every row,
-- but the planner can prove it only where a condition names the column. A unit's runs can then
-- be found by the primary key alone, whatever a table's statistics say.
drop index run_by_start, step_by_run, measurement_by_run, finding_by_run, component_by_run,
           run_identity_by_receipt, receipt_by_content, receipt_by_origin, repair_by_unit,
           repair_by_receipt, delivered_by_id;
alter table unit drop constraint unit_serial_key;
alter table parameter drop constraint parameter_digest_key;

-- Statistics that were gathered before stay for ever where none are gathered again, unless the
-- column's type is set anew. Policies and views on the column have to make room for that.
-- Indexes are built again: this takes a while where many runs are kept.
drop view run_cell;
do $$
declare
    target regclass;
    tables regclass[] := array(
        select c.oid::regclass from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          -- Others have policies of their own, and few rows.
          and array['everything', 'tenant']::name[]
              = array(select polname from pg_policy where polrelid = c.oid order by polname)
        order by c.relispartition, c.relname);
begin
    foreach target in array tables loop
        execute format('drop policy tenant on %s', target);
        execute format('drop policy everything on %s', target);
    end loop;
    foreach target in array tables loop
        -- Months follow the table that they are part of.
        if not (select relispartition from pg_class where oid = target) then
            execute format('alter table %s alter column tenant_id type uuid', target);
        end if;
        call tenant_table(target);
    end loop;
end
$$;
create view run_cell with (security_invoker = true) as
select r.tenant_id, r.day, a.attribute, r.reason, r.outcome, r.marks,
       r.run_index is not distinct from 1 as first,
       r.unaborted_index is not distinct from 1 as unaborted_first,
       r.operation, a.value,
       count(*) as runs, coalesce(sum(r.attempts), 0)::bigint as attempts,
       coalesce(sum(r.unaborted_attempts), 0)::bigint as unaborted_attempts,
       sum(r.defects)::bigint as defects, sum(r.opportunities)::bigint as opportunities
from run r
cross join lateral (values (0::smallint, null), (1::smallint, r.product), (4::smallint, r.station)) a (attribute, value)
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
grant select on run_cell to firstpass_app;

create index run_by_start on run (tenant_id, started_at) where started_at is not null;
create index step_by_run on step (tenant_id, run_id) where run_id is not null;
create index measurement_by_run on measurement (tenant_id, run_id) where run_id is not null;
create index finding_by_run on finding (tenant_id, run_id) where run_id is not null;
create index component_by_run on component (tenant_id, run_id) where run_id is not null;
create index run_identity_by_receipt on run_identity (tenant_id, receipt_id) where receipt_id is not null;
create index receipt_by_content on receipt (tenant_id, raw_sha256, received_at) where raw_sha256 is not null;
create index receipt_by_origin on receipt (tenant_id, origin_id) where origin_id is not null;
create index repair_by_unit on repair (tenant_id, unit_id, at) where unit_id is not null;
create index repair_by_receipt on repair (tenant_id, receipt_id) where receipt_id is not null;
create index delivered_by_id on delivered (tenant_id, id) where id is not null;
create unique index unit_serial_key on unit (tenant_id, serial) where serial is not null;
create unique index parameter_digest_key on parameter (tenant_id, digest) where digest is not null;
-- Keyset pagination of units by serial.
create index unit_by_serial on unit (tenant_id, serial collate "C") where serial is not null;
