-- Counts counted runs that fail ($9: 0 with any failure, 1 with the code $10, 2 with a failed
-- measurement of $11) and the others, by each value of each dimension, of those in $12 or of all:
-- values that at least $13 runs have, at most $14 of them. The row without a dimension is the
-- total. A run counts once for each of its parts and lots.
with counted as materialized (
    select r.id, r.started_at, r.operation, r.product, r.revision, r.level, r.station, r.fixture,
           r.slot, r.operator, r.software, r.attributes, case $9::smallint
               when 0 then r.outcome between 1 and 4
               when 1 then r.outcome between 1 and 4 and coalesce(r.code, 'unspecified') = $10
               else exists (
                   select 1 from measurement m
                   where m.tenant_id = $1 and m.run_id = r.id and m.run_at = r.started_at
                     and m.parameter_id = any ($11::bigint[]) and m.outcome = 1) end as failing
    from runs_matching($1, $2, $3, $4, $5, $6) r
    where run_counts(r.reason, r.outcome, r.run_index, r.unaborted_index, r.marks, $7, $8)
), valued as (
    select d.dimension, d.value, c.failing
    from counted c
    cross join lateral (
        values ('operation', c.operation), ('product', c.product), ('revision', c.revision),
               ('level', c.level), ('station', c.station), ('fixture', c.fixture), ('slot', c.slot),
               ('operator', c.operator), ('software', c.software)
    ) d (dimension, value)
    union all
    select 'attr.' || a.key, a.value, c.failing
    from counted c
    cross join lateral jsonb_each_text(c.attributes) a (key, value)
    union all
    select p.dimension, p.value, c.failing
    from counted c
    cross join lateral (
        select distinct d.dimension, d.value
        from component k
        cross join lateral (values ('component_part', k.part), ('component_lot', k.lot)) d (dimension, value)
        where k.tenant_id = $1 and k.run_id = c.id and k.run_at = c.started_at
    ) p
)
(
    select null as dimension, null as value, count(*) filter (where failing) as failing,
           count(*) filter (where not failing) as passing
    from counted
)
union all
(
    select dimension, value, count(*) filter (where failing), count(*) filter (where not failing)
    from valued
    where $12::text[] is null or dimension = any ($12)
    group by dimension, value
    having count(value) >= $13
    limit $14
)
