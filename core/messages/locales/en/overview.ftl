## Overview

overview-title = Overview
overview-question = Are we all right?
overview-no-data = No data yet
overview-all-days = all days
# $first and $last: days
overview-window = the site’s days { $first } to { $last }
# $definition, $window, $latest (View): the latest run, or nothing, and $as-of (View)
overview-note = Definition { $definition } v1; { $window }{ $latest }; as of { $as-of }
overview-note-latest = ; latest run { $at }
overview-no-runs = No runs in this period
overview-latest-run = The latest run started { $at }.
overview-show-all = Show all days
# $definition, $period and $as-of: under each figure
overview-figure-note = Definition { $definition } v1, { $period }, as of { $as-of }
# $definition, $period, $filters and $as-of
overview-figure-note-filters = Definition { $definition } v1, { $period }, { $filters }, as of { $as-of }

period-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
period-all = All days
period-label = Period
period-all-lower = all days

definition-label = Definition of the yield
definition-first-run = First run
definition-first-run-meaning = The first run of each unit in the operation, over its whole history
definition-first-attempt = First attempt of the day
definition-first-attempt-meaning = The first attempt of each unit in the operation on each of the site’s days. Aborted runs are not attempts.
definition-report = Every run
definition-report-meaning = Every run counts, including retests (report yield)

overview-product = Product
overview-all-products = All products
overview-show = Show

## Yields by operation

operations-title-first-run = What share of units pass each operation the first time?
operations-title-first-attempt = What share of units pass at the first attempt of a day?
operations-title-report = What share of runs pass?
operations-label = Operations
# $listed (Number) and $total (Number)
operations-cut = The { $listed } of { $total } operations with the most counted. The file below has all.
operations-change-meaning = Compared with the preceding period of equal length, each with its own 95 % interval
operations-final-meaning = Units whose last run passed, of those whose first run is in the period
operations-retested = Retested
operations-retested-meaning = Units with two or more runs
operations-ntf = No trouble found
operations-ntf-meaning = Failing episodes that ended with a pass, without a repair or any other change
operations-explanation = Explanation
operations-explain = Explain
# $operation
operations-explain-label = Explain the yield of { $operation }
operations-counting = What is counted
operations-counting-first-run = A unit counts once per operation, by its first run there over its whole history, if that run is in the period.
operations-counting-first-attempt = A unit counts once per operation and day of the site, by its first attempt of that day. An aborted run is not an attempt.
operations-counting-report = Every run counts, including retests of a unit.
operations-counting-always = Counted runs with errors, time-outs or aborts have not passed. Golden and reference units, voided and skipped runs, and runs dated more than a day ahead never count.
operations-excluded = Excluded:
operations-nothing-excluded = Nothing was excluded.
# $operation (View) and $reasons
operations-excluded-of = { $operation }: { $reasons }
# $count (Number) and $reason
operations-excluded-count = { $count } { $reason }
operations-no-comparison = no earlier data
operations-no-clear-change = no clear change
# $points: a signed number
operations-points = { $points } pt
# $low and $high
interval-ends = { $low } to { $high }
chart-yield-interval = Yield with 95 % interval
# $name and $value
chart-yield-of = { $name }: { $value }

reason-golden = runs of golden units
reason-reference = runs of reference units
reason-voided = voided runs
reason-future = runs dated more than a day ahead
reason-skipped = skipped runs
reason-aborted = aborted runs
reason-before-window = units whose first run here was before the period
reason-elsewhere = units whose first run does not match the filters

## Rolled throughput yield

