//! HTTP client of the upload API, with retries.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use formats::Format;
use http::{HeaderValue, Uri, header};
use serde::Deserialize;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use crate::pieces::Piece;
use crate::tally::Counts;
use crate::{EN, Unreachable, Usage};

const CONNECT: Duration = Duration::from_secs(5);
/// Time limit of a response; the server needs time for a large piece.
const ANSWER: Duration = Duration::from_secs(600);
/// Maximum length of a response in bytes: a thousand rejects and as many warnings are far fewer.
const ANSWER_BYTES: u64 = 64 << 20;
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// A client of one server, for uploads of one format with the same parameters.
pub(crate) struct Client {
    agent: Agent,
    /// The URL of the server, for messages.
    url: String,
    address: String,
    params: Vec<(&'static str, String)>,
    authorization: HeaderValue,
    patience: Duration,
}

/// A piece that is stored on the server.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) answer: Answer,
    /// Whether it was stored before this command sent it.
    pub(crate) before: bool,
}

/// The server's response to a piece.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Answer {
    pub(crate) receipt_id: String,
    #[serde(flatten)]
    pub(crate) runs: Counts,
    pub(crate) repairs: Counts,
    pub(crate) rejected: Vec<Remark>,
    pub(crate) rejected_total: u64,
    pub(crate) warnings: Vec<Remark>,
}

/// A reject or a warning, by its line in the piece.
#[derive(Debug, Deserialize)]
pub(crate) struct Remark {
    pub(crate) line: u64,
    pub(crate) why: String,
}

/// Why an upload attempt failed.
#[derive(Debug)]
enum Failure {
    /// Temporary: retry, after the delay in `Retry-After` if given.
    Temporary(String, Option<Duration>),
    /// Permanent: there is no such server.
    Unreachable(String),
    /// Permanent: the server rejected it.
    Refused(String),
}

struct Reply {
    status: u16,
    retry_after: Option<Duration>,
    body: String,
}

