//! Debian's packages, where this program may install them.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;

use crate::process::{answer, command, run};

/// Whether the package lists were brought up to date by this program.
static FRESH: AtomicBool = AtomicBool::new(false);

/// Whether this is Debian (or a child of it) and we are root.
pub(crate) fn usable() -> bool {
    Path::new("/usr/bin/apt-get").exists()
        && answer(command("id").arg("-u")).is_some_and(|user| user == "0")
}

/// Installs packages and nothing that they merely recommend.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    eprintln!("      apt-get install {} …", packages.join(" "));
    if !FRESH.swap(true, Ordering::Relaxed) {
        run(apt_get().args(["-q=2", "update"]))?;
    }
    let flags = ["-q=2", "install", "--yes", "--no-install-recommends"];
    run(apt_get().args(flags).args(packages))
}

fn apt_get() -> Command {
    let mut apt = command("apt-get");
    // Another apt may be at work; and nobody is there to answer questions.
    apt.args(["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold"])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null());
    apt
}
