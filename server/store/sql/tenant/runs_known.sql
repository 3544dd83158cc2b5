-- The units that staged runs belong to so far: an update may move a run from one
-- serial to another, and both units are then numbered anew.
select r.unit_id from stage_run s join run r on r.id = s.id
