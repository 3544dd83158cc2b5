//! The browser's part: JavaScript, WASM, styles and icons, inside the binary.
//!
//! They are served under `/pkg/<build>/`, where `<build>` is a hash of them all, so a
//! browser may keep them for ever; the next build has other addresses.

use std::path::PathBuf;
use std::sync::OnceLock;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

use crate::problem::{ApiResult, Problem};
use crate::web::accept;
use crate::web::extract::Path;

#[derive(Debug)]
struct Asset {
    name: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The hash of all assets, in 16 hexadecimal digits.
#[must_use]
pub fn build() -> &'static str {
    static BUILD: OnceLock<String> = OnceLock::new();
    BUILD.get_or_init(|| {
        let mut all = Sha256::new();
        for asset in ASSETS {
            all.update(asset.name);
            all.update(Sha256::digest(asset.plain));
        }
        all.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    })
}

/// Whether there is a browser's part to serve.
#[must_use]
pub fn are_here() -> bool {
    !ASSETS.is_empty() || cargo_leptos_site().is_some()
}

/// The folder that `cargo leptos` builds into; it says so to the server that it starts.
fn cargo_leptos_site() -> Option<PathBuf> {
    let site = std::env::var_os("LEPTOS_SITE_ROOT")?;
    Some(PathBuf::from(site))
}

/// A file of that folder, read anew each time: it is there for whoever develops.
async fn from_disk(name: &str) -> Option<Vec<u8>> {
    let site = cargo_leptos_site()?;
    // One plain name, so that no path leads out of the folder.
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if !plain || name.starts_with('.') {
        return None;
    }
    match tokio::fs::read(site.join("pkg").join(name)).await {
        Ok(bytes) => Some(bytes),
        Err(_) => tokio::fs::read(site.join(name)).await.ok(),
    }
}

/// `GET /pkg/{build}/{name}`
///
/// # Errors
/// 404 for a name that is not there. Another build's address still answers: a page that
/// was loaded before an update may ask for what it needs, and it fits or fails loudly.
pub async fn serve(
    Path((asked_build, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    if let Some(bytes) = from_disk(&name).await {
        let content_type = (header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
        return Ok(([content_type], bytes).into_response());
    }
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or_else(Problem::not_found)?;
    let accepts = |coding| accept::coding(&headers, coding);
    let (body, encoding) = match (asset.br, asset.gz) {
        (Some(br), _) if accepts("br") => (br, Some("br")),
        (_, Some(gz)) if accepts("gzip") => (gz, Some("gzip")),
        _ => (asset.plain, None),
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let keep =
        if asked_build == build() { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
