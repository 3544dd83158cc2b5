## Charts, for those who do not see them

# $operation and $count
chart-yield-by-day = { $count ->
    [one] Yield of { $operation } by day, { $count } day
   *[other] Yield of { $operation } by day, { $count } days
}
