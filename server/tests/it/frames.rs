//! Frames over HTTP: the figures that the engine counts from them equal those of the API.

use std::collections::BTreeMap;
use std::io::Read as _;

use axum::Router;
use axum::body::{Body, to_bytes};
use domain::frame::{Column, Frame, MEDIA_TYPE};
use domain::yields::{Aborted, Definition, Reason};
use domain::{Identity, RunId};
use engine::explore::{Explorer, Selection};
use engine::metrics::yields::Basis;
use http::{HeaderMap, StatusCode, header};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use server::state::Limits;
use tower::ServiceExt as _;

use crate::marks::deliver;
use crate::reference::facts::{Attribute, Factory};
use crate::reference::generate::cases;
use crate::reference::query::{Query, query_string};
use crate::support::{House, Partner, get, now, ocp_run};

/// The charted columns, with their names in the API.
const BY: [Column; 9] = [
    Column::Day,
    Column::Operation,
    Column::Product,
    Column::Revision,
    Column::Level,
    Column::Station,
    Column::Fixture,
    Column::Operator,
    Column::Software,
];

impl House {
    /// The response to a request for a frame: status, headers and body.
    async fn frame(
        &self,
        partner: &Partner,
        query: &str,
        headers: &[(header::HeaderName, &str)],
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        frame(&self.app, partner, query, headers).await
    }
}

async fn frame(
    app: &Router,
    partner: &Partner,
    query: &str,
    headers: &[(header::HeaderName, &str)],
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = get(&format!("/data/v1/runs?{query}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", partner.read));
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 64 << 20).await.unwrap().to_vec();
    (parts.status, parts.headers, body)
}

/// n and passed of the API's groups, by key.
type Groups = BTreeMap<Option<String>, (u64, u64)>;

fn groups(answer: &Value) -> Groups {
    let group = |group: &Value| {
        let count = |name: &str| group[name].as_u64().unwrap();
        (group["key"].as_str().map(str::to_owned), (count("n"), count("passed")))
    };
    answer["groups"].as_array().unwrap().iter().map(group).collect()
}

/// The same of a chart. A value without a row that matches the filters is not a group of the API.
fn charted(explorer: &Explorer, column: Column, known: &Groups) -> Groups {
    let frame = explorer.frame();
    let days: Vec<String> = frame.days().map(|day| day.to_string()).collect();
    let key = |code: usize| match column {
        Column::Day => Some(days[code].clone()),
        _ => frame.texts(column).unwrap().get(code).map(str::to_owned),
    };
    let all = explorer.by(column).into_iter().enumerate();
    all.map(|(code, counts)| (key(code), (counts.n, counts.k)))
        .filter(|(key, counts)| *counts != (0, 0) || known.contains_key(key))
        .collect()
}

async fn ask(house: &House, partner: &Partner, path: &str) -> Value {
    let answer = house.read(&partner.read, path).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json
}

fn column_of(attribute: Attribute) -> Column {
    attribute.word().parse().unwrap()
}

/// Compares a frame of runs, and a frame of cells, which the server sends if there are more runs
/// than its limit. Returns whether there was one of cells.
async fn both_agree(
    house: &House,
    partner: &Partner,
    query: &Query,
) -> Result<bool, TestCaseError> {
    let window = Query { filters: Vec::new(), ..query.clone() }.narrowing();
    let (status, _, body) = house.frame(partner, &query_string(&window), &[]).await;
    prop_assert_eq!(status, StatusCode::OK);
    let each = Frame::read(&body).unwrap();
    let runs = each.runs();
    agrees(house, partner, query, each).await?;
    let Some(most) = runs.checked_sub(1).filter(|most| *most > 0) else { return Ok(false) };
    let limited = house.limited(Limits { frame_runs: most as usize, ..Limits::default() });
    let (status, _, body) = frame(&limited, partner, &query_string(&window), &[]).await;
    // If no two runs have equal attributes, there are as many cells as runs.
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Ok(false);
    }
    let cells = Frame::read(&body).unwrap();
    for column in Column::PER_RUN {
        prop_assert!(cells.codes(column).is_none() && cells.started().next().is_none());
    }
    prop_assert!(cells.rows() < runs as usize);
    prop_assert_eq!(cells.runs(), runs);
    let told = |attribute: &Attribute| cells.codes(column_of(*attribute)).is_some();
    let filters = query.filters.iter().filter(|(attribute, _)| told(attribute)).cloned().collect();
    agrees(house, partner, &Query { filters, ..query.clone() }, cells).await?;
    Ok(true)
}

