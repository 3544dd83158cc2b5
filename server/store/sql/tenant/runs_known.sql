-- What is kept of these runs already, and the units that they belong to so far: an
-- update may move a run from one serial to another, and both are then numbered anew.
select id, unit_id, complete, artifacts, content_hash from run where id = any ($1)
