copy stage_run (id, serial, operation, started_at, ended_at, outcome, code, test_name,
                product, revision, level, station, fixture, slot, operator, software,
                defects, opportunities, flags, complete, artifacts, content_hash)
from stdin
