## Explore

explore-title = Explore
explore-question = Which slice is it?

## The slice and its figures

explore-all-runs = All runs
explore-runs = Runs
# $runs (View): all runs, or those of filters; $filters (View) and $period (View)
explore-slice = { $runs }{ $filters } { $period }
# $filters: phrases
explore-sentence = Runs { $filters }
# $count
explore-last-days = { $count ->
    [one] of the last day
   *[other] of the last { $count } days
}
explore-all-days = of all days
explore-slice-title = Selected runs
# $yield (View) and $counted (View): a count with its noun
explore-yield-of = { $yield } of { $counted }
# $filter
explore-not-applied = { $filter }, not applied
# $filter
explore-remove = Remove: { $filter }
explore-clear = Clear all
explore-compare = Compare with this
explore-stop-comparing = Stop comparing
explore-units = Show these units
explore-units-failed = Units that did not pass
explore-why = Why this figure?
explore-no-links = The selection is long: charts and tables have no links until they are loaded.
explore-selection-full = No more can be selected at once.
explore-yield = Yield, 95 % interval
explore-left-out = Runs left out
explore-left-out-none = none
# $count (Number) and $reason: what is counted
explore-left-out-reason = { $count } { $reason }
explore-left-out-later = { $count ->
    [one] { $count } later run
   *[other] { $count } later runs
}
# $yield, $passed (Number) and $counted: a count with its noun
explore-result = { $yield }: { $passed } of { $counted } passed
explore-interval-none = no counted run
# $names
explore-unknown = Not found in these runs: { $names }.
# $dimension and $name
explore-unknown-name = { $dimension } { $name }
# $first and $second: sentences
join-sentences = { $first } { $second }
# $runs: a count with its noun; $as-of: a moment
explore-as-of = { $runs }, as of { $as-of }

## Comparing two slices

explore-comparison = Comparison
explore-compared = Compared
explore-choose-other = Now choose what to compare it with.
explore-difference-none = There is no difference where no run is counted.
# $difference (View): in percentage points; $both: a count with its noun
explore-difference-shared = Difference { $difference }. Both share { $both }, so there is no interval for it.
# $difference (View): in percentage points; $low and $high
explore-difference = Difference { $difference }, 95 % interval { $low } to { $high } (Newcombe).
explore-caution-first-run = A unit may count in both, in another operation. To that extent the interval does not hold.
explore-caution-first-attempt = A unit may count in both, on another day or in another operation. To that extent the interval does not hold.
explore-caution-report = A unit may count in both, in another run. To that extent the interval does not hold.

## Choices

explore-aborted = Aborted runs
explore-aborted-count = Count aborted runs
explore-aborted-count-meaning = Aborted runs are attempts that did not pass
explore-aborted-exclude = Exclude aborted runs
explore-aborted-exclude-meaning = Aborted runs are not attempts

## Filters, as phrases behind “Runs”. In each $names is a list.

filter-operation = in { $names }
filter-station = at { $names }
filter-product = of { $names }
filter-fixture = on fixture { $names }
filter-software = with software { $names }
filter-code = with code { $names }
# $attribute and $names
filter-attribute = with { $attribute } { $names }
filter-operation-none = no operation
filter-station-none = no station
filter-product-none = no product
filter-fixture-none = no fixture
filter-software-none = no software
filter-code-none = no code
filter-attribute-none = no value
# $day
filter-day = on { $day }
# $first and $last: days
filter-days = from { $first } to { $last }
# $to: a duration
filter-duration-below = that took less than { $to }
# $from and $to: durations
filter-duration = that took { $from } to { $to }
# $from: a duration
filter-duration-from = that took { $from } or longer
# $measurement
filter-measured = with a value of { $measurement }
# $measurement and $range
filter-value = with { $measurement } { $range }
# $list and $last
list-or = { $list } or { $last }
list-separator = { ", " }
list-more = { $count } more

## Ranges

# $from and $to
range-between = { $from } to { $to }
range-any = any value
range-below = below { $to }
range-from = { $from } or more
range-longer = { $from } or longer

## Charts

