-- The numbers of one parameter by time, found without reading the measurements around them.
create index measurement_by_parameter on measurement (tenant_id, parameter_id, run_at)
    include (run_id, step, seq, value) where value is not null;

-- The name of what is measured, as addresses have it.
create function measurement_name(operation text, step text, name text, unit text)
returns text language sql immutable as $$
    select operation || ' / ' || step || ' / ' || name || coalesce(' [' || unit || ']', '')
$$;

-- The value of each run that has one: the last number that was measured of these parameters.
create function last_measured(tenant uuid, parameters bigint[], from_at timestamptz, to_at timestamptz)
returns table (run_id uuid, value double precision) language sql stable as $$
    select distinct on (m.run_at, m.run_id) m.run_id, m.value
    from measurement m
    where m.tenant_id = tenant and m.parameter_id = any (parameters)
      and m.run_at >= coalesce(from_at, '-infinity') and m.run_at < coalesce(to_at, 'infinity')
      and m.value is not null and m.value > '-Infinity' and m.value < 'Infinity'
    order by m.run_at, m.run_id, m.step desc, m.seq desc
$$;
