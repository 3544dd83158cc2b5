//! Cells and the data version are consistent with the runs after any sequence of uploads,
//! replays, voids and decisions about units: after each action the cells equal a recount, and the
//! version has changed exactly if visible data changed.

use std::cell::Cell;

use domain::{Identity, RunId, TenantId, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use store::recount::Recount;
use store::{Principal, TenantTx};

use crate::support::{House, Partner, now};

/// An action that may change runs.
#[derive(Debug, Clone)]
enum Action {
    /// An upload of runs, each with number, unit, operation, hour, outcome and product.
    Upload(Vec<(u8, u8, u8, u16, u8, u8)>),
    /// A repetition of an earlier upload.
    Again(usize),
    Rejects(u8),
    Repair {
        number: u8,
        unit: u8,
        hour: u16,
    },
    /// A replay of an earlier upload, with another station or with none.
    Replay(usize, Option<u8>),
    Void(u8, bool),
    Kind(u8, Option<bool>),
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let run = (0..12_u8, 0..3_u8, 0..2_u8, 0..72_u16, 0..5_u8, 0..3_u8);
    let upload = || prop::collection::vec(run.clone(), 1..6).prop_map(Action::Upload);
    let action = prop_oneof![
        4 => upload(),
        1 => any::<usize>().prop_map(Action::Again),
        1 => any::<u8>().prop_map(Action::Rejects),
        2 => (0..4_u8, 0..3_u8, 0..72_u16)
            .prop_map(|(number, unit, hour)| Action::Repair { number, unit, hour }),
        2 => (any::<usize>(), prop::option::of(0..3_u8))
            .prop_map(|(upload, station)| Action::Replay(upload, station)),
        2 => (0..12_u8, any::<bool>()).prop_map(|(run, voids)| Action::Void(run, voids)),
        2 => (0..3_u8, prop::option::of(any::<bool>()))
            .prop_map(|(unit, kind)| Action::Kind(unit, kind)),
    ];
    prop::collection::vec(action, 4..14)
}

/// The start of a run. Some are in the future, some are equal.
fn time(hour: u16) -> String {
    let year = if hour.is_multiple_of(13) { 2999 } else { 2026 };
    format!("{year}-03-{:02}T{:02}:00:00Z", 1 + hour / 24, hour % 24)
}

fn lines(runs: &[(u8, u8, u8, u16, u8, u8)]) -> String {
    let line = |(number, unit, operation, hour, outcome, product): &(u8, u8, u8, u16, u8, u8)| {
        let outcome = ["pass", "pass", "fail", "aborted", "skip"][usize::from(*outcome)];
        let product = [None, Some("P1"), Some("P2")][usize::from(*product)];
        let run = json!({
            "type": "run", "id": format!("R{number}"), "unit": { "serial": format!("U{unit}"), "product": product },
            "operation": format!("OP{operation}"), "started_at": time(*hour), "outcome": outcome,
        });
        format!("{run}\n")
    };
    runs.iter().map(line).collect()
}

impl House {
    /// Performs the action. Receipts of uploads and their bytes are added to `sent`.
    async fn act(&self, partner: &Partner, action: &Action, sent: &mut Vec<(String, String)>) {
        let body = match action {
            Action::Upload(runs) => lines(runs),
            Action::Again(which) => match sent.get(which % sent.len().max(1)) {
                Some((_, bytes)) => bytes.clone(),
                None => return,
            },
            Action::Rejects(number) => format!("junk {number}\n"),
            Action::Repair { number, unit, hour } => {
                let repair = json!({
                    "type": "repair", "id": format!("r{number}"), "unit": format!("U{unit}"),
                    "at": time(*hour), "action": "replace",
                });
                format!("{repair}\n")
            }
            Action::Replay(which, station) => {
                let Some((receipt, _)) = sent.get(which % sent.len().max(1)) else { return };
                let path = format!("/ingest/v1/receipts/{receipt}/replay");
                let station = station.map(|it| json!({ "station": format!("ST{it}") }).to_string());
                self.ask("POST", &path, &partner.engineer, &station.unwrap_or_default()).await;
                return;
            }
            Action::Void(run, voids) => {
                let run = RunId::from(Identity::from_producer_run(&format!("R{run}")));
                let path = format!("/api/v1/runs/{run}/void");
                let method = if *voids { "PUT" } else { "DELETE" };
                let body = if *voids { r#"{"reason":"a test"}"# } else { "" };
                self.ask(method, &path, &partner.engineer, body).await;
                return;
            }
            Action::Kind(unit, kind) => {
                let path = format!("/api/v1/units/U{unit}/kind");
                let body = kind.map(|golden| {
                    let kind = if golden { "golden" } else { "production" };
                    json!({ "kind": kind, "reason": "a test" }).to_string()
                });
                let method = if body.is_some() { "PUT" } else { "DELETE" };
                self.ask(method, &path, &partner.engineer, &body.unwrap_or_default()).await;
                return;
            }
        };
        let answer = self.upload(&partner.ingest, "/ingest/v1/firstpass", body.clone()).await;
        if let Some(receipt) = answer.json["receipt_id"].as_str() {
            sent.push((receipt.to_owned(), body));
        }
    }

    /// A digest of all visible data of a tenant except its list of uploads.
    async fn digest(&self, tenant: TenantId) -> String {
        let mut superuser = self.db.connect("postgres").await;
        sqlx::query_scalar(
            "select md5(coalesce(string_agg(line, '' order by line), '')) from (
                 select to_jsonb(r)::text from run r where tenant_id = $1
                 union all select to_jsonb(i)::text from run_identity i where tenant_id = $1
                 union all select to_jsonb(v)::text from run_void v where tenant_id = $1
                 union all select to_jsonb(u)::text from unit u where tenant_id = $1
                 union all select to_jsonb(p)::text from repair p where tenant_id = $1
                 union all select to_jsonb(c)::text from yield_cell c where tenant_id = $1 and runs <> 0
             ) rows (line)",
        )
        .bind(tenant.uuid())
        .fetch_one(&mut superuser)
        .await
        .unwrap()
    }

    async fn version(&self, tenant: TenantId) -> i64 {
        let console = Principal::console(Some(tenant));
        let mut tx = TenantTx::begin(self.state.store(), &console).await.unwrap();
        tx.data_version().await.unwrap()
    }

    async fn recounted(&self, tenant: TenantId) -> Recount {
        let until = Timestamp::from_micros(now().micros() + 86_400_000_000).unwrap();
        let console = Principal::console(Some(tenant));
        let mut tx = TenantTx::begin(self.state.store(), &console).await.unwrap();
        tx.recount(until, |_| {}).await.unwrap()
    }
}

#[test]
fn cells_and_data_version_follow_the_runs_in_any_sequence_of_changes() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let house = runtime.block_on(House::new());
    let (partners, moved, stayed) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&actions(), |actions| {
            partners.set(partners.get() + 1);
            let partner = runtime.block_on(house.partner(&format!("p{}", partners.get())));
            let mut sent = Vec::new();
            for action in &actions {
                runtime.block_on(async {
                    let before = (house.digest(partner.id).await, house.version(partner.id).await);
                    house.act(&partner, action, &mut sent).await;
                    let after = (house.digest(partner.id).await, house.version(partner.id).await);
                    let recount = house.recounted(partner.id).await;
                    prop_assert!(recount.is_clean(), "{action:?}: {recount:?}");
                    let is_changed = before.0 != after.0;
                    prop_assert_eq!(before.1 != after.1, is_changed, "{:?}", action);
                    prop_assert!(after.1 >= before.1);
                    let count = if is_changed { &moved } else { &stayed };
                    count.set(count.get() + 1);
                    Ok(())
                })?;
            }
            Ok(())
        })
        .unwrap();
    assert!(moved.get() > 50 && stayed.get() > 20, "{moved:?} {stayed:?}: it proves little");
}
