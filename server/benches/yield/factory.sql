-- What the factory's rows are made with: the same numbers give the same rows.
create schema factory;

-- One of 0 to before `of`.
create function factory.pick(n bigint, seed bigint, of integer) returns integer language sql immutable as
    'select (((hashint8extended(n, seed) >> 20) & 2147483647) % of)::integer';

-- How an attempt at an operation ends: of a thousand first ones 918 pass, 70 fail, the
-- others go wrong or are skipped; of the later ones 65 % pass.
create function factory.outcome(n bigint, attempt integer) returns smallint language sql immutable as $$
    select (case when attempt = 1 then width_bucket(factory.pick(n, 1, 10000), array[9180, 9880, 9930, 9960, 9985])
                 else width_bucket(factory.pick(n, attempt, 10000), array[6500, 9800]) end)::smallint
$$;

-- The runs of some units: six operations one after the other, each tried until it passes,
-- three times at most; in the order of time, as stations send them.
create function factory.run(units_from bigint, units_before bigint, of_units bigint) returns bigint language sql as $$
    with made as (
        insert into run (tenant_id, id, unit_id, started_at, ended_at, defects, opportunities, day, flags, marks,
                         outcome, unit_kind, voided, operation, code, test_name, product, revision, level,
                         station, fixture, slot, operator, software)
        select tenant_id, md5(n || '-' || attempt)::uuid, unit_id, started_at, started_at + interval '20 minutes',
               case when outcome in (0, 5) then 0 else 1 + factory.pick(n, 30, 3) end, 40,
               (started_at at time zone 'Asia/Taipei')::date, 0, 0, outcome, kind, false,
               'L1' || operation || ' ' || (array['assembly', 'power-on', 'burn-in', 'fabric', 'thermal', 'final'])[operation],
               case when outcome in (0, 5) then null
                    -- The square makes some codes frequent and most rare.
                    else 'FC-' || 100 + (60 * (factory.pick(n + attempt, 31, 10000) / 10000.0) ^ 2)::integer % 60 end,
               'sequence ' || operation, 'PN-' || 1 + factory.pick(unit_id, 32, 12),
               (array['A', 'B', 'C'])[1 + factory.pick(unit_id, 33, 3)], case when operation < 3 then 'L10' else 'L11' end,
               'ST-' || operation * 100 + factory.pick(n + attempt, 34, 33),
               'FX-' || 1 + factory.pick(n + attempt, 35, 40), 'SLOT-' || 1 + factory.pick(n, 36, 8),
               'OP-' || 1 + factory.pick(n + attempt, 37, 30), '1.4.' || unit_id * 20 / of_units
        from (
            select u.tenant_id, u.id as unit_id, u.kind, operation, n, attempt, factory.outcome(n, attempt) as outcome,
                   timestamptz '2025-01-01 00:00Z' + interval '180 days' * (u.id::float8 / of_units)
                   + (operation - 1) * interval '14 hours' + factory.pick(n, 40, 36000) * interval '1 second'
                   + (attempt - 1) * (3600 + factory.pick(n, 41, 20000)) * interval '1 second' as started_at
            from unit u
            cross join generate_series(1, 6) operation
            cross join generate_series(1, 3) attempt
            cross join lateral (select u.id * 8 + operation as n) numbered
            where u.id >= units_from and u.id < units_before
              and (attempt = 1
                   or factory.outcome(n, 1) <> 0 and factory.pick(n, 42, 100) < 95
                      and (attempt = 2 or factory.outcome(n, 2) <> 0 and factory.pick(n, 43, 100) < 90))
        ) tried
        where started_at < timestamptz '2025-06-30 00:00Z'
        order by started_at
        returning 1
    )
    select count(*) from made
$$;

-- Half of the units that failed are repaired once.
create function factory.repair() returns void language sql as $$
    insert into repair (tenant_id, id, unit_id, at, action, content_hash, receipt_id)
    select tenant_id, md5('repair' || unit_id)::uuid, unit_id, min(started_at) + interval '40 minutes', 'reseat',
           ''::bytea, md5('receipt')::uuid
    from run
    where outcome = 1 and factory.pick(unit_id, 50, 2) = 0
    group by tenant_id, unit_id
$$;
