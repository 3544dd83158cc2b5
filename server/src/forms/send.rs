//! `POST /t/{tenant}/uploads`: files from the page, each through the ingest that stations use.

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

use super::done;
use super::multipart::{Field, Form};
use crate::auth::tenant::TenantBase;
use crate::auth::{Caller, too_often};
use crate::ingest::{self, Announced, Answer, Encoding, receive};
use crate::pages;
use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::state::AppState;
use crate::web::context::ClientGone;

/// Files of a form.
const FILES: usize = 100;
/// Its fields that are no files.
const FIELDS: usize = 32;
/// Bytes of their names and texts together.
const TEXTS: usize = 64 << 10;
/// Things that are said to be wrong with it.
const CAUSES: usize = 10;

/// A file that was sent and what came of it.
struct Arrived {
    name: String,
    came: ApiResult<(String, Answer)>,
}

/// What a script is told of its one file.
#[derive(Serialize)]
struct Told {
    /// In words.
    said: String,
    /// Whether not all of it is as it should be.
    odd: bool,
    format: String,
    #[serde(flatten)]
    answer: Answer,
}

/// `POST /t/{tenant}/uploads`: a form with `format` (empty: it is told by the first lines), the
/// parameters of an upload, and then one `file` or several. A name that ends in `.gz` or
/// `.zst` says how the file is compressed. Whoever accepts JSON sends one file, and is
/// answered as by the ingest, with the format.
///
/// # Errors
/// 400 and 415 for a form that is none. What is wrong with a file stands on the page that
/// is answered.
pub async fn send(
    State(state): State<AppState>,
    Caller(caller): Caller,
    base: TenantBase,
    request: Request,
) -> ApiResult<Response> {
    let gone = ClientGone::of(request.extensions());
    let (parts, body) = request.into_parts();
    let by_script = accepts_json(&parts.headers);
    let limits = *state.limits();
    let mut form = Form::of(&parts.headers, body, limits.upload_time)?;
    let most = if by_script { 1 } else { FILES };
    let mut arrived = match read(&state, &caller, &gone, &mut form, most).await {
        Ok(arrived) => arrived,
        Err(problem) => {
            form.rest(patience(&state)).await;
            return Err(problem);
        }
    };
    if by_script && let Some(Arrived { came, .. }) = arrived.pop() {
        let (format, answer) = came?;
        let odd = answer.rejected_total + answer.warnings_total > 0;
        let said = said(&format, &answer);
        return Ok(Json(Told { said, odd, format, answer }).into_response());
    }
    let receipts: Vec<Option<String>> = arrived.iter().map(|it| receipt(&it.came)).collect();
    let all: Option<Vec<String>> = receipts.into_iter().collect();
    Ok(match all.as_deref() {
        Some([one]) => {
            let usable = arrived.iter().all(|it| it.came.is_ok());
            let notice = if usable { Notice::Arrived } else { Notice::Unusable };
            done(&format!("{base}/uploads/{one}"), notice)
        }
        Some(all) => done(&format!("{base}/uploads?new={}", all.join(",")), Notice::AllArrived),
        None => {
            let status = arrived.iter().find_map(|it| it.came.as_ref().err()).map(Problem::status);
            let files = arrived.into_iter().map(shown).collect();
            let request = Request::from_parts(parts, Body::empty());
            let mut page = pages::render_sent(state, caller, request, Sent(files)).await;
            if let Some(status) = status {
                *page.status_mut() = status;
            }
            page
        }
    })
}

/// What came of a file, as one would say it.
fn said(format: &str, answer: &Answer) -> String {
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

/// Bytes that are read on after a refusal: browsers listen only when all is sent.
fn patience(state: &AppState) -> usize {
    state.limits().upload_bytes.saturating_mul(16)
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|accepts| accepts.to_str().ok());
    accepts.is_some_and(|accepts| accepts.starts_with("application/json"))
}

/// Reads the form; its files are received as they come.
async fn read(
    state: &AppState,
    caller: &Principal,
    gone: &ClientGone,
    form: &mut Form,
    most: usize,
) -> ApiResult<Vec<Arrived>> {
    let (mut format, mut params, mut arrived) = (None, Params::default(), Vec::new());
    let (mut causes, mut fields, mut texts) = (Vec::new(), 0, 0);
    while let Some(mut field) = form.next().await? {
        let name = field.name().to_owned();
        if let Some(file) = field.file_name().filter(|_| name == "file") {
            if !causes.is_empty() {
                return Err(Problem::bad_request(causes));
            }
            if arrived.len() == most {
                let why = EN.form_files(most);
                return Err(wrong("file", &why));
            }
            let announced = Announced {
                format: format.clone(),
                params: params.clone(),
                encoding: coded(&file),
                gone: gone.clone(),
            };
            arrived.push(one(state, caller, announced, file, &mut field).await);
            // The next file comes after this one, also where it was refused.
            if field.rest(patience(state)).await.is_none() {
                break;
            }
            continue;
        }
        fields += 1;
        texts += name.len();
        if fields > FIELDS || texts > TEXTS {
            return Err(too_much());
        }
        if name == "file" {
            // What a browser sends where nothing was chosen.
            field.rest(0).await;
            continue;
        }
        if !arrived.is_empty() {
            return Err(wrong(&name, EN.form_after_file()));
        }
        let text = field.text().await?;
        texts += text.len();
        if texts > TEXTS {
            return Err(too_much());
        }
        match name.as_str() {
            _ if text.is_empty() => {}
            "format" if FORMATS.iter().any(|known| known.name == text) => format = Some(text),
            "format" => causes.push(cause("format", &EN.cause_one_of("ocptv, firstpass"))),
            name => causes.extend(ingest::set(&mut params, name, &text).err()),
        }
        if causes.len() == CAUSES {
            break;
        }
    }
    match (causes.is_empty(), arrived.is_empty()) {
        (true, false) => Ok(arrived),
        (true, true) => Err(wrong("file", EN.form_no_file())),
        (false, _) => Err(Problem::bad_request(causes)),
    }
}

/// One file, received like a station's.
async fn one(
    state: &AppState,
    caller: &Principal,
    announced: Announced,
    name: String,
    field: &mut Field,
) -> Arrived {
    let came = match state.rate().ask(caller) {
        Ok(()) => receive(state, caller, announced, field.pieces()).await,
        Err(wait) => Err(too_often(wait)),
    };
    Arrived { name, came }
}

/// How a file is compressed, by its name.
fn coded(name: &str) -> Encoding {
    let name = name.to_ascii_lowercase();
    match name.rsplit('.').next() {
        Some("gz") => Encoding::Gzip,
        Some("zst" | "zstd") => Encoding::Zstd,
        _ => Encoding::Identity,
    }
}

fn receipt(came: &ApiResult<(String, Answer)>) -> Option<String> {
    match came {
        Ok((_, answer)) => Some(answer.receipt_id.to_string()),
        Err(problem) => problem.receipt().map(str::to_owned),
    }
}

fn shown(Arrived { name, came }: Arrived) -> SentFile {
    let receipt = receipt(&came);
    SentFile { name, receipt, refused: came.err().map(|problem| problem.detail().to_owned()) }
}

fn cause(parameter: &str, why: &str) -> Cause {
    Cause { parameter: parameter.to_owned(), why: why.to_owned() }
}

fn wrong(parameter: &str, why: &str) -> Problem {
    Problem::bad_request(vec![cause(parameter, why)])
}

fn too_much() -> Problem {
    let why = EN.form_large(FIELDS, TEXTS >> 10);
    wrong("body", &why)
}
