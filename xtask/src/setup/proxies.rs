//! Installs nginx, HAProxy and PgBouncer, which the server is tested behind. Without a program
//! those tests are skipped and print a note.

use std::path::Path;

use crate::setup::apt;

const PROGRAMS: [&str; 3] = ["nginx", "haproxy", "pgbouncer"];
/// Containers have it; it prevents packages from starting their services. Without it an
/// installation would listen on ports 80 and 6432 of the user's machine.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Installs missing programs if that starts no services.
pub(crate) fn install_if_harmless() {
    let missing: Vec<&str> = PROGRAMS.into_iter().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return;
    }
    let installed =
        apt::is_usable() && Path::new(POLICY).exists() && apt::install(&missing).is_ok();
    if !installed {
        eprintln!("note: the tests behind {} skip: install them to run these", missing.join(", "));
    }
}

fn is_installed(name: &str) -> bool {
    ["/usr/sbin", "/usr/bin"].iter().any(|folder| Path::new(folder).join(name).exists())
}
