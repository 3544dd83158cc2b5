//! Checks the message catalogue: every text of the user interface is in it, and every message is
//! used.
//!
//! Finds, in the folders of [`CHECKED`], string literals that look like a sentence and text nodes
//! of `view!`; and messages of `core/messages/locales` that are unused or not translated.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, ensure};
use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};

use crate::workspace::Workspace;

/// The folders whose texts must be in the catalogue.
const CHECKED: &[&str] = &["app/src", "client/src", "core/formats/src", "server/src"];

/// Exempt files and folders in them, with the reason.
const EXEMPT: &[(&str, &str)] = &[
    ("app/src/views/gallery", "examples for developers, in builds for development alone"),
    ("server/src/catalogue", "what vendors publish of their codes"),
    ("server/src/queries/quality", "not converted yet"),
    ("server/src/openapi", "reference documentation, in English"),
    ("server/src/parameters.rs", "reference documentation, in English"),
    ("server/src/cli/serve.rs", DIAGNOSTICS),
    ("server/src/cli/verify.rs", DIAGNOSTICS),
    ("server/src/config", DIAGNOSTICS),
    ("server/src/database.rs", DIAGNOSTICS),
    ("server/src/demo_loader", DIAGNOSTICS),
    ("server/src/frames.rs", DIAGNOSTICS),
    ("server/src/listen", DIAGNOSTICS),
    ("server/src/live/listen.rs", DIAGNOSTICS),
    ("server/src/pages/backend/explore.rs", DIAGNOSTICS),
    ("server/src/pages/backend/failures.rs", DIAGNOSTICS),
    ("server/src/postgres.rs", DIAGNOSTICS),
    ("server/src/recount.rs", DIAGNOSTICS),
    ("server/src/zones.rs", DIAGNOSTICS),
];
const DIAGNOSTICS: &str = "for who runs the server: its start, its log";

/// Strings that are not shown: actions in the audit log, and messages of the JSON library.
const IDENTIFIERS: &[&str] = &[
    "key must be a string",
    "lone leading surrogate in hex escape",
    "look at a partner that is not there",
    "number out of range",
    "read the raw bytes of a receipt",
    "set the kind of a unit",
    "take back the voiding of a run",
    "the same work for nobody",
    "unexpected end of hex escape",
];

/// Macros and functions with strings for developers and logs.
const FOR_DEVELOPERS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "expect",
    "panic",
    "unreachable",
    "debug",
    "error",
    "info",
    "trace",
    "warn",
    "concat",
    "query",
];

/// Attributes of an element that are shown or read aloud.
const TEXT_ATTRIBUTES: &[&str] =
    &["label", "title", "placeholder", "alt", "question", "opener", "text", "about"];

/// Fails with one line per text outside of the catalogue, and per unused or untranslated message.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut wrong = Vec::new();
    for folder in CHECKED {
        for path in files(&workspace.root.join(folder), "rs")? {
            let name = path.strip_prefix(&workspace.root)?.to_string_lossy().into_owned();
            let is_test = name.contains("/tests/") || name.ends_with("/tests.rs");
            if is_test || EXEMPT.iter().any(|(exempt, _)| name.starts_with(exempt)) {
                continue;
            }
            let texts =
                texts(&fs::read_to_string(&path)?).map_err(|why| anyhow!("{name}: {why}"))?;
            wrong.extend(texts.into_iter().map(|text| format!("{name}: {text}")));
        }
    }
    wrong.extend(catalogue(&workspace.root)?);
    ensure!(wrong.is_empty(), "texts and the catalogue:\n  {}", wrong.join("\n  "));
    Ok(())
}

/// The string literals of a source that users would see, by their beginnings.
fn texts(source: &str) -> Result<Vec<String>, String> {
    let tokens: TokenStream = source.parse().map_err(|_| "cannot be read as Rust".to_owned())?;
    let mut found = Vec::new();
    walk(tokens, false, &mut found);
    Ok(found)
}