/// Compares the filters of the explorer with those of the API, under every definition.
async fn agrees(
    house: &House,
    partner: &Partner,
    query: &Query,
    frame: Frame,
) -> Result<(), TestCaseError> {
    let default = Basis { definition: Definition::FirstRun, aborted: None };
    let mut by = [BY.as_slice(), &[Column::Code, Column::Duration]].concat();
    by.retain(|column| frame.codes(*column).is_some());
    let mut explorer = Explorer::new(frame, default, &by).unwrap();
    let by: Vec<Column> = BY.into_iter().filter(|column| by.contains(column)).collect();
    for column in by.iter().copied() {
        let texts = explorer.frame().texts(column);
        let chosen: Vec<u32> = query
            .filters
            .iter()
            .filter(|(attribute, _)| column_of(*attribute) == column)
            .filter_map(|(_, value)| Some(texts?.code(value)? as u32))
            .collect();
        if query.filters.iter().any(|(attribute, _)| column_of(*attribute) == column) {
            explorer.select(column, &Selection::These(chosen));
        }
    }
    for definition in Definition::ALL {
        for aborted in [None, Some(Aborted::Counted), Some(Aborted::Excluded)] {
            let basis = Basis { definition: *definition, aborted };
            explorer.define(basis);
            let ask_under = async |group_by: Option<Column>, path: &str| {
                let filters =
                    query.filters.iter().filter(|(it, _)| Some(column_of(*it)) != group_by);
                let narrowed = Query { filters: filters.cloned().collect(), ..query.clone() };
                let mut pairs = narrowed.narrowing();
                pairs.push(("definition", definition.to_string()));
                pairs.extend(aborted.map(|aborted| ("aborted", aborted.to_string())));
                pairs.extend(group_by.map(|column| ("group_by", column.to_string())));
                ask(house, partner, &format!("/api/v1/{path}?{}", query_string(&pairs))).await
            };
            let all = ask_under(None, "yield").await;
            let header = explorer.header();
            prop_assert_eq!(groups(&all).get(&None).copied(), Some((header.n, header.k)));
            let mut excluded = all["groups"][0]["excluded"].as_object().unwrap().clone();
            excluded.retain(|reason, _| !reason.starts_with("first-run-"));
            let counted: Value = serde_json::to_value(explorer.left_out().0).unwrap();
            prop_assert_eq!(Value::Object(excluded), counted);
            for column in by.iter().copied() {
                let expected = groups(&ask_under(Some(column), "yield").await);
                prop_assert_eq!(
                    charted(&explorer, column, &expected),
                    expected,
                    "{} {:?}",
                    column,
                    basis
                );
            }
            let failures = ask_under(None, "pareto").await;
            let codes = explorer.frame().texts(Column::Code).unwrap();
            let bars: BTreeMap<&str, u64> = codes
                .iter()
                .zip(explorer.by(Column::Code))
                .map(|(code, counts)| (code, counts.n - counts.k))
                .filter(|(_, failed)| *failed > 0)
                .collect();
            let row = |row: &'_ Value| {
                (row["key"].as_str().unwrap().to_owned(), row["runs"].as_u64().unwrap())
            };
            let expected: BTreeMap<String, u64> =
                failures["rows"].as_array().unwrap().iter().map(row).collect();
            prop_assert!(
                bars.into_iter().eq(expected.iter().map(|(key, runs)| (key.as_str(), *runs))),
                "{:#}",
                failures
            );
        }
    }
    Ok(())
}

