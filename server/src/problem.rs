//! Errors of the API: RFC 9457 problem documents.
//!
//! A handler returns a [`Problem`]; the outermost middleware writes the body, because
//! only it knows the request id.

use app::slice::{Expected, Invalid};
use axum::extract::rejection::{BytesRejection, FormRejection, JsonRejection};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use messages::Locale;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The language of the API.
pub(crate) const EN: Locale = Locale::En;

/// An error response.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    title: &'static str,
    detail: String,
    causes: Vec<Cause>,
    /// Extension members.
    extra: Map<String, Value>,
    retry_after_secs: Option<u64>,
    /// Whether a 401 requires a password instead of a token.
    wants_password: bool,
}

/// One error of a request.
#[derive(Debug, Clone, Serialize)]
pub struct Cause {
    /// The parameter, field or header.
    pub parameter: String,
    /// What is wrong with it and what is expected.
    pub why: String,
}

/// The result of a handler of the API.
pub type ApiResult<T> = Result<T, Problem>;

impl Problem {
    fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            title,
            detail: detail.into(),
            causes: Vec::new(),
            extra: Map::new(),
            retry_after_secs: None,
            wants_password: false,
        }
    }

    /// 400: the request is invalid.
    pub fn bad_request(causes: Vec<Cause>) -> Self {
        let detail = match causes.as_slice() {
            [one] => EN.detail_cause(&one.parameter, &one.why),
            many => EN.detail_causes(many.len() as u64),
        };
        Self { causes, ..Self::new(StatusCode::BAD_REQUEST, EN.problem_bad_request(), detail) }
    }

    /// 400: one parameter is invalid.
    pub fn invalid(parameter: &str, why: impl Into<String>) -> Self {
        // Untrusted input: truncated, it may be a megabyte.
        let parameter = parameter.chars().take(40).collect();
        Self::bad_request(vec![Cause { parameter, why: why.into() }])
    }

    /// 400: the query has unknown parameters.
    pub fn unknown_parameters(names: &[&str], known: &[&str]) -> Self {
        let why = match known.is_empty() {
            true => EN.cause_unknown_parameter_none().to_owned(),
            false => EN.cause_unknown_parameter(known.join(", ")),
        };
        let causes: Vec<Cause> = names
            .iter()
            .take(10)
            .map(|name| Cause { parameter: name.chars().take(40).collect(), why: why.clone() })
            .collect();
        let named: Vec<&str> = causes.iter().map(|cause| cause.parameter.as_str()).collect();
        let detail = EN.detail_unknown_parameters(named.join(", "));
        Self { causes, ..Self::new(StatusCode::BAD_REQUEST, EN.problem_bad_request(), detail) }
    }

    /// 400: a page does not understand its period, granularity, definition or filter.
    pub fn invalid_slice(invalid: Invalid) -> Self {
        let why = match invalid.expected {
            Expected::Days => EN.slice_invalid_days().to_owned(),
            Expected::OneOf(words) => EN.cause_one_of(words),
            Expected::Date => EN.slice_invalid_date().to_owned(),
            Expected::LaterDate => EN.slice_invalid_later_date().to_owned(),
            Expected::Dimension => EN.slice_invalid_dimension().to_owned(),
        };
        let detail = EN.slice_invalid(invalid.parameter, &why);
        let causes = vec![Cause { parameter: invalid.parameter.to_owned(), why }];
        Self { causes, ..Self::new(StatusCode::BAD_REQUEST, EN.problem_bad_request(), detail) }
    }

    /// 400: the format of a file is neither given nor detected.
    pub fn format_unknown(detail: &str) -> Self {
        let why = EN.cause_format_unknown().to_owned();
        let causes = vec![Cause { parameter: "format".into(), why }];
        Self { causes, ..Self::new(StatusCode::BAD_REQUEST, EN.problem_bad_request(), detail) }
    }

    /// A body that could not be read: a rejection of axum.
    fn misread(status: StatusCode, why: String) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(why),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::unsupported(why),
            _ => Self::bad_request(vec![Cause { parameter: "body".into(), why }]),
        }
    }

    /// 401: no credential, or an invalid or expired one. Does not reveal which.
    pub fn unauthorised() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, EN.problem_not_signed_in(), EN.detail_unauthorised())
    }

    /// 401: e-mail and password do not match. Does not reveal which is wrong.
    pub fn wrong_password() -> Self {
        Self {
            wants_password: true,
            ..Self::new(
                StatusCode::UNAUTHORIZED,
                EN.problem_not_signed_in(),
                EN.detail_wrong_password(),
            )
        }
    }

    /// 401: the session has ended; for an export of a page.
    pub fn signed_out() -> Self {
        let detail = EN.detail_signed_out();
        Self { detail: detail.into(), ..Self::unauthorised() }
    }

    /// 403: the caller is authenticated, but not authorized.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, EN.problem_forbidden(), detail)
    }

    /// 404: it does not exist, or belongs to another tenant: the responses are equal.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, EN.problem_not_found(), EN.detail_not_found())
    }

    /// 405: the path exists for another method.
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            EN.problem_method_not_allowed(),
            EN.detail_method_not_allowed(),
        )
    }

    /// 408: the body did not arrive in time.
    pub fn timeout(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, EN.problem_timeout(), detail)
    }

    /// 413: a limit was exceeded; nothing was stored.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, EN.problem_too_large(), detail)
    }

    /// 413: the response would exceed a limit.
    pub fn too_much(detail: impl Into<String>, extra: Map<String, Value>) -> Self {
        Self { extra, ..Self::new(StatusCode::PAYLOAD_TOO_LARGE, EN.problem_too_much(), detail) }
    }

    /// 415: the body's type or encoding is not supported.
    pub fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, EN.problem_unsupported(), detail)
    }

    /// 422: the body was read, and nothing in it could be used.
    pub fn unprocessable(detail: impl Into<String>, extra: Map<String, Value>) -> Self {
        Self {
            extra,
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, EN.problem_nothing_accepted(), detail)
        }
    }

    /// 429: a rate or concurrency limit is exceeded.
    pub fn too_many(detail: impl Into<String>, retry_after_secs: u64) -> Self {
        Self {
            retry_after_secs: Some(retry_after_secs),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, EN.problem_too_many(), detail)
        }
    }

    /// 500: an internal error; the log has the details with the request id.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, EN.problem_internal(), EN.detail_internal())
    }

    /// 503: the database is unavailable.
    pub fn unavailable() -> Self {
        Self {
            retry_after_secs: Some(2),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                EN.problem_unavailable(),
                EN.detail_unavailable(),
            )
        }
    }

    /// 503: it is unknown whether the change was committed.
    pub fn commit_unknown() -> Self {
        Self { detail: EN.detail_commit_unknown().into(), ..Self::unavailable() }
    }

    /// 503: the server has not finished starting.
    pub fn starting() -> Self {
        Self { detail: EN.detail_starting().into(), ..Self::unavailable() }
    }

    /// 503: too many requests wait.
    pub fn busy() -> Self {
        Self { detail: EN.detail_busy().into(), ..Self::unavailable() }
    }

    /// 503: the database is out of resources.
    pub fn exhausted() -> Self {
        Self { detail: EN.detail_exhausted().into(), ..Self::unavailable() }
    }

    /// 503: the timeout of a statement or a lock has expired.
    pub fn too_slow() -> Self {
        Self {
            detail: EN.detail_too_slow().into(),
            retry_after_secs: Some(10),
            ..Self::unavailable()
        }
    }

    /// 507: there is no disk space for the upload.
    pub fn disk_full() -> Self {
        Self::new(StatusCode::INSUFFICIENT_STORAGE, EN.problem_disk_full(), EN.detail_disk_full())
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The message for the caller.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The receipt of an upload in which nothing could be used.
    #[must_use]
    pub fn receipt(&self) -> Option<&str> {
        self.extra.get("receipt_id")?.as_str()
    }

    /// Adds the headers of the response, for all formats of the body.
    pub(crate) fn add_headers(&self, response: &mut Response) {
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = match self.wants_password {
                true => "Cookie cookie-name=\"__Host-sid\"",
                false => "Bearer",
            };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(seconds) = self.retry_after_secs {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }

    /// Builds the problem document with the id of the request.
    #[must_use]
    pub fn into_document(mut self, request_id: &str) -> Response {
        let mut body = std::mem::take(&mut self.extra);
        body.insert("type".into(), json!("about:blank"));
        body.insert("title".into(), json!(self.title));
        body.insert("status".into(), json!(self.status.as_u16()));
        body.insert("detail".into(), json!(self.detail));
        body.insert("request_id".into(), json!(request_id));
        body.insert("errors".into(), json!(self.causes));
        let mut response = (self.status, Value::Object(body).to_string()).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        self.add_headers(&mut response);
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::misread(rejection.status(), rejection.body_text())
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        Self::misread(rejection.status(), rejection.body_text())
    }
}

impl From<FormRejection> for Problem {
    fn from(rejection: FormRejection) -> Self {
        Self::misread(rejection.status(), rejection.body_text())
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match &error {
            store::Error::Unreachable(_) => {
                tracing::warn!(%error, "database out of reach");
                Self::unavailable()
            }
            store::Error::CommitUnknown => {
                tracing::error!("a commit was not answered in time");
                Self::commit_unknown()
            }
            store::Error::Conflict(_) => {
                tracing::warn!(%error, "a transaction was in conflict with another");
                Self::busy()
            }
            store::Error::DiskFull => {
                tracing::error!("the database's disk is full");
                Self::disk_full()
            }
            store::Error::Exhausted(_) => {
                tracing::error!(%error, "the database is short of memory or open files");
                Self::exhausted()
            }
            store::Error::TooSlow(_) => {
                tracing::warn!(%error, "the database took too long");
                Self::too_slow()
            }
            // An upload has a receipt in this case (`ingest::take`).
            store::Error::RowRefused { why, .. } => {
                tracing::error!(%error, "the database refused a value");
                let detail = EN.detail_not_storable(why);
                Self { detail, ..Self::bad_request(Vec::new()) }
            }
            store::Error::UnknownZone(zone) => {
                tracing::error!(%error, "the time zone of a tenant is gone from the database");
                Self { detail: EN.detail_zone(zone), ..Self::unavailable() }
            }
            store::Error::NoTenant => Self::forbidden(EN.detail_no_tenant()),
            _ => {
                tracing::error!(error = ?error, "store");
                Self::internal()
            }
        }
    }
}
