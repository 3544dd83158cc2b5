//! `cargo xtask setup`: finds or installs the required tools.
//!
//! One file per tool. Each checks first, which takes milliseconds if everything is installed; it
//! installs only as root on Debian or into the cache, and otherwise prints one line with what to
//! install.

pub(crate) mod apt;
pub(crate) mod chromium;
pub(crate) mod node;
pub(crate) mod postgres;
pub(crate) mod proxies;
pub(crate) mod wasm;

use std::path::PathBuf;

use anyhow::Result;

use crate::process::Steps;
use crate::setup::node::Node;
use crate::setup::wasm::WasmToolchain;
use crate::workspace::Workspace;

/// The tools of a build.
pub(crate) struct Builders {
    /// The cargo that can compile for wasm32.
    pub(crate) wasm: WasmToolchain,
    /// Binaryen's optimizer and the Node that runs it; without it the site is larger.
    pub(crate) wasm_opt: Option<(Node, PathBuf)>,
}

/// The additional tools of the tests.
pub(crate) struct Testers {
    /// The folder with `initdb`, `pg_ctl` and `postgres`.
    pub(crate) postgres: PathBuf,
    /// Node, or why it is missing.
    pub(crate) node: Result<Node>,
    /// Chromium, or why it is missing.
    pub(crate) chromium: Result<PathBuf>,
}

/// Installs everything.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(2);
    let testers = steps.run("what the tests need", || for_testing(workspace))?;
    let builders = steps.run("what the build needs", || for_building(workspace))?;
    println!("wasm32     {}", builders.wasm);
    match &builders.wasm_opt {
        Some((_, script)) => println!("wasm-opt   {}", script.display()),
        None => println!("wasm-opt   none"),
    }
    println!("postgresql {}", testers.postgres.display());
    match &testers.node {
        Ok(node) => {
            println!("node       {}", node.program.display());
            node::packages(workspace, node, "end2end")?;
        }
        Err(why) => println!("node       none: {why:#}"),
    }
    match &testers.chromium {
        Ok(chromium) => println!("chromium   {}", chromium.display()),
        Err(why) => println!("chromium   none: {why:#}"),
    }
    Ok(())
}

/// The tools of `site` and `build`.
pub(crate) fn for_building(workspace: &Workspace) -> Result<Builders> {
    let wasm = wasm::find_or_install(workspace)?;
    let wasm_opt = node::find(workspace)
        .and_then(|node| node::wasm_opt(workspace, &node).map(|script| (node, script)));
    let wasm_opt = wasm_opt
        .inspect_err(|why| eprintln!("note: the site is built without wasm-opt: {why:#}"))
        .ok();
    Ok(Builders { wasm, wasm_opt })
}

/// The tools of `test`, which reports a missing browser itself.
pub(crate) fn for_testing(workspace: &Workspace) -> Result<Testers> {
    proxies::install_if_harmless();
    Ok(Testers {
        postgres: postgres::find_or_install()?,
        node: node::find_or_install(workspace),
        chromium: chromium::find_or_install(),
    })
}
