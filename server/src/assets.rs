//! Static assets for the browser, embedded in the binary: JavaScript, WASM, styles and icons.
//!
//! They are served under `/pkg/<build>/`, where `<build>` is a hash of all assets. Browsers cache
//! them as immutable; the next build has other addresses (cache busting).

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

/// Whether there are assets to serve.
#[must_use]
pub fn are_available() -> bool {
    !ASSETS.is_empty() || cargo_leptos_site().is_some()
}

/// The output folder of `cargo leptos`, which sets the variable for the server that it starts.
fn cargo_leptos_site() -> Option<PathBuf> {
    let site = std::env::var_os("LEPTOS_SITE_ROOT")?;
    Some(PathBuf::from(site))
}

/// Reads a file of that folder without a cache, for development.
async fn read_from_disk(name: &str) -> Option<Vec<u8>> {
    let site = cargo_leptos_site()?;
    // A plain file name only: prevents path traversal.
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
/// 404 for an unknown name. The address of another build also works: a page that
/// was loaded before an update may request an asset, which is compatible or fails visibly.
pub async fn serve(
    Path((requested_build, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    if let Some(bytes) = read_from_disk(&name).await {
        let content_type = (header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
        return Ok(([content_type], bytes).into_response());
    }
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or_else(Problem::not_found)?;
    let accepts = |coding| accept::allows_coding(&headers, coding);
    let (body, encoding) = match (asset.br, asset.gz) {
        (Some(br), _) if accepts("br") => (br, Some("br")),
        (_, Some(gz)) if accepts("gzip") => (gz, Some("gzip")),
        _ => (asset.plain, None),
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let cache_control =
        if requested_build == build() { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
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
