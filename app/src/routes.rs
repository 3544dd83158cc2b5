//! Every page's path.

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRoute {
    /// Its path.
    pub path: &'static str,
    /// Whether it has islands: a page without them loads no WASM.
    pub islands: bool,
}

/// The pages.
pub const PAGES: &[PageRoute] =
    &[PageRoute { path: "/", islands: true }, PageRoute { path: "/login", islands: false }];

/// Whether the page at that path has islands.
#[must_use]
pub fn has_islands(path: &str) -> bool {
    PAGES.iter().any(|page| page.path == path && page.islands)
}
