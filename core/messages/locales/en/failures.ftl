## Failures

failure-page-title = Failures
failure-page-question = What failed, where and since when?
failure-by = Count by
failure-by-code = Failure code
failure-by-step = Step
failure-by-component = Component
failure-filters = Filters
# $dimension and $value
failure-remove-filter = Remove the filter { $dimension }: { $value }
failure-none = No counted run failed
failure-none-hint = Choose a longer period or remove a filter.
# $first and $last: days
failure-window = { $first } to { $last }, days of the site
# $definition, $window and $as-of
failure-note = Definition { $definition } v1, { $window }, as of { $as-of }
# $runs and $units: counts with nouns; $share: a percentage; $counted: a count with its noun
failure-summary = { $runs } of { $units } did not pass, { $share } of { $counted }.
failure-pareto = Most frequent failures
# $key, $runs, $units and $share
failure-row = { $key }: { $runs } of { $units }, { $share } of all that did not pass
failure-keys = keys
failure-more = { $count ->
    [one] { $count } less frequent key is not shown.
   *[other] { $count } less frequent keys are not shown.
}

## One failure code

# $code
failure-code-title = Failure code { $code }
failure-all-codes = All failure codes
# $first and $last: days
failure-seen = In this period first seen on { $first } and last seen on { $last }.
failure-not-seen = No counted run failed with this code in this period.
failure-trend = Failures by day
failure-trend-up = Failing share with 95 % interval
# $day
failure-day-nothing = { $day }: no counted run
# $day, $failed (Number), $counted (Number) and $share
failure-day = { $day }: { $failed } of { $counted } failed, { $share }
failure-column-share = Failing share
failure-places = Where it fails more often
failure-places-none = No value of any dimension stands out.
# $count (Number): how many values were compared
failure-places-note = Each value compared with all other counted runs of the operation by Fisher’s exact test, one-sided; q is corrected for { $count } comparisons (Benjamini–Hochberg). A value that coincides with the failures need not cause them.
# $operation, $first and $last: days
failure-places-within = Within { $operation }, runs from { $first } to { $last }: the period and the equally long one before it.
# $operation
failure-places-within-all = Within { $operation }, all runs.
# $value: the first value of the table
failure-explained-by = not significant beyond { $value }
failure-explore = Explore these failures
failure-parameters = Measurements that fail with it
failure-column-parameter = Measurement
failure-column-median = Median of failed values
failure-column-limits = Limits
# $parameter, $place: a phrase such as "at station S-1", $slope: a number with its sign, $ends: an interval, $runs: a count with its noun
failure-drift = { $parameter } { $place } drifts by { $slope } a day ({ $ends }, 95 % interval, least squares over { $runs }).
failure-column-dimension = Dimension
failure-column-value = Value
failure-column-here = Failing here
failure-column-elsewhere = Failing elsewhere
failure-column-odds = Odds ratio
failure-column-q = q
# $failed (Number), $counted (Number) and $share
failure-share = { $share }, { $failed } of { $counted }
failure-repairs = What fixed it last time
failure-repairs-none = No unit that failed with this code was repaired and tested again.
failure-repairs-note = Failures by their last repair that another run of the operation followed. Passed next: that run passed. Stayed good: of those that passed 30 days ago or earlier, the ones without a failure in the operation for 30 days, with a 95 % Wilson interval.
failure-column-action = Action
failure-column-part = Part
failure-column-passed = Passed next
failure-column-stayed = Stayed good
failure-column-hours = Median time to fix
# $passed (Number) and $repaired (Number)
failure-passed = { $passed } of { $repaired }
# $stayed (Number), $settled (Number) and $ends: an interval
failure-stayed = { $stayed } of { $settled } ({ $ends })
failure-stayed-unknown = not known yet
# $hours: a number
failure-hours = { $hours } h
failure-units = Units
failure-units-search = All units that failed with this code in the period

## On the page of a failing unit

# $code and $operation
failure-unit-fix = Units that failed with { $code } in { $operation } in the last 365 days:
failure-unit-code = More about this failure code
