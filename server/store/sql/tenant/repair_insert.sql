insert into repair (tenant_id, id, unit_id, at, action, producer_id, run_id, defect, component_out,
                    component_in, comment, content_hash, receipt_id)
select $1, id, ($2::bigint[])[unit], at, action, producer_id, run_id, defect, component_out,
       component_in, comment, content_hash, $3
from stage_repair
on conflict (tenant_id, id) do update set
    unit_id = excluded.unit_id, at = excluded.at, action = excluded.action,
    producer_id = excluded.producer_id, run_id = excluded.run_id, defect = excluded.defect,
    component_out = excluded.component_out, component_in = excluded.component_in,
    comment = excluded.comment, content_hash = excluded.content_hash,
    receipt_id = excluded.receipt_id
where excluded.content_hash < repair.content_hash
