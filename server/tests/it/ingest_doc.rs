//! `docs/ingest.md` is true: its examples are run, and what it lists is what there is.
//!
//! The fenced blocks of the document, by their language:
//!
//! - `sh` is run by one `bash -euo pipefail` for the whole document, in order and in one
//!   empty folder, as somebody would who pastes them one after the other. One that calls
//!   `zstd` is left out, with what it answers, where there is none.
//! - `json` and `text` are what the `sh` block before them printed: JSON with exactly these
//!   members, text line by line with any space between words. A `…` within a text stands
//!   for anything, and a member of that name for other members.
//! - `jsonl` is a file, named in the line before, that is there from the beginning.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use formats::{Event, Params, Tenant, warning};
use serde_json::Value;
use server::problem::Problem;
use server::router::ROUTES;

use crate::support::program::{Folder, Server};
use crate::support::{House, PASSWORD};

const DOCUMENT: &str = include_str!("../../../docs/ingest.md");

#[derive(Debug, Clone, Copy)]
struct Block {
    /// In the document.
    line: usize,
    language: &'static str,
    /// The last line before it that is not blank.
    before: &'static str,
    text: &'static str,
}

fn blocks() -> Vec<Block> {
    let (mut blocks, mut before, mut open) = (Vec::new(), "", None);
    let mut at = 0;
    for (number, line) in DOCUMENT.split_inclusive('\n').enumerate() {
        let begin = at;
        at += line.len();
        match (open, line.trim_end().strip_prefix("```")) {
            (None, Some(language)) => open = Some((number + 1, language, at)),
            (Some((line, language, from)), Some(_)) => {
                let text = &DOCUMENT[from..begin];
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
fn files() -> Vec<(&'static str, &'static str)> {
    let named = |block: &Block| block.before.rsplit('`').nth(1).expect("a file is named before it");
    let files: Vec<_> = blocks()
        .iter()
        .filter(|block| block.language == "jsonl")
        .map(|block| (named(block), block.text))
        .collect();
    assert!(files.len() > 2, "{files:?}");
    files
}

/// What stands under a heading, up to the next one.
fn section(heading: &str) -> &'static str {
    let (_, rest) = DOCUMENT
        .split_once(&format!("# {heading}\n"))
        .unwrap_or_else(|| panic!("there is no section {heading}"));
    rest.split("\n#").next().unwrap()
}

/// The words in backticks in the first cell of each row of the tables of a section.
fn first_cells(heading: &str) -> Vec<&'static str> {
    let rows = section(heading).lines().filter_map(|line| line.strip_prefix("| "));
    let words = rows.flat_map(|row| row.split(" |").next().unwrap().split('`').skip(1).step_by(2));
    words.collect()
}

fn there_is(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Whether `text` is `pattern`, in which `…` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('…') {
        None => pattern == text,
        Some((head, rest)) => text.strip_prefix(head).is_some_and(|text| {
            let starts = (0..=text.len()).filter(|at| text.is_char_boundary(*at));
            starts.into_iter().any(|at| matches(rest, &text[at..]))
        }),
    }
}

/// Whether an answer is the one of the document.
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

/// What is wrong with what was printed, if it is not what the block says.
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

/// A shell where the examples find what they need.
fn environment(house: &House, folder: &Folder, server: &Server, token: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_firstpass"));
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let paths =
        [program.parent().unwrap().to_owned()].into_iter().chain(std::env::split_paths(&paths));
    let scratch: PathBuf = folder.path.join("scratch");
    std::fs::create_dir(&scratch).unwrap();
    for (name, text) in files() {
        std::fs::write(scratch.join(name), text).unwrap();
    }
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail"])
        .current_dir(&scratch)
        .env("PATH", std::env::join_paths(paths).unwrap())
        .env("DATABASE_URL", house.db.url("firstpass_login"))
        .env("FIRSTPASS_URL", format!("http://{}", server.address))
        .env("FIRSTPASS_TOKEN", token)
        .env("FIRSTPASS_EMAIL", "engineer@northwind.example")
        .env("FIRSTPASS_PASSWORD", PASSWORD);
    bash
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_do_what_the_document_says() {
    if !there_is("curl") {
        eprintln!("SKIPPED: the examples of docs/ingest.md need curl, which this machine lacks");
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
    for block in blocks() {
        match block.language {
            "sh" => {
                skipped = block.text.contains("zstd ") && !has_zstd;
                if skipped {
                    eprintln!("SKIPPED: line {} of docs/ingest.md needs zstd", block.line);
                } else {
                    examples.push((block, None));
                    write!(script, "printf '\\036'\n{}\n", block.text).unwrap();
                }
            }
            "json" | "text" if !skipped => {
                let (_, answer) = examples.last_mut().expect("an answer follows a command");
                assert!(answer.replace(block).is_none(), "line {}: a second answer", block.line);
            }
            "json" | "text" | "jsonl" => {}
            other => panic!("line {}: blocks of `{other}` are not checked", block.line),
        }
    }
    assert!(examples.len() > 10, "{examples:?}");

    let mut bash = environment(&house, &folder, &server, &northwind.ingest);
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

#[test]
fn every_file_of_the_examples_is_sent_and_nothing_in_it_is_rejected() {
    let sent: String =
        blocks().iter().filter(|block| block.language == "sh").map(|block| block.text).collect();
    for (name, text) in files() {
        assert!(sent.contains(name), "{name} is sent by no example");
        let format = if text.starts_with("{\"type\"") { "firstpass" } else { "ocptv" };
        let params = Params { unit: Some("U1".into()), ..Params::default() };
        let limits = formats::Limits::default();
        let mut parser = formats::open(format, params, Tenant::default(), limits).unwrap();
        let mut records = 0;
        let mut see = |event| match event {
            Event::Record { .. } => records += 1,
            Event::Reject { line, why } => panic!("{name}:{line}: {why}"),
            Event::Warning { .. } => {}
        };
        parser.push(text.as_bytes(), &mut see).unwrap();
        parser.finish(&mut see).unwrap();
        assert!(records > 0, "{name}");
    }
}

/// The fields that a line may have where `probe` has one called `zz`, as its reject lists them.
fn fields(probe: &str) -> Vec<String> {
    let (params, limits) = (Params::default(), formats::Limits::default());
    let mut parser = formats::open("firstpass", params, Tenant::default(), limits).unwrap();
    let mut said = String::new();
    let mut see = |event| {
        if let Event::Reject { why, .. } = event {
            said = why;
        }
    };
    parser.push(probe.as_bytes(), &mut see).unwrap();
    parser.finish(&mut see).unwrap();
    assert!(said.starts_with("unknown field `zz`, expected ") && !said.contains('…'), "{said}");
    said.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_tables_of_the_firstpass_format_are_its_fields() {
    let step =
        |within: &str| format!(r#"{{"type":"run","steps":[{{"measurements":[{within}]}}]}}"#);
    // The tables, with what stands before the names of an object within.
    let objects = [
        ("Run", "", r#"{"type":"run","zz":1}"#.to_owned()),
        ("Run", "unit.", r#"{"type":"run","unit":{"zz":1}}"#.to_owned()),
        ("Step", "", r#"{"type":"run","steps":[{"zz":1}]}"#.to_owned()),
        ("Measurement", "", step(r#"{"zz":1}"#)),
        ("Measurement", "series[].", step(r#"{"series":[{"zz":1}]}"#)),
        ("Measurement", "checks[].", step(r#"{"checks":[{"zz":1}]}"#)),
        ("Finding", "", r#"{"type":"run","findings":[{"zz":1}]}"#.to_owned()),
        ("Repair, component", "", r#"{"type":"repair","zz":1}"#.to_owned()),
        ("Repair, component", "", r#"{"type":"run","components":[{"zz":1}]}"#.to_owned()),
    ];
    let (_, example) = files().into_iter().find(|(name, _)| *name == "fleet.jsonl").unwrap();
    let mut there: Vec<(&str, String)> = Vec::new();
    for (heading, before, probe) in objects {
        for field in fields(&probe) {
            assert!(example.contains(&format!("\"{field}\":")), "fleet.jsonl lacks {field}");
            there.push((heading, format!("{before}{field}")));
        }
    }
    // An object of which the table has the fields has no row of its own.
    there.retain(|(heading, name)| {
        let (objects, lists) = (format!("{name}."), format!("{name}[]."));
        let within = |field: &&str| field.starts_with(&objects) || field.starts_with(&lists);
        !first_cells(heading).iter().any(within)
    });
    let headings = ["Run", "Step", "Measurement", "Finding", "Repair, component"];
    let mut documented: Vec<(&str, String)> = headings
        .into_iter()
        .flat_map(|heading| {
            first_cells(heading).into_iter().map(move |it| (heading, it.to_owned()))
        })
        .collect();
    there.sort();
    documented.sort();
    assert_eq!(documented, there);
}

#[test]
fn every_parameter_warning_route_and_status_is_named_and_no_other() {
    let mut parameters = first_cells("Which unit, which operation, when");
    let mut there = Params::NAMES.to_vec();
    parameters.sort_unstable();
    there.sort_unstable();
    assert_eq!(parameters, there);

    let mut codes = first_cells("Warnings");
    // Those that the store gives, which alone knows what was here before.
    let mut there = [warning::ALL, &["content_differs", "replayed"]].concat();
    codes.sort_unstable();
    there.sort_unstable();
    assert_eq!(codes, there);

    let of_ingest = |path: &str| {
        path.starts_with("/ingest/v1/")
            || path.starts_with("/api/v1/receipts")
            || path.starts_with("/api/v1/units")
            || path.ends_with("/void")
            || path.ends_with("/kind")
    };
    for route in ROUTES.iter().filter(|route| of_ingest(route.path)) {
        let named = format!("`{} {}`", route.method, route.path);
        assert!(DOCUMENT.contains(&named), "{named} is not named");
    }

    let full: Problem = store::Error::DiskFull.into();
    let problems = [
        Problem::bad_request(Vec::new()),
        Problem::unauthorised(),
        Problem::forbidden(""),
        Problem::not_found(),
        Problem::method_not_allowed(),
        Problem::timeout(""),
        Problem::too_large(""),
        Problem::unsupported(""),
        Problem::unprocessable("", serde_json::Map::new()),
        Problem::too_many("", 1),
        Problem::internal(),
        Problem::unavailable(),
        full,
    ];
    let statuses = problems.iter().map(|problem| problem.status().as_u16());
    let statuses: Vec<String> =
        [200].into_iter().chain(statuses).map(|it| it.to_string()).collect();
    let rows = section("Status codes").lines().filter_map(|line| line.strip_prefix("| "));
    let documented: Vec<&str> =
        rows.map(|row| &row[..3]).filter(|cell| cell.parse::<u16>().is_ok()).collect();
    assert_eq!(documented, statuses);
}

#[test]
fn the_limits_are_those_that_hold() {
    let bytes = |bytes: u64| match bytes {
        gib if gib % (1 << 30) == 0 => format!("{} GiB", gib >> 30),
        mib => format!("{} MiB", mib >> 20),
    };
    let count = |number: u64| {
        let digits: Vec<char> = number.to_string().chars().rev().collect();
        let groups: Vec<String> = digits.chunks(3).map(|group| group.iter().collect()).collect();
        groups.join(",").chars().rev().collect::<String>()
    };
    let (server, format) = (server::state::Limits::default(), formats::Limits::default());
    for (what, most) in [
        ("body as sent", bytes(server.upload_bytes as u64)),
        ("body decoded", bytes(server.decoded_bytes)),
        ("time to arrive", format!("{} minutes", server.upload_time.as_secs() / 60)),
        ("a line", bytes(format.line_bytes as u64)),
        ("objects and lists within one another", count(format.depth as u64)),
        ("runs and repairs in a body", count(server.upload_runs)),
        (
            "one OCP run",
            format!(
                "{} artifacts, {}",
                count(format.run_artifacts as u64),
                bytes(format.run_bytes as u64)
            ),
        ),
    ] {
        let row = format!("| {what} | {most} |");
        assert!(section("Limits").contains(&row), "{row}");
    }
}

/// What the sources of a package say, without the breaks of long texts.
fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all += &sources(&path);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(path).unwrap();
            all.extend(text.split("\\\n").map(str::trim_start));
        }
    }
    all
}

#[test]
fn the_sentences_of_rejects_are_said_by_the_formats() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core");
    let said = sources(&core.join("formats/src")) + &sources(&core.join("domain/src"));
    // The JSON library says these.
    let serde = ["unknown field ", "missing field ", "invalid type: "];
    let sentences = first_cells("Rejects");
    assert!(sentences.len() > 20, "{sentences:?}");
    for sentence in sentences {
        for part in sentence.split('…').filter(|part| part.len() > 2) {
            assert!(said.contains(part) || serde.contains(&part), "nothing says `{part}`");
        }
    }
}
