-- Counts counted runs by the set of suspects (dimensions $12, values $13) that they have, as a
-- bitmask with the first suspect as the lowest bit: those that fail ($9: 0 with any failure, 1
-- with the code $10, 2 with a failed measurement of $11) and the others.
select members, count(*) filter (where failing) as failing, count(*) filter (where not failing) as passing
from (
    select case $9::smallint
               when 0 then r.outcome between 1 and 4
               when 1 then r.outcome between 1 and 4 and coalesce(r.code, 'unspecified') = $10
               else exists (
                   select 1 from measurement m
                   where m.tenant_id = $1 and m.run_id = r.id and m.run_at = r.started_at
                     and m.parameter_id = any ($11::bigint[]) and m.outcome = 1) end as failing,
           (select coalesce(bit_or(1 << (s.place - 1)::integer), 0)
            from unnest($12::text[], $13::text[]) with ordinality s (dimension, value, place)
            where case s.dimension
                when 'component_part' then exists (
                    select 1 from component c
                    where c.tenant_id = $1 and c.run_id = r.id and c.run_at = r.started_at and c.part = s.value)
                when 'component_lot' then exists (
                    select 1 from component c
                    where c.tenant_id = $1 and c.run_id = r.id and c.run_at = r.started_at and c.lot = s.value)
                else run_key(r, s.dimension, null) = s.value end) as members
    from runs_matching($1, $2, $3, $4, $5, $6) r
    where run_counts(r.reason, r.outcome, r.run_index, r.unaborted_index, r.marks, $7, $8)
) counted
group by members
