//! The demo factory is deterministic, the ingest accepts it without rejects, and the queries of
//! `docs/demo.md` give the documented results.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use axum::body::Body;
use demo::{CHASSIS, PARTNERS, Plan, Upload, Uploads};
use domain::{Scope, TenantId, Timestamp};
use http::header;
use serde_json::Value;
use server::credentials::secret;
use server::demo_loader::load;
use server::router::router;
use server::state::{AppState, Limits};
use store::tokens::TokenSecret;
use store::{AdminTx, Principal};
use tower::ServiceExt;

use crate::support::program::Folder;
use crate::support::{Answer, TestDb, get, now};

const DOCUMENT: &str = include_str!("../../../docs/demo.md");

/// The plan of the document: `--runs 6000 --until 2026-04-01T00:00:00Z`.
fn plan() -> Plan {
    let (until, _) = Timestamp::parse("2026-04-01T00:00:00Z").unwrap();
    Plan { runs: 6000, seed: 1, until }
}

/// Partners with the demo data, and a token of each.
struct Factory {
    _db: TestDb,
    state: AppState,
    partners: BTreeMap<&'static str, (TenantId, String)>,
}

impl Factory {
    async fn new() -> Self {
        let db = TestDb::new().await;
        let state = AppState::new(db.store.clone(), Limits::default());
        let console = Principal::console(None);
        let mut tx = AdminTx::begin(&db.store, &console, "a test", now()).await.unwrap();
        let mut partners = BTreeMap::new();
        for it in PARTNERS {
            let zone = it.timezone.name();
            let id = tx.add_tenant(it.slug, it.name, zone, Some(CHASSIS), now()).await.unwrap();
            let token = secret::new("fpt_");
            let secret =
                TokenSecret { hash: &secret::hash(&token), prefix: secret::prefix(&token) };
            tx.add_token(id, secret, &[Scope::Read], None, now()).await.unwrap();
            partners.insert(it.slug, (id, token));
        }
        tx.commit().await.unwrap();
        Self { _db: db, state, partners }
    }

    /// Loads the demo and returns how many runs were new.
    async fn load(&self, partners: &'static [demo::Partner], plan: Plan) -> u64 {
        let mut new = 0;
        for it in partners {
            new += load(&self.state, self.partners[it.slug].0, it, plan).await.unwrap();
        }
        new
    }

    async fn ask(&self, partner: &str, path: &str) -> Value {
        let (_, token) = &self.partners[partner];
        let request = get(&path.replace(' ', "%20"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let answer = Answer::of(router(self.state.clone()).oneshot(request).await.unwrap()).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json
    }
}

/// A row `| partner | GET | says |` of the document.
struct Row<'a> {
    partner: &'a str,
    path: &'a str,
    says: &'a str,
}

fn rows() -> Vec<Row<'static>> {
    let cells = |line: &'static str| {
        let cells: Vec<_> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        match cells.as_slice() {
            ["", partner, path, says, ""] if path.starts_with("/api/") => {
                Some(Row { partner, path, says })
            }
            _ => None,
        }
    };
    DOCUMENT.lines().filter_map(cells).collect()
}

