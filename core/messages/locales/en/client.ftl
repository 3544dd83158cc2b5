## `firstpass upload`: output and errors

client-token-character = the token contains a character that is not allowed in tokens
# $place and $why
client-at = { $place }: { $why }
# $place, $why and $seconds
client-gave-up = { $place }: { $why }; gave up after --patience { $seconds }. What was sent is kept: the same command resumes
# $place, $why and $seconds
client-retrying = { $place }: { $why }; trying again in { $seconds } s
# $url and $why
client-no-answer = { $url } does not answer ({ $why })
# $url and $status
client-no-receipt = { $url } answers { $status } and no receipt: is it a Firstpass server?
# $url and $status
client-answers = { $url } answers { $status }
client-unauthorised = { $url } answers 401: the token is wrong, revoked or expired; `firstpass token add` makes another
client-not-found = { $why }. Check --url and --format
client-too-large = { $why }. It counts lines from the first of these
# $url and $why
client-url = --url { $url } { $why }, such as https://portal.example
client-url-user = --url contains a user: the token identifies the sender
client-url-invalid = is not an address
client-url-more = has more than an address in it
client-no-format = there is no such format
client-no-token = give a token with the scope `ingest` as FIRSTPASS_TOKEN or --token; `firstpass token add` makes one
client-unencrypted = the token is sent unencrypted to { $url }: use https
client-total = total
# $option and $why
client-option = --{ $option } { $why }
client-unreadable = { $name }: cannot be read
client-broke-off = { $name }: the upload was interrupted; what was sent before is kept
client-empty = { $name } is empty
client-runs = { $count ->
    [one] { $count } run
   *[other] { $count } runs
}
# $place and $count
client-here = { $place }: already received, { $count } runs
# $place, $accepted, $updated, $duplicates and $rejected
client-piece = { $place }: { $accepted } accepted, { $updated } updated, { $duplicates } duplicates, { $rejected } rejected
client-warning = warning: { $why }
client-warnings-cut = { $name }: more warnings are not listed; the receipts have them all
# $name, $count, $first, $last and $receipt
client-rejected-before = { $name }: { $count } rejected among lines { $first } to { $last }, which were sent before; receipt { $receipt } has them all
# $name, $count, $first, $last and $receipt
client-rejected-more = { $name }: and { $count } more among lines { $first } to { $last }; receipt { $receipt } has them all
# $name, $first and $last
client-lines = { $name }: lines { $first } to { $last }
# $first and $last
client-no-border = no run ends between line { $first } and line { $last }, and the server does not accept so much in one request
client-stdin-once = -: standard input can be read once
client-nothing-sent = nothing was sent, because this cannot be read: { $files }
client-file-is = the file { $why }
