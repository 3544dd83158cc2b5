-- Counted runs by operation, code and each value of each dimension, with the first and the last of
-- their days; passing runs have no code, and the rows without a dimension are of all runs. Of
-- values that at least $9 runs of the operation have, at most $10 rows. A run counts once under
-- each of its parts and lots.
with counted as materialized (
    select r.id, r.started_at, r.day, r.operation, r.product, r.revision, r.station, r.fixture,
           r.slot, r.operator, r.software, r.attributes,
           case when r.outcome between 1 and 4 then coalesce(r.code, 'unspecified') end as code
    from runs_matching($1, $2, $3, $4, $5, $6) r
    where run_counts(r.reason, r.outcome, r.run_index, r.unaborted_index, r.marks, $7, $8)
), valued as (
    select c.operation, c.code, c.day, d.dimension, d.value
    from counted c
    cross join lateral (
        values ('product', c.product), ('revision', c.revision), ('station', c.station),
               ('fixture', c.fixture), ('slot', c.slot), ('operator', c.operator), ('software', c.software)
    ) d (dimension, value)
    where d.value is not null
    union all
    select c.operation, c.code, c.day, 'attr.' || a.key, a.value
    from counted c
    cross join lateral jsonb_each_text(c.attributes) a (key, value)
    union all
    select c.operation, c.code, c.day, p.dimension, p.value
    from counted c
    cross join lateral (
        select distinct d.dimension, d.value
        from component k
        cross join lateral (values ('component_part', k.part), ('component_lot', k.lot)) d (dimension, value)
        where k.tenant_id = $1 and k.run_id = c.id and k.run_at = c.started_at and d.value is not null
    ) p
), grouped as (
    select operation, dimension, value, code, count(*) as runs, min(day) as first_day, max(day) as last_day,
           sum(count(*)) over (partition by operation, dimension, value) as of_value
    from valued
    group by operation, dimension, value, code
)
(
    select operation, null as dimension, null as value, code, count(*) as runs,
           min(day) as first_day, max(day) as last_day
    from counted
    group by operation, code
)
union all
(
    select operation, dimension, value, code, runs, first_day, last_day
    from grouped
    where of_value >= $9
    limit $10
)
