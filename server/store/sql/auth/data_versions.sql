select tenant_id, data_version from watermark where tenant_id = any ($1)
