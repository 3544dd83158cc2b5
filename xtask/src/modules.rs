//! Checks the allowed dependencies between the modules of a package, as `arrows.rs` does for
//! packages.
//!
//! The table lists each module at the root of a package with the modules that it may use. Refused
//! are a use that is not in the table, an entry of the table that is not used, and a cycle in the
//! table.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;

/// The modules of a package, each with the modules that it may use.
type Layers = &'static [(&'static str, &'static [&'static str])];

/// Packages and their layers.
const PACKAGES: &[(&str, Layers)] = &[("app", APP), ("server", SERVER)];

const APP: Layers = &[
    // Leaves.
    ("choices", &[]),
    ("model", &[]),
    ("ui", &["model"]),
    ("explore", &["choices", "ui"]),
    ("slice", &["ui"]),
    ("backend", &["explore", "model", "slice"]),
    ("routes", &["ui"]),
    ("islands", &["backend", "explore", "routes", "ui"]),
    ("views", &["backend", "choices", "explore", "islands", "slice", "ui"]),
    ("shell", &["ui", "views"]),
];

/// From the leaves up: what requests have in common, what they share, who calls, the two
/// sides of the queries and commands, and their fronts.
#[rustfmt::skip]
const SERVER: Layers = &[
    ("catalogue", &[]),
    ("clock", &[]),
    ("limits", &[]),
    ("parameters", &[]),
    ("postgres", &[]),
    ("problem", &[]),
    ("tls", &[]),
    ("credentials", &["problem"]),
    ("figures", &["clock", "limits"]),
    ("recount", &["clock", "limits"]),
    ("web", &["problem"]),
    ("zones", &["clock"]),
    ("assets", &["problem", "web"]),
    ("commands", &["clock", "credentials", "limits", "problem", "zones"]),
    ("resources", &["clock", "limits", "problem", "web"]),
    ("frames", &["limits", "problem", "resources", "web"]),
    ("queries", &["clock", "figures", "frames", "limits", "problem", "web"]),
    ("state", &["credentials", "frames", "limits", "resources"]),
    ("auth", &["clock", "credentials", "limits", "problem", "resources", "state", "web"]),
    ("config", &["state"]),
    ("health", &["problem", "resources", "state", "web"]),
    ("jobs", &["clock", "credentials", "problem", "state"]),
    ("work", &["problem", "state", "web"]),
    ("database", &["config", "postgres"]),
    ("ingest", &["auth", "clock", "limits", "problem", "resources", "state", "web"]),
    ("listen", &["health", "state", "web"]),
    ("live", &["auth", "limits", "problem", "resources", "state", "web"]),
    ("logging", &["config"]),
    ("pages", &["assets", "auth", "catalogue", "clock", "figures", "frames", "limits", "problem", "queries", "state", "web"]),
    ("route", &["auth", "parameters", "resources", "state"]),
    ("api", &["auth", "clock", "commands", "figures", "ingest", "problem", "queries", "state", "web"]),
    ("demo_loader", &["clock", "credentials", "ingest", "state", "web"]),
    ("forms", &["auth", "commands", "ingest", "pages", "problem", "queries", "state", "web"]),
    ("data", &["auth", "figures", "frames", "limits", "problem", "queries", "resources", "state", "web"]),
    ("openapi", &["api", "auth", "commands", "ingest", "queries", "route"]),
    ("router", &["api", "assets", "auth", "data", "forms", "health", "ingest", "live", "openapi", "pages", "parameters", "problem", "resources", "route", "state", "web", "work"]),
    ("cli", &["assets", "clock", "commands", "config", "credentials", "database", "demo_loader", "jobs", "listen", "live", "logging", "postgres", "problem", "recount", "resources", "router", "state", "tls", "work", "zones"]),
];

/// Fails with one line per use that is not allowed, and per entry that is not used.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut wrong = Vec::new();
    for (package, layers) in PACKAGES {
        let source = workspace.root.join(package).join("src");
        let uses = read_uses(&source)?;
        wrong.extend(compare(layers, &uses).into_iter().map(|line| format!("{package}: {line}")));
        wrong.extend(find_cycle(layers).map(|module| format!("{package}: {module} uses itself")));
    }
    ensure!(wrong.is_empty(), "modules:\n  {}", wrong.join("\n  "));
    Ok(())
}

