//! Middleware that validates every request before its handler: the form of its target, the
//! framing headers, the names of its query parameters, and the timeouts of its body.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use app::slice;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::dimension::{ANY_ATTRIBUTE, Dimension};
use http::header::{HOST, TRANSFER_ENCODING};
use http::uri::{Authority, Scheme};
use http::{HeaderMap, Method, Uri, Version};
use http_body_util::LengthLimitError;
use tower_http::timeout::{TimeoutBody, TimeoutError};

use crate::problem::{ApiResult, EN, Problem};
use crate::web::extract::Query;

/// Middleware that rejects requests whose target or framing another server might interpret
/// differently, to prevent request smuggling.
pub async fn check_head(mut request: Request, next: Next) -> Response {
    match origin_form(&request) {
        Ok(Some(uri)) => *request.uri_mut() = uri,
        Ok(None) => {}
        Err(problem) => return problem.into_response(),
    }
    if let Err(problem) = check_transfer_encoding(request.headers()) {
        return problem.into_response();
    }
    next.run(request).await
}

/// Converts a target in absolute form, which a server must support, to origin form if it is for
/// this host; none if it is in origin form already.
fn origin_form(request: &Request) -> ApiResult<Option<Uri>> {
    if request.method() == Method::CONNECT {
        return Err(Problem::method_not_allowed());
    }
    let host = host(request)?;
    let uri = request.uri();
    if !uri.path().starts_with('/') {
        return Err(Problem::invalid("target", EN.cause_target_slash()));
    }
    match (uri.scheme(), uri.authority()) {
        (None, None) => return Ok(None),
        // HTTP/2 sends the host in the target.
        _ if request.version() > Version::HTTP_11 => {}
        (Some(scheme), Some(authority))
            if (*scheme == Scheme::HTTP || *scheme == Scheme::HTTPS)
                && Some(authority) == host.as_ref() => {}
        _ => return Err(Problem::invalid("target", EN.cause_target_host())),
    }
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    path.parse().map(Some).map_err(|_| Problem::invalid("target", EN.cause_target_path()))
}

/// Parses the `Host` header. HTTP/1.1 requires exactly one.
fn host(request: &Request) -> ApiResult<Option<Authority>> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host,
        (None, _) if request.version() != Version::HTTP_11 => return Ok(None),
        (None, _) => return Err(Problem::invalid("Host", EN.cause_host_missing())),
        (Some(_), Some(_)) => return Err(Problem::invalid("Host", EN.cause_twice())),
    };
    let host = host.to_str().ok().filter(|host| !host.contains('@'));
    let host = host.and_then(|host| host.parse().ok());
    host.map(Some).ok_or_else(|| Problem::invalid("Host", EN.cause_host()))
}

/// Checks that the only transfer coding is `chunked`: hyper only checks the last one, and only
/// decodes `chunked` once.
fn check_transfer_encoding(headers: &HeaderMap) -> ApiResult<()> {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => Ok(()),
        (Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => Ok(()),
        _ => Err(Problem::invalid("Transfer-Encoding", EN.cause_chunked())),
    }
}

/// Middleware that rejects query parameters that the route does not list.
pub async fn check_parameters(
    State(known): State<Arc<[&'static str]>>,
    query: Query,
    request: Request,
    next: Next,
) -> Response {
    let mut unknown: Vec<&str> = query.0.iter().map(|(name, _)| name.as_str()).collect();
    let is_attribute = |name: &str| matches!(name.parse(), Ok(Dimension::Attribute(_)));
    let takes_attributes = known.contains(&ANY_ATTRIBUTE);
    unknown.retain(|name| !(known.contains(name) || takes_attributes && is_attribute(name)));
    let has_slice = known.contains(&"granularity");
    let invalid = || slice::invalid(request.uri().query().unwrap_or_default());
    match unknown.is_empty() {
        false => Problem::unknown_parameters(&unknown, &known).into_response(),
        true => match has_slice.then(invalid).flatten() {
            Some(invalid) => Problem::invalid_slice(invalid).into_response(),
            None => next.run(request).await,
        },
    }
}

/// Maximum bytes of a body that is not an upload.
pub const SMALL_BODY_BYTES: usize = 64 << 10;

/// Middleware that buffers a small body, so that a handler never waits for it: the
/// timeout applies to the whole body, against slow clients.
pub async fn read_small_body(
    State(deadline): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let read = tokio::time::timeout(deadline, to_bytes(body, SMALL_BODY_BYTES)).await;
    let read = read.map_err(|_| Problem::timeout(EN.body_late(deadline.as_secs())));
    match read.and_then(|read| read.map_err(|error| unreadable(&error))) {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(problem) => problem.into_response(),
    }
}

/// Middleware that aborts an upload after a stall timeout. The reader of the body limits the
/// total time.
pub async fn limit_upload_stall(
    State(stall): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    next.run(request.map(|body| Body::new(TimeoutBody::new(stall, body)))).await
}

/// The problem for a body that could not be read to its end.
pub(crate) fn unreadable(error: &(dyn Error + 'static)) -> Problem {
    let mut next = Some(error);
    while let Some(cause) = next {
        next = cause.source();
        if cause.is::<LengthLimitError>() {
            return Problem::too_large(EN.body_large(SMALL_BODY_BYTES));
        }
        if cause.is::<TimeoutError>() {
            return Problem::timeout(EN.body_stalled());
        }
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        if let Some(ErrorKind::InvalidInput | ErrorKind::InvalidData) = kind {
            return Problem::invalid("body", EN.cause_chunks());
        }
    }
    Problem::timeout(EN.body_broken())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, target: &str, hosts: &[&str]) -> Request {
        let mut request = Request::builder().method(method).uri(target);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn a_target_is_reduced_to_origin_form_or_refused() {
        let form = |method, target, hosts| origin_form(&request(method, target, hosts));
        assert_eq!(form("GET", "/units?q=a", &["h"]).unwrap(), None);
        let absolute = form("GET", "http://h:80/units?q=a", &["h:80"]).unwrap();
        assert_eq!(absolute.unwrap(), "/units?q=a");
        assert_eq!(form("CONNECT", "a:1", &["a:1"]).unwrap_err().status(), 405);
        for (method, target, hosts) in [
            ("GET", "/", &[][..]),
            ("GET", "/", &["h", "h"]),
            ("GET", "/", &["user@h"]),
            ("GET", "/", &["h h"]),
            ("GET", "/", &[""]),
            ("GET", "http://other/", &["h"]),
            ("GET", "ftp://h/", &["h"]),
            ("GET", "a:1", &["a:1"]),
            ("OPTIONS", "*", &["h"]),
        ] {
            let refused = form(method, target, hosts).unwrap_err();
            assert_eq!(refused.status(), 400, "{method} {target} {hosts:?}");
        }
    }

    #[test]
    fn only_chunked_once_is_decoded() {
        for (values, fine) in [
            (&[][..], true),
            (&["chunked"], true),
            (&["Chunked"], true),
            (&["chunked, chunked"], false),
            (&["chunked", "chunked"], false),
            (&["gzip, chunked"], false),
            (&["identity"], false),
        ] {
            let headers = values.iter().map(|value| (TRANSFER_ENCODING, value.parse().unwrap()));
            let headers = headers.collect();
            assert_eq!(check_transfer_encoding(&headers).is_ok(), fine, "{values:?}");
        }
    }
}
