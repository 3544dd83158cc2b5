//! Documents whose examples are tested.
//!
//! The fenced blocks of a document, by their language:
//!
//! - `sh` is run by one `bash -euo pipefail` for the whole document, in order and in one
//!   empty folder. A block that calls `zstd` is skipped, with its expected output, if `zstd` is
//!   not installed.
//! - `json` and `text` are the output of the preceding `sh` block: JSON with exactly these
//!   members, text line by line with any space between words. A `…` within a text is a wildcard,
//!   and a member of that name allows additional members.
//! - `jsonl` is a file, named in the line before, that exists from the start.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::program::{Folder, Server};
use super::{House, PASSWORD, Partner};

/// A document of `docs/`.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    pub name: &'static str,
    pub text: &'static str,
}

#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// The line number in the document.
    pub line: usize,
    pub language: &'static str,
    /// The last line before the block that is not blank.
    pub before: &'static str,
    pub text: &'static str,
}

impl Document {
    pub fn blocks(self) -> Vec<Block> {
        let (mut blocks, mut before, mut open) = (Vec::new(), "", None);
        let mut at = 0;
        for (number, line) in self.text.split_inclusive('\n').enumerate() {
            let begin = at;
            at += line.len();
            match (open, line.trim_end().strip_prefix("```")) {
                (None, Some(language)) => open = Some((number + 1, language, at)),
                (Some((line, language, from)), Some(_)) => {
                    let text = &self.text[from..begin];
                    blocks.push(Block { line, language, before, text });
                    open = None;
                }
                (None, None) if !line.trim().is_empty() => before = line.trim(),
                _ => {}
            }
        }
        assert!(open.is_none(), "a block does not end: {open:?}");
        blocks
    }

    /// The files of the examples: name and text.
    pub fn files(self) -> Vec<(&'static str, &'static str)> {
        let named =
            |block: &Block| block.before.rsplit('`').nth(1).expect("a file is named before it");
        let files: Vec<_> = self
            .blocks()
            .iter()
            .filter(|block| block.language == "jsonl")
            .map(|block| (named(block), block.text))
            .collect();
        assert!(!files.is_empty(), "{files:?}");
        files
    }

