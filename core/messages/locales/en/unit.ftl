## Words for units and runs

outcome-pass = pass
outcome-fail = fail
outcome-error = error
outcome-timeout = timeout
outcome-aborted = aborted
outcome-skip = skip
# $outcome: of a run that was voided
outcome-voided = { $outcome }, voided

unit-kind-production = production
unit-kind-golden = golden
unit-kind-reference = reference

flag-data-loss = data loss
flag-tz-assumed = time zone assumed
flag-pass-with-failure = pass with failure
flag-truncated = truncated
flag-no-start = no start
flag-illegal-result = illegal result
flag-future = future

run-station = station { $name }
run-fixture = fixture { $name }
run-software = software { $name }
# $number (Number)
run-attempt = attempt { $number }
unit-revision = revision { $name }

# $seconds (Number)
duration-seconds = { $seconds } s
# $minutes (Number)
duration-minutes = { $minutes } min
# $hours (Number) and $minutes: two digits
duration-hours = { $hours } h { $minutes } min

## Searching units

units-title = Units
units-question = Which unit?
units-more = More units
units-search-too-long = There are more units, but the search is too long for a link to the next page. Narrow the search.
units-hint = A search finds any part of a serial number, ignoring case. A unit must match every criterion.
units-all = All units
units-serial = Part of the serial number
units-failed-with = Ever failed with the code
units-latest-run = Latest run
units-any-outcome = passed or not
units-not-passed = not passed
units-slice-runs = Runs of the slice
units-kind = Unit type
units-any-kind = any
units-search = Search
units-show-all = Show all
# $slice (View), $period and $definition
units-of-slice = Units of a slice: { $slice } { $period }, counted by { $definition }.
units-back-to-explore = Back to Explore
units-none-left = There are no more units
units-none = No unit matches: { $criteria }
units-criterion-serial = serial number contains “{ $text }”
units-criterion-code = ever failed with “{ $code }”
units-criterion-slice = has a counted run in the slice
units-criterion-slice-not-passed = has a run in the slice that did not pass
units-criterion-not-passed = did not pass its latest run
units-criterion-kind = is of type { $kind }

## The page of a unit

unit-no-run = no run yet
unit-runs-title = Runs
unit-no-runs = No run of this unit is stored.
unit-no-older-runs = There are no older runs.
unit-newest-runs = Newest runs
unit-older-runs = Older runs
# $first (Number), $last (Number) and $total (Number)
unit-run-range = Runs { $first } to { $last } of { $total }, newest first
unit-run-flags = Flags: { $flags }
unit-failing-left-out = { $count ->
    [one] { $count } more failing measurement is not listed.
   *[other] { $count } more failing measurements are not listed.
}
unit-findings-left-out = { $count ->
    [one] { $count } more finding is not listed.
   *[other] { $count } more findings are not listed.
}
unit-passed-checks = Passed checks: { $codes }
unit-voided = voided
unit-measurement = Failing measurement
unit-measurement-of = Component
unit-measurement-value = Value
unit-measurement-limits = Limits
unit-measurement-position = Position within the limits
# $started: the start of the run
unit-measurements-label = Failing measurements of { $started }
# $step (View)
unit-in-step = in { $step }
# $kind and $component (View)
unit-finding-on = { $kind } on { $component }
# $low, $high and $unit: a unit of measure with a space before it, or nothing
limits-between = { $low } to { $high }{ $unit }
# $low and $unit
limits-from = at least { $low }{ $unit }
# $high and $unit
limits-up-to = at most { $high }{ $unit }

timeline-title = Timeline
timeline-legend = Symbols
timeline-repair = repair
timeline-repairs = repairs
timeline-axis = Time at the site, { $zone }
# $serial
timeline-all = All data of { $serial }
timeline-newest = The newest repairs and all runs of { $serial }
# $range and $serial
timeline-range = { $range }, with the repairs in that time, of { $serial }
# $extent, $runs, $repairs and $as-of
timeline-note = { $extent }: { $runs } and { $repairs }, as of { $as-of }
# $operation, $result and $at
timeline-run = { $operation }: { $result }, { $at }
# $operation, $result, $code and $at
timeline-run-code = { $operation }: { $result }, { $code }, { $at }
# $action and $at
timeline-repair-at = Repair: { $action }, { $at }

repairs-title = Repairs
repairs-table = Table of repairs
repairs-action = Action
repairs-defect = Defect
repairs-parts = Part out → in
# $listed (Number) and $total (Number)
repairs-cut = The newest { $listed } of { $total } repairs
parts-title = Components
parts-table = Table of components
parts-slot = Slot
parts-part = Part
parts-seen = Seen
parts-also-in = Also in
# $listed (Number) and $total (Number)
parts-cut = The latest { $listed } of { $total } components
# $count (Number)
parts-more = and { $count } more
parts-not-passed = (not passed)

## Decisions by people: unit types and voided runs

# $decision (View), $person (View), $time (View) and $reason (View)
decided-by = { $decision } by { $person }, { $time }: “{ $reason }”
# $decision (View)
decided-by-person = { $decision } by a person
decided-production = Set to production
decided-golden = Set to golden
decided-reference = Set to reference
decided-voided = Voided
decision-reason = Reason
decision-reason-optional = Reason (optional)
decision-reason-hint = It is stored with your name and the time.
kind-not-counted = Its runs are excluded from every yield.
kind-production = Production
kind-production-meaning = for shipment: its runs count
kind-golden = Golden
kind-golden-meaning = known to be good, checks the station: its runs do not count
kind-reference = Reference
kind-reference-meaning = kept for comparison: its runs do not count
kind-change = Change unit type
kind-change-title = Change the unit type of { $serial }?
kind-change-hint = This overrides the type in the data, also for future runs. The figures change at once, and it can be reset.
kind-label = Unit type
kind-save = Save
kind-reset = Reset to automatic
kind-reset-title = Reset unit type of { $serial } to automatic?
kind-reset-hint = Detected type: { $kind }. The figures change at once.
kind-reset-submit = Reset
run-void = Void
run-void-title = Void this run?
run-void-hint = Voided runs are excluded from every figure and from attempt numbering. The run stays listed here, also when it is sent again, and can be restored.
run-void-submit = Void run
run-restore = Restore
run-restore-title = Restore this run?
run-restore-hint = The run counts as an attempt again, and later attempts are renumbered. The figures change at once.
run-restore-submit = Restore run
run-upload = Upload
run-raw = Raw file
