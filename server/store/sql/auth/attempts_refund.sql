-- Decrements a counter after an attempt that succeeded.
update login_failure set failures = greatest(failures - 1, 0) where address_hash = $1
