//! Refuses markup in formatted strings: `charts::markup!` writes HTML and SVG, with automatic
//! escaping.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::workspace::Workspace;

/// Prefixes of string literals that are written without escaping.
const WRITERS: [&str; 4] = ["format!(\"", "push_str(\"", "write!(out,\"", "writeln!(out,\""];

/// Fails with one line per place in `app` that writes markup without `markup!`.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut wrong = Vec::new();
    find_in_folder(&workspace.root.join("app/src"), &mut wrong)?;
    ensure!(wrong.is_empty(), "markup without `markup!`:\n{}", wrong.join("\n"));
    Ok(())
}

fn find_in_folder(folder: &Path, wrong: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find_in_folder(&path, wrong)?;
        } else if path.extension().is_some_and(|it| it == "rs") {
            let found = unescaped_markup(&fs::read_to_string(&path)?);
            wrong.extend(found.into_iter().map(|text| format!("{}: {text}", path.display())));
        }
    }
    Ok(())
}

/// The beginnings of unescaped string literals with a tag.
fn unescaped_markup(source: &str) -> Vec<String> {
    // Without white space between a macro and its string, which may be on the next line.
    let mut dense = String::with_capacity(source.len());
    for line in source.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        dense.push_str(line);
    }
    let texts = WRITERS.into_iter().flat_map(|writer: &'static str| {
        dense.match_indices(writer).filter_map(|(at, it)| dense.get(at + it.len()..))
    });
    let has_tag = |text: &&str| {
        // Up to the first unescaped quote.
        let text = text.replace("\\\\", "").replace("\\\"", "'");
        let text = text.split('"').next().unwrap_or_default();
        text.split('<')
            .skip(1)
            .any(|it| it.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))
    };
    texts.filter(has_tag).map(|text| text.chars().take(60).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::unescaped_markup;

    #[test]
    fn a_tag_in_a_formatted_string_is_reported() {
        let found = unescaped_markup(
            "let a = format!(\n    \"<a href=\\\"{}\\\">{text}</a>\",\n    href,\n);",
        );
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("<a href"));
        assert_eq!(unescaped_markup("html.push_str(\"</p>\");").len(), 1);
    }

    #[test]
    fn escaped_strings_and_strings_without_a_tag_are_accepted() {
        assert!(unescaped_markup("markup!(\"<a>{}</a>\", text)").is_empty());
        assert!(unescaped_markup("format!(\"{a} < {b}\"); view! { <p>\"x\"</p> }").is_empty());
        assert!(unescaped_markup("// format!(\"<a>\")").is_empty());
    }
}
