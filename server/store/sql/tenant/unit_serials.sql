-- The serial numbers of the units $2.
select id, serial from unit
where tenant_id = $1 and id = any ($2::bigint[])
