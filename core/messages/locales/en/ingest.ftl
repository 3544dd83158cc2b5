## Rejects: each is a sentence whose subject is the line

# $why and $column: where on the line
reject-at-column = { $why } (column { $column })
# $why, $path and $column: an unknown field of an object in the object
reject-in-path = { $why } (in { $path }, column { $column })

reject-utf16 = is UTF-16, and the file must be UTF-8: the file is not read
reject-utf16-among = is UTF-16, and the file must be UTF-8: such lines are skipped
reject-utf32 = is UTF-32, and the file must be UTF-8: the file is not read
reject-html = is an HTML or XML file, not JSON Lines: the file is not read
# $what
reject-binary = is { $what }, not JSON Lines: the file is not read
# $format
reject-other-format = is in the format `{ $format }`: send it to /ingest/v1/{ $format }; the lines of that format up to the first other one are skipped
reject-one-line-list = is a JSON list on one line, not JSON Lines: write each object on a line of its own (`jq -c '.[]'` does that); the file is not read
binary-png = a PNG image
binary-jpeg = a JPEG image
binary-gif = a GIF image
binary-pdf = a PDF document
binary-zip = a ZIP archive, or a workbook or document (.xlsx, .docx)
binary-7z = a 7-Zip archive
binary-gzip = compressed with gzip once more
binary-zstd = compressed with zstd once more
binary-bzip2 = compressed with bzip2
binary-xz = compressed with xz
reject-csv = looks like a CSV file, not JSON Lines: lines without a brace are skipped
reject-object-spread = is not JSON Lines: the object spans several lines; write each object on one line. Nothing is read up to the next object on one line
reject-list-spread = is not JSON Lines: an array begins here; write each object on a line of its own. Nothing is read up to the next object on one line
reject-not-utf8 = is not UTF-8, at byte offset { $offset } of the line
reject-not-object = is not a JSON object: { $text }
reject-json-not-object = is JSON, but not an object
reject-before-brace = has text before the opening brace: { $text }
reject-object-cut = is not JSON: the object does not end on its line
reject-syntax = is not JSON: { $why }

## What is wrong with the syntax. $field is a field in backticks, or reject-syntax-it

reject-syntax-it = it
# $field and $found
json-hexadecimal = { $field } is { $found }, and JSON has no hexadecimal numbers: write it in decimals, or in quotation marks
# $field and $found
json-underscore = { $field } is { $found }, and JSON has no `_` in numbers: leave it out
# $field and $found
json-comma = { $field } is { $found }, and JSON writes a decimal point: write a point for the comma
# $field and $found
json-digit-before = { $field } is { $found }, and JSON has a digit before the point: write a 0 there
# $field and $found
json-digit-after = { $field } is { $found }, and JSON has a digit behind the point: write a 0 there, or leave the point out
# $field and $found
json-plus = { $field } is { $found }, and JSON has no plus sign before a number: leave it out
# $field and $found
json-no-such-number = { $field } is { $found }, which JSON does not have: leave the field out
# $field and $found
json-null = { $field } is { $found }, which is `null` in JSON
# $field and $found
json-small-letters = { $field } is { $found }, which JSON writes in small letters
# $field and $found
json-leading-zero = { $field } is { $found }, and JSON has no number that begins with 0: write it in quotation marks
# $field and $found
json-too-large = { $field } is the number { $found }, which is too large
json-key = the name of a field must be in quotation marks
json-trailing-comma = there is a comma before a closing bracket
json-trailing = there is text after the object
json-colon = a colon is missing after the name of a field
json-comma-missing = a comma or a closing bracket is missing
json-escape = { $field } holds a backslash that begins no escape
json-surrogate = { $field } holds half of a pair of surrogates (`\ud800` to `\udfff`), which is no character
json-control = { $field } holds a control character that is not escaped, such as a tab
json-quotes = { $field } must be in double quotation marks
json-no-value = { $field } has no valid JSON value

## What is wrong with a field

