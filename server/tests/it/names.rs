//! Names with special characters of URLs, HTML, CSV and bidirectional text: each is uploaded,
//! listed, followed by its links, exported, and read by the API.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use http::header;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use crate::support::{House, Partner, get, post, text};

const NAMES: &[&str] = &[
    ".",
    "..",
    "...",
    "_",
    "%",
    "50%",
    "%2e%2e",
    "%2F",
    "A%41",
    "R&D-1",
    "ST+2",
    "ICT & FCT",
    "ICT+",
    "ICT",
    "A=B",
    "Bay #4",
    "a=b;c",
    "x;=1+1",
    "=1+1",
    "-inf",
    "+nan",
    "-12V rail",
    "-5",
    "@sum",
    "'=q",
    "x,y",
    "say \"hi\"",
    "it's",
    "a/b",
    "a\\b",
    "//c",
    "<b>x</b>",
    "&amp;",
    "&lt;b&gt;",
    "</title><svg onload=alert(1)>",
    "?slice=x",
    "a  b",
    "00042",
    "1-2",
    "a\tb",
    "a\u{1b}b",
    "C10-\u{202e}gnp.1",
    "zero\u{200b}width",
    "be\u{feff}ef",
    "so\u{ad}ft",
    "none\u{fffe}\u{ffff}",
    "עברית 1",
    "燒機",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "🙂",
];

/// The columns of Explore that contain names.
const COLUMNS: [&str; 6] = ["operation", "station", "product", "fixture", "software", "code"];

/// For each name, one failing run that has it in every field.
async fn upload(house: &House) {
    let run = |(at, name): (usize, &&str)| {
        json!({
            "type": "run",
            "unit": { "serial": name, "product": name },
            "operation": name,
            "station": name,
            "fixture": name,
            "software": name,
            "started_at": format!("2026-03-01T{:02}:{:02}:00Z", at / 60, at % 60),
            "outcome": "fail",
            "findings": [{ "kind": "diagnosis", "code": name, "message": name, "component": name }],
            "components": [{ "serial": format!("part of {name}"), "part": name, "slot": name }],
        })
        .to_string()
    };
    let lines: Vec<String> = NAMES.iter().enumerate().map(run).collect();
    let answer = house.upload(&house.north.ingest, "/ingest/v1/firstpass", lines.join("\n")).await;
    assert_eq!(answer.number("accepted"), NAMES.len() as u64, "{answer:?}");
}

/// The unescaped values of an HTML attribute, in the order of the page.
fn attributes<'a>(html: &'a str, name: &str) -> impl Iterator<Item = String> + use<'a> {
    let begin = format!(" {name}=\"");
    let rests: Vec<&str> = html.split(begin.as_str()).skip(1).collect();
    rests.into_iter().map(|rest| unescape(rest.split('"').next().unwrap()))
}

fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#x27;", "'").replace("&#39;", "'").replace("&amp;", "&")
}

/// The pages of units that a page links to.
fn units(html: &str) -> BTreeSet<String> {
    let is_unit =
        |href: &String| href.starts_with("/t/north/units/") && !href.contains("timeline.");
    attributes(html, "href").filter(is_unit).collect()
}

/// The rows of a CSV file, without the guard against formulas.
fn csv(file: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut chars) = (false, file.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => assert_eq!(chars.peek(), Some(&'\n')),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    assert!(field.is_empty() && row.is_empty() && !quoted, "{file}");
    let unguarded = |field: String| {
        let hidden = field.trim_start_matches(|c: char| c == '\'' || c.is_whitespace());
        let guarded = field.starts_with('\'')
            && (hidden.starts_with(['=', '+', '-', '@'])
                || field[1..].starts_with(['\t', '\r', '\n']));
        if guarded { field[1..].to_owned() } else { field }
    };
    rows.into_iter().map(|row| row.into_iter().map(unguarded).collect()).collect()
}

fn well_formed(svg: &str) {
    let document = roxmltree::Document::parse(svg).unwrap_or_else(|wrong| panic!("{wrong}: {svg}"));
    assert_eq!(document.root_element().tag_name().name(), "svg");
}

