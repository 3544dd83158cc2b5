insert into receipt (tenant_id, id, received_at, format, params, raw_sha256, actor,
                     accepted, updated, duplicates, rejected, warnings)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
