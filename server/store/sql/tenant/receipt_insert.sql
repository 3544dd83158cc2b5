insert into receipt (tenant_id, id, received_at, format, params, raw_sha256, actor, replay_of,
                     origin_id, accepted, updated, duplicates, rejected, warnings,
                     repairs_accepted, repairs_updated, repairs_duplicates)
values ($1, $2::uuid, $3, $4, $5, $6, $7, $8, coalesce($9::uuid, $2::uuid), $10, $11, $12, $13, $14, $15, $16, $17)
