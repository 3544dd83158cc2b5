//! Embeds the browser assets into the binary: every file of the site folder that
//! `cargo xtask site` creates, with its compressed variants. Without that folder the binary
//! has no assets; its pages then work as in a browser without WASM, unstyled.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let manifest_dir = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let site = manifest_dir.join("../target/site");
    let manifest = site.join("manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());

    let mut table = String::from("&[\n");
    for (name, file) in entries(&manifest) {
        let path = site.join(&file);
        let compressed = |ending: &str| {
            let path = PathBuf::from(format!("{}.{ending}", path.display()));
            if path.exists() { format!("Some(include_bytes!({path:?}))") } else { "None".into() }
        };
        println!("cargo::rerun-if-changed={}", path.display());
        let _ = writeln!(
            table,
            "    Asset {{ name: {name:?}, plain: include_bytes!({path:?}), br: {}, gz: {} }},",
            compressed("br"),
            compressed("gz"),
        );
    }
    table.push(']');
    let out = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("assets.rs");
    if let Err(error) = fs::write(&out, table) {
        println!("cargo::error=cannot write {}: {error}", out.display());
    }
}

/// Reads the name and the file of every asset: the manifest is one flat object of strings.
fn entries(manifest: &Path) -> Vec<(String, String)> {
    let Ok(text) = fs::read_to_string(manifest) else { return Vec::new() };
    match serde_json::from_str::<std::collections::BTreeMap<String, String>>(&text) {
        Ok(entries) => entries.into_iter().collect(),
        Err(error) => {
            println!("cargo::error={}: {error}", manifest.display());
            Vec::new()
        }
    }
}
