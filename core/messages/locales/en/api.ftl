## Titles of problem documents (RFC 9457)

problem-bad-request = Bad request
problem-not-signed-in = Not signed in
problem-forbidden = Not allowed
problem-not-found = Not found
problem-method-not-allowed = Method not allowed
problem-timeout = Request timeout
problem-too-large = Too large
problem-too-much = Too much data
problem-unsupported = Unsupported media type
problem-nothing-accepted = Nothing accepted
problem-too-many = Too many requests
problem-internal = Internal error
problem-unavailable = Unavailable
problem-disk-full = Disk full

## Details of problem documents

# $parameter and $why
detail-cause = { $parameter }: { $why }
# $count (Number)
detail-causes = The request has { $count } errors.
cause-unknown-parameter = is not a parameter of this address, which takes: { $known }
cause-unknown-parameter-none = is not a parameter of this address, which takes none
detail-unknown-parameters = Unknown query parameters: { $names }.
cause-format-unknown = is required: it cannot be detected
detail-unauthorised = Send a session cookie or `Authorization: Bearer TOKEN`. A wrong, revoked or expired credential gets the same answer.
detail-wrong-password = The e-mail and password do not match.
detail-signed-out = Your session has ended. Sign in, then download the file again.
detail-not-found = Not found.
detail-method-not-allowed = Method not allowed.
detail-internal = The server failed. The error is logged under the request_id.
detail-unavailable = The database does not answer. Nothing was lost; try again.
detail-commit-unknown = The database did not confirm the change in time. It may have been saved; repeating the request is safe.
detail-starting = The server is starting. Nothing was lost; try again.
detail-busy = The server is busy. Try again in a moment.
detail-exhausted = The database is short of memory or open files. Nothing was kept; try again.
detail-too-slow = The database took too long to answer. Nothing was kept; try again later, or request less.
# $zone
detail-zone = The database does not know the time zone { $zone } of this partner, with which its days are computed. Nothing was kept. The administrator of the server must install the time zone data on the database's host (on Debian tzdata-legacy has the older names), or choose another name of the zone.
detail-disk-full = The server's disk is full. Nothing of this upload was saved; send it again later.
detail-not-storable = The database cannot store a value of the request: { $why }.
detail-no-tenant = Name the partner: tenant=SLUG.

## Authentication and limits

access-ingest = Uploading needs a token with the scope `ingest`, or the role engineer or partner-admin.
access-read = Reading needs a token with the scope `read`.
access-engineer = This needs a person with the role engineer or partner-admin, not a token.
access-internal = This needs an internal user.
access-admin = This needs an internal administrator.
access-manager = This needs a person with the role partner-admin, not a token.
access-person = This needs a person who is signed in, not a token.
limit-rate = Rate limit exceeded for this credential. Nothing was kept; try again in { $seconds } s.
limit-log-ins = Too many log-ins from your network are in progress. Try again.
limit-sign-in = Too many attempts to sign in failed. Try again in { $seconds } s.
cause-twice = is given twice
cause-tenant-of-token = is not allowed with a token, which has its own tenant
cause-tenant-all = may be * in GET of /api/v1/yield, pareto, rty and units only
cause-tenant-missing = is missing: name the partner, tenant=SLUG
cause-view = is not the id of a view
limit-waiting = Too many requests of your organisation are waiting. Send fewer at once.
limit-streams = Too many live streams are open: close one, or try again later.
limit-downloads = Too many downloads of raw files are in progress: finish one first.

## What is wrong with a parameter, a field or a header: a phrase whose subject is its name

cause-limit-1000 = must be a whole number from 1 to 1000
cause-cursor = is an invalid cursor: send the `next` of the last answer of this list
cause-reason-missing = is missing: give a reason
cause-nul = contains a NUL character
# $most (Number)
cause-event-count = is one event more than the { $most } that a partner may record
cause-event-time = must be a time with a zone, such as 2026-03-01T08:00:00Z
# $most (Number)
cause-event-text = must be a text of 1 to { $most } bytes
# $most (Number)
cause-event-scope = must have at most { $most } dimensions
cause-reason-long = is longer than 1000 characters
cause-one-of = must be one of: { $words }
cause-number-10000 = must be from 1 to 10000
cause-query = is not a query string of the form name=value&…

## Uploads

upload-multipart = A multipart form is not accepted: send the file itself as the body (curl --data-binary @FILE).
upload-too-many = Too many uploads are in progress. Nothing was kept; send it again.
upload-empty = The file is empty.
upload-undetected = The format of the file cannot be detected: choose one, and send it again.
cause-control = contains a control character
upload-memory = Too many large uploads are in progress. Nothing was kept; send it again.
upload-replay-too-many = Too many uploads are in progress. Nothing was changed; try again.
cause-text-or-null = must be a string, or null to remove it

## Requests

