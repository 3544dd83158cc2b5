copy stage_component from stdin (format binary)