field-the-object = the object
# $name: quoted. $expected: names in backticks
field-unknown = unknown field { $name }, expected { $expected }
field-missing = `{ $name }` is missing
field-twice = `{ $name }` is given twice
# $field, $found and $wanted
field-wrong-type = { $field } is { $found }, but must be { $wanted }
# $found and $wanted: without the subject
field-is-wrong-type = is { $found }, but must be { $wanted }
field-is-too-large = is the number { $found }, which is too large
field-is-surrogate = holds half of a pair of surrogates (`\ud800` to `\udfff`), which is no character: write the character itself, in UTF-8
field-is-no-identifier = is the number { $found }, which is neither a string nor a whole number: write it in quotation marks
# $field and $why: a message without its subject
field-other = { $field } { $why }
field-both-values = `{ $path }` has both `value` and `series`
field-no-value = `{ $path }` has neither `value` nor `series`
# $field, $word: quoted, and $expected: a list of words
field-unknown-word = `{ $field }`: `{ $word }` is none of { $expected }
# $field, $text: quoted, and $why
field-time = `{ $field }`: { $text } { $why }
# $name, $bytes and $limit
field-too-long = { $name } is { $bytes } bytes long, more than the maximum of { $limit }
time-form = is not an ISO 8601 time such as 2026-03-01T08:00:00+08:00
time-fraction = has more than nine fractional digits of a second
time-no-such-moment = names a day, an hour or an offset that does not exist
time-range = is not between the years 1970 and 9999
attribute-unnamed = `attributes` has a name that is empty
# $name: quoted, $bytes and $limit
attribute-name-long = the name of the attribute { $name } is { $bytes } bytes long, more than the maximum of { $limit }
# $name: quoted, $bytes and $limit
attribute-value-long = the value of the attribute { $name } is { $bytes } bytes long, more than the maximum of { $limit }
# $count and $limit
attributes-many = `attributes` has { $count } attributes, more than the maximum of { $limit }
# $count and $limit
lots-many = has { $count } rules, more than the maximum of { $limit }
# $field and $limit
lot-length = `{ $field }` must have 1 to { $limit } bytes
lot-pattern = `pattern`: { $error }
lot-no-group = `pattern` has no capture group, such as ([A-Z]+)
found-text = the string { $text }
found-a-text = a string
found-number = the number { $number }
found-object = an object
found-list = an array
wanted-text = a string, in quotation marks
wanted-string = a string
wanted-number = a number, without quotation marks
wanted-u32 = a whole number from 0 to 4294967295
wanted-u64 = a whole number from 0
wanted-list = an array
wanted-boolean = `true` or `false`
wanted-object = an object
wanted-plain = a number, a string, `true` or `false`
wanted-plain-list = an array of plain values

## What is wrong with a run

run-lacks-unit = `unit` (the serial number of the unit)
# $one and $other: names of fields
run-lacks-two = { $one } and { $other }
# $fields
run-lacks = lacks { $fields }: `unit.serial`, `operation` and `started_at` are required, here or as parameters
run-no-type = has no `type`, which is `run` or `repair`
run-unknown-type = has type { $type }, which is neither `run` nor `repair`
ocp-pre-2-0 = is in the pre-2.0 dialect of OCP diagnostics (2021: no schemaVersion, log.text, diagnosis.symptom, dutInfo as a list), which is not read: the whole upload is rejected; send 2.0
# $major and $minor
ocp-version = begins a run of schemaVersion { $major }.{ $minor }, and only 2.x is read
ocp-no-run = belongs to no run: none was begun by a schemaVersion or a testRunStart
ocp-after-end = comes after the testRunEnd of the run before it and belongs to no run
# $sequence and $end
ocp-past-end = has sequenceNumber { $sequence }, past the { $end } of testRunEnd, and belongs to no run
ocp-empty-run = begins a run of which nothing else came
ocp-no-frame = begins a run that is rejected: it has neither testRunStart nor testRunEnd and cannot be identified; send the whole run again
# $count and $part-type
ocp-several-units = begins a run that is rejected: { $count } hardware infos have the part type { $part-type }, with different serial numbers; give the parameter `unit`
ocp-metadata-serial = begins a run that is rejected: `metadata.unit_serial` { $why }; give the parameter `unit`
ocp-lacks = begins a run that is rejected: it lacks { $fields }; give the parameter, or, for the unit, metadata.unit_serial in testRunStart or dutInfo
ocp-none-of = holds none of { $names }
ocp-more-than-one-of = holds more than one of { $names }
ocp-no-sequence-number = has no sequenceNumber
ocp-no-timestamp = has no timestamp
ocp-no-step-id = has no testStepId in its testStepArtifact
ocp-no-measured-value = has a measurement without a value
ocp-no-series-id = has a series without a measurementSeriesId
ocp-not-artifact = is not an artifact
# $name, $text: quoted, and $why
ocp-time = its { $name } { $text } { $why }
ocp-line-content = schemaVersion, testRunArtifact and testStepArtifact
ocp-run-content = testRunStart, testRunEnd, log and error in its testRunArtifact
ocp-step-content = the artifacts that a testStepArtifact may hold

## Warnings

