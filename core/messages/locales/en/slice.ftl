## Period, granularity and filters of analysis pages

slice-granularity = Granularity
slice-by-day = Day
slice-by-week = Week
slice-by-month = Month
slice-dates = Dates …
slice-dates-title = Period
slice-calendar = Calendar
slice-this-week = This week
slice-last-week = Last week
slice-this-month = This month
slice-last-month = Last month
slice-this-quarter = This quarter
slice-last-quarter = Last quarter
slice-from = From
slice-to = To
slice-apply = Apply
# $from and $to: days
slice-window = { $from } to { $to }
slice-filter = Filter …
slice-filter-title = Add a filter
slice-filter-hint = A dimension of runs, such as station, fixture, software or component_lot, or an attribute, such as attr.shift.
slice-value-hint = The whole value. Leave it empty for runs without one.
slice-filter-add = Add
slice-no-value = (none)
slice-no-filter = Remove all

## What is wrong with an address

# $parameter and $why
slice-invalid = Invalid parameter: { $parameter } { $why }.
slice-invalid-days = must be a whole number from 1 to 400, or all
slice-invalid-date = must be a date such as 2026-03-01; a period has both ends, from and to
slice-invalid-later-date = must not be before the first day
slice-invalid-dimension = is not a dimension that runs are filtered by
