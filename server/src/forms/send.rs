//! `POST /t/{tenant}/uploads`: uploads files from the page, with the ingest of stations.

use app::backend::{Sent, SentFile};
use app::ui::notice::Notice;
use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use formats::{FORMATS, Params};
use http::{HeaderMap, header};
use messages::Locale;
use serde::Serialize;
use store::Principal;

use super::multipart::{Field, Form};
use super::redirect_with_notice;
use crate::auth::tenant::TenantBase;
use crate::auth::{Caller, rate_limited};
use crate::ingest::{self, Announced, Answer, Encoding, receive};
use crate::pages;
use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::state::AppState;
use crate::web::context::ClientGone;

/// Maximum number of files of a form.
const MAX_FILES: usize = 100;
/// Maximum number of its other fields.
const MAX_FIELDS: usize = 32;
/// Maximum total bytes of their names and texts.
const MAX_TEXT_BYTES: usize = 64 << 10;
/// Maximum number of reported errors.
const MAX_CAUSES: usize = 10;

/// A received file and the result of its ingest.
struct ReceivedFile {
    name: String,
    result: ApiResult<(String, Answer)>,
}

/// The JSON response for the one file of a script.
#[derive(Serialize)]
struct ScriptAnswer {
    /// Summary text.
    said: String,
    /// Whether there are rejects or warnings.
    odd: bool,
    format: String,
    #[serde(flatten)]
    answer: Answer,
}

/// `POST /t/{tenant}/uploads`: a form with `format` (empty: detected from the first lines), the
/// parameters of an upload, and then one `file` or several. A name that ends in `.gz` or
/// `.zst` determines the compression of the file. A client that accepts JSON sends one file, and
/// gets the response of the ingest, with the format.
///
/// # Errors
/// 400 and 415 for an invalid form. The response page shows the errors of each
/// file.
pub async fn send(
    State(state): State<AppState>,
    Caller(caller): Caller,
    base: TenantBase,
    request: Request,
) -> ApiResult<Response> {
    let gone = ClientGone::from_extensions(request.extensions());
    let (parts, body) = request.into_parts();
    let by_script = accepts_json(&parts.headers);
    let limits = *state.limits();
    let mut form = Form::new(&parts.headers, body, limits.upload_time)?;
    let max_files = if by_script { 1 } else { MAX_FILES };
    let mut arrived = match read(&state, &caller, &gone, &mut form, max_files).await {
        Ok(arrived) => arrived,
        Err(problem) => {
            form.drain(drain_limit(&state)).await;
            return Err(problem);
        }
    };
    if by_script && let Some(ReceivedFile { result, .. }) = arrived.pop() {
        let (format, answer) = result?;
        let odd = answer.rejected_total + answer.warnings_total > 0;
        let said = summary(&format, &answer);
        return Ok(Json(ScriptAnswer { said, odd, format, answer }).into_response());
    }
    let receipts: Vec<Option<String>> = arrived.iter().map(|it| receipt(&it.result)).collect();
    let all: Option<Vec<String>> = receipts.into_iter().collect();
    Ok(match all.as_deref() {
        Some([one]) => {
            let usable = arrived.iter().all(|it| it.result.is_ok());
            let notice = if usable { Notice::Arrived } else { Notice::Unusable };
            redirect_with_notice(&format!("{base}/uploads/{one}"), notice)
        }
        Some(all) => redirect_with_notice(
            &format!("{base}/uploads?new={}", all.join(",")),
            Notice::AllArrived,
        ),
        None => {
            let status =
                arrived.iter().find_map(|it| it.result.as_ref().err()).map(Problem::status);
            let files = arrived.into_iter().map(into_sent_file).collect();
            let request = Request::from_parts(parts, Body::empty());
            let mut page = pages::render_sent(state, caller, request, Sent(files)).await;
            if let Some(status) = status {
                *page.status_mut() = status;
            }
            page
        }
    })
}

/// Formats the result of a file as a sentence.
fn summary(format: &str, answer: &Answer) -> String {
    let repairs = &answer.repairs;
    type Sentence = fn(Locale, u64) -> String;
    let counts: [(u64, Sentence); 5] = [
        (answer.accepted + repairs.accepted, Locale::form_new),
        (answer.updated + repairs.updated, Locale::form_updated),
        (answer.duplicates + repairs.duplicates, Locale::form_duplicates),
        (answer.rejected_total, Locale::uploads_lines_rejected),
        (answer.warnings_total, Locale::uploads_warnings),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, phrase)| phrase(EN, count))
        .collect();
    EN.form_read_as(format, counts.join(", "))
}