/// The same factory with everything twice: each run has another with equal attributes.
fn doubled(mut factory: Factory) -> Factory {
    let twin = |name: &str| format!("{name}-twin");
    let mut other = factory.clone();
    for run in &mut other.runs {
        (run.name, run.serial) = (twin(&run.name), twin(&run.serial));
    }
    other.units.iter_mut().for_each(|unit| unit.serial = twin(&unit.serial));
    other.repairs.iter_mut().for_each(|repair| repair.serial = twin(&repair.serial));
    factory.runs.extend(other.runs);
    factory.units.extend(other.units);
    factory.repairs.extend(other.repairs);
    factory
}

#[test]
fn what_the_engine_counts_of_a_frame_is_what_the_api_answers() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let house = runtime.block_on(House::new());
    let partners = std::cell::Cell::new(0);
    let cells = std::cell::Cell::new(0);
    let config =
        Config { cases: 8, failure_persistence: None, max_shrink_iters: 100, ..Config::default() };
    TestRunner::new(config)
        .run(&(cases(now().micros()), any::<u16>()), |((factory, queries), order)| {
            partners.set(partners.get() + 1);
            let slug = format!("p{}", partners.get());
            let factory = doubled(factory).identified(|name| {
                *RunId::from(Identity::from_producer_run(name)).uuid().as_bytes()
            });
            runtime.block_on(async {
                let partner = house.partner(&slug).await;
                let zone = factory.zone.name();
                let sql = format!("update tenant set timezone = '{zone}' where slug = '{slug}'");
                house.db.superuser(&sql).await;
                deliver(&house, &partner, &factory, usize::from(order)).await;
                for query in queries.iter().take(2) {
                    let were = both_agree(&house, &partner, query).await?;
                    cells.set(cells.get() + u32::from(were));
                }
                Ok(())
            })
        })
        .unwrap();
    assert!(cells.get() > 0, "no frame was of cells");
}

async fn with_runs(house: &House, days: &[&str]) {
    for (at, day) in days.iter().enumerate() {
        let body = ocp_run(&format!("U{at}"), "L10", &format!("{day}T08:00:00Z"), true);
        let answer = house.upload(&house.north.ingest, "/ingest/v1/ocptv", body).await;
        assert_eq!(answer.number("accepted"), 1);
    }
}

