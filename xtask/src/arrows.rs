//! Checks the allowed dependencies between packages, from the output of cargo.
//!
//! The tables below implement the rules of ARCHITECTURE.md. Tests may depend on anything; a program
//! may not.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::process::output;
use crate::workspace::Workspace;

/// Each package of the workspace, and the workspace packages that it may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("messages", &[]),
    ("formats", &["domain", "messages"]),
    ("engine", &["domain"]),
    ("charts", &["engine", "domain"]),
    ("app", &["charts", "domain", "engine", "messages"]),
    ("store", &["domain"]),
    ("demo", &["domain", "formats"]),
    ("client", &["formats", "messages"]),
    (
        "server",
        &["app", "charts", "client", "demo", "domain", "engine", "formats", "messages", "store"],
    ),
    ("frontend", &["app"]),
    ("xtask", &[]),
];

/// External packages, and the only workspace packages that may depend on them.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("plotters", &["charts"]),
    ("axum", &["server"]),
    ("leptos_axum", &["server"]),
    // store: the client limits the duration of a COMMIT.
    ("tokio", &["server", "store"]),
    ("reqwest", &["server"]),
    ("ureq", &["client"]),
];

/// The platform-independent packages.
const CORE: [&str; 5] = ["domain", "formats", "engine", "charts", "messages"];

/// Packages that core must not depend on, directly or transitively.
const NEVER_IN_CORE: &[&str] = &["leptos", "tokio", "axum", "sqlx", "reqwest", "ureq", "rand"];

/// Features that core must not enable: with this one chrono reads the clock.
const NEVER_ON_IN_CORE: &[(&str, &str)] = &[("chrono", "clock"), ("chrono", "now")];

/// Fails with one line per forbidden dependency.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut ask = workspace.cargo();
    ask.args(["metadata", "--no-deps", "--format-version", "1"]);
    let metadata = serde_json::from_str(&output(&mut ask)?).context("cannot read the metadata")?;
    let mut wrong = direct(&metadata);

    // Core alone: in the whole workspace, feature unification enables features of its dependencies.
    let mut ask = workspace.cargo();
    ask.args(["tree", "--edges", "normal", "--prefix", "none", "--format", "{p}|{f}"]);
    for package in CORE {
        ask.args(["-p", package]);
    }
    wrong.extend(in_core(&output(&mut ask)?));

    ensure!(wrong.is_empty(), "forbidden dependencies:\n  {}", wrong.join("\n  "));
    Ok(())
}

/// Checks the direct dependencies of each package, from `cargo metadata`.
fn direct(metadata: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in list(&metadata["packages"]) {
        let name = text(&package["name"]);
        let Some((_, allowed)) = ARROWS.iter().find(|(ours, _)| *ours == name) else {
            wrong.push(format!("{name} is not in the table of xtask/src/arrows.rs"));
            continue;
        };
        for dependency in list(&package["dependencies"]) {
            let other = text(&dependency["name"]);
            if dependency["kind"] == "dev" {
                continue;
            }
            let ours = ARROWS.iter().any(|(package, _)| *package == other);
            if ours && !allowed.contains(&other) {
                wrong.push(format!("{name} -> {other}: not an arrow of ours"));
            }
            let only = ONLY_IN.iter().find(|(package, _)| *package == other);
            if let Some((_, places)) = only
                && !places.contains(&name)
            {
                wrong.push(format!("{name} -> {other}: only {} may", places.join(", ")));
            }
        }
    }
    wrong
}

/// Checks all dependencies of core, from `cargo tree`: lines `name v1.2.3 …|feature,feature`.
fn in_core(tree: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in tree.lines() {
        let (package, features) = line.split_once('|').unwrap_or((line, ""));
        let Some(name) = package.split_whitespace().next() else {
            continue;
        };
        if NEVER_IN_CORE.contains(&name) {
            wrong.push(format!("core -> … -> {name}"));
        }
        // A repeated package ends in " (*)".
        let features = features.trim_end_matches("(*)").trim();
        for (package, feature) in NEVER_ON_IN_CORE {
            if *package == name && features.split(',').any(|on| on == *feature) {
                wrong.push(format!("core -> … -> {name} with its feature {feature}"));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    wrong
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn graph(package: &str, on: &str, kind: Option<&str>) -> Value {
        json!({"packages": [{"name": package, "dependencies": [{"name": on, "kind": kind}]}]})
    }

    #[test]
    fn an_allowed_dependency_passes() {
        assert!(direct(&graph("app", "engine", None)).is_empty());
        assert!(direct(&graph("store", "sqlx", None)).is_empty());
        assert!(direct(&graph("domain", "serde", None)).is_empty());
    }

    #[test]
    fn a_forbidden_dependency_is_reported() {
        assert_eq!(direct(&graph("app", "store", None)), ["app -> store: not an arrow of ours"]);
        assert_eq!(direct(&graph("xtask", "domain", Some("build"))).len(), 1);
        assert_eq!(direct(&graph("server", "sqlx", None)), ["server -> sqlx: only store may"]);
        assert_eq!(direct(&graph("app", "plotters", None)), ["app -> plotters: only charts may"]);
    }

    #[test]
    fn tests_may_depend_on_anything() {
        assert!(direct(&graph("server", "sqlx", Some("dev"))).is_empty());
        assert!(direct(&graph("domain", "store", Some("dev"))).is_empty());
    }

    #[test]
    fn a_package_outside_of_the_table_is_reported() {
        assert_eq!(direct(&graph("tools", "serde", None)).len(), 1);
    }

    #[test]
    fn core_depends_on_no_runtime_and_no_clock() {
        let fine =
            "domain v0.1.0 (/x)|\nchrono v0.4.45|serde,std\nrandom v1|\nchrono v0.4.45|std (*)";
        assert!(in_core(fine).is_empty());
        let bad = "rand v0.10.0|std\nchrono v0.4.45|clock,std (*)\nrand v0.10.0|std (*)\n";
        let named = ["core -> … -> chrono with its feature clock", "core -> … -> rand"];
        assert_eq!(in_core(bad), named);
    }
}
