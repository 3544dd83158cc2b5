update run set voided = $5
where tenant_id = $1 and unit_id = $2 and started_at = $3 and id = $4 and voided <> $5
