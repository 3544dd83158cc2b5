select count(*) from stage_run
