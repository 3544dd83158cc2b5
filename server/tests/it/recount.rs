//! Recount of derived data: correct data are confirmed, and errors are reported and fixed.

use domain::{TenantId, Timestamp};
use store::recount::Recount;
use store::{Principal, TenantTx};

use crate::support::{House, now};

const RUNS: &str = r#"{"type":"run","id":"1","unit":{"serial":"U1","product":"P"},"operation":"L10","station":"S1","started_at":"2026-03-01T08:00:00Z","outcome":"fail"}
{"type":"run","id":"2","unit":{"serial":"U1","product":"P"},"operation":"L10","station":"S2","started_at":"2026-03-01T09:00:00Z","outcome":"pass"}
{"type":"run","id":"3","unit":{"serial":"U2","kind":"golden"},"operation":"L10","started_at":"2026-03-02T09:00:00Z","outcome":"pass"}
{"type":"run","id":"4","unit":{"serial":"U3"},"operation":"L6","started_at":"2026-03-02T09:00:00Z","outcome":"aborted"}
"#;

async fn recount(house: &House, tenant: TenantId, commit: bool) -> Recount {
    let until = Timestamp::from_micros(now().micros() + 86_400_000_000).unwrap();
    let principal = Principal::console(Some(tenant));
    let mut tx = TenantTx::begin(house.state.store(), &principal).await.unwrap();
    let recount = tx.recount(until, |_| {}).await.unwrap();
    if commit {
        tx.commit().await.unwrap();
    }
    recount
}

#[tokio::test]
async fn what_an_upload_leaves_is_right() {
    let house = House::new().await;
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", RUNS).await;
    let looked = recount(&house, house.north.id, false).await;
    assert_eq!(looked, Recount { units: 3, ..Recount::default() });
}

#[tokio::test]
async fn errors_are_reported_and_fixed_on_request() {
    let house = House::new().await;
    house.upload(&house.north.ingest, "/ingest/v1/firstpass", RUNS).await;
    house.upload(&house.south.ingest, "/ingest/v1/firstpass", RUNS).await;
    let (before, figures) = (house.kept(house.north.id).await, yields(&house).await);
    for wrong in [
        "update run set run_index = 7 where outcome = 1",
        "update run set marks = 0",
        "update run set reason = 0, first_at = null",
        "delete from yield_cell",
        "update yield_cell set runs = runs + 1 where attribute = 4",
    ] {
        house.db.superuser(wrong).await;
        let looked = recount(&house, house.north.id, false).await;
        assert!(!looked.is_clean(), "{wrong}: {looked:?}");
        assert_eq!(recount(&house, house.north.id, false).await, looked, "{wrong}: only looked");
        assert_eq!(recount(&house, house.north.id, true).await, looked, "{wrong}");
        let clean = Recount { units: 3, ..Recount::default() };
        assert_eq!(recount(&house, house.north.id, false).await, clean, "{wrong}");
        assert_eq!(house.kept(house.north.id).await, before, "{wrong}");
        assert_eq!(yields(&house).await, figures, "{wrong}");
    }
    let south = recount(&house, house.south.id, false).await;
    assert!(!south.is_clean(), "a partner's recount is its own: {south:?}");
}

async fn yields(house: &House) -> serde_json::Value {
    let answer = house.read(&house.north.read, "/api/v1/yield?group_by=station").await;
    answer.json["groups"].clone()
}
