//! `docs/ingest.md` is correct: its examples are run, and its lists are complete.

use std::collections::BTreeSet;

use formats::{Event, Params, RejectCode, Tenant, remedy, warning};
use messages::Locale;
use server::problem::Problem;
use server::router::ROUTES;

use crate::support::document::Document;

const DOCUMENT: Document =
    Document { name: "ingest.md", text: include_str!("../../../docs/ingest.md") };

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_do_what_the_document_says() {
    DOCUMENT.examples_do_what_it_says().await;
}

#[test]
fn every_file_of_the_examples_is_sent_and_nothing_in_it_is_rejected() {
    let sent: String = DOCUMENT
        .blocks()
        .iter()
        .filter(|block| block.language == "sh")
        .map(|block| block.text)
        .collect();
    for (name, text) in DOCUMENT.files() {
        assert!(sent.contains(name), "{name} is sent by no example");
        let format = if text.starts_with("{\"type\"") { "firstpass" } else { "ocptv" };
        let params = Params { unit: Some("U1".into()), ..Params::default() };
        let limits = formats::Limits::default();
        let mut parser = formats::open(format, params, Tenant::default(), limits).unwrap();
        let mut records = 0;
        let mut see = |event| match event {
            Event::Record { .. } => records += 1,
            Event::Reject { line, reject } => panic!("{name}:{line}: {}", reject.why),
            Event::Warning { .. } => {}
        };
        parser.push(text.as_bytes(), &mut see).unwrap();
        parser.finish(&mut see).unwrap();
        assert!(records > 0, "{name}");
    }
}

/// The fields that the reject of `probe` lists: it has an unknown field `zz`.
fn fields(probe: &str) -> Vec<String> {
    let (params, limits) = (Params::default(), formats::Limits::default());
    let mut parser = formats::open("firstpass", params, Tenant::default(), limits).unwrap();
    let mut said = String::new();
    let mut see = |event| {
        if let Event::Reject { reject: formats::Reject { why, .. }, .. } = event {
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
    // The tables, with the prefix of the names of a nested object.
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
    let (_, example) =
        DOCUMENT.files().into_iter().find(|(name, _)| *name == "fleet.jsonl").unwrap();
    let mut there: Vec<(&str, String)> = Vec::new();
    for (heading, before, probe) in objects {
        for field in fields(&probe) {
            assert!(example.contains(&format!("\"{field}\":")), "fleet.jsonl lacks {field}");
            there.push((heading, format!("{before}{field}")));
        }
    }
    // An object whose fields are in the table has no own row.
    there.retain(|(heading, name)| {
        let (objects, lists) = (format!("{name}."), format!("{name}[]."));
        let within = |field: &&str| field.starts_with(&objects) || field.starts_with(&lists);
        !DOCUMENT.first_cells(heading).iter().any(within)
    });
    let headings = ["Run", "Step", "Measurement", "Finding", "Repair, component"];
    let mut documented: Vec<(&str, String)> = headings
        .into_iter()
        .flat_map(|heading| {
            DOCUMENT.first_cells(heading).into_iter().map(move |it| (heading, it.to_owned()))
        })
        .collect();
    there.sort();
    documented.sort();
    assert_eq!(documented, there);
}

#[test]
fn every_parameter_warning_route_and_status_is_named_and_no_other() {
    let mut parameters = DOCUMENT.first_cells("Which unit, which operation, when");
    let mut there = Params::NAMES.to_vec();
    parameters.sort_unstable();
    there.sort_unstable();
    assert_eq!(parameters, there);

    let mut codes = DOCUMENT.first_cells("Warnings");
    // Warnings of the store, which compares with stored data.
    let mut there = [warning::ALL, &["content_differs", "replayed", "same_start"]].concat();
    codes.sort_unstable();
    there.sort_unstable();
    assert_eq!(codes, there);

    let of_ingest = |path: &str| {
        path.starts_with("/ingest/v1/")
            || path.starts_with("/api/v1/receipts")
            || path.starts_with("/api/v1/units")
            || path.starts_with("/api/v1/runs")
    };
    for route in ROUTES.iter().filter(|route| of_ingest(route.path)) {
        let named = format!("`{} {}`", route.method, route.path);
        assert!(DOCUMENT.text.contains(&named), "{named} is not named");
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
    let rows = DOCUMENT.section("Status codes").lines().filter_map(|line| line.strip_prefix("| "));
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
        // A row may contain text after its first limit.
        let row = format!("| {what} | {most}");
        assert!(DOCUMENT.section("Limits").contains(&row), "{row}");
    }
}

#[test]
fn every_reject_of_the_formats_is_in_the_document_with_its_code() {
    let documented: BTreeSet<&str> = DOCUMENT.first_cells("Rejects").into_iter().collect();
    let known: BTreeSet<&str> = RejectCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(documented, known);
}

#[test]
fn every_warning_of_the_document_has_a_remedy_on_the_receipt() {
    for code in DOCUMENT.first_cells("Warnings") {
        assert!(remedy::of_warning(Locale::En, code).is_some(), "{code}");
    }
}

/// The text of every file below a folder whose name ends so.
fn sources(folder: &std::path::Path, ending: &str, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            sources(&path, ending, text);
        } else if path.to_string_lossy().ends_with(ending) {
            text.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_test_that_the_document_names_is_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut text = String::new();
    for folder in ["core", "server"] {
        sources(&root.join(folder), ".rs", &mut text);
    }
    sources(&root.join("end2end/tests"), ".spec.ts", &mut text);
    let rows: Vec<&str> = DOCUMENT
        .section("What is tested")
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.rsplit(" | ").next())
        .collect();
    assert!(rows.len() > 20, "{rows:?}");
    for name in rows.iter().skip(1).flat_map(|cell| cell.split('`').skip(1).step_by(2)) {
        let found = text.contains(&format!("fn {name}(")) || text.contains(&format!("'{name}'"));
        assert!(found, "{name}");
    }
}
