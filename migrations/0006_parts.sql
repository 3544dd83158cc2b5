-- Where else a part was found.
create index component_by_serial on component (tenant_id, serial) where serial is not null;
