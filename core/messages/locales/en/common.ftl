### Firstpass in English: the reference for every other language.
### In the messages `count-…` the space before the noun is a no-break space, U+00A0.

-brand = Firstpass

brand = { -brand }

## Counts with their nouns. They are arguments of other messages.

count-runs = { $count ->
    [one] { $count } run
   *[other] { $count } runs
}
count-units = { $count ->
    [one] { $count } unit
   *[other] { $count } units
}
count-unit-days = { $count ->
    [one] { $count } unit-day
   *[other] { $count } unit-days
}
count-first-runs = { $count ->
    [one] { $count } first run
   *[other] { $count } first runs
}
count-first-attempts = { $count ->
    [one] { $count } first attempt
   *[other] { $count } first attempts
}
count-repairs = { $count ->
    [one] { $count } repair
   *[other] { $count } repairs
}
count-bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
}
# $part and $whole
count-of = { $part } of { $whole }

## Parts of every page

page-skip = Skip to content
page-navigation = Pages
page-all-partners = All partners
page-account = Account
page-sign-out = Sign out
# $zone: an IANA time zone
page-zone = Times are in { $zone }
# $email and $role
page-signed-in = Signed in as { $email }, { $role }
page-unavailable = This page is not available right now
page-try-again = Try again
page-without-server = This page was built without its server.
page-to-overview = Go to the overview
page-find-unit = Find a unit
page-nothing-title = Not found
page-nothing = No data with this name is stored for this partner. The address may be incomplete, or it may belong to another partner.
page-not-found = Page not found
page-not-found-hint = The address may be mistyped, or the page may belong to another partner.
page-refused-title = Request refused
page-refused = The request was refused
page-refused-hint = Go back in the browser to correct it. Your entries are still there.
page-refused-session = Your session has ended. Sign in, then send it again.
page-refused-gone = Not found. It may have been removed, or it may belong to another partner.

dialog-close = Close
# $action and $subject: for a screen reader
dialog-opener-about = { $action }: { $subject }

## Names of columns and fields

column-operation = Operation
column-station = Station
column-product = Product
column-when = Time
column-serial = Serial number
column-runs = Runs
column-yield = Yield
column-interval = 95 % interval
column-passed = Passed
column-counted = Counted
column-change = Change
column-by-day = By day
column-final-yield = Final yield
column-code = Code
column-result = Result
column-comment = Comment

## Figures

figure-chart = Chart: { $title }
figure-table = Show as table
# $shown (Number) and $total (Number)
figure-rows-cut = The first { $shown } of { $total } rows. The CSV file has all.
figure-download = Download

## A partner without results

first-title = No results yet
first-hint = Figures appear with the first file. Send one here, or let a test station post its files.
first-station = From a test station
first-token = An administrator of the server creates a token for the station. It is shown once:
# $ocptv (View) and $firstpass (View): names of formats
first-post = The station posts a file. { $ocptv } is the format of OCP Test & Validation programs, { $firstpass } is our own JSON Lines format:
# $uploads (View): a link
first-answer = The response lists what was accepted, and why any line was rejected. { $uploads } shows the same.

## The status of live updates

live-on = Live
live-reconnecting = Reconnecting
live-signed-out = Signed out.
live-newer = Newer data is available.
live-refresh = Refresh
live-updated = Updated
# $as-of: a moment
live-updated-as-of = Figures updated, as of { $as-of }

## Saving a chart as a PNG

png-unreachable = The server is unreachable. Try again.
png-unreadable = This browser could not make a PNG of the chart. Download the SVG instead.
png-signed-out = Your session has ended. Sign in, then download the PNG again.
png-failed = The server could not make the chart. Reload the page, then try again.
