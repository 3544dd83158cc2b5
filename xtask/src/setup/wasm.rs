//! A toolchain that compiles for wasm32.
//!
//! Uses rustup by default. If its server is unreachable, uses Debian's compiler, with a standard
//! library that is built from Debian's sources and linked into its sysroot.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::process::{answer, command, output, run, run_within};
use crate::setup::apt;
use crate::workspace::Workspace;

/// The target triple of the browser code.
pub(crate) const WASM32: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTLIB: &str = "/usr/lib/rustlib";
/// `embed-bitcode`: without it link-time optimisation finds no `.llvmbc` section.
const STD_FLAGS: &str = "-C embed-bitcode=yes";

/// The cargo that can compile for wasm32.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WasmToolchain {
    /// The default toolchain.
    Current,
    /// Debian's, registered in rustup as `debian`.
    DebianByRustup,
    /// Debian's, on a machine without rustup.
    Debian,
}

impl WasmToolchain {
    /// `cargo` of this toolchain, in the root of the workspace.
    pub(crate) fn cargo(self, workspace: &Workspace) -> Command {
        let mut cargo = match self {
            Self::Current | Self::DebianByRustup => command("cargo"),
            Self::Debian => command("/usr/bin/cargo"),
        };
        match self {
            Self::Current => {}
            Self::DebianByRustup => {
                cargo.arg("+debian");
            }
            Self::Debian => {
                cargo.env("RUSTC", "/usr/bin/rustc");
            }
        }
        cargo.current_dir(&workspace.root);
        cargo
    }
}

impl fmt::Display for WasmToolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Current => "the current toolchain",
            Self::DebianByRustup => "cargo +debian",
            Self::Debian => "/usr/bin/cargo",
        })
    }
}

/// The current toolchain if it has the target or can install it, else Debian's.
pub(crate) fn find_or_install(workspace: &Workspace) -> Result<WasmToolchain> {
    if current_has_target() {
        return Ok(WasmToolchain::Current);
    }
    let with_rustup = answer(command("rustup").arg("--version")).is_some();
    if debian_is_ready() {
        return link_debian(with_rustup);
    }
    if with_rustup {
        eprintln!("      rustup target add {WASM32} …");
        let mut add = command("rustup");
        add.args(["target", "add", WASM32]).current_dir(&workspace.root).env("RUST_BACKTRACE", "0");
        if run_within(&mut add, Duration::from_secs(30))? && current_has_target() {
            return Ok(WasmToolchain::Current);
        }
    }
    ensure!(
        apt::is_usable(),
        "the compiler has no {WASM32}: run `rustup target add {WASM32}`, or as root on Debian \
         this again"
    );
    eprintln!("      no {WASM32} from rustup: taking Debian's compiler, about two minutes …");
    apt::install(&["rustc-web", "cargo-web", "rust-web-src", "lld-22"])?;
    link_linker()?;
    build_std(workspace)?;
    link_debian(with_rustup)
}

fn current_has_target() -> bool {
    let sysroot = answer(command("rustc").args(["--print", "sysroot"]));
    sysroot
        .is_some_and(|root| has_std(&Path::new(&root).join("lib/rustlib").join(WASM32).join("lib")))
}

fn has_std(lib: &Path) -> bool {
    let Ok(entries) = fs::read_dir(lib) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

fn debian_lib() -> PathBuf {
    Path::new(DEBIAN_RUSTLIB).join(WASM32).join("lib")
}

/// The compiler version that the library was built by: an upgrade by apt makes it incompatible.
fn debian_marker() -> PathBuf {
    debian_lib().join("built-by")
}

fn debian_is_ready() -> bool {
    let version = answer(command("/usr/bin/rustc").arg("-vV"));
    let built_by = fs::read_to_string(debian_marker()).ok();
    version.is_some() && version == built_by && has_std(&debian_lib())
}

fn link_debian(with_rustup: bool) -> Result<WasmToolchain> {
    if !with_rustup {
        return Ok(WasmToolchain::Debian);
    }
    if answer(command("cargo").args(["+debian", "--version"])).is_none() {
        run(command("rustup").args(["toolchain", "link", "debian", "/usr"]))?;
    }
    Ok(WasmToolchain::DebianByRustup)
}

/// rustc expects `rust-lld` beside its libraries; Debian's package has none.
fn link_linker() -> Result<()> {
    let about = output(command("/usr/bin/rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("/usr/bin/rustc names no host")?;
    let bin = Path::new(DEBIAN_RUSTLIB).join(host).join("bin");
    let linker = bin.join("rust-lld");
    if !linker.exists() {
        fs::create_dir_all(&bin)?;
        // `exists` is false for a dangling symbolic link.
        let _ = fs::remove_file(&linker);
        #[cfg(unix)]
        std::os::unix::fs::symlink("/usr/bin/wasm-ld-22", &linker)
            .with_context(|| format!("cannot link {}", linker.display()))?;
    }
    Ok(())
}

/// Builds the standard library as the dependency of an empty crate.
fn build_std(workspace: &Workspace) -> Result<()> {
    let folder = workspace.cache.join("wasm-std");
    fs::create_dir_all(folder.join("src"))?;
    let manifest = "[package]\nname = \"empty\"\nedition = \"2021\"\n\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/lib.rs"), "")?;
    let target = folder.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    run(command("/usr/bin/cargo")
        .args(["build", "--release", "--target", WASM32, "-Zbuild-std=std,panic_abort"])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(&folder)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTFLAGS", STD_FLAGS))?;

    let lib = debian_lib();
    if lib.exists() {
        fs::remove_dir_all(&lib)?;
    }
    fs::create_dir_all(&lib)?;
    for entry in fs::read_dir(target.join(WASM32).join("release/deps"))? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".rlib") && !text.starts_with("libempty-") {
            fs::copy(entry.path(), lib.join(&name))?;
        }
    }
    let version = answer(command("/usr/bin/rustc").arg("-vV"));
    fs::write(debian_marker(), version.context("/usr/bin/rustc does not answer")?)?;
    fs::remove_dir_all(&target)?;
    Ok(())
}
