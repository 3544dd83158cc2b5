//! Outermost middleware: request id, access log, metrics, security headers, and the body of
//! a [`Problem`].

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use rand::RngExt;
use tracing::Instrument;
use uuid::Uuid;

use crate::problem::Problem;
use crate::web::context::{CspNonce, RequestId};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps the whole router. Behind a proxy it uses the proxy's request id.
pub async fn observe(
    State(behind_proxy): State<bool>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let id = request_id(request.headers(), behind_proxy);
    let nonce = nonce();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", |matched| matched.as_str())
        .to_owned();
    request.extensions_mut().insert(CspNonce(Arc::clone(&nonce)));
    request.extensions_mut().insert(RequestId(Arc::clone(&id)));

    let span = tracing::info_span!("request", %id, %method, path);
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let cookies: Vec<_> =
            response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
        response = problem.into_document(&id);
        for cookie in cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    set_security_headers(&mut response, &id, &nonce);

    let status = response.status().as_u16();
    let seconds = begun.elapsed().as_secs_f64();
    let labels = [
        ("method", method_label(&method).to_owned()),
        ("route", route),
        ("status", status.to_string()),
    ];
    metrics::histogram!("http_request_duration_seconds", &labels).record(seconds);
    span.in_scope(|| tracing::info!(status, ms = seconds * 1e3, "answered"));
    response
}

/// What a handler that panicked answers; the panic itself is logged under the request.
#[must_use]
pub fn on_panic(panic: Box<dyn std::any::Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(panic = message, "a handler panicked");
    Problem::internal().into_response()
}

/// Maps the method to a metrics label: methods are arbitrary, so unknown ones share a label to
/// bound the cardinality.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

/// Returns the request id of our own proxy if it is valid, to correlate the logs, or a new id.
/// Ids of other clients are not trusted: they could forge log lines.
fn request_id(headers: &HeaderMap, behind_proxy: bool) -> Arc<str> {
    headers
        .get(REQUEST_ID)
        .filter(|_| behind_proxy)
        .and_then(|value| value.to_str().ok())
        .filter(|id| (1..=64).contains(&id.len()))
        .filter(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
        .map_or_else(|| Uuid::now_v7().to_string().into(), Arc::from)
}

fn nonce() -> Arc<str> {
    let random: u128 = rand::rng().random();
    format!("{random:032x}").into()
}

fn set_security_headers(response: &mut Response, id: &str, nonce: &str) {
    let is_html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let policy = if is_html {
        format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
             style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
    } else {
        "default-src 'none'; frame-ancestors 'none'".to_owned()
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (REQUEST_ID, id),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "strict-origin"),
        // Browsers apply it only over TLS, so loopback is not affected.
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=()",
        ),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    // Private data must not be cached; assets set their own header.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
