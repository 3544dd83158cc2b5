select coalesce(max(data_version), 0) from watermark where tenant_id = $1
