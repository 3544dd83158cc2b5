-- Raises the kind of these units ($2) to at least $3: golden over reference over production,
-- independent of the order of arrival.
update unit set kind_said = $3
where tenant_id = $1 and id = any ($2::bigint[]) and kind_said < $3
