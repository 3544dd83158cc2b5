//! Finds or installs PostgreSQL, for the embedded database and for the tests.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use crate::process::{answer, command, on_path};
use crate::setup::apt;

/// The first version with row-level security on views (`security_invoker`).
const MIN_VERSION: u32 = 15;
/// Folders in which distributions have one folder per version; the last two are Homebrew's.
const ROOTS: [&str; 3] = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
/// The environment variable with the folder; the server and its tests read it, too.
pub(crate) const VARIABLE: &str = "FIRSTPASS_PG_BIN";

/// The folder with `initdb`, `pg_ctl` and `postgres`.
pub(crate) fn find_or_install() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os(VARIABLE) {
        let folder = PathBuf::from(folder);
        ensure!(is_usable(&folder), "{VARIABLE} has no PostgreSQL {MIN_VERSION} or newer");
        return Ok(folder);
    }
    if let Some(folder) = find() {
        return Ok(folder);
    }
    if apt::is_usable() {
        // Written before the installation: Debian then creates no cluster on port 5432.
        let config = Path::new("/etc/postgresql-common/createcluster.conf");
        if !config.exists() {
            fs::create_dir_all("/etc/postgresql-common")?;
            fs::write(config, "create_main_cluster = false\n")?;
        }
        apt::install(&["postgresql"])?;
        if let Some(folder) = find() {
            return Ok(folder);
        }
    }
    bail!(
        "PostgreSQL {MIN_VERSION} or newer is missing: install it and put its programs on PATH, or \
         name their folder in {VARIABLE}"
    )
}

fn find() -> Option<PathBuf> {
    // A symbolic link on the path points to the folder with the other programs.
    let on_path = on_path(&["postgres"]).and_then(|file| fs::canonicalize(file).ok());
    let on_path = on_path.and_then(|file| Some(file.parent()?.to_path_buf()));
    let installed = ROOTS.iter().filter_map(|root| fs::read_dir(root).ok()).flatten().flatten();
    let mut installed: Vec<PathBuf> = installed.map(|entry| entry.path().join("bin")).collect();
    installed.sort_by_key(|folder| std::cmp::Reverse(major(folder)));
    on_path.into_iter().chain(installed).find(|folder| is_usable(folder))
}

fn is_usable(folder: &Path) -> bool {
    ["initdb", "pg_ctl"].iter().all(|name| folder.join(name).is_file())
        && major(folder).is_some_and(|major| major >= MIN_VERSION)
}

fn major(folder: &Path) -> Option<u32> {
    // "postgres (PostgreSQL) 15.18 (Debian …)"
    let about = answer(command(folder.join("postgres")).arg("--version"))?;
    about.split_whitespace().nth(2)?.split('.').next()?.parse().ok()
}