# $product
rolled-term = Rolled throughput yield of { $product }, the product of the first-run yields of its operations (95 % interval)
rolled-observed = Observed first-time-through: every operation passed at the first run, without a repair
# $product
rolled-explain-label = Explain the rolled throughput yield of { $product }
# $value and $ends
rolled-value = { $value } ({ $ends })
# $product
rolled-title = How is the rolled throughput yield of { $product } calculated?
rolled-note = The probability that a unit passes every operation at the first run, if operations fail independently of each other: the product of their first-run yields.
rolled-always-first-run = It always uses first runs, whatever definition is selected above.
rolled-first-run-yield = First-run yield
rolled-uncertainty = Share of the uncertainty
rolled-uncertainty-meaning = The operation’s share of the total variance
rolled-factors = Factors
rolled-product = Product of these
rolled-how-certain = How certain is it?
rolled-why-none = Why is there no figure?
rolled-seen = Observed first-time-through
rolled-seen-counted = Counted are units whose first run in their earliest operation is in the period and that have a run in every one of these operations. A unit went through if each first run passed and nothing was repaired before the last of them.
rolled-seen-differs = The two figures differ if failures occur together in the same units, and because each operation counts its own units.
rolled-no-runs = No run of the product is in the period.
# $operations
rolled-no-first-runs = No first run in { $operations } counts in the period, so the product cannot be calculated.
# $operations
rolled-none-passed = No run passed in { $operations }: the product and the lower end are 0, and the upper end is calculated from the product of the p̃.
# $estimate (View), $variance (View) and $equal (View): formulas
rolled-variance = The interval is calculated on the logarithm of the product, where the factors add up. With k passed of n and { $estimate }, an operation adds { $variance } to the variance; the half unit prevents an interval of zero width where { $equal }.
# $formula (View)
rolled-ends = The ends are { $formula }, limited to 0 and 100 %.
rolled-seen-none = No unit has a run in each of these operations.
# $passed (Number), $units and $share
rolled-seen-share = { $passed } of { $units }, { $share }

## Explanation of a yield

# $operation
why-title = How is the yield of { $operation } calculated?
# $operation and $station
why-at-station = { $operation } at { $station }
why-close = Close
why-definition = Definition
why-definitions = Definitions
# $passed (Number) and $counted
why-passed = { $passed } of { $counted }
why-excluded = Excluded
why-example = Examples
why-failed = Counted and not passed
why-failures = What failed, where and since when
why-none = None.
why-latest = Latest
why-first-attempt-elsewhere = the first attempt of the day does not match
why-final-yield = Final yield: the last run passed, of the units whose first run is in the period
why-retested = Retested: two or more runs, of the same units
why-ntf = No trouble found: a later pass without a repair or any other change, of the episodes that began in the period
why-no-episode = no unit failed here
# $share, $part (Number) and $units
why-share = { $share }: { $part } of { $units }
# $cleared (Number) and $episodes
why-episodes = { $cleared } of { $episodes }
count-episodes = { $count ->
    [one] { $count } failing episode
   *[other] { $count } failing episodes
}

## Changes

changes-title = What changed?
changes-none-compared = Nothing was counted in both periods, so there is nothing to compare.
changes-none = No yield and no failure code changed more than chance would explain.
changes-new = new
changes-gone = gone
changes-up = up
changes-down = down
changes-more = { $count ->
    [one] And { $count } more.
   *[other] And { $count } more.
}
changes-against = Compared with the preceding period of equal length
# $count: comparisons. $caution: a sentence
changes-how = { $count ->
    [one] Compared with the preceding period of equal length: { $count } comparison of operations, stations, software and failure codes, with a joint error of 5 % (Bonferroni). { $caution }
   *[other] Compared with the preceding period of equal length: { $count } comparisons of operations, stations, software and failure codes, with a joint error of 5 % (Bonferroni). { $caution }
}
changes-caution-first-run = For failure codes it may be larger, where a unit counts in both periods in different operations.
changes-caution-first-attempt = It may be larger where a unit counts in both periods, on different days.
changes-caution-report = It may be larger where a unit counts in both periods, by different runs.
# $low, $high, $k (Number), $n, $k-before (Number) and $n-before
changes-detail = { $low } to { $high }; { $k } of { $n }, before { $k-before } of { $n-before }
# $before and $now (View)
changes-from-to = { $before } → { $now }
# $operation
changes-operation = Yield of { $operation }
# $station and $operation
changes-station = { $station } in { $operation }
# $software and $operation
changes-software = Software { $software } in { $operation }
# $code
changes-code = Failures with { $code }

## Days, failures and stations

# $operation
daily-title = How did { $operation } do from day to day?
# $counted and $note
daily-note = { $counted } in all. { $note }
# $day
daily-none = { $day }: nothing was counted
# $day, $passed (Number), $counted and $value
daily-point = { $day }: { $passed } of { $counted } passed, { $value }
daily-axis = Day of the site
column-day = Day
column-low = Low
column-high = High
column-units = Units
column-share-of-runs = Share of runs
column-cumulative = Cumulative
column-meaning = Meaning

