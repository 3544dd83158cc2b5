select line from (
    select 'unit ' || (to_jsonb(u) - '{tenant_id,id}'::text[])::text
    from unit u where tenant_id = $1
    union all
    select 'identity ' || (to_jsonb(i) - '{tenant_id,unit_id,receipt_id}'::text[]
                           || jsonb_build_object('unit', u.serial))::text
    from run_identity i join unit u on u.tenant_id = $1 and u.id = i.unit_id
    where i.tenant_id = $1
    union all
    select 'run ' || (to_jsonb(r) - '{tenant_id,unit_id}'::text[]
                      || jsonb_build_object('unit', u.serial))::text
    from run r join unit u on u.tenant_id = $1 and u.id = r.unit_id
    where r.tenant_id = $1
    union all
    select 'step ' || (to_jsonb(s) - 'tenant_id')::text from step s where tenant_id = $1
    union all
    select 'measurement ' || (to_jsonb(m) - '{tenant_id,parameter_id}'::text[]
                              || jsonb_build_object('of', to_jsonb(p) - '{tenant_id,id}'::text[]))::text
    from measurement m join parameter p on p.tenant_id = $1 and p.id = m.parameter_id
    where m.tenant_id = $1
    union all
    select 'finding ' || (to_jsonb(f) - 'tenant_id')::text from finding f where tenant_id = $1
    union all
    select 'component ' || (to_jsonb(c) - 'tenant_id')::text from component c where tenant_id = $1
    union all
    select 'repair ' || (to_jsonb(p) - '{tenant_id,unit_id,receipt_id}'::text[]
                         || jsonb_build_object('unit', u.serial))::text
    from repair p join unit u on u.tenant_id = $1 and u.id = p.unit_id
    where p.tenant_id = $1
) t (line)
order by line collate "C"
