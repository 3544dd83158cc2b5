copy stage_finding from stdin (format binary)