failures-title = What fails most?
failures-none = No counted run failed.
# $runs, $units and $note
failures-note = { $runs } of { $units } that count did not pass. { $note }
failures-axis = Share of runs that did not pass
failures-key = code
failures-keys = codes
# $code, $runs, $units and $share
failures-code = { $code }: { $runs } of { $units }, { $share } of all that did not pass
# $code, $runs, $units, $share and $meaning
failures-code-meaning = { $code }: { $runs } of { $units }, { $share } of all that did not pass. { $meaning }

stations-title = Which stations lose most?
stations-none = No station lost any counted run.
stations-unnamed = (none named)
# $count: stations. $note: the note of every figure
stations-note = { $count ->
    [one] The { $count } station with the largest statistically certain loss, by the upper end of the 95 % interval (Wilson). { $note }
   *[other] The { $count } stations with the largest statistically certain losses, by the upper end of the 95 % interval (Wilson). { $note }
}
# $station, $operation, $passed (Number), $counted and $value
stations-point = { $station }, { $operation }: { $passed } of { $counted }, { $value }

## Intervals

interval-title = How certain are these yields?
interval-method = Method of the interval
interval-level = Level of confidence
interval-wilson = Wilson
interval-clopper-pearson = Clopper–Pearson
interval-wilson-cc = Wilson, continuity-corrected
interval-first-pass = First-pass yield
interval-first-attempt = First-attempt yield
interval-report = Report yield
interval-units = Units
interval-unit-days = Unit-days
interval-runs = Runs
# $value: the name of the yield
interval-chart = Chart: { $value } by operation
# $value
interval-table = { $value } by operation
# $value and $level
interval-axis = { $value } with { $level } interval
# $level
interval-column = { $level } interval
# $operation
interval-none = { $operation }: nothing counted yet
# $operation, $passed (Number), $counted, $value, $level, $low and $high
interval-point = { $operation }: { $passed } of { $counted }, { $value }; { $level } interval { $low } to { $high }

## What stands out

standing-title = What stands out
standing-badge = stands out
standing-retest-badge = retest station
# $tests (Number), $from and $to: days
standing-note = Each value of each dimension against the other runs of its operation: { $tests } comparisons from { $from } to { $to } (the period and the equally long one before it), Fisher’s exact test, corrected by Benjamini–Hochberg.
# $tests (Number)
standing-note-all = Each value of each dimension against the other runs of its operation: { $tests } comparisons, Fisher’s exact test, corrected by Benjamini–Hochberg.
standing-too-many = There are too many values to compare: choose a shorter period or a filter.
standing-none = No value of any dimension fails more often than the others by more than chance.
# $count (Number)
standing-more = { $count ->
    [one] { $count } more stands out less.
   *[other] { $count } more stand out less.
}
# $code and $place: a phrase such as "on fixture F-1"
standing-code = { $code } { $place }
# $place: a phrase such as "on fixture F-1"
standing-any = Failures { $place }
# $operation, $failed (Number), $counted (Number), $share, $elsewhere: percentages, $first and $last: days
standing-detail = { $operation }: { $failed } of { $counted } failed ({ $share }), elsewhere { $elsewhere }; first on { $first }, last on { $last }
# $q: a number
standing-certain = Corrected p-value { $q }
# $station and $operation
standing-retest = { $station } in { $operation } has no first-run yield
# $units: a count with its noun
standing-retest-detail = { $units } ran there, all of them for the first time elsewhere: the station only retests.
standing-units = Units with the most failing runs
# $runs: a count with its noun; $operation
standing-unit-detail = { $runs } did not pass in { $operation }
explore-these = Explore

## Causes

# $name and $value
stands-with-attribute = with { $name } { $value }
limits-none = none
# $parameter, $before, $after: limits, $since: a day
limit-changed = The limit of { $parameter } changed from { $before } to { $after } on { $since }.
# $parameter, $before, $after: limits, $since: a day, $software
limit-changed-with = The limit of { $parameter } changed from { $before } to { $after } on { $since }, with software { $software }.
