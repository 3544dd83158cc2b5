copy stage_run from stdin (format binary)
