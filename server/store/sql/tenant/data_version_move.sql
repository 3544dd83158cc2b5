-- Upsert that advances the data version to the microseconds since 1970. It is greater than every
-- earlier version, also after a restore of an older backup.
insert into watermark as w (tenant_id, data_version)
values ($1, extract(epoch from clock_timestamp()) * 1000000)
on conflict (tenant_id) do update set data_version = greatest(w.data_version + 1, excluded.data_version)
returning data_version