/// Bytes to drain after a rejection: browsers read the response only after they sent everything.
fn drain_limit(state: &AppState) -> usize {
    state.limits().upload_bytes.saturating_mul(16)
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|accepts| accepts.to_str().ok());
    accepts.is_some_and(|accepts| accepts.starts_with("application/json"))
}

/// Reads the form; receives its files as they arrive.
async fn read(
    state: &AppState,
    caller: &Principal,
    gone: &ClientGone,
    form: &mut Form,
    max_files: usize,
) -> ApiResult<Vec<ReceivedFile>> {
    let (mut format, mut params, mut arrived) = (None, Params::default(), Vec::new());
    let (mut causes, mut fields, mut texts) = (Vec::new(), 0, 0);
    while let Some(mut field) = form.next().await? {
        let name = field.name().to_owned();
        if let Some(file) = field.file_name().filter(|_| name == "file") {
            if !causes.is_empty() {
                return Err(Problem::bad_request(causes));
            }
            if arrived.len() == max_files {
                let why = EN.form_files(max_files);
                return Err(invalid_field("file", &why));
            }
            let announced = Announced {
                format: format.clone(),
                params: params.clone(),
                encoding: encoding_from_name(&file),
                gone: gone.clone(),
            };
            arrived.push(receive_file(state, caller, announced, file, &mut field).await);
            // The next file follows, even if this one was rejected.
            if field.drain(drain_limit(state)).await.is_none() {
                break;
            }
            continue;
        }
        fields += 1;
        texts += name.len();
        if fields > MAX_FIELDS || texts > MAX_TEXT_BYTES {
            return Err(too_much());
        }
        if name == "file" {
            // Browsers send an empty field if no file was chosen.
            field.drain(0).await;
            continue;
        }
        if !arrived.is_empty() {
            return Err(invalid_field(&name, EN.form_after_file()));
        }
        let text = field.text().await?;
        texts += text.len();
        if texts > MAX_TEXT_BYTES {
            return Err(too_much());
        }
        match name.as_str() {
            _ if text.is_empty() => {}
            "format" if FORMATS.iter().any(|known| known.name == text) => format = Some(text),
            "format" => causes.push(cause("format", &EN.cause_one_of("ocptv, firstpass"))),
            name => causes.extend(ingest::set(&mut params, name, &text).err()),
        }
        if causes.len() == MAX_CAUSES {
            break;
        }
    }
    match (causes.is_empty(), arrived.is_empty()) {
        (true, false) => Ok(arrived),
        (true, true) => Err(invalid_field("file", EN.form_no_file())),
        (false, _) => Err(Problem::bad_request(causes)),
    }
}

/// Receives one file like a station's upload.
async fn receive_file(
    state: &AppState,
    caller: &Principal,
    announced: Announced,
    name: String,
    field: &mut Field,
) -> ReceivedFile {
    let result = match state.rate().check(caller) {
        Ok(()) => receive(state, caller, announced, field.pieces()).await,
        Err(wait) => Err(rate_limited(wait)),
    };
    ReceivedFile { name, result }
}

/// The compression of a file, by its name.
fn encoding_from_name(name: &str) -> Encoding {
    let name = name.to_ascii_lowercase();
    match name.rsplit('.').next() {
        Some("gz") => Encoding::Gzip,
        Some("zst" | "zstd") => Encoding::Zstd,
        _ => Encoding::Identity,
    }
}

fn receipt(result: &ApiResult<(String, Answer)>) -> Option<String> {
    match result {
        Ok((_, answer)) => Some(answer.receipt_id.to_string()),
        Err(problem) => problem.receipt().map(str::to_owned),
    }
}

fn into_sent_file(ReceivedFile { name, result }: ReceivedFile) -> SentFile {
    let receipt = receipt(&result);
    SentFile { name, receipt, refused: result.err().map(|problem| problem.detail().to_owned()) }
}

fn cause(parameter: &str, why: &str) -> Cause {
    Cause { parameter: parameter.to_owned(), why: why.to_owned() }
}

fn invalid_field(parameter: &str, why: &str) -> Problem {
    Problem::bad_request(vec![cause(parameter, why)])
}

fn too_much() -> Problem {
    let why = EN.form_large(MAX_FIELDS, MAX_TEXT_BYTES >> 10);
    invalid_field("body", &why)
}
