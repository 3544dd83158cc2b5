## Measurements: every parameter

parameters-title = Measurements
parameters-question = Which parameter is unstable or not capable?
parameters-order = Order
parameters-by-ppk = Lowest Ppk
parameters-by-outside = Most outside
parameters-by-name = Name
parameters-part = Part of the name
parameters-search = Search
parameters-all = All parameters
parameters-none = No counted run has a measured number
parameters-none-hint = Choose a longer period or remove a filter.
# $part: a part of a name
parameters-not-found = No parameter with “{ $part }” in its name
# $first (Number), $last (Number) and $total (Number)
parameters-range = { $first } to { $last } of { $total }
parameters-first = First page
parameters-next = Next page
parameters-column-parameter = Parameter
parameters-column-n = n
parameters-column-outside = Outside limits
parameters-column-ppk = Ppk
parameters-ppk-meaning = Overall capability with its 95 % interval. The list begins with the lowest lower end.
parameters-column-stable = Stability
parameters-stable-meaning = Unstable: a value is beyond three sigma of the individuals control chart.
parameters-column-limits = Limits
parameters-column-trend = Means over time
parameters-trend-meaning = Means of equal parts of the period. The height of the line is at least one standard deviation.
parameters-column-links = Links
# $count (Number)
parameters-outside-count = { $count ->
    [one] { $count } value
   *[other] { $count } values
}
parameters-limits-changed = Changed
parameters-stable = Stable
parameters-unstable = Unstable
# $first and $last: numbers
parameters-trend-label = Means over time, from { $first } to { $last }
parameters-trend-nothing = No means

## One parameter

parameter-title = Parameter
parameter-question = Is it stable, capable and the same at every station?
# $values and $runs: counts with nouns
parameter-summary = { $values } with a value, of { $runs } counted.
# $count (Number)
parameter-excluded = { $count ->
    [one] { $count } run without a finite number is excluded.
   *[other] { $count } runs without a finite number are excluded.
}
parameter-explore = Explore this parameter
parameter-units = Units with this parameter
parameter-no-values = No counted run has a value of this parameter
parameter-runs = Runs of a unit
parameter-runs-first = First of each unit
parameter-runs-last = Last of each unit
parameter-runs-all = All runs
parameter-note = Note
parameter-notes = Before you read the figures
parameter-distribution = Distribution
# $from and $to: numbers; $runs: a count with its noun
parameter-bin = { $from } to { $to }: { $runs }
# $below (Number), $above (Number) and $share
parameter-outside = { $below } below and { $above } above the limits, { $share } of the values.
parameter-density = The curve is a density estimate (Gaussian kernel).
# $low and $high: numbers
parameter-part-average = Thin lines: part-average limits { $low } and { $high } (median ± 6 robust sigma).
parameter-log-axis = The axis is logarithmic: values span more than three decades.
column-from = From
column-to = To
column-below = Below
column-measured = Value
column-mean = Mean
column-sd = SD
column-median = Median
column-q1 = Q1
column-q3 = Q3

## What must be known beside the figures

guard-no-values = There are no values to compute with.
guard-no-limits = The data have no limits for this parameter: there are no capability indices.
guard-limits-without-width = The limits are equal or reversed: there are no capability indices.
guard-limits-changed = The limits changed in this period. Figures use the newest ones.
guard-small-sample = Fewer than 30 values: read the intervals, not the indices.
guard-no-variation = All values are equal: there are no capability indices.
guard-truncated = Failed runs without a value are excluded. A test that stops at a failure hides the worst values.
guard-unstable = The process is not stable: a value is beyond three sigma. Capability does not describe an unstable process. Look at the control chart first.
guard-not-normal = The values are not normally distributed (p < 0.05): Cpk, Ppk and expected ppm are approximate.
guard-stations-differ = Stations differ strongly. Look at them one by one.

## Capability

capability-title = Capability
capability-figure = Figure
capability-within = Within subgroups
capability-overall = Overall
capability-sigma = Sigma
capability-both = Cp · Pp
capability-least = Cpk · Ppk
capability-ppm-below = Expected ppm below
capability-ppm-above = Expected ppm above
# $limits: a range of numbers
capability-limits = Limits { $limits }.
# $limits: a range of numbers
capability-limits-own = Limits { $limits }, chosen on this page.
# $mean: a number
capability-mean = Mean { $mean }.
# $below and $above: numbers
capability-observed = Observed: { $below } ppm below and { $above } ppm above the limits.
# $statistic and $p: numbers
capability-normality = Anderson–Darling test of normality: A² = { $statistic }, p { $p }.
# $family: a distribution; $ppk: a number
capability-family = With the { $family } distribution Ppk = { $ppk }.
# $ppk: a number
capability-percentiles = With the percentiles of the values Ppk = { $ppk }.
capability-versions = Limits over time
sigma-moving-range = from moving ranges
sigma-range = from ranges
sigma-deviation = from standard deviations
sigma-pooled = pooled
family-normal = normal
family-lognormal = lognormal
family-weibull = Weibull
family-gamma = gamma
family-johnson = Johnson SU

## The control chart