impl Client {
    /// # Errors
    /// When the address or the token is malformed.
    pub(crate) fn new(
        url: &str,
        format: &Format,
        params: Vec<(&'static str, String)>,
        token: &str,
        patience: Duration,
    ) -> Result<Self> {
        let url = parse_url(url)?;
        let mut authorization = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_| Usage(EN.client_token_character().into()))?;
        authorization.set_sensitive(true);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        // The platform's certificate store, since a plant may have a certificate authority of its
        // own.
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .user_agent(concat!("firstpass/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            // No redirects: the token is for this server, and a redirected POST would lose its
            // body.
            .max_redirects(0)
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_await_100(Some(CONNECT))
            .timeout_send_body(Some(ANSWER))
            .timeout_recv_response(Some(ANSWER))
            .timeout_recv_body(Some(ANSWER))
            .build()
            .into();
        let address = format!("{url}/ingest/v1/{}", format.name);
        Ok(Self { agent, url, address, params, authorization, patience })
    }

    /// Whether the token is sent without encryption over a network.
    pub(crate) fn exposes_token(&self) -> bool {
        let uri: Uri = self.url.parse().unwrap_or_default();
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        uri.scheme_str() == Some("http") && !here
    }

    /// Uploads a piece, with retries and exponential backoff; idempotent. `say` reports each wait.
    ///
    /// # Errors
    /// When the server rejects it, or [`Unreachable`] when the time for retries has run out.
    pub(crate) fn upload(&self, piece: &Piece, place: &str, say: &dyn Fn(&str)) -> Result<Sent> {
        let mut sent = false;
        let mut failed: Option<Instant> = None;
        let mut wait = FIRST_WAIT;
        loop {
            let (why, asked) = match self.attempt(piece, &mut sent) {
                Ok(sent) => return Ok(sent),
                Err(Failure::Temporary(why, asked)) => (why, asked),
                Err(Failure::Unreachable(why)) => {
                    return Err(Unreachable(EN.client_at(place, why)).into());
                }
                Err(Failure::Refused(why)) => return Err(anyhow!(EN.client_at(place, why))),
            };
            let spent = failed.get_or_insert_with(Instant::now).elapsed();
            let Some(retry_delay) = retry_delay(wait, asked, self.patience.saturating_sub(spent))
            else {
                let seconds = self.patience.as_secs();
                return Err(Unreachable(EN.client_gave_up(place, why, seconds)).into());
            };
            let seconds = format!("{:.1}", retry_delay.as_secs_f64());
            say(&EN.client_retrying(place, why, seconds));
            sleep(retry_delay);
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Looks the piece up first: a piece whose response was lost is stored already.
    fn attempt(&self, piece: &Piece, sent: &mut bool) -> Result<Sent, Failure> {
        let ask = self.agent.get(format!("{}/{}", self.address, hex::encode(piece.sha256)));
        let ask = ask.header(header::AUTHORIZATION, self.authorization.clone());
        let reply = self.read_reply(ask.query_pairs(self.params.iter().cloned()).call())?;
        match reply.status {
            200 => {
                let answer = self.answer(&reply)?;
                // Rejected records are sent again, since settings of the server may have changed.
                if *sent || answer.rejected_total == 0 {
                    return Ok(Sent { answer, before: !*sent });
                }
            }
            404 => {}
            _ => return Err(self.refusal(&reply)),
        }
        *sent = true;
        let send = self
            .agent
            .post(&self.address)
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::CONTENT_TYPE, "application/x-ndjson")
            .header(header::CONTENT_ENCODING, "zstd")
            // A server that rejects the request does so before the body is sent.
            .header(header::EXPECT, "100-continue");
        let sent = send.query_pairs(self.params.iter().cloned()).send(&piece.zstd);
        let reply = self.read_reply(sent)?;
        match reply.status {
            200 | 422 => Ok(Sent { answer: self.answer(&reply)?, before: false }),
            _ => Err(self.refusal(&reply)),
        }
    }

    fn read_reply(
        &self,
        response: Result<http::Response<Body>, ureq::Error>,
    ) -> Result<Reply, Failure> {
        let away = |error: ureq::Error| {
            let helps = is_temporary(&error);
            let why = match error {
                ureq::Error::Io(error) => error.to_string(),
                other => other.to_string(),
            };
            let why = EN.client_no_answer(&self.url, why);
            if helps { Failure::Temporary(why, None) } else { Failure::Unreachable(why) }
        };
        let mut response = response.map_err(away)?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get(header::RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let body = response.body_mut().with_config().limit(ANSWER_BYTES).lossy_utf8(true);
        Ok(Reply {
            status,
            retry_after: retry_after.map(Duration::from_secs),
            body: body.read_to_string().map_err(away)?,
        })
    }

    fn answer(&self, reply: &Reply) -> Result<Answer, Failure> {
        let answer: Option<Answer> = serde_json::from_str(&reply.body).ok();
        answer
            .filter(|answer| !answer.receipt_id.is_empty())
            .ok_or_else(|| Failure::Refused(EN.client_no_receipt(&self.url, reply.status)))
    }

    fn refusal(&self, reply: &Reply) -> Failure {
        let Reply { status, retry_after, body } = reply;
        let problem: Problem = serde_json::from_str(body).unwrap_or_default();
        let mut why = EN.client_answers(&self.url, status);
        if !problem.detail.is_empty() {
            why = EN.client_at(why, problem.detail.trim_end_matches('.'));
        }
        if problem.errors.len() > 1 {
            let causes =
                problem.errors.iter().map(|cause| EN.client_at(&cause.parameter, &cause.why));
            why = EN.client_at(why, causes.collect::<Vec<_>>().join("; "));
        }
        match status {
            408 | 429 | 500 | 502..=504 | 507 => Failure::Temporary(why, *retry_after),
            401 => Failure::Refused(EN.client_unauthorised(&self.url)),
            404 => Failure::Refused(EN.client_not_found(why)),
            413 => Failure::Refused(EN.client_too_large(why)),
            _ => Failure::Refused(why),
        }
    }
}

/// A problem document (RFC 9457).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    detail: String,
    errors: Vec<Cause>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cause {
    parameter: String,
    why: String,
}

/// The delay before the next attempt; `None` if the time for retries has run out.
fn retry_delay(wait: Duration, asked: Option<Duration>, left: Duration) -> Option<Duration> {
    let retry_delay = wait.min(left).max(asked.unwrap_or_default());
    (!left.is_zero() && retry_delay <= left).then_some(retry_delay)
}

/// Whether a retry of the same request may succeed: not if the certificate is invalid.
fn is_temporary(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Io(error) => error.kind() != ErrorKind::InvalidData,
        ureq::Error::Timeout(_)
        | ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::Protocol(_) => true,
        _ => false,
    }
}

/// The address without a trailing slash.
fn parse_url(url: &str) -> Result<String, Usage> {
    let refuse = |why: &str| Usage(EN.client_url(url, why));
    // A password in it would be printed.
    if url.contains('@') {
        return Err(Usage(EN.client_url_user().into()));
    }
    let uri: Uri = url.parse().map_err(|_| refuse(EN.client_url_invalid()))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none() {
        return Err(refuse(EN.client_url_invalid()));
    }
    if uri.query().is_some() || url.contains('#') {
        return Err(refuse(EN.client_url_more()));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_a_server() {
        assert_eq!(parse_url("https://portal.example/").unwrap(), "https://portal.example");
        assert_eq!(parse_url("http://[::1]:3000/at/x").unwrap(), "http://[::1]:3000/at/x");
        for wrong in
            ["portal.example", "ftp://x", "/x", "http://x/?a=b", "http://x/#a", "http://", "a b"]
        {
            let said = parse_url(wrong).unwrap_err().to_string();
            assert!(said.contains(wrong) && said.contains("--url"), "{said}");
        }
        let secret = parse_url("http://user:secret@x/").unwrap_err().to_string();
        assert!(!secret.contains("secret"), "{secret}");
    }

    #[test]
    fn a_token_is_safe_over_tls_and_on_this_machine() {
        let tells = |url: &str| {
            let format = Format::named("ocptv").unwrap();
            Client::new(url, format, Vec::new(), "fpt_0", CONNECT).unwrap().exposes_token()
        };
        for safe in [
            "https://portal.example",
            "http://localhost:1",
            "http://127.0.0.2",
            "http://[::1]:3000",
        ] {
            assert!(!tells(safe), "{safe}");
        }
        assert!(tells("http://portal.example") && tells("http://10.0.0.1:3000"));
    }

    #[test]
    fn a_retry_delay_observes_retry_after_and_the_time_limit() {
        let seconds = Duration::from_secs;
        assert_eq!(retry_delay(seconds(2), None, seconds(60)), Some(seconds(2)));
        assert_eq!(retry_delay(seconds(8), None, seconds(3)), Some(seconds(3)), "a last try");
        assert_eq!(retry_delay(seconds(2), Some(seconds(5)), seconds(60)), Some(seconds(5)));
        assert_eq!(retry_delay(seconds(8), Some(seconds(5)), seconds(60)), Some(seconds(8)));
        assert_eq!(retry_delay(seconds(2), Some(seconds(90)), seconds(60)), None);
        assert_eq!(retry_delay(seconds(2), None, seconds(0)), None);
    }
}