explore-by-day = Yield by day
explore-by-operation = Yield by operation
explore-by-station = Yield by station
explore-by-product = Yield by product
explore-by-fixture = Yield by fixture
explore-by-software = Yield by software
explore-by-code = Failure codes
explore-by-attribute = Yield by attribute
explore-by-duration = Duration of runs
explore-by-value = Measured values
column-value = Value
column-duration = Duration
column-fixture = Fixture
column-software = Software
column-attribute = Attribute
column-failed = Did not pass
column-share-of-failed = Share of these
explore-empty = No counted runs match these filters.
explore-empty-code = No counted run failed.
explore-empty-value = None of these runs has a value.
explore-choose-measurement = Choose a measurement to see how its values are spread, and to filter by them.
explore-choose-attribute = Choose an attribute of runs to see the yield by its values, and to filter by them.
# $name
explore-no-measurement = Nothing called { $name } was measured.
explore-cells-value = Values are not available for so many runs at once.
explore-cells-duration = Durations are not available for so many runs at once.
# $reason: a sentence
explore-duration-ignored = { $reason } The filter by duration is not applied.
# $reason: a sentence
explore-value-ignored = { $reason } The filter by value is not applied.
# $counted: a count with its noun; $definition
explore-basis = { $counted }. Definition { $definition } v1.
# $counted: a count with its noun; $definition
explore-basis-filtered = { $counted }, under all filters. Definition { $definition } v1.
# $counted: a count with its noun; $definition
explore-basis-own = { $counted }, under all filters but its own. Definition { $definition } v1.
# $failed (Number) and $basis: a sentence
explore-basis-code = { $failed } did not pass, of { $basis }
# $measurement (View) and $basis (View): a sentence
explore-basis-value = { $measurement }, by the last value of each run: { $basis }
# $attribute (View) and $basis (View): a sentence
explore-basis-attribute = { $attribute }: { $basis }
# $shown (Number) and $all (Number)
explore-days-drawn = The newest { $shown } of { $all } days are drawn.
# $shown (Number) and $all (Number)
explore-days-listed = The newest { $shown } of { $all } days; the CSV has all.
# $count (Number)
explore-without-end = { $count } without an end.
# $count (Number)
explore-without-value = { $count } without a value.
# $shown (Number) and $more (View): a link
explore-rows = The first { $shown }, { $more }.
# $count (Number)
explore-rows-more = and { $count } more
# $shown (Number) and $more (Number)
explore-rows-cut = The first { $shown }; { $more } more are not shown.
explore-fewer = Show fewer
explore-table = Table and files
# $slice, $period, $basis: a sentence; $as-of
explore-file-note = { $slice } { $period }; { $basis } As of { $as-of }.
# $name: that no value is given, such as “no station”
explore-none = ({ $name })
# $label
explore-mark-empty = { $label }: no counted run
# $label, $passed (Number), $counted: a count with its noun; $yield
explore-mark = { $label }: { $passed } of { $counted } passed, { $yield }
# $code, $failed: a count with its noun; $share: a percentage
explore-mark-code = { $code }: { $failed }, { $share } of all that did not pass
# $mark
explore-mark-selected = { $mark }, selected
explore-axis-yield = Yield with 95 % interval
explore-axis-yield-counted = Yield with 95 % interval, and counted
explore-axis-day = Day of the site
explore-axis-failed = Share of what did not pass
explore-code = code
explore-codes = codes
explore-axis-seconds = Duration of the run, seconds
explore-axis-minutes = Duration of the run, minutes
explore-axis-hours = Duration of the run, hours
# $name and $unit
explore-axis-unit = { $name }, { $unit }
# $axis
explore-axis-log = { $axis }, logarithmic scale
# $axis
explore-axis-log-zero = { $axis }, logarithmic scale, 0 in a bin of its own

## Loading the runs

# $runs: a count with its noun
explore-loading = Loading { $runs }…
# $link (View)
explore-signed-out = Your session has ended. { $link } to continue.
explore-unreachable = The server is unreachable. The figures are still right; links reload the page.
explore-now-too-many = There are now too many runs. Choose a shorter period.
# $status: an HTTP status code
explore-not-loaded = The runs could not be loaded ({ $status }). Links reload the page.
# $reason
explore-unreadable = The runs could not be read: { $reason }.

## More than the page can show

explore-too-long-title = The selection is too long for a link
# $bytes: a count with its noun
explore-too-long = A link has room for { $bytes }. Select fewer names.
explore-too-long-all = Explore all runs
explore-too-many-title = There are too many runs in this period
# $most: a count with its noun
explore-too-many = Up to { $most } can always be explored at once.
# $most: a count with its noun
explore-today-more = Today alone has more than { $most }.
# $most: a count with its noun; $link (View)
explore-choose-period = Choose a period of at most { $most }: { $link }.
explore-last = { $count ->
    [1] Today
   *[other] The last { $count } days
}

## Choosing a measurement or an attribute

attribute-nothing = Recent runs have no attributes.

measurement-label = Measurement
measurement-show = Show
measurement-none = none
measurement-parameter = Control chart and capability of this parameter
measurement-nothing = No number has been measured yet.
measurement-search = Part of the name
measurement-search-submit = Search measurements
measurement-search-all = List all
# $shown (Number) and $all (Number)
measurement-cut = The first { $shown } of { $all } measurements are listed. Search for the others by a part of their names.
# $shown (Number), $all (Number) and $search
measurement-found-cut = The first { $shown } of { $all } measurements with “{ $search }” in their names are listed. Search for a longer part.
# $count and $search
measurement-found = { $count ->
    [0] No measurement has “{ $search }” in its name.
    [one] { $count } measurement with “{ $search }” in its name.
   *[other] { $count } measurements with “{ $search }” in their names.
}

## Saved views

views-title = Saved views
views-none = No view is saved yet.
views-name = Name of the new view
views-save = Save view
views-hint = Visible to everybody at this partner. A view stores the filters and the definition. A period such as “the last 28 days” ends on the day on which the view is opened.
views-remove = Remove
# $name
views-remove-label = Remove: { $name }
# $slice (View), $period, $person and $time (View)
views-details = { $slice } { $period }; { $person }, { $time }
