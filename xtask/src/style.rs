//! Bundles the style sheets of `style/`: inlines imports in order, removes comments.
//!
//! Input and output are plain CSS. An import is alone on its line: `@import "cards.css";` or
//! `@import "cards.css" layer(ui);`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The file with all imports inlined recursively.
pub(crate) fn bundle(file: &Path) -> Result<String> {
    inline(file, &mut Vec::new())
}

fn inline(file: &Path, open: &mut Vec<PathBuf>) -> Result<String> {
    ensure!(!open.iter().any(|outer| outer == file), "{} imports itself", file.display());
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    open.push(file.to_path_buf());
    let mut css = String::new();
    for line in without_comments(&text).lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some(rest) = line.strip_prefix("@import") else {
            css.extend([line, "\n"]);
            continue;
        };
        let (name, layer) =
            import(rest).with_context(|| format!("{}: cannot inline `{line}`", file.display()))?;
        let inner = inline(&file.with_file_name(name), open)?;
        match layer {
            Some(layer) => css.extend(["@layer ", layer, " {\n", &inner, "}\n"]),
            None => css.push_str(&inner),
        }
    }
    open.pop();
    Ok(css)
}

/// Parses the file and the layer of `"cards.css" layer(ui);`.
fn import(rest: &str) -> Option<(&str, Option<&str>)> {
    let (name, rest) = rest.trim().strip_suffix(';')?.strip_prefix('"')?.split_once('"')?;
    match rest.trim() {
        "" => Some((name, None)),
        layer => Some((name, Some(layer.strip_prefix("layer(")?.strip_suffix(')')?))),
    }
}

fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut quote = None;
    while let Some(c) = rest.next() {
        match (quote, c) {
            (Some(_), '\\') => {
                kept.push(c);
                kept.extend(rest.next());
                continue;
            }
            (Some(mark), _) if mark == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '/') if rest.peek() == Some(&'*') => {
                let mut before = ' ';
                rest.next();
                while let Some(c) = rest.next().filter(|&c| (before, c) != ('*', '/')) {
                    before = c;
                }
                continue;
            }
            _ => {}
        }
        kept.push(c);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("xtask-style-{name}-{}", std::process::id()));
        for (file, text) in files {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        folder.join("main.css")
    }

    #[test]
    fn imports_are_inlined_in_order_and_recursively() {
        let main = folder(
            "order",
            &[
                (
                    "main.css",
                    "@layer a, b;\n@import \"a.css\" layer(a);\n@import \"ui/b.css\";\np { }\n",
                ),
                ("a.css", "a { }\n"),
                ("ui/b.css", "@import \"c.css\";\nb { }"),
                ("ui/c.css", "  c { }  "),
            ],
        );
        let css = bundle(&main).unwrap();
        assert_eq!(css, "@layer a, b;\n@layer a {\na { }\n}\nc { }\nb { }\np { }\n");
    }

    #[test]
    fn a_cycle_and_an_unknown_form_are_errors() {
        let circle = folder(
            "circle",
            &[("main.css", "@import \"a.css\";"), ("a.css", "@import \"main.css\";")],
        );
        assert!(bundle(&circle).unwrap_err().to_string().contains("imports itself"));
        let media = folder("media", &[("main.css", "@import \"a.css\" print;")]);
        assert!(bundle(&media).unwrap_err().to_string().contains("cannot inline"));
    }

    #[test]
    fn comments_are_removed_and_strings_are_kept() {
        let css = "a/* @import \"x\"; */ { content: \"/* \\\" */\"; } /**/b{}/* open";
        assert_eq!(without_comments(css), "a { content: \"/* \\\" */\"; } b{}");
    }
}
