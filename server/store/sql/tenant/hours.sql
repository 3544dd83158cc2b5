-- The local names of hours, by the Unix time in seconds at which they begin.
select hour, local_hour(to_timestamp(hour), t.timezone) as name
from tenant t, unnest($2::bigint[]) hour
where t.id = $1
