//! Paths: the source tree, cargo's target folder, the cache.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{command, output};

/// The folders of the workspace.
pub(crate) struct Workspace {
    /// The source tree.
    pub(crate) root: PathBuf,
    /// The target folder of cargo; outside the root if `CARGO_TARGET_DIR` is set.
    pub(crate) target: PathBuf,
    /// Data that outlives a clone: downloaded tools and the wasm32 standard library.
    pub(crate) cache: PathBuf,
}

impl Workspace {
    /// Asks cargo, so that its own rules for these folders apply.
    pub(crate) fn find() -> Result<Self> {
        let mut ask = command("cargo");
        ask.args(["metadata", "--no-deps", "--format-version", "1"]);
        // At run time: two clones with a common target folder share this binary.
        if let Some(here) = std::env::var_os("CARGO_MANIFEST_DIR") {
            ask.current_dir(here);
        }
        let answer: serde_json::Value =
            serde_json::from_str(&output(&mut ask)?).context("cannot read cargo's metadata")?;
        let folder = |key: &str| answer[key].as_str().map(PathBuf::from);
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|cache| cache.is_absolute())
            .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
            .context("neither XDG_CACHE_HOME nor HOME says where a cache may be")?;
        Ok(Self {
            root: folder("workspace_root").context("cargo named no workspace")?,
            target: folder("target_directory").context("cargo named no target folder")?,
            cache: cache.join("firstpass"),
        })
    }

    /// `cargo`, as it was called, in the root.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = command("cargo");
        cargo.current_dir(&self.root);
        cargo
    }

    /// The assets that the browser loads and the server embeds. Always under the root.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }
}
