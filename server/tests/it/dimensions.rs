//! Dimensions: attributes of runs, parts and lots of components, and groups by two dimensions.

use axum::body::Body;
use domain::Role;
use domain::dimension::{Kind, REGISTRY};
use domain::frame::{Column, Frame};
use http::{Request, header};
use serde_json::{Value, json};

use crate::support::{Answer, House, get};

/// A run of a unit that starts at a minute of a day, with additional fields.
fn run(serial: &str, minute: u32, outcome: &str, more: &Value) -> String {
    let mut run = json!({
        "type": "run", "unit": {"serial": serial}, "operation": "L10", "station": "ST-1",
        "started_at": format!("2026-03-01T08:{minute:02}:00Z"), "outcome": outcome,
    });
    run.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    run.to_string()
}

impl House {
    async fn send_runs(&self, lines: &[String]) -> Answer {
        let body = Body::from(lines.join("\n"));
        self.upload(&self.north.ingest, "/ingest/v1/firstpass", body).await
    }

    async fn send_all(&self, lines: &[String]) {
        let answer = self.send_runs(lines).await;
        assert_eq!(answer.number("accepted"), lines.len() as u64, "{answer:?}");
    }

    /// The groups under `report`: keys, passed and n.
    async fn reported(&self, query: &str) -> Vec<(Value, String)> {
        let path = format!("/api/v1/yield?definition=report&{query}");
        let answer = self.read(&self.north.read, &path).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        let group = |group: &Value| {
            let keys = if group["keys"].is_null() { &group["key"] } else { &group["keys"] };
            (keys.clone(), format!("{}/{}", group["passed"], group["n"]))
        };
        answer.json["groups"].as_array().unwrap().iter().map(group).collect()
    }
}

fn is(keys: Value, fraction: &str) -> (Value, String) {
    (keys, fraction.to_owned())
}

#[tokio::test]
async fn attributes_are_filters_and_groups_of_every_figure() {
    let house = House::new().await;
    let shift = |shift: &str| json!({"attributes": {"shift": shift, "fw \"x\\": "1,2"}});
    let code =
        json!({"findings": [{"kind": "defect", "code": "late"}], "attributes": {"shift": "B"}});
    house
        .send_all(&[
            run("U1", 1, "pass", &shift("A")),
            run("U2", 2, "fail", &shift("A")),
            run("U3", 3, "fail", &code),
            run("U4", 4, "pass", &json!({})),
            run("U5", 5, "pass", &json!({"attributes": {"other": "x", "shift": " "}})),
        ])
        .await;
    let by_shift = [is(json!("A"), "1/2"), is(json!("B"), "0/1"), is(Value::Null, "2/2")];
    assert_eq!(house.reported("group_by=shift").await, by_shift);
    assert_eq!(house.reported("group_by=attr.shift").await, by_shift);
    for (query, fraction) in [
        ("attr.shift=A", "1/2"),
        ("attr.shift=A&attr.shift=B", "1/3"),
        ("attr.shift=", "2/2"),
        ("attr.shift=A&attr.shift=", "3/4"),
        ("attr.shift=A&attr.other=x", "0/0"),
        ("attr.shift=&attr.other=x", "1/1"),
        ("attr.fw+%22x%5C=1,2", "1/2"),
        ("attr.none=A", "0/0"),
        ("code=late", "0/1"),
        ("code=", "3/3"),
        ("slot=", "3/5"),
    ] {
        assert_eq!(house.reported(query).await, [is(Value::Null, fraction)], "{query}");
    }
    let read = async |path: &str| house.read(&house.north.read, path).await;
    let explained = read("/api/v1/yield/explain?attr.shift=B").await;
    assert_eq!(explained.json["items"][0]["serial"], "U3", "{explained:?}");
    assert_eq!(explained.json["filters"], json!({"attr.shift": ["B"]}));
    let pareto = read("/api/v1/pareto?attr.shift=B").await;
    assert_eq!(pareto.json["rows"][0]["key"], "late", "{pareto:?}");
    let rty = read("/api/v1/rty?product=P&attr.shift=B").await;
    assert_eq!(rty.status, 200, "{rty:?}");
    for (path, parameter) in [
        ("/api/v1/yield?attr.=A", "attr."),
        ("/api/v1/units?attr.shift=A", "attr.shift"),
        ("/api/v1/yield?group_by=code", "group_by"),
        ("/api/v1/yield?group_by=station,", "group_by"),
        ("/api/v1/yield?group_by=station,station", "group_by"),
        ("/api/v1/yield?group_by=shift,attr.shift", "group_by"),
        ("/api/v1/yield?group_by=station,day,level", "group_by"),
        ("/data/v1/runs?attribute=", "attribute"),
    ] {
        let answer = read(path).await;
        assert_eq!(answer.status, 400, "{path}: {answer:?}");
        assert_eq!(answer.json["errors"][0]["parameter"], parameter, "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn a_frame_has_the_attribute_that_is_asked_for_and_the_runs_of_its_filters() {
    let house = House::new().await;
    let shift = |shift: &str| json!({"attributes": {"shift": shift}});
    house
        .send_all(&[
            run("U1", 1, "pass", &shift("B")),
            run("U2", 2, "pass", &shift("A")),
            run("U3", 3, "pass", &json!({"slot": "7"})),
        ])
        .await;
    let frame = async |query: &str| {
        let request = get(&format!("/data/v1/runs?{query}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", house.north.read));
        let response = house.call(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200, "{query}");
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Frame::read(&body).unwrap()
    };
    let with = frame("attribute=shift").await;
    let texts = with.texts(Column::Attribute).unwrap();
    assert_eq!(texts.iter().collect::<Vec<_>>(), ["A", "B"]);
    let mut codes: Vec<u32> = with.codes(Column::Attribute).unwrap().iter().collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 1, 2], "the last has none");
    assert_eq!(with.texts(Column::Slot).unwrap().iter().collect::<Vec<_>>(), ["7"]);
    assert!(frame("").await.codes(Column::Attribute).is_none());
    assert_eq!(frame("attr.shift=A").await.rows(), 1);
    assert_eq!(
        frame("attribute=shift&columns=day").await.texts(Column::Attribute).unwrap().len(),
        2
    );
}

