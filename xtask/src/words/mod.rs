//! Refuses banned idioms: the repository is written in plain technical English.
//!
//! `xtask/words.txt` is the list, one rule per line: its kind, a regular expression and the
//! replacement, separated by tabs. A rule of kind `prose` matches in comments and documents, and in
//! identifiers of several words, whose underscores count as spaces; a rule of kind `name` matches
//! whole identifiers of Rust and TypeScript. String literals are not checked: texts of the user
//! interface are in the message catalogue, which is a document.

mod source;

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use regex::{Regex, RegexBuilder};

use crate::process::{command, output};
use crate::workspace::Workspace;
use source::{Language, Source};

/// The path of the list, relative to the root.
const LIST: &str = "xtask/words.txt";

/// Path prefixes and parts that are not checked: applied migrations cannot be edited, fixtures and
/// reference data are from third parties.
const EXCLUDED: &[&str] = &["migrations/0", "/fixtures/", "/tests/data/", "/golden/golden.txt"];

/// Fails with one line for each banned idiom in a tracked file.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let list = fs::read_to_string(workspace.root.join(LIST))?;
    let rules = Rules::parse(&list)?;
    let tracked = output(command("git").arg("ls-files").current_dir(&workspace.root))?;
    let mut found = Vec::new();
    for path in tracked.lines().filter(|path| !is_excluded(path)) {
        let Some(language) = Language::from_path(path) else {
            continue;
        };
        // A file that is deleted, but not yet in the index.
        let Ok(text) = fs::read_to_string(workspace.root.join(path)) else {
            continue;
        };
        for finding in rules.find(&Source::parse(&text, language)) {
            let Finding { line, text, instead } = finding;
            found.push(format!("{path}:{line}: \"{text}\": {instead}"));
        }
    }
    ensure!(found.is_empty(), "{} banned idioms:\n{}", found.len(), found.join("\n"));
    Ok(())
}

fn is_excluded(path: &str) -> bool {
    EXCLUDED
        .iter()
        .any(|part| path.starts_with(part) || (part.starts_with('/') && path.contains(part)))
}

/// A banned idiom in a file.
#[derive(Debug, PartialEq, Eq)]
struct Finding<'a> {
    line: usize,
    text: String,
    /// The suggested replacement.
    instead: &'a str,
}

/// The parsed list.
struct Rules<'a> {
    prose: Vec<(Regex, &'a str)>,
    names: Vec<(Regex, &'a str)>,
}

impl<'a> Rules<'a> {
    /// Parses the list; empty lines and lines that begin with `#` are comments.
    fn parse(list: &'a str) -> Result<Self> {
        let mut rules = Self { prose: Vec::new(), names: Vec::new() };
        for (index, line) in list.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fields: Vec<_> = line.split('\t').filter(|field| !field.is_empty()).collect();
            let &[kind, pattern, instead] = fields.as_slice() else {
                bail!("{LIST}:{}: not kind, pattern and replacement", index + 1);
            };
            let place = || format!("{LIST}:{}", index + 1);
            match kind {
                "prose" => {
                    let pattern = format!(r"\b(?:{pattern})\b");
                    let regex = RegexBuilder::new(&pattern).case_insensitive(true).build();
                    rules.prose.push((regex.with_context(place)?, instead));
                }
                "name" => {
                    let regex = Regex::new(&format!("^(?:{pattern})$")).with_context(place)?;
                    rules.names.push((regex, instead));
                }
                _ => bail!("{}: no kind of rule: {kind}", place()),
            }
        }
        Ok(rules)
    }

    fn find(&self, source: &Source<'_>) -> Vec<Finding<'a>> {
        let mut found = Vec::new();
        for (regex, instead) in &self.prose {
            for hit in regex.find_iter(&source.prose) {
                let line = source.line_of(hit.start());
                found.push(Finding { line, text: hit.as_str().to_owned(), instead });
            }
        }
        for (name, line) in &source.names {
            for (regex, instead) in &self.names {
                if regex.is_match(name) {
                    found.push(Finding { line: *line, text: (*name).to_owned(), instead });
                }
            }
            if name.contains('_') {
                let words = name.replace('_', " ");
                let rule = self.prose.iter().find(|(regex, _)| regex.is_match(&words));
                if let Some((_, instead)) = rule {
                    found.push(Finding { line: *line, text: (*name).to_owned(), instead });
                }
            }
        }
        found.sort_by_key(|finding| finding.line);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# a comment\n\
        prose\t(?:came|come) of it\tthe result\n\
        prose\tmend(?:s|ed|ing)?\tfix\n\
        name\tAsked|Beside\ta noun for the data\n";

    fn find(text: &str, language: Language) -> Vec<(usize, String)> {
        let rules = Rules::parse(LIST).unwrap();
        let source = Source::parse(text, language);
        rules.find(&source).into_iter().map(|it| (it.line, it.text)).collect()
    }

    #[test]
    fn an_idiom_in_a_comment_is_found_across_lines() {
        let text = "fn f() {}\n/// What came\n/// of it.\nfn g() {}\n";
        assert_eq!(find(text, Language::Rust), [(2, "came of it".to_owned())]);
        assert_eq!(find("-- what Came of it\n", Language::Sql).len(), 1);
        assert_eq!(find("a { } /* mended */\n", Language::Css).len(), 1);
        assert_eq!(find("a = 1 # mending\n", Language::Toml).len(), 1);
        assert_eq!(find("The file is\nmended here.\n", Language::Markdown), [(2, "mended".into())]);
    }

    #[test]
    fn an_identifier_is_matched_whole_and_by_its_words() {
        assert_eq!(find("struct Asked;\nfn asked() {}", Language::Rust), [(1, "Asked".into())]);
        let test = "\nfn what_came_of_it_is_shown() {}";
        assert_eq!(find(test, Language::Rust), [(2, "what_came_of_it_is_shown".into())]);
        assert!(find("struct Asking; fn mend() {}", Language::Rust).is_empty());
        assert!(find("select mended_at from Asked", Language::Sql).is_empty());
    }

    #[test]
    fn a_string_is_not_checked() {
        assert!(find("let a = \"// mend\"; let b = r#\"\"mend\"#;", Language::Rust).is_empty());
        assert!(find("select '-- mend'", Language::Sql).is_empty());
    }

    #[test]
    fn a_word_that_contains_an_idiom_is_not_found() {
        assert!(find("// amend, recommended, Mendeley", Language::Rust).is_empty());
    }

    #[test]
    fn a_rule_without_replacement_is_an_error() {
        assert!(Rules::parse("prose\tmend").is_err());
        assert!(Rules::parse("word\tmend\tfix").is_err());
        assert!(Rules::parse("prose\t(mend\tfix").is_err());
    }

    #[test]
    fn applied_migrations_and_fixtures_are_excluded() {
        assert!(is_excluded("migrations/0001_tenancy.sql"));
        assert!(is_excluded("core/formats/fixtures/a.md"));
        assert!(!is_excluded("migrations/README.md"));
        assert!(!is_excluded("core/formats/src/lib.rs"));
    }
}