# $kind: the name of a kind of charts
control-title = Control chart: { $kind }
control-individuals = individuals (I)
control-xbar-r = means of subgroups (X̄)
control-xbar-s = means of subgroups (X̄, sigma from s)
control-ewma = exponentially weighted moving average (EWMA)
control-cusum = cumulative sums (CUSUM)
control-across = Values in the order of time
control-centre = Centre
control-lower = Lower limit
control-upper = Upper limit
control-rules = Rules broken
control-because-individuals = Individuals chart, because points are single values.
# $size (Number)
control-because-small = X̄-R chart, because subgroups have at most { $size } values: the range is nearly as good as the standard deviation.
# $size (Number)
control-because-large = X̄-S chart, because subgroups have up to { $size } values.
control-because-chosen = Chart chosen on this page.
control-legend = Thick lines: control limits of each phase. Thin lines: centre and specification limits. Large dots: signals.
# $count: a number
control-false-alarms = A stable process would signal about { $count } times a week.
# $shown (Number) and $cut (Number)
control-cut = The newest { $shown } points are shown. Older points that are not shown: { $cut }.
# $time and $value
control-point = { $time }: { $value }
# $time, $value and $rules
control-signal = { $time }: { $value }, { $rules }
control-no-signals = No point breaks a rule.
# $count (Number)
control-signals = { $count ->
    [one] { $count } signal
   *[other] { $count } signals
}
control-signals-title = Signals
control-kind = Chart
control-auto = Automatic chart
control-ewma-short = EWMA
control-cusum-short = CUSUM
control-rule-set = Rules
control-western-electric = Western Electric
control-nelson = Nelson
control-limits-only = Limits only
control-phases = Phases
control-phases-auto = Phases at changes
control-phases-none = One phase
control-points = Points
control-single = Single values
# $size (Number)
control-subgroups = Subgroups of { $size }
event-limits = limits
event-software = software
event-revision = revision
event-fixture = fixture
event-station = station
# $kind and $value
event-name = { $kind } { $value }
rule-beyond-three = beyond the control limits
rule-two-of-three = two of three points beyond two sigma
rule-four-of-five = four of five points beyond one sigma
rule-eight-one-side = eight points in a row on one side of the centre
rule-nine-one-side = nine points in a row on one side of the centre
rule-six-trend = six points in a row rising or falling
rule-fourteen-alternating = fourteen points in a row alternating
rule-fifteen-within = fifteen points in a row within one sigma
rule-eight-outside = eight points in a row outside one sigma

## Stations

groups-title = By station
# $station, $median, $first and $third: numbers; $runs: a count with its noun
groups-group = { $station }: median { $median }, quartiles { $first } and { $third }, { $runs }
groups-not-tested = Stations were not compared: all values are equal.
# $p and $effect: the share of the variance of ranks
groups-alike = No clear difference between stations (Kruskal–Wallis p { $p }, effect size ε² { $effect }).
# $p and $effect: the share of the variance of ranks
groups-small = Stations differ a little (Kruskal–Wallis p { $p }, effect size ε² { $effect }).
# $p and $effect: the share of the variance of ranks
groups-moderate = Stations differ moderately (Kruskal–Wallis p { $p }, effect size ε² { $effect }).
# $p and $effect: the share of the variance of ranks
groups-large = Stations differ strongly (Kruskal–Wallis p { $p }, effect size ε² { $effect }).
groups-legend = Box: quartiles and median; whiskers: up to 1.5 interquartile ranges; dot: mean; vertical lines: limits.

## Drift

drift-title = Drift
# $station
drift-title-station = Drift at { $station }
# $day, $mean and $runs: a count with its noun
drift-day = { $day }: mean { $mean }, { $runs }
# $p: a number
drift-none = No station drifts clearly (smallest corrected p { $p }).
# $slope, $p: a number, and $stations (Number)
drift-some = The mean changes by { $slope } a day (p { $p }, corrected for { $stations ->
    [one] { $stations } station
   *[other] { $stations } stations
}).
# $day
drift-meets-upper = If nothing changes it meets the upper limit on { $day }.
# $day
drift-meets-lower = If nothing changes it meets the lower limit on { $day }.
# $day
drift-crossed-upper = It crossed the upper limit on { $day }.
# $day
drift-crossed-lower = It crossed the lower limit on { $day }.
drift-meets-none = It does not meet a limit within a year.
drift-column-slope = Change a day
drift-column-interval = 95 % interval
drift-column-p = p
drift-p-meaning = Two-sided p of “no drift”, multiplied by the number of stations (Bonferroni).
drift-column-meets = Limit
drift-stations = All stations

## Retests and outliers

retest-title = Effect of a retest
retest-none = No unit has two values in this period.
# $units: a count with its noun
retest-note = First against last value of { $units }, whichever runs the page shows.
retest-difference = Mean of last − first
retest-p = p of no difference
retest-repeatability = Repeatability sigma
retest-outcomes = Outcomes of first and last runs
retest-first = First run
retest-then-passed = Last run passed
retest-then-failed = Last run did not pass
retest-first-passed = First run passed
retest-first-failed = First run did not pass
outliers-title = Outliers
outliers-none = No value is outside the limits or the part-average limits.
# $shown (Number) and $total (Number)
outliers-note = Farthest values outside the limits or the part-average limits: { $shown } of { $total }.
outliers-outside = Outside limits

## Limits that are chosen on the page

limits-low = Lower limit
limits-high = Upper limit
limits-apply = Apply limits
limits-reset = Limits of the data
limits-hint = What if the limits were others? Drag the lines or change the numbers. Nothing is saved.
# $share: a percentage; $ppm, $cpk and $ppk: numbers
limits-facts = Yield against these limits { $share }, { $ppm } ppm outside, Cpk { $cpk }, Ppk { $ppk }.
