## The list of uploads

uploads-title = Uploads
uploads-question = Did my data arrive?
uploads-order = Newest first
uploads-older = Older uploads
uploads-none-older = There are no older uploads.
uploads-newest = Newest uploads
uploads-list = Latest uploads
uploads-list-older = Older uploads
uploads-time = Received
uploads-result = Result
uploads-new = New
uploads-updated = Updated
uploads-duplicates = Duplicates
uploads-format = Format
uploads-sender = Sent by
uploads-just-sent = just sent
uploads-reprocessed = reprocessed
# $end: the last characters of the id of a token
uploads-token = token …{ $end }
uploads-accepted = Accepted
uploads-nothing-accepted = Nothing accepted
uploads-warnings = { $count ->
    [one] { $count } warning
   *[other] { $count } warnings
}
uploads-lines-rejected = { $count ->
    [one] { $count } line rejected
   *[other] { $count } lines rejected
}

## Sending files

send-title = Send files
send-not-allowed = Your role can only read. Files are sent by people with the role engineer or partner-admin, and by test stations.
send-format = Format
send-format-detect = Detect automatically
send-format-ocptv = OCP Test & Validation (ocptv)
send-format-firstpass = Firstpass JSON Lines (firstpass)
send-parameters = Values for fields missing from the files
send-parameters-hint = These values apply to every run in the files and override the values in them. OCP files seldom name the unit: enter its serial number, and send the files of one unit at a time.
send-files = Files
send-files-hint = Drop files here or choose them: JSON Lines, plain or compressed (.gz, .zst). Sending a file again is safe: nothing is counted twice.
send-submit = Send
send-show-all = Show the uploads
send-receipt = Receipt
send-arrived = received
send-not-taken = refused
send-incomplete = Some files were refused
send-incomplete-hint = Files that were received are kept. Fix the others and send them again.

## The state of each file on its way

send-chosen = Ready to send
send-waiting = Waiting for the files before it
send-sending = Sending
# $percent: a whole number
send-percent = { $percent } % sent
send-processing = Sent; the server is reading it
# $seconds: a whole number
send-retrying = The server asked to wait. The file is sent again in { $seconds } s.
send-cancelled = Cancelled
send-not-sent = The browser could not send it.
send-no-answer = The server did not answer. Sending it again is safe.
send-not-accepted = It was not accepted.
send-leave-out = Leave out
send-cancel = Cancel
send-again = Send again
# $action and $file
send-action-label = { $action }: { $file }
# $finished (Number) and $all (Number)
send-progress = { $finished } of { $all } files are finished.
# $accepted (Number) and $all (Number)
send-done = Done: { $accepted } of { $all } files were accepted.
# $count (Number)
size-kb = { $count } kB
# $count (Number)
size-mb = { $count } MB

## Parameters of an upload

parameter-unit = Serial number of the unit
parameter-operation = Operation
parameter-station = Station
parameter-fixture = Fixture
parameter-slot = Slot
parameter-product = Product
parameter-revision = Revision
parameter-level = Assembly level
parameter-software = Version of the test program
parameter-operator = Operator
parameter-unit-kind = Unit type
parameter-unit-kind-data = from the data
parameter-started-at = Start time

## The receipt of an upload

receipt-title = Upload result
# $time (View), $format, $size and $sender (View)
receipt-note = { $time } · { $format }, { $size } · sent by { $sender }
receipt-lines-rejected = Lines rejected
receipt-warnings = Warnings
receipt-parameters = Parameters
receipt-download = Download raw file
# $upload (View): a link
receipt-replay-of = This reprocesses { $upload }.
receipt-replay-of-link = an earlier upload
# $upload (View): a link
receipt-replaced-by = This upload was reprocessed later: its records were replaced by { $upload }.
receipt-replaced-by-link = the later result
receipt-more-lines = More lines
receipt-summary = Summary
receipt-accepted = { $count ->
    [one] { $count } run or repair is new.
   *[other] { $count } runs and repairs are new.
}
receipt-updated = { $count ->
    [one] { $count } replaced a less complete version.
   *[other] { $count } replaced less complete versions.
}
receipt-duplicates = { $count ->
    [one] { $count } was a duplicate and is not counted twice.
   *[other] { $count } were duplicates and are not counted twice.
}
receipt-nothing = The file contained no usable run or repair.
receipt-rejected = { $count ->
    [one] { $count } line was rejected.
   *[other] { $count } lines were rejected.
}
receipt-rejects-title = Rejected lines and how to fix them
receipt-warnings-title = Warnings and how to resolve them
receipt-remedy = What to do:
# $count: how many lines in all. $lines: their numbers
receipt-at-lines = { $count ->
    [one] { $count } line: { $lines }
   *[other] { $count } lines: { $lines }
}
# $count (Number): how many lines in all. $lines: the numbers of the first, and $more (Number): how many others
receipt-at-lines-more = { $count } lines: { $lines } and { $more } more
receipt-lines-title = All lines
receipt-lines = Lines
receipt-line = Line
receipt-kind = Kind
receipt-reason = Reason
receipt-kind-rejected = rejected
replay-open = Reprocess
replay-title = Reprocess this file?
replay-hint = Reprocess the stored file with these parameters. The new records replace the old ones in one step; if there are none, nothing changes. Clear a field to use the value in the file.
replay-submit = Reprocess