/// Collects texts; `in_view` within `view!`, where every literal that is not an attribute value is
/// a text node.
fn walk(tokens: TokenStream, in_view: bool, found: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    // The next item is a test.
    let mut is_test = false;
    for (at, token) in tokens.iter().enumerate() {
        let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
        match token {
            TokenTree::Group(group) => {
                if is_attribute(group, before(1), before(2)) {
                    let text = group.stream().to_string();
                    is_test |= text == "test" || text.replace(' ', "").starts_with("cfg(test)");
                    continue;
                }
                let is_body = group.delimiter() == Delimiter::Brace;
                if is_test && is_body {
                    is_test = false;
                    continue;
                }
                let macro_name = match (before(1), before(2)) {
                    (Some(TokenTree::Punct(bang)), Some(TokenTree::Ident(name)))
                        if bang.as_char() == '!' =>
                    {
                        Some(name.to_string())
                    }
                    (Some(TokenTree::Ident(name)), _) if !is_body => Some(name.to_string()),
                    _ => None,
                };
                let name = macro_name.unwrap_or_default();
                if FOR_DEVELOPERS.contains(&name.as_str()) {
                    continue;
                }
                let is_view = match (name.as_str(), group.delimiter()) {
                    ("view", _) => true,
                    // Rust code in a view.
                    (_, Delimiter::Brace | Delimiter::Parenthesis) => false,
                    _ => in_view,
                };
                walk(group.stream(), is_view, found);
            }
            TokenTree::Literal(literal) => {
                let Some(text) = text_of(literal) else { continue };
                let attribute = match (before(1), before(2)) {
                    (Some(TokenTree::Punct(equals)), Some(TokenTree::Ident(name)))
                        if equals.as_char() == '=' =>
                    {
                        Some(name.to_string())
                    }
                    _ => None,
                };
                let is_wrong = match attribute {
                    Some(name) if in_view => {
                        TEXT_ATTRIBUTES.contains(&name.as_str())
                            && has_word(&text)
                            && !text.contains("://")
                    }
                    None if in_view => has_word(&text) && !is_in_code(before(1), before(2)),
                    _ => is_sentence(&text),
                };
                if is_wrong && !IDENTIFIERS.contains(&text.trim()) {
                    found.push(text.chars().take(60).collect());
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => is_test = false,
            _ => {}
        }
    }
}

/// Whether the tokens before a text node are `<code>`.
fn is_in_code(one: Option<&TokenTree>, two: Option<&TokenTree>) -> bool {
    matches!((one, two), (Some(TokenTree::Punct(end)), Some(TokenTree::Ident(name)))
        if end.as_char() == '>' && name == "code")
}

/// Whether a group belongs to `#[…]` or `#![…]`.
fn is_attribute(group: &Group, one: Option<&TokenTree>, two: Option<&TokenTree>) -> bool {
    let is = |token: Option<&TokenTree>, char: char| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char);
    group.delimiter() == Delimiter::Bracket && (is(one, '#') || is(one, '!') && is(two, '#'))
}

/// The text of a string literal, without its escapes and its tags.
fn text_of(literal: &Literal) -> Option<String> {
    let text = literal.to_string();
    let text = text.trim_start_matches('r').trim_matches('#');
    let text = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut plain = String::new();
    let (mut in_tag, mut in_placeholder) = (false, false);
    for char in text.replace("\\\"", "'").replace("\\n", " ").chars() {
        match char {
            '<' => in_tag = true,
            '>' if in_tag => (in_tag, plain) = (false, plain + " "),
            '{' => in_placeholder = true,
            '}' => in_placeholder = false,
            _ if !in_tag && !in_placeholder => plain.push(char),
            _ => {}
        }
    }
    Some(plain)
}

/// Whether the text has a word of at least two letters.
fn has_word(text: &str) -> bool {
    let is_word = |word: &str| {
        // `CSV` is the name of a format in every language.
        word.chars().count() > 1 && word.chars().any(char::is_lowercase)
    };
    text.split(|char: char| !char.is_alphabetic()).any(is_word)
}

/// Whether a text looks like a sentence: it begins with a capital letter and has a second word, or
/// it has four words.
fn is_sentence(text: &str) -> bool {
    let text = text.trim();
    let is_word = |word: &&str| {
        let word = word.trim_end_matches(['.', ',', ':', ';', '?', '!', '’']);
        word.chars().count() > 1
            && word.chars().all(|char| char.is_alphabetic() || char == '’')
            && word.chars().any(char::is_lowercase)
    };
    let words = text.split_whitespace().filter(is_word).count();
    let capital = text.starts_with(|char: char| char.is_uppercase());
    let is_code = ["://", "--", "::", "=>"].iter().any(|sign| text.contains(sign));
    !is_code && (words >= 4 || capital && words >= 2)
}

/// Unused messages, and messages without a translation.
fn catalogue(root: &Path) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut reference = BTreeSet::new();
    let locales = root.join("core/messages/locales");
    for path in files(&locales.join("en"), "ftl")? {
        reference.extend(ids(&fs::read_to_string(path)?));
    }
    for entry in fs::read_dir(&locales)? {
        let folder = entry?.path();
        let mut there = BTreeSet::new();
        for path in files(&folder, "ftl")? {
            there.extend(ids(&fs::read_to_string(path)?));
        }
        let missing = reference.difference(&there);
        wrong.extend(missing.map(|id| format!("{}: {id} is not translated", folder.display())));
    }
    let mut used = BTreeSet::new();
    for folder in ["app", "client", "core", "demo", "server"] {
        for path in files(&root.join(folder), "rs")? {
            let text = fs::read_to_string(path)?;
            let words = text.split(|char: char| !(char.is_alphanumeric() || char == '_'));
            used.extend(
                words.filter(|word| word.contains('_') || *word == "brand").map(str::to_owned),
            );
        }
    }
    let unused = reference.iter().filter(|id| !used.contains(&id.replace('-', "_")));
    wrong.extend(unused.map(|id| format!("{id} is not used")));
    Ok(wrong)
}