# $parameter, $given: quoted, and $said: quoted
warning-parameter-differs = the parameter `{ $parameter }` says { $given } and the data { $said }: the parameter counts
warning-tz-assumed = a time stamp without a zone is read as UTC
warning-nul-replaced = the text holds U+0000, which cannot be stored: it is replaced by U+FFFD
# $name, $text: quoted, $code and $what
warning-unusual-character = { $name } is { $text } and holds { $code }, { $what }: without it, it would be a different value
character-direction = which changes the direction of text
character-control = a control character, which cannot be seen
character-invisible = which cannot be seen
character-space = which looks like a space and is none
character-hyphen = which looks like a hyphen and is none
character-wide = the wide form of another character
character-mathematical = a mathematical letter or digit that looks like another
character-roman = a Roman numeral that looks like letters
character-combining = a combining mark: the same text may be written with a composed character (NFC)
character-look-alike = a letter of another script that looks like a Latin letter or digit
# $count (Number)
warning-more = and { $count } more like it in this run
# $kind: a field. $name and $other: quoted
warning-name-variant = `{ $kind }` is { $name }, but { $other } came before: they differ in case or blanks only, and are counted as two
# $action: quoted, and $known
warning-unknown-action = `action` is { $action }, which is none of { $known }: it is stored unchanged
# $name and $at
warning-clock-unset = { $name } is { $at }: the clock of the station was most likely not set
# $at and $added
warning-early-start-partner = the run starts at { $at }, more than five years before this partner was added ({ $added }): the clock of the station was most likely wrong
# $at and $first
warning-early-start-others = the run starts at { $at }, more than a year before every other run of this partner, of which the first starts at { $first }: the clock of the station was most likely wrong
# $at and $next
warning-early-start-upload = the run starts at { $at }, more than a year before most other runs of this upload, of which the next starts at { $next }: the clock of the station was most likely wrong
# $start and $end
warning-long-run = the run starts at { $start } and ends at { $end }, more than 30 days later
# $what, $end and $start
warning-end-before-start = { $what } ends at { $end }, before it starts at { $start }
warning-the-run = the run
warning-the-step = the step { $name }
warning-the-measurement = the measurement { $name }
warning-the-series = the series { $name }
# $what and $kept
warning-number-rounded = the value of { $what } has digits that a double cannot hold: it is stored as { $kept }
warning-operation-shared = tests of different names are sent under this operation, which mixes their figures: give each its own parameter `operation`
warning-no-schema-version = the stream does not begin with a schemaVersion: it is read as version 2.0
warning-sequence-repeated = sequenceNumber { $number } came more than once
# $count and $before
warning-sequence-gap = { $count } sequence numbers of the run are missing, the first after { $before }: something was lost
warning-run-without-start = testRunStart never came: the run counts as an error
warning-run-without-end = testRunEnd never came: the run counts as an error
# $status and $result
warning-illegal-result = testRunEnd has status { $status } with result { $result }, which the specification does not allow: the run counts as an error
# $count and $name: quoted, that of the first
warning-attribute-left-out = { $count } attributes of the run are not stored, such as { $name }: there are more than 64, or a name has more than 64 bytes, or a value more than 256
warning-unknown-hardware = hardwareInfoId { $id } is not among the hardwareInfos of the run
warning-step-without-end = the step { $name } did not end, and the run did
warning-step-repeated = the step { $id } was started again: it counts as another step
warning-step-without-start = the step { $id } was not started: its id is used as its name
warning-step-status = testStepEnd has status { $status }, which is not in the specification
warning-diagnosis-type = the diagnosis has type { $type }, which is not in the specification
# $name and $type
warning-validator = a validator of { $name } has no value or an unknown type, { $type }
warning-series-without-start = the series { $id } was never started: its id is used as its name
# $name, $count and $total
warning-series-count = the series { $name } has { $count } elements and its end counts { $total }: something was lost
warning-series-without-end = the series { $name } did not end, and the run did: something was lost
warning-series-element-late = elements of the series { $name } come after its end: they are stored
# $what: check-limits or check-of
check-types = { $what } cannot be evaluated: its value and the measurement differ in type
# $what and $pattern
check-pattern = { $what } cannot be evaluated: the pattern { $pattern } does not compile
# $what and $limit
check-patterns = { $what } cannot be evaluated: the run has more than { $limit } patterns
check-limit = { $what } cannot be evaluated: the limit that it needs is missing
check-limits = the limits of { $measurement }
# $kind and $measurement
check-of = the check { $kind } of { $measurement }

# $why: a reject, whose subject is the file
upload-file-is = The file { $why }.
# $count (Number)
upload-more-warnings = and { $count } more like it in this upload
# $why and $count (Number)
upload-more-rejects = { $why }, and { $count } more like it in this upload

## What is wrong with a parameter: a sentence whose subject is the parameter

parameter-empty = is empty
# $bytes and $limit
parameter-too-long = is { $bytes } bytes long, more than the maximum of { $limit }
parameter-unreadable = cannot be read: { $why }
parameter-unknown = is not known; must be one of: { $names }
parameter-twice = is given twice