/// All drawings of a page are well-formed, and no name became an element.
fn is_clean(html: &str) {
    for rest in html.split("<svg").skip(1).filter(|rest| rest.starts_with(" xmlns")) {
        well_formed(&format!("<svg{}</svg>", rest.split("</svg>").next().unwrap()));
    }
    assert!(!html.contains("<b>x") && !html.contains("<svg onload"), "a name is an element");
    for invisible in
        ['\u{202e}', '\u{200b}', '\u{feff}', '\u{ad}', '\u{fffe}', '\u{ffff}', '\u{1b}']
    {
        let shown =
            html.split('<').filter(|tag| !tag.starts_with("input") && !tag.starts_with("option"));
        let shown = shown.filter(|tag| tag.contains(invisible)).collect::<Vec<_>>();
        assert!(shown.is_empty(), "{:04X} is not shown in {shown:?}", invisible as u32);
    }
    let title = html.split("<title>").nth(1).unwrap();
    assert!(title.split('<').next().unwrap().ends_with(" · Firstpass"), "{title:.200}");
}

struct Reader {
    house: House,
}

impl Reader {
    fn north(&self) -> &Partner {
        &self.house.north
    }

    async fn page(&self, path: &str) -> String {
        // A browser removes dot segments from a path, encoded or not.
        let folder = path.split(['?', '#']).next().unwrap().to_lowercase().replace("%2e", ".");
        assert!(!folder.split('/').any(|it| it == "." || it == ".."), "{path}");
        let path = path.split('#').next().unwrap();
        let response = self.house.get(path, &self.north().engineer).await;
        let (status, text) = (response.status(), text(response).await);
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// Every unit in the list, with the address of its page.
    async fn listed(&self) -> BTreeMap<String, String> {
        let (mut found, mut next) = (BTreeMap::new(), Some("/units".to_owned()));
        while let Some(path) = next {
            let page = self.page(&path).await;
            is_clean(&page);
            for address in units(&page) {
                found.insert(self.serial(&address).await, address);
            }
            let more = page.split("<a class=\"button\" href=\"").nth(1);
            next = more.map(|it| unescape(it.split('"').next().unwrap()));
        }
        found
    }

    /// The unit of a page, identified by its export, since each unit has its own operation.
    async fn serial(&self, address: &str) -> String {
        let page = self.page(address).await;
        is_clean(&page);
        let file = attributes(&page, "href").find(|it| it.contains("timeline.csv")).unwrap();
        let rows = csv(self.page(&file).await.strip_prefix('\u{feff}').unwrap());
        assert_eq!(rows.len(), 2, "{rows:?}");
        well_formed(&self.page(&file.replace(".csv", ".svg")).await);
        let operation = rows[1][1].clone();
        assert_eq!([&rows[1][3], &rows[1][4]], [&operation, &operation]);
        operation
    }

    /// Sends a form of a page as a browser does, and returns the address of the redirect.
    async fn send(&self, action: &str, body: &'static str) -> String {
        let request = post(action)
            .header(header::COOKIE, &self.north().engineer)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let response = self.house.call(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(response.status(), 303, "{action}");
        response.headers()[header::LOCATION].to_str().unwrap().to_owned()
    }
}

fn encoded(name: &str) -> String {
    name.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// An address of the API, encoded as docs/ingest.md requires.
fn api(serial: &str, part: &str) -> String {
    match serial {
        "." | ".." => format!("/api/v1/units/_{part}?serial={serial}"),
        serial => format!("/api/v1/units/{}{part}", encoded(serial)),
    }
}

#[tokio::test]
async fn every_name_leads_from_the_list_of_units_to_its_unit_and_what_is_decided_there() {
    let reader = Reader { house: House::new().await };
    upload(&reader.house).await;
    let listed = reader.listed().await;
    assert_eq!(
        listed.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        NAMES.iter().copied().collect()
    );
    for (serial, address) in &listed {
        let page = reader.page(address).await;
        let action = |end: &str| {
            attributes(&page, "action")
                .find(|it| it.split('?').next().unwrap().ends_with(end))
                .unwrap()
        };
        let to = reader.send(&action("/kind"), "kind=golden&reason=known").await;
        assert_eq!(&to, address);
        let to = reader.send(&action("/void"), "reason=wrong").await;
        assert_eq!(to.split('#').next(), Some(address.as_str()));
        let kept = reader.house.read(&reader.north().read, &api(serial, "")).await;
        assert_eq!(kept.json["serial"], json!(serial), "{serial}");
        assert_eq!(kept.json["kind"], "golden", "{serial}");
        assert_eq!(kept.json["runs"][0]["voided"], true, "{serial}");
        let path = api(serial, "/kind");
        let made = reader
            .house
            .ask("PUT", &path, &reader.north().engineer, r#"{"kind":"reference","reason":"x"}"#)
            .await;
        assert_eq!((made.status, &made.json["kind"]), (200, &json!("reference")), "{serial}");
    }
}

#[tokio::test]
async fn every_name_filters_explore_and_lists_the_unit_that_the_chart_counts() {
    let reader = Reader { house: House::new().await };
    upload(&reader.house).await;
    let listed = reader.listed().await;
    for (place, column) in COLUMNS.into_iter().enumerate() {
        let asked = format!("days=all&definition=report&whole={column}");
        let page = reader.page(&format!("/explore?{asked}")).await;
        is_clean(&page);
        let file = reader.page(&format!("/explore/{column}.csv?{asked}")).await;
        let rows = csv(file.strip_prefix('\u{feff}').unwrap());
        let names: BTreeSet<&str> = rows.iter().skip(1).map(|row| row[0].as_str()).collect();
        assert_eq!(names, NAMES.iter().copied().collect(), "{column}");
        well_formed(&reader.page(&format!("/explore/{column}.svg?{asked}")).await);

        let table = page.split(&format!("data-table=\"{column}\"")).nth(1).unwrap();
        let table = table.split("</table>").next().unwrap();
        let links: Vec<String> = attributes(table, "href").collect();
        assert_eq!(links.len(), NAMES.len(), "{column}");
        // Each name is tested in two of the six columns.
        let rows = rows[1..].iter().zip(links).enumerate();
        for (_, (row, link)) in rows.filter(|(at, _)| at % 3 == place % 3) {
            let slice = reader.page(&link).await;
            is_clean(&slice);
            let text = slice.replace("<!>", "").replace('\u{a0}', " ");
            let counted = text.split("<dt>Counted</dt><dd>").nth(1).unwrap();
            assert!(counted.starts_with("1 run<"), "{link}");
            let shown =
                attributes(&slice, "href").find(|it| it.starts_with("/t/north/units?slice="));
            let shown = shown.unwrap();
            let page = reader.page(&shown).await;
            is_clean(&page);
            let expected = BTreeSet::from([listed[&row[0]].clone()]);
            assert_eq!(units(&page), expected, "{link} leads to {shown}");
        }
    }
}

#[tokio::test]
async fn every_name_stands_in_the_files_of_the_overview_and_leads_to_its_explanation() {
    let reader = Reader { house: House::new().await };
    upload(&reader.house).await;
    let page = reader.page("/?days=all").await;
    is_clean(&page);
    for name in ["operations", "stations", "failures"] {
        well_formed(&reader.page(&format!("/overview/{name}.svg?days=all")).await);
        let file = reader.page(&format!("/overview/{name}.csv?days=all")).await;
        let rows = csv(file.strip_prefix('\u{feff}').unwrap());
        assert!(rows.len() > 5, "{rows:?}");
        for row in &rows[1..] {
            assert!(NAMES.contains(&row[0].as_str()), "{:?} in {name}", row[0]);
        }
    }
    let explained: BTreeSet<String> = attributes(&page, "href")
        .filter(|it| it.contains("explain=") && it.ends_with("#why"))
        .collect();
    assert_eq!(explained.len(), NAMES.len());
    let mut found = BTreeSet::new();
    for link in explained {
        let why = reader.page(&link).await;
        is_clean(&why);
        let section = why.split("id=\"why\"").nth(1).unwrap().split("</section>").next().unwrap();
        let unit = units(section);
        assert_eq!(unit.len(), 1, "{link}");
        found.extend(unit);
    }
    assert_eq!(found.len(), NAMES.len());
    for (path, by) in [("yield?group_by=station", "key"), ("pareto?", "key")] {
        let answer = reader.house.read(&reader.north().read, &format!("/api/v1/{path}")).await.json;
        let items = answer["groups"].as_array().or(answer["rows"].as_array()).unwrap();
        let keys: BTreeSet<&str> = items.iter().filter_map(|it| it[by].as_str()).collect();
        assert_eq!(keys, NAMES.iter().copied().collect(), "{path}");
    }
    let table = reader.house.call(
        get("/api/v1/yield?group_by=station&format=csv")
            .header(header::AUTHORIZATION, format!("Bearer {}", reader.north().read))
            .body(Body::empty())
            .unwrap(),
    );
    // For programs: the file has no byte order mark.
    let rows = csv(&text(table.await).await);
    assert_eq!(rows[0][0], "key");
    let keys: BTreeSet<&str> = rows.iter().skip(1).map(|row| row[0].as_str()).collect();
    assert_eq!(keys, NAMES.iter().copied().collect());
}

#[tokio::test]
async fn an_address_that_no_browser_sends_leads_to_the_one_that_works() {
    let house = House::new().await;
    upload(&house).await;
    for (path, to) in [("/units/..", ".."), ("/units/%2E", ".")] {
        let response = house.get(path, &house.north.viewer).await;
        assert_eq!(response.status(), 303);
        assert_eq!(response.headers()[header::LOCATION], format!("/t/north/units/_?serial={to}"));
    }
    let kept = house.read(&house.north.read, "/api/v1/units/%2e%2e").await;
    assert_eq!(kept.json["serial"], "..");
    assert_eq!(house.read(&house.north.read, "/api/v1/units/_").await.json["serial"], "_");
    assert_eq!(house.read(&house.north.read, "/api/v1/units/_?serial=%00").await.status, 404);
}

/// Runs a few cases of a property test that needs a server.
fn property<S: Strategy>(cases: u32, of: S, holds: impl AsyncFn(&Reader, S::Value)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let reader = runtime.block_on(async { Reader { house: House::new().await } });
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 8, ..Config::default() };
    let result = TestRunner::new(config).run(&of, |value| {
        runtime.block_on(holds(&reader, value));
        Ok(())
    });
    result.unwrap();
}

#[test]
fn any_name_is_the_same_on_the_pages_in_the_api_and_in_files() {
    let character = prop_oneof![any::<char>(), proptest::char::range(' ', '~')];
    let inside = proptest::collection::vec(character.prop_filter("is kept", |c| *c != '\0'), 1..20);
    let name = inside.prop_map(|inside| format!("A{}Z", inside.iter().collect::<String>()));
    property(12, name, async |reader, name| {
        let run = json!({
            "type": "run", "unit": { "serial": name, "product": name }, "operation": name,
            "station": name, "started_at": "2026-03-01T00:00:00Z", "outcome": "fail",
            "findings": [{ "kind": "diagnosis", "code": name, "message": name }],
        });
        let house = &reader.house;
        let answer =
            house.upload(&house.north.ingest, "/ingest/v1/firstpass", run.to_string()).await;
        assert_eq!(answer.number("accepted"), 1, "{name:?}: {answer:?}");
        let list = reader.page(&format!("/units?q={}", encoded(&name))).await;
        is_clean(&list);
        let addresses = units(&list);
        assert_eq!(addresses.len(), 1, "{name:?}: {addresses:?}");
        assert_eq!(reader.serial(addresses.first().unwrap()).await, name);
        let kept = house.read(&house.north.read, &api(&name, "")).await;
        assert_eq!(kept.json["serial"], json!(name));
        assert_eq!(kept.json["runs"][0]["code"], json!(name));
        let file = reader.page("/explore/code.csv?days=all&definition=report").await;
        let rows = csv(file.strip_prefix('\u{feff}').unwrap());
        assert!(rows.iter().any(|row| row[0] == name), "{name:?}: {rows:?}");
    });
}

#[test]
fn whatever_clocks_said_explore_stays_a_page() {
    let latest = domain::Timestamp::MAX.micros();
    let micros = prop_oneof![
        2 => 0..1_780_000_000_000_000_i64,
        1 => 1_770_000_000_000_000..1_780_000_000_000_000_i64,
        1 => 0..=latest,
    ];
    let runs = proptest::collection::vec((micros.clone(), prop::option::of(micros)), 2500);
    property(2, runs, async |reader, runs| {
        let time = |micros: i64| domain::Timestamp::from_micros(micros).unwrap().to_string();
        let line = |(at, (start, end)): (usize, (i64, Option<i64>))| {
            let mut run = json!({
                "type": "run", "unit": { "serial": format!("U{}", at % 100) }, "operation": "L10",
                "started_at": time(start), "outcome": if at % 9 == 0 { "fail" } else { "pass" },
            });
            if let Some(end) = end {
                run["ended_at"] = json!(time(end));
            }
            run.to_string()
        };
        let lines: Vec<String> = runs.into_iter().enumerate().map(line).collect();
        let house = &reader.house;
        let answer =
            house.upload(&house.north.ingest, "/ingest/v1/firstpass", lines.join("\n")).await;
        assert_eq!(answer.number("accepted"), 2500, "{:.300}", answer.json.to_string());
        for definition in ["report", "first-run"] {
            let page = reader.page(&format!("/explore?days=all&definition={definition}")).await;
            assert!(page.len() < 1_000_000, "{}", page.len());
            is_clean(&page);
        }
    });
}
