## Charts: accessible names for screen readers

# $operation and $count
chart-yield-by-day = { $count ->
    [one] Yield of { $operation } by day, { $count } day
   *[other] Yield of { $operation } by day, { $count } days
}