#[tokio::test]
async fn a_run_that_was_kept_before_attributes_were_stays_when_it_comes_with_them() {
    let house = House::new().await;
    let plain = run("U1", 1, "pass", &json!({}));
    let with = run("U1", 1, "pass", &json!({"attributes": {"shift": "A"}}));
    house.send_all(std::slice::from_ref(&plain)).await;
    let differs = |answer: &Answer| answer.json["warnings"][0]["code"] == "content_differs";
    // Stored by this version: two contents of one run. The same one is kept in any order.
    assert!(differs(&house.send_runs(std::slice::from_ref(&with)).await));
    let here = house.db.count("select count(*) from run where attributes is not null").await;
    house.db.superuser("delete from run; delete from run_identity; delete from receipt_remark; delete from receipt; delete from raw_upload").await;
    house.send_all(std::slice::from_ref(&with)).await;
    assert!(differs(&house.send_runs(std::slice::from_ref(&plain)).await));
    let then = house.db.count("select count(*) from run where attributes is not null").await;
    assert_eq!(here, then, "the same stands in any order");

    // Stored by an older version without attributes.
    house.db.superuser("delete from run; delete from run_identity; delete from receipt_remark; delete from receipt; delete from raw_upload").await;
    house.send_all(std::slice::from_ref(&plain)).await;
    house.db.superuser("update run_identity set content_version = 1").await;
    for line in [&with, &plain] {
        let answer = house.send_runs(std::slice::from_ref(line)).await;
        assert_eq!(
            (answer.number("duplicates"), answer.number("warnings_total")),
            (1, 0),
            "{answer:?}"
        );
    }
    let other = run("U1", 1, "pass", &json!({"attributes": {"shift": "A"}, "fixture": "FX"}));
    assert!(differs(&house.send_runs(&[other]).await));
}

#[tokio::test]
async fn a_run_counts_under_each_part_and_lot_that_is_listed_in_it() {
    let house = House::new().await;
    let parts = |parts: Value| json!({ "components": parts });
    let gpu = |lot: &str| json!({"part": "GPU", "lot": lot, "slot": "0"});
    house
        .send_all(&[
            run("U1", 1, "pass", &parts(json!([gpu("L1"), gpu("L2"), gpu("L1")]))),
            run("U2", 2, "fail", &parts(json!([gpu("L1"), {"part": "NIC", "lot": "L9"}]))),
            run("U3", 3, "pass", &parts(json!([{"serial": "S", "slot": "1"}]))),
            run("U4", 4, "pass", &json!({})),
        ])
        .await;
    assert_eq!(
        house.reported("group_by=lot").await,
        [
            is(json!("L1"), "1/2"),
            is(json!("L2"), "1/1"),
            is(json!("L9"), "0/1"),
            is(Value::Null, "2/2")
        ]
    );
    assert_eq!(
        house.reported("group_by=component_part,component_lot").await,
        [
            is(json!(["GPU", "L1"]), "1/2"),
            is(json!(["GPU", "L2"]), "1/1"),
            is(json!(["NIC", "L9"]), "0/1"),
            is(json!([null, null]), "2/2"),
        ]
    );
    assert_eq!(
        house.reported("group_by=station,component_part").await,
        [
            is(json!(["ST-1", "GPU"]), "1/2"),
            is(json!(["ST-1", "NIC"]), "0/1"),
            is(json!(["ST-1", null]), "2/2")
        ]
    );
    for (query, fraction) in [
        ("component_lot=L1", "1/2"),
        ("component_lot=L2&component_lot=L9", "1/2"),
        ("component_lot=L1&component_part=NIC", "0/1"),
        ("component_lot=", "2/2"),
        ("", "3/4"),
    ] {
        assert_eq!(house.reported(query).await, [is(Value::Null, fraction)], "{query}");
    }
}

