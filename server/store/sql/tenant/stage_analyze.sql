analyze stage_run
