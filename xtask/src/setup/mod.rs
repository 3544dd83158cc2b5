//! `cargo xtask setup`: what the machine needs, found or else installed.
//!
//! One file a need. Each looks first and costs milliseconds where everything is
//! there; installs only as root on Debian or into the cache; and otherwise
//! says in one line what a person should install.

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

/// What building needs.
pub(crate) struct Builders {
    /// The cargo that can compile for wasm32.
    pub(crate) wasm: WasmToolchain,
    /// Binaryen's optimiser and the Node that runs it; the site is bigger without.
    pub(crate) wasm_opt: Option<(Node, PathBuf)>,
}

/// What the tests need besides.
pub(crate) struct Testers {
    /// The folder with `initdb`, `pg_ctl` and `postgres`.
    pub(crate) postgres: PathBuf,
    /// Node, or a line that says what is missing.
    pub(crate) node: Result<Node>,
    /// Chromium, or a line that says what is missing.
    pub(crate) chromium: Result<PathBuf>,
}

/// Makes the machine ready for everything.
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

/// The part that `site` and `build` wait for.
pub(crate) fn for_building(workspace: &Workspace) -> Result<Builders> {
    let wasm = wasm::find_or_install(workspace)?;
    let wasm_opt = node::find(workspace)
        .and_then(|node| node::wasm_opt(workspace, &node).map(|script| (node, script)));
    let wasm_opt = wasm_opt
        .inspect_err(|why| eprintln!("note: the site is built without wasm-opt: {why:#}"))
        .ok();
    Ok(Builders { wasm, wasm_opt })
}

/// The part that `test` waits for; a missing browser is for it to report.
pub(crate) fn for_testing(workspace: &Workspace) -> Result<Testers> {
    proxies::install_if_harmless();
    Ok(Testers {
        postgres: postgres::find_or_install()?,
        node: node::find_or_install(workspace),
        chromium: chromium::find_or_install(),
    })
}