#[tokio::test]
async fn lots_are_derived_by_the_rules_of_the_tenant_and_not_of_another() {
    let house = House::new().await;
    let admin = house.person(house.north.id, "admin@north.example", Role::PartnerAdmin).await;
    let path = "/api/v1/settings/lot-rules";
    let rules = json!([{"part": "GPU", "pattern": "^([A-Z0-9]{5})-"}]);
    let set = house.ask("PUT", path, &admin, &rules.to_string()).await;
    assert_eq!((set.status, &set.json), (200, &rules), "{set:?}");
    assert_eq!(house.read(&house.north.read, path).await.json, rules);
    assert_eq!(house.read(&house.south.read, path).await.json, json!([]));
    for (body, parameter) in [
        (json!([{"part": "GPU", "pattern": "("}]), "rules[0]"),
        (json!([{"part": "GPU", "pattern": "none"}]), "rules[0]"),
        (json!(vec![json!({"part": "P", "pattern": "(.)"}); 101]), "rules"),
    ] {
        let refused = house.ask("PUT", path, &admin, &body.to_string()).await;
        assert_eq!(refused.status, 400, "{refused:?}");
        assert_eq!(refused.json["errors"][0]["parameter"], parameter);
    }
    let part = |part: &str, serial: &str| json!({"components": [{"part": part, "serial": serial}]});
    let lines = [
        run("U1", 1, "pass", &part("GPU", "H26X7-0001")),
        run("U2", 2, "pass", &part("NIC", "H26X7-0001")),
        run(
            "U3",
            3,
            "pass",
            &json!({"components": [{"part": "GPU", "serial": "H26X7-2", "lot": "own"}]}),
        ),
    ];
    house.send_all(&lines).await;
    let by_lot = [is(json!("H26X7"), "1/1"), is(json!("own"), "1/1"), is(Value::Null, "1/1")];
    assert_eq!(house.reported("group_by=lot").await, by_lot);

    // With changed rules a repeated delivery is still a duplicate; a replay derives the lots again.
    let other = json!([{"part": "NIC", "pattern": "^(.)"}]).to_string();
    assert_eq!(house.ask("PUT", path, &admin, &other).await.status, 200);
    let again = house.send_runs(&lines).await;
    assert_eq!((again.number("duplicates"), again.number("warnings_total")), (3, 0), "{again:?}");
    assert_eq!(house.reported("group_by=lot").await, by_lot);
    let receipt = again.json["first_receipt_id"].as_str().unwrap();
    let replay = Request::post(format!("/ingest/v1/receipts/{receipt}/replay"))
        .header(header::HOST, "firstpass.example")
        .header(header::AUTHORIZATION, format!("Bearer {}", house.north.ingest));
    assert_eq!(house.call(replay.body(Body::empty()).unwrap()).await.status(), 200);
    assert_eq!(
        house.reported("group_by=lot").await,
        [is(json!("H"), "1/1"), is(json!("own"), "1/1"), is(Value::Null, "1/1")]
    );
}

#[tokio::test]
async fn groups_by_two_dimensions_are_in_order_and_compared_and_written_as_csv() {
    let house = House::new().await;
    let at = |station: &str, fixture: Option<&str>| json!({"station": station, "fixture": fixture});
    house
        .send_all(&[
            run("U1", 1, "pass", &at("B", Some("F2"))),
            run("U2", 2, "fail", &at("B", Some("F1"))),
            run("U3", 3, "pass", &at("A", None)),
            run("U4", 4, "pass", &at("A", Some("F2"))),
        ])
        .await;
    let expected = [
        is(json!(["A", "F2"]), "1/1"),
        is(json!(["A", null]), "1/1"),
        is(json!(["B", "F1"]), "0/1"),
        is(json!(["B", "F2"]), "1/1"),
    ];
    assert_eq!(house.reported("group_by=station,fixture").await, expected);
    // From cells by day, and from the runs by the equivalent times.
    for window in
        ["from=2026-03-01&to=2026-03-02", "from=2026-02-28T16:00:00Z&to=2026-03-01T16:00:00Z"]
    {
        let query = format!("group_by=day,station&{window}");
        let expected =
            [is(json!(["2026-03-01", "A"]), "2/2"), is(json!(["2026-03-01", "B"]), "1/2")];
        assert_eq!(house.reported(&query).await, expected, "{query}");
    }
    assert_eq!(
        house.reported("group_by=tenant,hour").await,
        [is(json!(["north", "2026-03-01T16:00+08:00"]), "3/4")]
    );
    let path = "/api/v1/yield?definition=report&group_by=station,fixture&compare=previous&from=2026-03-01&to=2026-03-02";
    let answer = house.read(&house.north.read, path).await;
    let previous: Vec<&Value> =
        answer.json["groups"].as_array().unwrap().iter().map(|it| &it["previous"]["n"]).collect();
    assert_eq!(previous, [0, 0, 0, 0], "{answer:?}");
}

