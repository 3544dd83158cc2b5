copy stage_step from stdin (format binary)
