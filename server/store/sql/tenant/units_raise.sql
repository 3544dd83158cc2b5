-- Golden beats reference beats production, whatever was said last: these units ($2) are of the
-- kind $3 at least.
update unit set kind_said = $3
where tenant_id = $1 and id = any ($2::bigint[]) and kind_said < $3
