//! Decisions by people: voided runs and unit types. The figures reflect them.

use sqlx::Row;
use uuid::Uuid;

use crate::support::{House, ocp_run, text};

const AT: &str = "/ingest/v1/ocptv";

impl House {
    /// Two attempts of a unit: a fail, then a pass.
    async fn two_attempts(&self) -> (Uuid, Uuid) {
        let runs = ocp_run("U1", "L10", "2026-03-01T00:00:00Z", false)
            + &ocp_run("U1", "L10", "2026-03-01T01:00:00Z", true);
        self.upload(&self.north.ingest, AT, runs).await;
        let mut superuser = self.db.connect("postgres").await;
        let rows = sqlx::query("select id from run order by started_at")
            .fetch_all(&mut superuser)
            .await
            .unwrap();
        (rows[0].get(0), rows[1].get(0))
    }

    async fn indexes(&self) -> Vec<Option<i32>> {
        let mut superuser = self.db.connect("postgres").await;
        sqlx::query_scalar("select run_index from run order by started_at")
            .fetch_all(&mut superuser)
            .await
            .unwrap()
    }

    /// The text of the overview.
    async fn overview(&self) -> String {
        text(self.get("/?days=all", &self.north.viewer).await).await
    }
}

#[tokio::test]
async fn a_voided_run_is_no_attempt_until_it_is_taken_back() {
    let house = House::new().await;
    let (failed, _) = house.two_attempts().await;
    assert!(house.overview().await.contains("0 of 1"), "{}", house.overview().await);
    let path = format!("/api/v1/runs/{failed}/void");
    let engineer = &house.north.engineer;

    let done = house.ask("PUT", &path, engineer, r#"{"reason":"fixture was unplugged"}"#).await;
    assert_eq!((done.status, &done.json["voided"]), (200, &true.into()), "{done:?}");
    assert_eq!(house.indexes().await, [None, Some(1)]);
    assert!(house.overview().await.contains("1 of 1"));
    assert!(house.overview().await.contains("voided"));

    // It stays voided if the run is sent again, also in a more complete version.
    let again = ocp_run("U1", "L10", "2026-03-01T00:00:00Z", false);
    house.upload(&house.north.ingest, AT, again.clone()).await;
    let longer = again.replacen(
        "\n{\"testRunArtifact\":{\"testRunEnd\"",
        "\n{\"testStepArtifact\":{\"testStepId\":\"0\",\"testStepStart\":{\"name\":\"s\"}},\"sequenceNumber\":2,\"timestamp\":\"2026-03-01T00:00:00Z\"}\n{\"testRunArtifact\":{\"testRunEnd\"",
        1,
    );
    let longer =
        longer.replacen("\"FAIL\"}},\"sequenceNumber\":2", "\"FAIL\"}},\"sequenceNumber\":3", 1);
    let updated = house.upload(&house.north.ingest, AT, longer).await;
    assert_eq!(updated.number("updated"), 1, "{updated:?}");
    assert_eq!(house.indexes().await, [None, Some(1)]);

    let back = house.ask("DELETE", &path, engineer, "").await;
    assert_eq!((back.status, &back.json["voided"]), (200, &false.into()));
    assert_eq!(house.indexes().await, [Some(1), Some(2)]);
    assert!(house.overview().await.contains("0 of 1"));

    let mut superuser = house.db.connect("postgres").await;
    let written: Vec<String> = sqlx::query_scalar(
        "select action || ' ' || coalesce(detail ->> 'reason', '-') || ' ' || actor from audit
         where detail ->> 'run' = $1 order by at",
    )
    .bind(failed.to_string())
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert_eq!(
        written,
        [
            "void a run fixture was unplugged engineer@north.example",
            "take back the voiding of a run - engineer@north.example"
        ]
    );
}

#[tokio::test]
async fn a_unit_that_a_person_called_golden_stays_so_and_does_not_count() {
    let house = House::new().await;
    house.two_attempts().await;
    let engineer = &house.north.engineer;
    let path = "/api/v1/units/U1/kind";
    let golden = r#"{"kind":"golden","reason":"our reference server"}"#;
    assert_eq!(house.ask("PUT", path, engineer, golden).await.status, 200);
    assert!(house.overview().await.contains("golden"));
    house.upload(&house.north.ingest, AT, ocp_run("U1", "L10", "2026-03-02T00:00:00Z", true)).await;
    let mut superuser = house.db.connect("postgres").await;
    let kind: i16 =
        sqlx::query_scalar("select kind from unit").fetch_one(&mut superuser).await.unwrap();
    assert_eq!(kind, 2);
    // A person may override the data.
    let said = format!("{AT}?unit_kind=golden");
    house
        .upload(&house.north.ingest, &said, ocp_run("U1", "L11", "2026-03-02T00:00:00Z", true))
        .await;
    let production = r#"{"kind":"production","reason":"it was not"}"#;
    assert_eq!(house.ask("PUT", path, engineer, production).await.status, 200);
    assert!(house.overview().await.contains("0 of 1"));
    // And reset the unit type to automatic.
    let back = house.ask("DELETE", path, engineer, "").await;
    assert_eq!((back.status, &back.json["kind"]), (200, &"golden".into()), "{back:?}");
}

#[tokio::test]
async fn a_decision_needs_a_reason_and_a_thing() {
    let house = House::new().await;
    let (failed, _) = house.two_attempts().await;
    let engineer = &house.north.engineer;
    let void = format!("/api/v1/runs/{failed}/void");
    for body in ["", "{}", r#"{"reason":"  "}"#, r#"{"reason":"x","who":"me"}"#] {
        let answer = house.ask("PUT", &void, engineer, body).await;
        assert_eq!(answer.status, 400, "{body}: {answer:?}");
    }
    let kind = "/api/v1/units/U1/kind";
    for body in [r#"{"kind":"gold","reason":"x"}"#, r#"{"kind":"golden"}"#, r#"{"reason":"x"}"#] {
        let answer = house.ask("PUT", kind, engineer, body).await;
        assert_eq!(answer.status, 400, "{body}: {answer:?}");
    }
    let body = r#"{"reason":"x","kind":"golden"}"#;
    for path in ["/api/v1/units/U2/kind", "/api/v1/units/%ff/kind", "/api/v1/units/%00/kind"] {
        assert_eq!(house.ask("PUT", path, engineer, body).await.status, 404, "{path}");
    }
    for path in
        ["/api/v1/runs/nothing/void", "/api/v1/runs/00000000-0000-8000-8000-000000000000/void"]
    {
        assert_eq!(
            house.ask("PUT", path, engineer, r#"{"reason":"x"}"#).await.status,
            404,
            "{path}"
        );
    }
}
