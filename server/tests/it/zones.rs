//! Time zones that PostgreSQL does not know, as on a host without legacy names.

use std::process::Command;

use crate::support::{House, TestDb};

/// Hides a time zone from the list of this database.
async fn hide(db: &TestDb, zone: &str) {
    db.superuser(&format!(
        "set allow_system_table_mods = on;
         create or replace view pg_catalog.pg_timezone_names as
         select * from pg_timezone_names() z where z.name <> '{zone}'"
    ))
    .await;
}

#[tokio::test]
async fn a_tenant_is_not_added_in_a_zone_that_postgresql_does_not_know() {
    let db = TestDb::new().await;
    hide(&db, "US/Pacific").await;
    let add = |slug: &str, zone: &str| {
        Command::new(env!("CARGO_BIN_EXE_firstpass"))
            .env("DATABASE_URL", db.url("firstpass_login"))
            .env_remove("DATABASE_MIGRATION_URL")
            .args(["tenant", "add", slug, "--name", "A", "--timezone", zone])
            .output()
            .unwrap()
    };
    let refused = add("west", "US/Pacific");
    let why = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{why}");
    assert!(why.contains("PostgreSQL does not know the time zone US/Pacific"), "{why}");
    assert_eq!(db.count("select count(*) from tenant").await, 0);
    let added = add("east", "US/Eastern");
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
}

#[tokio::test]
async fn tenants_whose_zone_is_gone_are_named_at_the_start() {
    let house = House::new().await;
    assert!(server::zones::problems(&house.db.store).await.unwrap().is_empty());
    hide(&house.db, "Asia/Tokyo").await;
    house.db.superuser("update tenant set timezone = 'Asia/Tokyo' where slug = 'south'").await;
    let problems = server::zones::problems(&house.db.store).await.unwrap();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains("south") && problems[0].contains("Asia/Tokyo"), "{problems:?}");
}

#[tokio::test]
async fn a_zone_that_postgresql_lost_is_named_and_no_fault_of_the_request() {
    let house = House::new().await;
    house.db.superuser("update tenant set timezone = 'US/Lost' where slug = 'north'").await;
    let sent = house
        .upload(
            &house.north.ingest,
            "/ingest/v1/ocptv",
            crate::support::ocp_run("U1", "L10", "2026-03-01T00:00:00Z", true),
        )
        .await;
    assert_eq!(sent.status, 503, "{sent:?}");
    let detail = sent.json["detail"].as_str().unwrap();
    assert!(detail.contains("US/Lost") && detail.contains("tzdata"), "{detail}");
    for path in ["/api/v1/yield?group_by=day", "/api/v1/yield?from=2026-03-01"] {
        let answer = house.read(&house.north.read, path).await;
        assert!(answer.status == 503 || answer.status == 200, "{path}: {answer:?}");
        if answer.status == 503 {
            assert!(answer.json["detail"].as_str().unwrap().contains("US/Lost"), "{answer:?}");
        }
    }
}
