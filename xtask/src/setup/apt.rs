//! Installs Debian packages, where this program has the right to.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;

use crate::process::{answer, command, run};

/// Whether this program has updated the package lists.
static ARE_LISTS_UPDATED: AtomicBool = AtomicBool::new(false);

/// Whether the system is Debian or a derivative, and this process runs as root.
pub(crate) fn is_usable() -> bool {
    Path::new("/usr/bin/apt-get").exists()
        && answer(command("id").arg("-u")).is_some_and(|user| user == "0")
}

/// Installs packages without recommended ones.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    eprintln!("      apt-get install {} …", packages.join(" "));
    if !ARE_LISTS_UPDATED.swap(true, Ordering::Relaxed) {
        run(apt_get().args(["-q=2", "update"]))?;
    }
    let flags = ["-q=2", "install", "--yes", "--no-install-recommends"];
    run(apt_get().args(flags).args(packages))
}

fn apt_get() -> Command {
    let mut apt = command("apt-get");
    // Waits for another apt process, and never prompts.
    apt.args(["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold"])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null());
    apt
}
