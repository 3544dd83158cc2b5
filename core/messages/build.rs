//! Compiles the catalogue `locales/<tag>/*.ftl` into `$OUT_DIR/messages.rs`.

#[path = "build/mod.rs"]
mod compiler;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let mut locales = Vec::new();
    for folder in sorted(Path::new("locales"))? {
        let tag = name_of(&folder);
        let mut files = Vec::new();
        for file in sorted(&folder)? {
            files.push((format!("{tag}/{}", name_of(&file)), fs::read_to_string(&file)?));
        }
        locales.push((tag, files));
    }
    let code = compiler::compile(&locales)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("messages.rs"), code)?;
    Ok(())
}

fn sorted(folder: &Path) -> std::io::Result<Vec<std::path::PathBuf>> {
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|it| it.path())).collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
