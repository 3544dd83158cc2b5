insert into raw_upload (tenant_id, sha256, bytes, zstd, created_at)
values ($1, $2, $3, $4, $5)
on conflict do nothing
