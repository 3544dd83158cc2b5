-- Counted runs that did not pass, by failure code; the first row, without a key, is the total.
with failed as materialized (
    select unit_id, coalesce(code, 'unspecified') as code
    from runs_asked($1, $2, $3, $4, $5, $6, $7, $8)
    where counted and outcome between 1 and 4
)
select null as key, count(*) as runs, count(distinct unit_id) as units from failed
union all
select code, count(*), count(distinct unit_id) from failed group by code