cause-target-slash = must begin with a slash
cause-target-host = names another host than the header Host
cause-target-path = is not a path
cause-host-missing = is missing: HTTP/1.1 requires one
cause-host = is not a host with an optional port
cause-chunked = must be chunked, once
body-late = The body did not arrive within { $seconds } s.
body-large = The body has more than { $bytes } bytes.
body-stalled = The body stalled: no data arrived for too long. Nothing was kept; send it again.
cause-chunks = is not in valid chunks. Nothing was kept.
body-broken = The body ended early. Nothing was kept; send it again.
detail-cross-site = The request comes from another site, or a proxy in front of this server changes the Host header. The proxy must forward the one that the browser sent (nginx: proxy_set_header Host $http_host).

## Bodies of uploads

upload-encoding = Content-Encoding { $encoding } is not supported: send identity, gzip or zstd.
upload-large = The body has more than { $bytes } bytes. Nothing was kept: send the runs in several requests, or compressed.
upload-cpu = Decoding and parsing the body takes more than { $seconds } s of processor time. Nothing was kept: send the runs in several requests.
upload-decoded = The body has more than { $bytes } bytes when decoded, the limit for its size. Nothing was kept: send the runs in several requests.
upload-nothing-kept = { $why }. Nothing was kept.
upload-slow = Writing the upload took more than { $seconds } s. Nothing was kept: send the runs in several requests.
# $name and $at
warning-in-future = { $name } is { $at }, more than a day ahead: a run is counted from its start time on
upload-measurements = More than { $limit } different measurements are named: put what changes from run to run into the value, not into the name. Nothing was kept.
upload-remarks = More than { $limit } lines are rejected or have warnings: the body is not of that format, and would not be in smaller parts. Nothing was kept.
# $line and $why
upload-first-reject = Nothing was accepted. Line { $line }: { $why }
upload-no-records = The body contains no run and no repair.

## Data and yields

cause-language = is not a language of the catalogue
cause-measurement = is not the name of a measurement, such as `operation / step / name [unit]`
# $limit and $from
runs-narrower-from = There are more than { $limit } runs, and of cells too. Fewer are found with from={ $from }.
runs-narrower = There are more than { $limit } runs, and of cells too, even on the last day: name a station or a product too.
cause-rty-product = is missing: rolled throughput yield is of a product
cause-rty-definition = must be first-run for rolled throughput yield
cause-no-parameter = is not a parameter of this request
cause-compare-periods = is not possible if groups are periods
cause-compare-bounds = needs `from` and a later `to`, both dates or both times
cause-time-zone = has no time zone: end it with Z or with an offset, whose + is %2B in a URL
cause-time = is neither a date such as 2026-03-01 nor a time such as 2026-03-01T00:00:00Z (the + of an offset is %2B in a URL)
cause-selection-long = is too long: select fewer names
detail-too-many-runs = There are too many runs in this period.

## Forms

# $format and $counts
form-read-as = Read as { $format }: { $counts }.
form-files = are more than { $limit }: send the others with another form
form-after-file = comes after a file, to which it would not apply
form-no-file = is missing: choose at least one
# $fields and $kib
form-large = has more than { $fields } fields or { $kib } KiB beside its files
# $count (Number)
form-new = { $count } new
# $count (Number)
form-updated = { $count } updated
form-duplicates = { $count ->
    [one] { $count } duplicate
   *[other] { $count } duplicates
}
form-multipart = Send the files as a form: multipart/form-data with a boundary.
form-text-long = is longer than the maximum
form-text-utf8 = is not UTF-8
form-broken = is not the form that its Content-Type declares, or is incomplete: nothing more of it was kept
form-slow = The form stalled for { $seconds } s.
cause-missing = is missing
form-view-name-long = is longer than 80 characters
form-unknown-parameter = is not known, or given twice

## Other causes

cause-some-of = must be some of: { $words }
# $total (Number) and $limit (Number)
cause-table-groups = would cut a table of { $total } groups at { $limit }: filter, group by something coarser, or give `limit`
cause-days-3650 = must be from 1 to 3650
cause-email = is not an e-mail address
cause-dimensions = names more than { $limit } dimensions
access-suspended = This partner is suspended. Its data are kept; contact the operator of this portal.
cause-attribute = is not the name of an attribute: it must have 1 to 64 bytes
limit-answers = Too many large responses are being sent to your organisation. Try again.
upload-late = The body did not arrive within { $seconds } s. Nothing was kept; send it again.
cause-cut-off = is cut off: its gzip or zstd is incomplete
cause-not-compressed = is not the gzip or zstd that it is declared to be, or was damaged in transit
cause-parameters = is not a JSON object of parameters by name: { $error }
reject-value = a value is not allowed
reject-not-storable = the database cannot store a value of this run or repair: { $why }; the others of the body count, and its bytes are kept
# $why
reject-body-not-storable = the database cannot store a value of this body: { $why }; nothing of it counts, its bytes are kept
cause-data-version = must be a data version: the whole number of an event
page-failed = The server failed. The error is logged.
command-part-types = at most 32 part types of 48 bytes are allowed

## Why a job failed

job-refused = The database refused a value.
job-unreachable = The database was not reachable.
job-busy = The database was busy with other work.
job-exhausted = The database is out of resources.
job-internal = An internal error occurred; the log has the details.
job-kind = The kind does not fit the tenant.
job-permission = The role of the account that requested the job no longer permits it.
job-zone = { $zone } is not a time zone
