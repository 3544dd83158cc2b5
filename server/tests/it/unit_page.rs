//! The page of a unit, the meanings of codes on pages, and the unit's figure as a file.

use serde_json::{Value, json};

use crate::support::{House, text};

/// A run that starts at the hour; with a failing finding if `found` has a code.
fn run(serial: &str, hour: u32, found: Option<(Option<&str>, &str)>) -> Value {
    let findings: Vec<_> = found
        .map(|(system, code)| json!({ "kind": "diagnosis", "system": system, "code": code }))
        .into_iter()
        .collect();
    json!({
        "type": "run", "unit": { "serial": serial, "product": "P" }, "operation": "L10 burn-in",
        "station": "ST-1", "started_at": format!("2026-03-01T{hour:02}:00:00Z"),
        "outcome": if findings.is_empty() { "pass" } else { "fail" }, "findings": findings,
    })
}

impl House {
    async fn keep(&self, lines: &[Value]) {
        let lines: Vec<_> = lines.iter().map(Value::to_string).collect();
        let answer =
            self.upload(&self.north.ingest, "/ingest/v1/firstpass", lines.join("\n")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    async fn page(&self, path: &str) -> (u16, String) {
        let response = self.get(path, &self.north.viewer).await;
        (response.status().as_u16(), text(response).await)
    }
}

#[tokio::test]
async fn a_published_code_is_explained_and_no_other_is() {
    let house = House::new().await;
    house
        .keep(&[
            run("U1", 1, Some((Some("xid"), "79"))),
            run("U2", 2, Some((Some("DCGM"), "40"))),
            run("U3", 3, Some((Some("ocp"), "xid-48"))),
            // A number that occurs in two systems, and one without a published meaning.
            run("U4", 4, Some((Some("xid"), "45"))),
            run("U5", 5, Some((Some("dcgm"), "45"))),
            run("U6", 6, Some((None, "95"))),
        ])
        .await;
    let (_, page) = house.page("/units/U1").await;
    assert!(page.contains("XID 79") && page.contains("GPU has fallen off the bus"), "{page}");
    assert!(page.contains("At once: restart the host (bare metal)."), "{page}");
    let (_, page) = house.page("/units/U5").await;
    assert!(page.contains("DCGM 45") && !page.contains("Preemptive cleanup"), "{page}");
    let (_, page) = house.page("/units/U6").await;
    assert!(
        page.contains("<code><bdi class=\"name\">95<") && !page.contains("memory error"),
        "{page}"
    );

    let (_, page) = house.page("/?days=all").await;
    assert!(page.contains("GPU has fallen off the bus"), "{page}");
    let (_, csv) = house.page("/overview/failures.csv?days=all").await;
    let said: Vec<_> = csv
        .lines()
        .skip(1)
        .map(|line| (line.split(',').next().unwrap(), line.rsplit(',').next().unwrap()))
        .collect();
    assert_eq!(
        said,
        [
            ("45", ""),
            ("40", "Thermal violations detected"),
            ("79", "GPU has fallen off the bus"),
            ("95", ""),
            ("xid-48", "Double Bit ECC Error"),
        ]
    );
}

#[tokio::test]
async fn the_downloaded_history_of_a_unit_equals_the_one_on_the_page() {
    let house = House::new().await;
    house
        .keep(&[
            run("U/1", 1, Some((None, "=hot"))),
            json!({ "type": "repair", "unit": "U/1", "at": "2026-03-01T02:30:00Z", "action": "replace", "defect": "D1" }),
            run("U/1", 3, None),
        ])
        .await;
    let (_, page) = house.page("/units/U%2F1").await;
    for width in ["narrow", "middle", "wide"] {
        assert!(page.contains(&format!("class=\"drawing {width}\"")), "{width}");
    }
    assert!(page.contains("href=\"/t/north/units/U%2F1/timeline.csv\""), "{page}");
    let (status, csv) = house.page("/units/U%2F1/timeline.csv").await;
    assert_eq!(
        (status, csv.as_str()),
        (
            200,
            "\u{feff}at,lane,result,code,station\r\n\
             2026-03-01T01:00:00.000000Z,L10 burn-in,fail,'=hot,ST-1\r\n\
             2026-03-01T02:30:00.000000Z,repairs,replace,D1,\r\n\
             2026-03-01T03:00:00.000000Z,L10 burn-in,pass,,ST-1\r\n"
        )
    );
    let (_, svg) = house.page("/units/U%2F1/timeline.svg").await;
    assert!(svg.starts_with("<svg") && svg.contains("Timeline"), "{svg}");
    assert!(svg.contains("All data of U/1: 2\u{a0}runs and 1\u{a0}repair, as of "), "{svg}");
    for wrong in ["timeline.exe", "timeline", "other.csv"] {
        assert_eq!(house.page(&format!("/units/U%2F1/{wrong}")).await.0, 404, "{wrong}");
    }
    let theirs = house.get("/units/U%2F1/timeline.csv", &house.south.viewer).await;
    assert_eq!(theirs.status(), 404);
}

#[tokio::test]
async fn rolled_throughput_yield_is_explained_by_its_factors() {
    let house = House::new().await;
    let rack = |serial: &str, hour: u32, kind: &str| {
        let mut run = run(serial, hour, None);
        run["operation"] = json!("L11 rack");
        run["unit"]["kind"] = json!(kind);
        run
    };
    house
        .keep(&[
            run("U1", 1, None),
            run("U2", 2, Some((None, "hot"))),
            run("U2", 3, None),
            rack("U1", 4, "production"),
            rack("U2", 5, "production"),
        ])
        .await;
    let (_, page) = house.page("/?days=all&product=P").await;
    assert!(page.contains("Explain the rolled throughput yield of P"), "{page}");
    assert!(
        page.contains("href=\"/t/north/?days=all&amp;product=P&amp;why=rolled#why\""),
        "{page}"
    );
    assert!(!page.contains("Product of these"), "{page}");
    let (_, page) = house.page("/?days=all&product=P&why=rolled&definition=report").await;
    let why = page.split("id=\"why\"").nth(1).unwrap();
    for said in [
        "L10 burn-in",
        "L11 rack",
        "Product of these",
        "50.00\u{a0}%",
        "Share of the uncertainty",
        "1 of 2\u{a0}units",
        "always uses first runs",
    ] {
        assert!(why.contains(said), "{said}: {why}");
    }

    // A third operation without counted runs: the product is null.
    let mut golden = rack("G1", 6, "golden");
    golden["operation"] = json!("L12 check");
    house.keep(&[golden]).await;
    let (_, page) = house.page("/?days=all&product=P&why=rolled").await;
    assert!(page.contains("Why is there no figure?"), "{page}");
    assert!(page.contains("No first run in L12 check counts in the period"), "{page}");
}

#[tokio::test]
async fn long_messages_and_comments_are_cut_on_the_page_and_in_the_api() {
    let house = House::new().await;
    let mut failing = run("U1", 1, Some((None, "hot")));
    failing["findings"][0]["message"] = json!("m".repeat(60_000));
    let repair = json!({ "type": "repair", "unit": "U1", "at": "2026-03-01T02:30:00Z",
                         "action": "rework", "comment": "é".repeat(30_000) });
    house.keep(&[failing, repair]).await;
    let (_, page) = house.page("/units/U1").await;
    assert!(page.contains(&format!("{}… (cut)", "m".repeat(1000))), "{page:.2000}");
    assert!(!page.contains(&"m".repeat(1001)) && !page.contains(&"é".repeat(1001)));
    let unit = house.read(&house.north.read, "/api/v1/units/U1").await;
    let comment = unit.json["repairs"][0]["comment"].as_str().unwrap();
    assert_eq!(comment, format!("{}… (cut)", "é".repeat(1000)));
}
