copy stage_repair from stdin (format binary)
