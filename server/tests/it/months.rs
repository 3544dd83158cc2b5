//! Runs are partitioned by month.

use sqlx::Row;

use crate::support::{House, TestDb, now, ocp_run};

/// The number of runs of each partition.
async fn places(db: &TestDb) -> Vec<(String, i64)> {
    let mut superuser = db.connect("postgres").await;
    let rows =
        sqlx::query("select tableoid::regclass::text, count(*) from run group by 1 order by 1")
            .fetch_all(&mut superuser)
            .await
            .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test]
async fn months_are_made_ahead_and_guarded_like_every_table() {
    let house = House::new().await;
    let made = house.db.store.create_month_partitions().await.unwrap();
    assert_eq!(made, 15, "five tables for each of three months");
    assert_eq!(house.db.store.create_month_partitions().await.unwrap(), 0);
    house.db.store.check().await.unwrap();

    let today = now().to_string();
    let runs =
        ocp_run("U1", "L10", &today, true) + &ocp_run("U2", "L10", "2020-01-01T00:00:00Z", true);
    let answer = house.upload(&house.north.ingest, "/ingest/v1/ocptv", runs).await;
    assert_eq!(answer.number("accepted"), 2);
    let month = format!("run_{}{}", &today[..4], &today[5..7]);
    assert_eq!(places(&house.db).await, [(month, 1), ("run_rest".to_owned(), 1)]);
}

#[tokio::test]
async fn a_month_with_many_runs_gets_a_table_and_takes_them_along() {
    let house = House::new().await;
    house.db.store.create_month_partitions().await.unwrap();
    for partner in [&house.north, &house.south] {
        let runs: String = (0..3)
            .map(|unit| ocp_run(&format!("U{unit}"), "L10", "2020-02-29T23:59:59.999999Z", true))
            .collect::<String>()
            + &ocp_run("U9", "L10", "2020-03-01T00:00:00Z", true);
        house.upload(&partner.ingest, "/ingest/v1/ocptv", runs).await;
    }
    let before = house.kept(house.north.id).await;
    assert_eq!(places(&house.db).await, [("run_rest".to_owned(), 8)]);
    // Simulates the effect of ten thousand runs.
    house.db.superuser("select keep_month(kept, '2020-02-01') from unnest(array['run', 'step', 'measurement', 'finding', 'component']) kept").await;
    let expected = [("run_202002".to_owned(), 6), ("run_rest".to_owned(), 2)];
    assert_eq!(places(&house.db).await, expected);
    assert_eq!(house.kept(house.north.id).await, before);
    house.db.store.check().await.unwrap();

    // Repeated runs are duplicates, also in their new partition.
    let again = ocp_run("U1", "L10", "2020-02-29T23:59:59.999999Z", true);
    let answer = house.upload(&house.north.ingest, "/ingest/v1/ocptv", again).await;
    assert_eq!(answer.number("duplicates"), 1, "{answer:?}");
}

#[tokio::test]
async fn nobody_makes_months_of_anything_else() {
    let db = TestDb::new().await;
    let mut login = db.connect("firstpass_login").await;
    for sql in [
        "select keep_month('audit', '2020-01-01')",
        "select keep_month('run; drop table run', '2020-01-01')",
    ] {
        let refused = sqlx::query(sql).execute(&mut login).await.unwrap_err();
        assert!(refused.to_string().contains("nothing of that name"), "{refused}");
    }
    let mut login = db.connect("firstpass_login").await;
    sqlx::query("set role firstpass_app").execute(&mut login).await.unwrap();
    let refused = sqlx::query("select keep_month('run', '2020-01-01')").execute(&mut login).await;
    assert!(refused.unwrap_err().to_string().contains("permission denied"));
}
