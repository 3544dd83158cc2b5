//! nginx, HAProxy and PgBouncer, which the server is tested behind. Those tests skip, and
//! say so, where a program is missing.

use std::path::Path;

use crate::setup::apt;

const PROGRAMS: [&str; 3] = ["nginx", "haproxy", "pgbouncer"];
/// Containers have it, and it keeps packages from starting their services. Without it an
/// installation would listen on ports 80 and 6432 of somebody's machine.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Installs what is missing where that starts nothing.
pub(crate) fn install_if_harmless() {
    let missing: Vec<&str> = PROGRAMS.into_iter().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return;
    }
    let installed = apt::usable() && Path::new(POLICY).exists() && apt::install(&missing).is_ok();
    if !installed {
        eprintln!("note: the tests behind {} skip: install them to run these", missing.join(", "));
    }
}

fn is_installed(name: &str) -> bool {
    ["/usr/sbin", "/usr/bin"].iter().any(|folder| Path::new(folder).join(name).exists())
}
