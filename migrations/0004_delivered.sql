-- Uploads (by their first receipt) that delivered a run or a repair which more than one
-- delivered. A run has one row in the ledger, with the receipt whose delivery stands; a
-- replay of that receipt must not take away what another gave as well.
create table delivered (
    tenant_id uuid not null,
    id        uuid not null, -- of the run or the repair
    origin_id uuid not null,
    primary key (tenant_id, origin_id, id)
);
create index delivered_by_id on delivered (tenant_id, id);
call tenant_table('delivered');
grant select, insert, delete on delivered to firstpass_app;
grant select on delivered to firstpass_admin;
