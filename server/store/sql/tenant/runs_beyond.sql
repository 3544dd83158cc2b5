-- One row if a query matches more than $7 runs.
select true from runs_matching($1, $2, $3, $4, $5, $6) offset $7 limit 1
