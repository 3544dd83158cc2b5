-- Microseconds since 1970: greater than any version before, also of a state of the database
-- that was replaced by an older one.
insert into watermark as w (tenant_id, data_version)
values ($1, extract(epoch from clock_timestamp()) * 1000000)
on conflict (tenant_id) do update set data_version = greatest(w.data_version + 1, excluded.data_version)
returning data_version
