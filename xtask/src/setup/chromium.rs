//! The browser of the tests. Playwright's own download is not used.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

use crate::process::on_path;
use crate::setup::apt;

/// The environment variable, which Playwright's configuration reads, too.
pub(crate) const VARIABLE: &str = "PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH";
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The path of Chromium.
pub(crate) fn find_or_install() -> Result<PathBuf> {
    if let Some(program) = std::env::var_os(VARIABLE) {
        let program = PathBuf::from(program);
        ensure!(program.is_file(), "{VARIABLE} names no file");
        return Ok(program);
    }
    if let Some(program) = on_path(&NAMES) {
        return Ok(program);
    }
    if apt::is_usable() {
        apt::install(&["chromium"])?;
        if let Some(program) = on_path(&NAMES) {
            return Ok(program);
        }
    }
    bail!("Chromium is missing: install it, or name it in {VARIABLE}")
}