/// Pairs of a module and a module that it uses.
type Uses = BTreeSet<(String, String)>;

/// The uses between the modules at the root of a package, without tests.
fn read_uses(source: &Path) -> Result<Uses> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut folders = vec![source.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let relative = path.strip_prefix(source)?;
            let module = relative.iter().next().map(|it| it.to_string_lossy().into_owned());
            let module = module.unwrap_or_default();
            let is_test = relative.file_name().is_some_and(|name| name == "tests.rs");
            if let Some(module) = module_name(&module)
                && !is_test
            {
                *texts.entry(module.to_owned()).or_default() += &fs::read_to_string(&path)?;
            }
        }
    }
    let mut uses = Uses::new();
    for (module, text) in &texts {
        for used in used_in(text) {
            if used != *module && texts.contains_key(&used) {
                uses.insert((module.clone(), used));
            }
        }
    }
    Ok(uses)
}

/// The module of a file or folder at the root of a package; `None` for the root itself.
fn module_name(entry: &str) -> Option<&str> {
    match entry {
        "lib.rs" | "main.rs" => None,
        file => Some(file.strip_suffix(".rs").unwrap_or(file)),
    }
}

/// The modules at the root of the package that a source names.
fn used_in(text: &str) -> BTreeSet<String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .fold(String::new(), |code, line| code + line + "\n");
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let paths = code.split("crate::").skip(1);
    let mut used: BTreeSet<String> =
        paths.map(|path| path.chars().take_while(|letter| is_name(*letter)).collect()).collect();
    // `use crate::{a, b::{c, d}};`
    for group in code.split("crate::{").skip(1) {
        let (mut depth, mut name) = (0_u32, String::new());
        for letter in group.chars() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    used.insert(std::mem::take(&mut name));
                }
                letter if depth == 0 => name.push(letter),
                _ => {}
            }
        }
        used.insert(name);
    }
    used.iter().map(|name| name.trim().split("::").next().unwrap_or_default().to_owned()).collect()
}

/// The differences between the table and the source.
fn compare(layers: Layers, uses: &Uses) -> Vec<String> {
    let allowed: Uses = layers
        .iter()
        .flat_map(|(module, used)| used.iter().map(|it| ((*module).to_owned(), (*it).to_owned())))
        .collect();
    let refused = uses.difference(&allowed).map(|(from, to)| format!("{from} may not use {to}"));
    let unused = allowed.difference(uses).map(|(from, to)| format!("{from} does not use {to}"));
    refused.chain(unused).collect()
}

/// A module of the table that is part of a cycle.
fn find_cycle(layers: Layers) -> Option<&'static str> {
    let used_by = |module: &str| {
        layers.iter().find(|(name, _)| *name == module).map_or(&[][..], |(_, used)| *used)
    };
    layers.iter().map(|(module, _)| *module).find(|module| {
        let (mut reached, mut next) = (BTreeSet::new(), used_by(module).to_vec());
        while let Some(used) = next.pop() {
            if reached.insert(used) {
                next.extend(used_by(used));
            }
        }
        reached.contains(module)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(pairs: &[(&str, &str)]) -> Uses {
        pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
    }

    #[test]
    fn uses_are_found_one_by_one_and_in_groups_but_not_in_comments() {
        let text =
            "use crate::ui::name;\nuse crate::{views, backend::{At, View}};\n// crate::shell";
        let found: Vec<String> = used_in(text).into_iter().filter(|it| !it.is_empty()).collect();
        assert_eq!(found, ["backend", "ui", "views"]);
    }

    #[test]
    fn a_use_outside_of_the_table_and_an_unused_one_are_named() {
        const LAYERS: Layers = &[("ui", &[]), ("views", &["ui"])];
        assert!(compare(LAYERS, &uses(&[("views", "ui")])).is_empty());
        let lines = compare(LAYERS, &uses(&[("ui", "views")]));
        assert_eq!(lines, ["ui may not use views", "views does not use ui"]);
    }

    #[test]
    fn a_cycle_in_the_table_is_found() {
        assert_eq!(find_cycle(&[("a", &["b"]), ("b", &["c"]), ("c", &["a"])]), Some("a"));
        assert_eq!(find_cycle(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])]), None);
        for (_, layers) in PACKAGES {
            assert_eq!(find_cycle(layers), None);
        }
    }
}
