-- The operations of the parameters $2.
select distinct operation from parameter where tenant_id = $1 and id = any ($2)
