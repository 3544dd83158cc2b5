-- Takes back one attempt, which turned out to be right.
update login_failure set failures = greatest(failures - 1, 0) where address_hash = $1