/// The ids of the messages of a file, without terms.
fn ids(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter_map(|line| {
        let (id, _) = line.split_once(" =")?;
        let is_id = id.starts_with(|char: char| char.is_ascii_lowercase())
            && id.chars().all(|char| char.is_ascii_alphanumeric() || char == '-');
        is_id.then(|| id.to_owned())
    })
}

/// All files below a folder with this extension.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_in_a_literal_is_found() {
        assert_eq!(texts("fn f() { g(\"The file was lost.\") }").unwrap(), ["The file was lost."]);
        assert_eq!(texts("const A: &str = \"no run of it is kept\";").unwrap().len(), 1);
        assert_eq!(texts("let a = format!(\"Runs {a} to {b} of it\");").unwrap().len(), 1);
        assert_eq!(texts("markup!(\"<p class=\\\"x\\\">Nothing is here</p>\")").unwrap().len(), 1);
    }

    #[test]
    fn strings_for_developers_are_ignored() {
        for code in [
            "let class = \"badge good plain\";",
            "let path = \"/t/{tenant}/units\";",
            "tracing::error!(\"the kept bytes cannot be decoded\");",
            "value.expect(\"a thing that is always there\");",
            "#[doc = \"What is it for then\"] fn f() {}",
            "#[cfg(test)] mod tests { const A: &str = \"The file was lost.\"; }",
            "#[test] fn f() { g(\"The file was lost.\") }",
            "let a = markup!(\"<td class=\\\"num strong of all\\\">{}</td>\", a);",
        ] {
            assert_eq!(texts(code).unwrap(), Vec::<String>::new(), "{code}");
        }
    }

    #[test]
    fn every_literal_in_a_view_is_text_except_attributes() {
        assert_eq!(texts("view! { <p class=\"a b\">\"Close\"</p> }").unwrap(), ["Close"]);
        assert_eq!(
            texts("view! { <a title=\"Close\" href=\"/x\">{t.a()}</a> }").unwrap(),
            ["Close"]
        );
        assert!(
            texts("view! { <p>\" · \"{f(\"units\")}<code>\"a b\"</code>\"CSV\"</p> }")
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn ids_are_messages_and_no_terms() {
        let text =
            "# a = b\n-brand = x\na-b = { $x ->\n    [one] c = d\n   *[other] e\n}\nf1 = g\n";
        assert_eq!(ids(text).collect::<Vec<_>>(), ["a-b", "f1"]);
    }
}
