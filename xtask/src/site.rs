//! `cargo xtask site`: builds the assets that the browser loads, in `target/site`.
//!
//! `pkg/NAME.HASH.EXT`, each with its `.br` and `.gz`, and `manifest.json`, which maps plain names
//! to hashed ones. A name includes the hash of its content, so an existing file is up to date, and
//! browsers may cache it indefinitely. Builds are incremental: cargo detects changes of the
//! program, hashes detect the others.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::process::{Steps, run as run_command};
use crate::setup::wasm::WASM32;
use crate::setup::{self, Builders};
use crate::style;
use crate::workspace::Workspace;

/// The number of steps of [`make`].
pub(crate) const STEPS: usize = 3;

/// The subcommand.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(STEPS + 1);
    let builders = steps.run("what the build needs", || setup::for_building(workspace))?;
    make(workspace, &builders, &mut steps)
}

/// Maximum bytes of the programs, compressed with Brotli; growth is a decision
/// (`docs/performance.md`). The goals are 60,000 and 200,000, with 250,000 for any page.
const MAX_BROTLI_BYTES: [(&str, u64); 2] =
    [("firstpass.wasm", 70_500), ("workbench.wasm", 265_000)];

/// The bundles: the names of their files, and their cargo features.
const BUNDLES: [(&str, &[&str]); 2] =
    [("firstpass", &[]), ("workbench", &["--features", "workbench"])];

/// Builds the site.
pub(crate) fn make(workspace: &Workspace, builders: &Builders, steps: &mut Steps) -> Result<()> {
    let programs = steps.run("compiling the browser part", || {
        let compile = |(name, features)| compile(workspace, builders, name, features);
        BUNDLES.into_iter().map(compile).collect::<Result<Vec<_>>>()
    })?;
    let bound = steps.run("binding and shrinking it", || {
        let bind = |((name, _), bytes)| bind(workspace, builders, name, bytes);
        BUNDLES.into_iter().zip(programs).map(bind).collect::<Result<Vec<_>>>()
    })?;
    steps.run("packing the site", || {
        let styles = style::bundle(&workspace.root.join("style/main.css"))?;
        let mut assets = vec![("firstpass.css".to_owned(), styles.into_bytes())];
        for ((name, _), folder) in BUNDLES.into_iter().zip(&bound) {
            for kind in ["js", "wasm"] {
                let file = format!("{name}.{kind}");
                let bytes = fs::read(folder.join(&file))?;
                assets.push((file, bytes));
            }
        }
        let public = workspace.root.join("app/public");
        for file in files_below(&public)? {
            let name = file.strip_prefix(&public)?.to_string_lossy().replace('\\', "/");
            assets.push((name, fs::read(&file)?));
        }
        pack(&workspace.site(), &assets)
    })
}

/// Compiles a bundle. All bundles have the same output file, so it is read before the next build.
fn compile(
    workspace: &Workspace,
    builders: &Builders,
    name: &str,
    features: &[&str],
) -> Result<Vec<u8>> {
    let mut build = builders.wasm.cargo(workspace);
    build.args(["build", "-p", "frontend", "--target", WASM32, "--profile", "wasm-release"]);
    run_command(build.args(features))?;
    let program = workspace.target.join(WASM32).join("wasm-release/frontend.wasm");
    fs::read(&program).with_context(|| format!("cannot read {} of {name}", program.display()))
}

