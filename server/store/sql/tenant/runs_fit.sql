-- The first day from which on a query matches at most $7 runs; null if the last day alone has
-- more.
select min(day) from (
    select r.day, sum(count(*)) over (order by r.day desc) as since
    from runs_matching($1, $2, $3, $4, $5, $6) r
    group by r.day
) days
where since <= $7
