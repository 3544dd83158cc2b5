-- Runs of a tenant as uploads store them: two of each unit, of which every tenth failed first,
-- with a step, two measurements, a component, and findings of the failures.
create schema factory;

create function factory.fill(tenant uuid, prefix text, units integer) returns void language plpgsql as $$
declare
    upload uuid := md5(prefix)::uuid;
begin
    insert into raw_upload values (tenant, prefix::bytea, 1, '\x00', now());
    insert into receipt (tenant_id, id, received_at, format, params, raw_sha256, actor, origin_id,
                         accepted, updated, duplicates, rejected, warnings)
    values (tenant, upload, now(), 'firstpass', '{}', prefix::bytea, 'factory', upload, 2 * units, 0, 0, 1, 0);
    insert into receipt_remark values (tenant, upload, 1000, 1, null, 'wrong');
    insert into unit (tenant_id, serial, kind_said)
    select tenant, prefix || lpad(n::text, 7, '0'), 0 from generate_series(1, units) n;
    insert into run (tenant_id, id, unit_id, started_at, ended_at, defects, opportunities, day, flags,
                     run_index, unaborted_index, attempts, unaborted_attempts, marks, reason, first_at,
                     unaborted_first_at, outcome, unit_kind, voided, operation, code, product, station, attributes)
    select tenant, md5(u.serial || operation || attempt)::uuid, u.id, started_at, started_at + interval '20 minutes',
           outcome, 3, started_at::date, 0, attempt, attempt, attempts, attempts, attempt % 2, 0, first_at, first_at,
           outcome, 0, false, 'OP-' || operation, case outcome when 1 then 'C' || n % 7 end, 'PN-' || n % 3, 'ST-' || n % 5,
           jsonb_build_object('shift', chr(65 + (n % 3)::integer))
    from (select *, row_number() over (order by id) as n from unit where tenant_id = tenant) u
    cross join lateral (select (u.n % 10 = 0) as twice, timestamptz '2025-01-01Z' + u.n * interval '10 minutes' as first_at) f
    cross join generate_series(1, 2) r
    cross join lateral (select case when f.twice then 1 else r end as operation, case when f.twice then r else 1 end as attempt) a
    cross join lateral (select case when f.twice and attempt = 1 then 1 else 0 end as outcome,
                               case when attempt = 1 then case when f.twice then 2 else 1 end end as attempts,
                               f.first_at + (r - 1) * interval '1 hour' as started_at) s;
    insert into run_identity
    select tenant, id, unit_id, started_at, true, 3, '\x00', upload from run where tenant_id = tenant;
    insert into parameter (tenant_id, digest, operation, step, name, unit)
    select tenant, (prefix || name)::bytea, operation, 'thermal', name, 'C'
    from unnest(array['OP-1', 'OP-2']) operation, unnest(array['temp-1', 'temp-2']) temp,
         lateral (select temp || case operation when 'OP-2' then '+' else '' end as name) named;
    insert into step (tenant_id, run_id, run_at, seq, status, name)
    select tenant, id, started_at, 0, outcome, 'thermal' from run where tenant_id = tenant;
    insert into measurement (tenant_id, run_id, run_at, parameter_id, value, high, step, seq, cmp, outcome, component)
    select tenant, r.id, r.started_at, p.id, 1, 3, 0, 0, 3, r.outcome, 'gpu'
    from run r join parameter p on p.tenant_id = tenant and p.operation = r.operation
    where r.tenant_id = tenant
    order by r.started_at, r.id, p.id;
    insert into finding (tenant_id, run_id, run_at, seq, kind, outcome, code, system, component)
    select tenant, id, started_at, 0, 0, 1, code, 'xid', 'gpu' from run where tenant_id = tenant and outcome = 1;
    -- Every hundredth part is in two units.
    insert into component (tenant_id, run_id, run_at, seq, serial, part, slot, lot)
    select tenant, id, started_at, 0, prefix || 'G' || case when unit_id % 100 = 0 then unit_id - 1 else unit_id end, 'P', '0', 'L-' || unit_id % 20
    from run where tenant_id = tenant;
    insert into repair (tenant_id, id, unit_id, at, action, content_hash, receipt_id)
    select tenant, md5('repair' || id)::uuid, unit_id, started_at + interval '30 minutes', 'reseat', '\x00', upload
    from run where tenant_id = tenant and outcome = 1;
end
$$;

-- As many staged runs as the tenant has units, of these in their order, at most so many.
create function factory.stage(tenant uuid, most integer) returns void language plpgsql as $$
begin
    insert into stage_run (arrival, id, unit, unit_kind, started_at, outcome, defects, opportunities, flags,
                           complete, artifacts, content_hash, operation, code)
    select n, md5('new' || serial)::uuid, n, 0, timestamptz '2025-03-30Z' + n * interval '1 minute', n % 2, 0, 1, 0,
           true, 1, '\x00', 'OP-3', case n % 2 when 1 then 'C1' end
    from (select row_number() over (order by id) as n, serial from unit where tenant_id = tenant order by id limit most) u;
    insert into stage_step (arrival, run_id, run_at, seq, status, name)
    select arrival, id, started_at, 0, outcome, 'thermal' from stage_run;
    insert into stage_measurement (arrival, run_id, run_at, parameter, value, step, seq, outcome)
    select arrival, id, started_at, 1, 1, 0, 0, outcome from stage_run;
    insert into stage_finding (arrival, run_id, run_at, seq, kind, outcome, code)
    select arrival, id, started_at, 0, 0, 1, code from stage_run where outcome = 1;
    insert into stage_component (arrival, run_id, run_at, seq, serial)
    select arrival, id, started_at, 0, 'new' || arrival from stage_run;
    insert into stage_repair (arrival, id, unit, at, content_hash, action)
    select arrival, id, unit, started_at, '\x00', 'reseat' from stage_run where outcome = 1;
end
$$;
