copy stage_measurement from stdin (format binary)