## Remedies of rejects

remedy-unit = Send the serial number with the file: reprocess this upload with that parameter.
remedy-several-units = Several chassis are listed. Reprocess this upload with the serial number of the unit.
remedy-whole-stream = Send the whole stream.
remedy-early-start = Nothing, if the run is that old. Otherwise correct the clock of the station and void the run.
remedy-version = Write version 2 of the specification.
remedy-database = Nothing at the station: inform the administrator of the server, and reprocess this upload when it is fixed.
remedy-utf8 = Write the file as UTF-8.
remedy-html = Send the file of the test program, not a saved page.
remedy-binary = Send the file of the test program itself: unpack archives, and declare gzip or zstd as Content-Encoding.
remedy-other-format = Send it in the format that it is in.
remedy-csv = Write one JSON object per run: see the formats in docs/ingest.md.
remedy-lines = Write one whole object on each line, without brackets around them and commas between: `jq -c .` and `jq -c '.[]'` do that.
remedy-cut = Write one whole object on each line. With curl use --data-binary, because -d joins the lines.
remedy-syntax = Correct what the sentence names. The column is the position on the line.
remedy-objects = Write nothing but objects into the stream: no log lines, nothing before the brace.
remedy-type = State what the line is: its type is run or repair.
remedy-artifact = An artifact has a sequenceNumber, a timestamp and exactly one content: correct the program.
remedy-stream = A run begins with schemaVersion, and its end has the last number: send the whole stream.
remedy-required = Write it as a field, or reprocess this upload with that parameter.
remedy-field = Correct the field that is named. The column is the position on the line.
remedy-identifier = Write the number in quotation marks, with all its digits.
remedy-characters = Write the character itself, in UTF-8.
remedy-named-field = Correct the field that is named.
remedy-word = Use one of the words that the sentence lists.
remedy-time = Write times such as 2026-03-01T08:00:00+08:00.
remedy-attributes = Send fewer attributes.
remedy-length = Shorten the text.

## Remedies of warnings

remedy-parameter-differs = Drop the parameter, or correct the data. If the parameter was wrong, reprocess this upload with the right one.
remedy-tz-assumed = Set the zone in the test program, such as 2026-03-01T08:00:00+08:00.
remedy-replayed = Correct what the station sends. To return to its data, reprocess this upload.
remedy-content-differs = Nothing, if an earlier upload was incomplete. Otherwise identify the program that writes two versions of the same run.
remedy-same-start = Nothing, if there were two runs. Otherwise void the wrong one.
remedy-nul-replaced = Correct the program that writes the text.
remedy-operation-shared = Give each test an operation of its own.
remedy-no-schema-version = Write the schemaVersion line first.
remedy-run-without-start = Send the whole stream, and void this run: the whole one counts as another.
remedy-run-without-end = Send the whole stream when there is one: it replaces this run.
remedy-illegal-result = Correct the program: status and result must match.
remedy-unknown-value = Correct the program: use a word of the specification.
remedy-lost = Data were lost in transit: send the whole stream.
remedy-sequence-repeated = Correct the program: each artifact has a number of its own.
remedy-step-without-start = Send the whole stream, or correct the program: a step begins with testStepStart.
remedy-step-without-end = Correct the program: a step ends with testStepEnd.
remedy-step-repeated = Give each step an id of its own.
remedy-series-without-start = Correct the program: a series begins with measurementSeriesStart.
remedy-series-without-end = Correct the program: a series ends with measurementSeriesEnd.
remedy-series-element-late = Correct the program: the end of a series comes last.
remedy-unknown-hardware = List the part in hardwareInfos.
remedy-check-unset = Correct the validator: its type, its limit or its pattern does not fit the value.
remedy-unusual-character = Correct the source of the text, usually a bar code scanner or a copy from a document, and send the run under the right one; void this run.
remedy-name-variant = Agree on one spelling, and reprocess uploads that have the other.
remedy-clock = Set the clock of the station. Reprocess this upload with the parameter started_at, or void the run.
remedy-end-before-start = Correct the clock, or the zone of one of the two times. The run has no duration.
remedy-long-run = Correct the clock: one of the two times of the run is most likely wrong.
remedy-number-rounded = Write it as a string, in quotation marks, if every digit matters.
remedy-attribute-left-out = Keep names and values short. The rest of the run counts.
remedy-unknown-action = Use one of the words that the sentence lists, if one fits.

## Formats, as options of a selection

format-firstpass = Firstpass JSON Lines, one run or one repair per line
format-ocptv = OCP Test & Validation 2.0, one JSON artifact per line