#[tokio::test]
async fn a_frame_comes_packed_as_its_reader_takes_it_and_not_again_while_it_is_the_same() {
    let house = House::new().await;
    with_runs(&house, &["2026-03-01"]).await;
    let (status, headers, plain) = house.frame(&house.north, "", &[]).await;
    assert_eq!(status, StatusCode::OK);
    let told = |headers: &HeaderMap, name| {
        headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    assert_eq!(told(&headers, header::CONTENT_TYPE), MEDIA_TYPE);
    assert_eq!(told(&headers, header::CACHE_CONTROL), "private, no-cache");
    assert_eq!(told(&headers, header::VARY), "accept-encoding");
    assert_eq!(told(&headers, header::CONTENT_ENCODING), "");
    assert_eq!(Frame::read(&plain).unwrap().rows(), 1);
    let tag = told(&headers, header::ETAG);

    for (offers, name) in [("gzip, deflate, br", "br"), ("gzip, br, zstd", "zstd")] {
        let (_, headers, packed) =
            house.frame(&house.north, "", &[(header::ACCEPT_ENCODING, offers)]).await;
        assert_eq!(told(&headers, header::CONTENT_ENCODING), name);
        let mut bytes = Vec::new();
        match name {
            "br" => {
                brotli::Decompressor::new(packed.as_slice(), 4096).read_to_end(&mut bytes).unwrap()
            }
            _ => zstd::Decoder::new(packed.as_slice()).unwrap().read_to_end(&mut bytes).unwrap(),
        };
        assert_eq!(bytes, plain);
        assert_eq!(told(&headers, header::ETAG), tag);
    }

    let held = [(header::IF_NONE_MATCH, tag.as_str()), (header::ACCEPT_ENCODING, "br")];
    let (status, headers, body) = house.frame(&house.north, "", &held).await;
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(told(&headers, header::ETAG), tag);
    assert_eq!(told(&headers, header::CONTENT_ENCODING), "");
    let (status, ..) = house.frame(&house.north, "station=ST-1", &held[..1]).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _, body) = house.frame(&house.south, "", &held[..1]).await;
    assert_eq!((status, Frame::read(&body).unwrap().rows()), (StatusCode::OK, 0));

    let mut superuser = house.db.connect("postgres").await;
    let run: uuid::Uuid =
        sqlx::query_scalar("select id from run").fetch_one(&mut superuser).await.unwrap();
    let path = format!("/api/v1/runs/{run}/void");
    let voided = house.ask("PUT", &path, &house.north.engineer, r#"{"reason":"a test"}"#).await;
    assert_eq!(voided.status, 200, "{voided:?}");
    let (status, headers, body) = house.frame(&house.north, "", &held[..1]).await;
    assert_eq!(status, StatusCode::OK);
    let standings: Vec<_> = Frame::read(&body).unwrap().standings().collect();
    assert_eq!(standings[0].reason, Some(Reason::Voided));

    let tag = told(&headers, header::ETAG);
    with_runs(&house, &["2026-03-02"]).await;
    let held = [(header::IF_NONE_MATCH, tag.as_str())];
    let (status, _, body) = house.frame(&house.north, "", &held).await;
    assert_eq!((status, Frame::read(&body).unwrap().rows()), (StatusCode::OK, 2));
}

#[tokio::test]
async fn frames_that_nobody_reads_are_bounded_for_their_tenant_alone() {
    let mut house = House::new().await;
    let mut limits = Limits::default();
    // One unit of the memory budget, which is larger than such a frame.
    limits.shares.frame_bytes_of_tenant = 1;
    house.limit(limits);
    with_runs(&house, &["2026-03-01"]).await;
    let ask = async |token: &str| {
        let request = get("/data/v1/runs").header("authorization", format!("Bearer {token}"));
        house.call(request.body(Body::empty()).unwrap()).await
    };
    let unread = ask(&house.north.read).await;
    assert_eq!(unread.status(), 200);
    let refused = ask(&house.north.read).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(ask(&house.south.read).await.status(), 200, "another tenant is answered");
    drop(unread);
    assert_eq!(ask(&house.north.read).await.status(), 200);
}

#[tokio::test]
async fn more_runs_than_are_handed_out_come_as_cells_and_more_cells_are_refused() {
    let mut house = House::new().await;
    with_runs(&house, &["2026-03-01", "2026-03-02", "2026-03-02", "2026-03-02", "2026-03-04"])
        .await;
    house.limit(Limits { frame_runs: 4, ..Limits::default() });
    let (status, headers, body) = house.frame(&house.north, "", &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers[header::CONTENT_TYPE], MEDIA_TYPE);
    let cells = Frame::read(&body).unwrap();
    assert_eq!((cells.rows(), cells.runs()), (3, 5));
    assert!(cells.codes(Column::Duration).is_none());
    let (_, _, body) = house.frame(&house.north, "from=2026-03-02", &[]).await;
    let each = Frame::read(&body).unwrap();
    assert_eq!((each.rows(), each.runs()), (4, 4));
    assert!(each.codes(Column::Duration).is_some());

    house.limit(Limits { frame_runs: 2, ..Limits::default() });
    let refused = house.read(&house.north.read, "/data/v1/runs?from=2026-01-01").await;
    assert_eq!(refused.status, 413, "{refused:?}");
    assert_eq!(refused.json["fits"]["from"], "2026-03-04");
    house.limit(Limits { frame_runs: 1, ..Limits::default() });
    let refused = house.read(&house.north.read, "/data/v1/runs?to=2026-03-03").await;
    assert_eq!((refused.status, &refused.json["fits"]["from"]), (413, &Value::Null));
}

#[tokio::test]
async fn explore_answers_of_cells_and_leads_to_the_period_whose_durations_are_known() {
    let mut house = House::new().await;
    with_runs(&house, &["2026-03-01", "2026-03-02", "2026-03-02", "2026-03-02", "2026-03-04"])
        .await;
    let shown = async |house: &House| {
        let page = house.get("/explore?days=all&station=&duration=60..", &house.north.engineer);
        let page = page.await;
        assert_eq!(page.status(), StatusCode::OK);
        String::from_utf8(to_bytes(page.into_body(), 4 << 20).await.unwrap().to_vec()).unwrap()
    };
    let fits = |page: &str| {
        let (_, rest) = page.split_once("data-days=\"")?;
        rest.split_once('"').map(|(days, _)| days.to_owned())
    };
    let each = shown(&house).await;
    assert!(!each.contains("Durations are not known") && fits(&each).is_none());

    house.limit(Limits { frame_runs: 4, ..Limits::default() });
    let cells = shown(&house).await;
    assert!(cells.contains("5\u{a0}runs, as of"), "the runs are counted, not the rows");
    assert!(cells.contains("The filter by duration is not applied"));
    assert!(cells.contains("Choose a period of at most 4\u{a0}runs"));
    let days = fits(&cells).unwrap();
    assert!(
        cells.contains(&format!("/t/north/explore?days={days}&amp;station=&amp;duration=60..")),
        "{days}"
    );

    house.limit(Limits { frame_runs: 2, ..Limits::default() });
    let beyond = shown(&house).await;
    assert!(beyond.contains("Up to 2\u{a0}runs can always be explored at once."));
    assert!(beyond.contains("The last "));
}

#[tokio::test]
async fn a_frame_is_built_once_for_page_and_data_and_rebuilt_when_data_change() {
    let house = House::new().await;
    with_runs(&house, &["2026-03-01"]).await;
    let page = house.get("/explore?days=all", &house.north.engineer).await;
    assert_eq!(page.status(), StatusCode::OK);

    let page =
        String::from_utf8(to_bytes(page.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap();
    let (_, source) = page.split_once("data-source=\"/data/v1/runs?").unwrap();
    let asked = source.split('"').next().unwrap().replace("&amp;", "&");

    // From now on, runs cannot be read.
    house.db.superuser("alter table run rename column code to hidden").await;
    let (status, headers, plain) = house.frame(&house.north, &asked, &[]).await;
    assert_eq!((status, Frame::read(&plain).unwrap().rows()), (StatusCode::OK, 1));
    for coding in ["zstd", "br"] {
        let offers = [(header::ACCEPT_ENCODING, coding)];
        let (status, packed, _) = house.frame(&house.north, &asked, &offers).await;
        assert_eq!((status, &packed[header::ETAG]), (StatusCode::OK, &headers[header::ETAG]));
    }
    let (other_columns, ..) = house.frame(&house.north, "", &[]).await;
    assert_eq!(other_columns.as_u16(), 500);
    let page = house.get("/explore?days=all", &house.north.engineer).await;
    assert_eq!(page.status(), StatusCode::OK);
    let (other_question, ..) = house.frame(&house.north, "station=ST-1", &[]).await;
    let (other_partner, ..) = house.frame(&house.south, "", &[]).await;
    assert_eq!((other_question.as_u16(), other_partner.as_u16()), (500, 500));
    house.db.superuser("alter table run rename column hidden to code").await;

    with_runs(&house, &["2026-03-02"]).await;
    let (status, _, body) = house.frame(&house.north, &asked, &[]).await;
    assert_eq!((status, Frame::read(&body).unwrap().rows()), (StatusCode::OK, 2));
}

#[tokio::test]
async fn a_frame_has_the_columns_that_are_named_and_what_its_rows_count_as() {
    let house = House::new().await;
    with_runs(&house, &["2026-03-01", "2026-03-02"]).await;
    let columns = |frame: &Frame| -> Vec<Column> {
        let has = |column: &Column| match column {
            Column::Started => frame.started().next().is_some(),
            column => frame.codes(*column).is_some(),
        };
        Column::ALL.iter().copied().filter(has).collect()
    };
    let (_, _, all) = house.frame(&house.north, "", &[]).await;
    let (status, _, body) = house.frame(&house.north, "columns=station,day", &[]).await;
    assert_eq!(status, StatusCode::OK);
    let (all, some) = (Frame::read(&all).unwrap(), Frame::read(&body).unwrap());
    assert_eq!(columns(&some), [Column::Day, Column::CountingClass, Column::Station]);
    assert_eq!(columns(&all).len(), Column::ALL.len() - 3, "no weights, measurement, attribute");
    for column in columns(&some) {
        let codes = |frame: &Frame| frame.codes(column).unwrap().iter().collect::<Vec<_>>();
        assert_eq!(codes(&some), codes(&all), "{column}");
    }
    // Equivalent query strings give the same frame.
    let (_, one, _) = house.frame(&house.north, "columns=station,day", &[]).await;
    let (_, other, _) = house.frame(&house.north, "columns=day,standing,station", &[]).await;
    assert_eq!(one[header::ETAG], other[header::ETAG]);
}

#[tokio::test]
async fn partners_who_ask_the_same_get_each_their_own_frame() {
    let house = House::new().await;
    with_runs(&house, &["2026-03-01"]).await;
    for serial in ["S1", "S2"] {
        let body = ocp_run(serial, "L10", "2026-03-01T08:00:00Z", true);
        let answer = house.upload(&house.south.ingest, "/ingest/v1/ocptv", body).await;
        assert_eq!(answer.number("accepted"), 1);
    }
    // The requests differ in the tenant only.
    house.db.superuser("update watermark set data_version = 77").await;
    for _ in 0..2 {
        for (partner, runs) in [(&house.north, 1), (&house.south, 2)] {
            let (status, _, body) = house.frame(partner, "from=2026-03-01", &[]).await;
            assert_eq!((status, Frame::read(&body).unwrap().rows()), (StatusCode::OK, runs));
        }
    }
}

#[tokio::test]
async fn what_is_no_parameter_of_a_frame_is_refused() {
    let house = House::new().await;
    for query in [
        "definition=report",
        "group_by=day",
        "x=1",
        "from=yesterday",
        "aborted=counted",
        "columns=day,shift",
        "columns=",
    ] {
        let refused = house.read(&house.north.read, &format!("/data/v1/runs?{query}")).await;
        assert_eq!(refused.status, 400, "{query}: {refused:?}");
        let name = query.split('=').next().unwrap();
        assert_eq!(refused.json["errors"][0]["parameter"], name);
    }
}

#[tokio::test]
async fn an_upload_without_new_data_leaves_frames_valid_and_shows_in_the_list_of_uploads() {
    let house = House::new().await;
    let north = &house.north;
    let upload =
        async |body: String| house.upload(&north.ingest, "/ingest/v1/ocptv", body).await.status;
    let tag = async || {
        let (status, headers, _) = house.frame(north, "", &[]).await;
        assert_eq!(status, StatusCode::OK);
        headers[header::ETAG].to_str().unwrap().to_owned()
    };
    let receipts =
        async || ask(&house, north, "/api/v1/receipts").await["items"].as_array().unwrap().len();
    let run = |serial: &str| ocp_run(serial, "L10", "2026-03-01T00:00:00Z", true);
    assert_eq!(upload(run("U1")).await, 200);
    let first = tag().await;
    assert_eq!(upload(run("U1")).await, 200);
    assert_eq!(upload("junk\n".to_owned()).await, 422);
    assert_eq!((tag().await, receipts().await), (first.clone(), 3));
    let (status, _, _) = house.frame(north, "", &[(header::IF_NONE_MATCH, &first)]).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);

    // New data change the ETag, also after an upload without new data.
    assert_eq!(upload(run("U2")).await, 200);
    let second = tag().await;
    assert_ne!(second, first);
    let unit = ask(&house, north, "/api/v1/units/U1").await;
    let run = unit["runs"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/runs/{run}/void");
    let voided = house.ask("PUT", &path, &north.engineer, r#"{"reason":"a test"}"#).await;
    assert_eq!(voided.status, 200);
    assert_ne!(tag().await, second);
}