/// A response in the notation of the document.
fn said(path: &str, answer: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let list = |name: &str| answer[name].as_array().unwrap().clone();
    if path.starts_with("/api/v1/pareto") {
        let rows = list("rows");
        let rows = rows.iter().map(|row| format!("{} {}", text(&row["key"]), row["runs"]));
        return rows.collect::<Vec<_>>().join(", ");
    }
    if path.starts_with("/api/v1/units/") {
        let run = |it: &Value| {
            (text(&it["started_at"]), format!("{} {}", text(&it["outcome"]), text(&it["code"])))
        };
        let repair = |it: &Value| {
            let (out, new) = (&it["component_out"]["serial"], &it["component_in"]["serial"]);
            (text(&it["at"]), format!("{} {} by {}", text(&it["action"]), text(out), text(new)))
        };
        let mut told: Vec<_> = list("runs").iter().map(run).collect();
        told.extend(list("repairs").iter().map(repair));
        told.sort();
        return told
            .into_iter()
            .map(|(_, what)| what.replace(" –", ""))
            .collect::<Vec<_>>()
            .join(", ");
    }
    if path.starts_with("/api/v1/rty") {
        let rty = answer["rty"].as_f64().unwrap();
        let observed = &answer["observed_ftt"];
        return format!("{rty:.4}, observed {}/{}", observed["k"], observed["n"]);
    }
    if path.starts_with("/api/v1/yield/explain") {
        let items = list("items");
        assert_eq!(answer["next"], Value::Null, "{path} has one page");
        if path.contains("units=out") {
            let figures = list("figures");
            let figures = figures.iter().map(|it| {
                format!("{} {}/{}", text(&it["definition"]["id"]), it["passed"], it["n"])
            });
            let figures = figures.collect::<Vec<_>>().join(", ");
            let elsewhere = serde_json::json!(["first-run-elsewhere"]);
            assert!(items.iter().all(|it| it["reasons"] == elsewhere), "{items:?}");
            return format!("{figures}; {} units out", items.len());
        }
        let failed =
            |it: &&Value| it["runs"].as_u64().unwrap() - it["passed"].as_u64().unwrap() >= 5;
        let lemons = items.iter().filter(failed);
        let lemons =
            lemons.map(|it| format!("{} {}/{}", text(&it["serial"]), it["passed"], it["runs"]));
        return lemons.collect::<Vec<_>>().join(", ");
    }
    let mut said = String::new();
    for group in list("groups") {
        let key = if group["key"].is_null() { "" } else { &text(&group["key"]) };
        let _ = write!(said, ", {key} {}/{}", group["passed"], group["n"]);
        let ntf = &group["metrics"]["ntf"];
        if ntf["episodes"].as_u64() > Some(0) {
            let _ = write!(said, " ntf {}/{}", ntf["cleared"], ntf["episodes"]);
        }
        for (reason, count) in group["excluded"].as_object().unwrap() {
            let _ = write!(said, " {reason} {count}");
        }
    }
    said.trim_start_matches(", ").trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_story_is_found_by_asking() {
    let factory = Factory::new().await;
    let new = factory.load(PARTNERS, plan()).await;
    assert!((5700..6300).contains(&new), "{new} runs");
    let mut wrong = String::new();
    for Row { partner, path, says } in rows() {
        let said = said(path, &factory.ask(partner, path).await);
        let alike = match says.strip_suffix(", …") {
            Some(beginning) => said.starts_with(beginning),
            None => said == says,
        };
        if !alike {
            let _ = writeln!(wrong, "| {partner} | `{path}` | `{said}` |");
        }
    }
    assert!(wrong.is_empty(), "docs/demo.md is not what is answered:\n{wrong}");
    let last = PARTNERS.len() - 1;
    assert_eq!(factory.load(&PARTNERS[last..], plan()).await, 0, "the same again is nothing new");
}

/// The station's mean rises weeks before the limit is met: 20 days before the first failure the
/// list of parameters says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_drift_is_unstable_20_days_before_it_fails() {
    let factory = Factory::new().await;
    let kestrel = PARTNERS.iter().position(|it| it.slug == "kestrel").unwrap();
    factory.load(&PARTNERS[kestrel..=kestrel], plan()).await;
    let begin = chrono::NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
    let mut first = None;
    for day in begin.iter_days().take(60) {
        let next = day.succ_opt().unwrap();
        let path = format!("/api/v1/pareto?station=KS-BI-02&from={day}&to={next}");
        let pareto = factory.ask("kestrel", &path).await;
        let rows = pareto["rows"].as_array().unwrap();
        if rows.iter().any(|row| row["key"] == "gpu-overtemp") {
            first = Some(day);
            break;
        }
    }
    let first = first.expect("the drift fails at last");
    let to = first - chrono::Days::new(20);
    assert!(to > begin, "{to}");
    let list = factory.ask("kestrel", &format!("/api/v1/measurements?to={to}&limit=10")).await;
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 10);
    let drifting = items.iter().find(|item| item["name"] == "gpu-temp-max");
    let drifting = drifting.unwrap_or_else(|| panic!("not among the first ten: {list:#}"));
    assert_eq!(drifting["stable"], false, "{drifting:#}");
    assert!(drifting["ppk"].as_f64() > Some(1.33), "it still looks capable: {drifting:#}");
}

#[test]
fn the_same_plan_is_the_same_demo() {
    let (until, _) = Timestamp::parse("2026-07-05T13:00:00Z").unwrap();
    let small = Plan { runs: 600, seed: 7, until };
    for partner in PARTNERS {
        let made = |plan: &Plan| Uploads::new(partner, plan).collect::<Vec<_>>();
        assert_eq!(made(&small), made(&small));
        assert_ne!(made(&small), made(&Plan { seed: 8, ..small }));
    }
}

#[test]
fn an_upload_is_a_stations() {
    let plan = plan();
    let stations: BTreeSet<_> = PARTNERS
        .iter()
        .flat_map(|partner| Uploads::new(partner, &plan))
        .filter(|Upload { format, .. }| *format == "ocptv")
        .map(|upload| upload.params.station.unwrap())
        .collect();
    assert!((12..=30).contains(&stations.len()), "{stations:?}");
}

#[test]
fn the_command_fills_an_empty_database_once() {
    let folder = Folder::new();
    let plan = ["--runs", "300", "--seed", "2", "--until", "2026-04-01T00:00:00Z"];
    let run = |more: &[&str]| folder.run(&[&["demo"], more].concat(), "");
    let first = run(&plan);
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    assert!(first.status.success(), "{said}");
    assert!(said.contains("Kestrel Manufacturing: "), "{said}");
    let people = String::from_utf8(first.stdout).unwrap();
    assert!(people.contains("demo engineer@northwind.example "), "{people}");

    let again = run(&[]);
    assert_eq!(String::from_utf8_lossy(&again.stderr), "", "it is there");
    assert_eq!(String::from_utf8(again.stdout).unwrap(), people);
    let other = run(&["--seed", "3"]);
    let said = String::from_utf8_lossy(&other.stderr).into_owned();
    assert_eq!(other.status.code(), Some(2), "{said}");
    assert!(said.contains("--runs 300 --seed 2 --until 2026-04-01T00:00:00"), "{said}");

    std::fs::remove_file(folder.path.join("demo.json")).unwrap();
    let strange = run(&[]);
    assert_eq!(strange.status.code(), Some(2), "partners of others are left alone");
}