    /// The text below a heading, up to the next one.
    pub fn section(self, heading: &str) -> &'static str {
        let (_, rest) = self
            .text
            .split_once(&format!("# {heading}\n"))
            .unwrap_or_else(|| panic!("there is no section {heading}"));
        rest.split("\n#").next().unwrap()
    }

    /// The words in backticks in the first cell of each row of the tables of a section.
    pub fn first_cells(self, heading: &str) -> Vec<&'static str> {
        let rows = self.section(heading).lines().filter_map(|line| line.strip_prefix("| "));
        let words =
            rows.flat_map(|row| row.split(" |").next().unwrap().split('`').skip(1).step_by(2));
        words.collect()
    }

    /// A shell with the environment of the examples.
    fn environment(
        self,
        house: &House,
        folder: &Folder,
        server: &Server,
        partner: &Partner,
    ) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_firstpass"));
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let paths =
            [program.parent().unwrap().to_owned()].into_iter().chain(std::env::split_paths(&paths));
        let scratch: PathBuf = folder.path.join("scratch");
        std::fs::create_dir(&scratch).unwrap();
        for (name, text) in self.files() {
            std::fs::write(scratch.join(name), text).unwrap();
        }
        let mut bash = Command::new("bash");
        bash.args(["-euo", "pipefail"])
            .current_dir(&scratch)
            .env("PATH", std::env::join_paths(paths).unwrap())
            .env("DATABASE_URL", house.db.url("firstpass_login"))
            .env("FIRSTPASS_URL", format!("http://{}", server.address))
            .env("FIRSTPASS_TOKEN", &partner.ingest)
            .env("FIRSTPASS_READ_TOKEN", &partner.read)
            .env("FIRSTPASS_EMAIL", "engineer@northwind.example")
            .env("FIRSTPASS_PASSWORD", PASSWORD);
        bash
    }

    /// Runs the examples in order against a new server.
    pub async fn examples_do_what_it_says(self) {
        let name = self.name;
        if !there_is("curl") {
            eprintln!("SKIPPED: the examples of docs/{name} need curl, which this machine lacks");
            return;
        }
        let has_zstd = there_is("zstd");
        let house = House::new().await;
        let northwind = house.partner("northwind").await;
        let folder = Folder::new();
        let url = house.db.url("firstpass_login");
        let server =
            Server::launch(folder.command().args(["serve", "--empty"]).env("DATABASE_URL", url));

        let mut script = String::new();
        let mut examples: Vec<(Block, Option<Block>)> = Vec::new();
        let mut skipped = false;
        for block in self.blocks() {
            match block.language {
                "sh" => {
                    skipped = block.text.contains("zstd ") && !has_zstd;
                    if skipped {
                        eprintln!("SKIPPED: line {} of docs/{name} needs zstd", block.line);
                    } else {
                        examples.push((block, None));
                        write!(script, "printf '\\036'\n{}\n", block.text).unwrap();
                    }
                }
                "json" | "text" if !skipped => {
                    let (_, answer) = examples.last_mut().expect("an answer follows a command");
                    assert!(
                        answer.replace(block).is_none(),
                        "line {}: a second answer",
                        block.line
                    );
                }
                "json" | "text" | "jsonl" => {}
                other => panic!("line {}: blocks of `{other}` are not checked", block.line),
            }
        }
        assert!(examples.len() > 4, "{examples:?}");

        let mut bash = self.environment(&house, &folder, &server, &northwind);
        let output = bash.args(["-c", &script]).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let printed: Vec<&str> = printed.split('\u{1e}').skip(1).collect();
        let complained = String::from_utf8_lossy(&output.stderr);
        let mut wrong = Vec::new();
        for ((example, answer), printed) in examples.iter().zip(&printed) {
            wrong.extend(answer.as_ref().and_then(|answer| differs(answer, printed)));
            let documented = answer.is_some_and(|answer| answer.text.contains("\"status\":"));
            if printed.contains("\"status\":") && !documented {
                wrong.push(format!("line {}: {printed}", example.line));
            }
        }
        assert!(wrong.is_empty(), "{}\n{complained}", wrong.join("\n"));
        let last = printed.len().saturating_sub(1);
        let reached = examples.get(last).map(|(example, _)| example.line);
        assert!(output.status.success(), "line {reached:?}: {:?}: {complained}", printed.last());
        assert_eq!(printed.len(), examples.len());
    }
}

fn there_is(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Whether `text` matches `pattern`, in which `…` is a wildcard.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('…') {
        None => pattern == text,
        Some((head, rest)) => text.strip_prefix(head).is_some_and(|text| {
            let starts = (0..=text.len()).filter(|at| text.is_char_boundary(*at));
            starts.into_iter().any(|at| matches(rest, &text[at..]))
        }),
    }
}

/// Whether a response matches that of the document.
fn is_like(documented: &Value, answer: &Value) -> bool {
    match (documented, answer) {
        (Value::String(pattern), Value::String(text)) => matches(pattern, text),
        (Value::Array(all), Value::Array(given)) => {
            all.len() == given.len()
                && all.iter().zip(given).all(|(one, other)| is_like(one, other))
        }
        (Value::Object(all), Value::Object(given)) => {
            let more = all.contains_key("…");
            let mut named = all.iter().filter(|(name, _)| *name != "…");
            (more || all.len() == given.len())
                && named.all(|(name, one)| given.get(name).is_some_and(|it| is_like(one, it)))
        }
        _ => documented == answer,
    }
}

fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The difference between the printed and the documented output, if any.
fn differs(block: &Block, printed: &str) -> Option<String> {
    let line = block.line;
    if block.language == "text" {
        let (expected, printed): (Vec<_>, Vec<_>) =
            (block.text.lines().map(words).collect(), printed.lines().map(words).collect());
        let same = expected.len() == printed.len()
            && expected.iter().zip(&printed).all(|(pattern, text)| matches(pattern, text));
        return (!same).then(|| format!("line {line}: printed was {printed:#?}"));
    }
    let documented: Value = serde_json::from_str(block.text)
        .unwrap_or_else(|error| panic!("line {line} of the document: {error}"));
    match serde_json::from_str::<Value>(printed) {
        Ok(answer) if is_like(&documented, &answer) => None,
        Ok(answer) => Some(format!("line {line}: the answer was {answer:#}")),
        Err(error) => Some(format!("line {line}: {error} in {printed:?}")),
    }
}