/// Runs wasm-bindgen, then wasm-opt; returns the folder with `NAME.js` and `NAME.wasm`.
fn bind(workspace: &Workspace, builders: &Builders, name: &str, bytes: Vec<u8>) -> Result<PathBuf> {
    // The program includes the version of wasm-bindgen that it was compiled with, so its hash
    // covers that.
    let optimiser = builders.wasm_opt.as_ref().map(|(_, script)| script.display().to_string());
    let key = format!("{} {}", hash(&bytes), optimiser.as_deref().unwrap_or("plain"));
    let folder = workspace.target.join("xtask-bound").join(name);
    if fs::read_to_string(folder.join("key")).is_ok_and(|old| old == key) {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    wasm_bindgen_cli_support::Bindgen::new()
        .input_bytes(name, bytes)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The page's loader passes the file name, which is not known yet.
        .omit_default_module_path(true)
        .generate(&folder)?;
    ensure!(
        !folder.join("snippets").exists(),
        "a dependency of the browser part brings JavaScript files of its own: teach xtask/src/site.rs to pack them"
    );
    let plain = folder.join(format!("{name}_bg.wasm"));
    let small = folder.join(format!("{name}.wasm"));
    match &builders.wasm_opt {
        Some((node, script)) => {
            let mut optimise = node.command();
            run_command(optimise.arg(script).arg("-Oz").arg(&plain).arg("-o").arg(&small))?;
        }
        None => fs::rename(&plain, &small)?,
    }
    fs::write(folder.join("key"), key)?;
    Ok(folder)
}

/// Writes missing files, removes those of an earlier build, and prints sizes.
fn pack(site: &Path, assets: &[(String, Vec<u8>)]) -> Result<()> {
    let mut manifest = BTreeMap::new();
    let mut wanted = vec![site.join("manifest.json")];
    let mut sizes = Vec::new();
    let mut too_large: Vec<(&str, u64)> = Vec::new();
    for (name, bytes) in assets {
        let hashed = format!("pkg/{}", hashed_name(name, &hash(bytes)));
        let plain = site.join(&hashed);
        let (br, gz) = (beside(&plain, ".br"), beside(&plain, ".gz"));
        if ![&plain, &br, &gz].iter().all(|file| file.is_file()) {
            write(&br, &brotli(bytes)?)?;
            write(&gz, &gzip(bytes)?)?;
            write(&plain, bytes)?;
        }
        if ["firstpass.", "workbench."].iter().any(|bundle| name.starts_with(bundle)) {
            let packed = fs::metadata(&br)?.len();
            sizes.push(format!("{name} {} bytes ({packed} br)", bytes.len()));
            let limit = MAX_BROTLI_BYTES.into_iter().find(|(program, _)| program == name);
            too_large.extend(limit.filter(|(_, most)| packed > *most));
        }
        wanted.extend([plain, br, gz]);
        manifest.insert(name, hashed);
    }
    let text = serde_json::to_string_pretty(&manifest)? + "\n";
    if fs::read_to_string(&wanted[0]).map_or(true, |old| old != text) {
        write(&wanted[0], text.as_bytes())?;
    }
    for file in files_below(site)? {
        if !wanted.contains(&file) {
            fs::remove_file(&file)?;
        }
    }
    println!("site: {}", sizes.join(", "));
    ensure!(too_large.is_empty(), "more bytes in Brotli than allowed: {too_large:?}");
    Ok(())
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `fonts/a.woff2` becomes `fonts/a.0123abcd.woff2`.
fn hashed_name(name: &str, hash: &str) -> String {
    let short = &hash[..8];
    match name.rsplit_once('.') {
        Some((stem, kind)) => format!("{stem}.{short}.{kind}"),
        None => format!("{name}.{short}"),
    }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Atomic write: a temporary file beside it, then a rename.
fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = beside(file, ".part");
    fs::write(&unfinished, bytes)
        .and_then(|()| fs::rename(&unfinished, file))
        .with_context(|| format!("cannot write {}", file.display()))
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let best = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &best)?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Every file below a folder, sorted; empty if the folder does not exist.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                files.extend(files_below(&path)?);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_the_hash_of_its_content() {
        let hash = hash(b"");
        assert_eq!(&hash[..16], "e3b0c44298fc1c14");
        assert_eq!(hashed_name("firstpass.js", &hash), "firstpass.e3b0c442.js");
        assert_eq!(hashed_name("fonts/a.b.woff2", &hash), "fonts/a.b.e3b0c442.woff2");
        assert_eq!(hashed_name("CNAME", &hash), "CNAME.e3b0c442");
    }

    #[test]
    fn packing_again_changes_nothing_and_removes_what_is_stale() {
        let site = std::env::temp_dir().join(format!("xtask-site-{}", std::process::id()));
        let asset = |text: &str| vec![("firstpass.css".to_owned(), text.as_bytes().to_vec())];
        pack(&site, &asset("a { }")).unwrap();
        let first = files_below(&site).unwrap();
        assert_eq!(first.len(), 4);
        pack(&site, &asset("a { }")).unwrap();
        assert_eq!(files_below(&site).unwrap(), first);
        pack(&site, &asset("b { }")).unwrap();
        let second = files_below(&site).unwrap();
        assert_eq!(second.len(), 4);
        assert_ne!(second, first);
        fs::remove_dir_all(&site).unwrap();
    }
}