#[tokio::test]
async fn ocp_runs_have_attributes_of_software_metadata_and_listed_part_types() {
    let house = House::new().await;
    house
        .db
        .superuser("update tenant set attribute_part_types = '{BMC}' where slug = 'north'")
        .await;
    let long = "x".repeat(300);
    let start = json!({"testRunStart": {"name": "L10", "version": "1", "commandLine": "", "parameters": {},
        "metadata": {"shift": "A", "unit_serial": "U1", "number": 7},
        "dutInfo": {"dutInfoId": "0", "name": "node", "metadata": {"shift": "B", "rack": "R1", "long": long},
            "softwareInfos": [
                {"softwareInfoId": "s1", "name": "bmc", "version": "24.08"},
                {"softwareInfoId": "s2", "name": "vbios", "version": "2"},
                {"softwareInfoId": "s3", "name": "vbios", "version": "1"},
                {"softwareInfoId": "s4", "name": "cpld", "revision": "r9"},
                {"name": ["odd"]}],
            "hardwareInfos": [
                {"hardwareInfoId": "h1", "name": "bmc0", "partType": "bmc", "partNumber": "P-1", "revision": "C"},
                {"hardwareInfoId": "h2", "name": "gpu0", "partType": "GPU", "partNumber": "P-2"}]}}});
    let line = |sequence: u32, artifact: Value| {
        let time = format!("2026-03-01T08:00:0{sequence}Z");
        json!({"sequenceNumber": sequence, "timestamp": time, "testRunArtifact": artifact})
            .to_string()
    };
    let version = json!({"schemaVersion": {"major": 2, "minor": 0}, "sequenceNumber": 0, "timestamp": "2026-03-01T08:00:00Z"});
    let end = json!({"testRunEnd": {"status": "COMPLETE", "result": "PASS"}});
    let body = [version.to_string(), line(1, start), line(2, end)].join("\n");
    let answer = house.upload(&house.north.ingest, "/ingest/v1/ocptv", Body::from(body)).await;
    assert_eq!(answer.number("accepted"), 1, "{answer:?}");
    let codes: Vec<&Value> =
        answer.json["warnings"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
    assert_eq!(codes, ["attribute_left_out"]);
    let mut superuser = house.db.connect("postgres").await;
    let kept: Value =
        sqlx::query_scalar("select attributes from run").fetch_one(&mut superuser).await.unwrap();
    assert_eq!(
        kept,
        json!({"shift": "A", "rack": "R1", "bmc": "24.08", "vbios": "1, 2", "cpld": "r9",
               "BMC": "P-1", "BMC revision": "C"})
    );
}

#[tokio::test]
async fn the_database_knows_every_dimension_of_the_registry() {
    let house = House::new().await;
    let mut superuser = house.db.connect("postgres").await;
    let mut source = async |function: &'static str| -> String {
        sqlx::query_scalar("select prosrc from pg_proc where proname = $1")
            .bind(function)
            .fetch_one(&mut superuser)
            .await
            .unwrap()
    };
    let (matches, matching) = (source("run_matches").await, source("runs_matching").await);
    let (key, period) = (source("run_key").await, source("period_key").await);
    let grouped = source("runs_grouped").await;
    for entry in &REGISTRY {
        let (id, sql) = (entry.field.as_str(), entry.sql);
        match entry.kind {
            Kind::Run | Kind::Code => {
                let filter =
                    format!("coalesce(r.{sql}, '') = any (filter_values(filters, '{id}'))");
                assert!(matches.contains(&filter), "{id}");
                assert!(key.contains(&format!("when '{id}' then r.{sql}\n")), "{id}");
            }
            Kind::Component => {
                assert!(
                    matching.contains(&format!("c.{sql} = any (filter_values(filters, '{id}'))"))
                );
                assert!(grouped.contains(&format!("when '{id}' then c.{sql}")), "{id}");
            }
            Kind::Period(_) => assert!(period.contains(&format!("when '{id}' then")), "{id}"),
            Kind::Tenant => assert!(key.contains(&format!("when '{id}' then")), "{id}"),
        }
    }
}
