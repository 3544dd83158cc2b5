//! The stored data of a run, and the data derived from a unit's history.

use sqlx::Row;

use crate::support::{House, ocp_run};

const WHOLE: &str = r#"{"type":"run","id":"R-1","unit":{"serial":"U1","product":"PN","revision":"B","kind":"reference"},"operation":"L10 burn-in","level":"L10","station":"ST-1","fixture":"FX-1","slot":"3","operator":"o1","software":"1.4","started_at":"2026-03-01T08:00:00+08:00","ended_at":"2026-03-01T09:00:00+08:00","outcome":"fail","steps":[{"name":"thermal","status":"fail","loop":1,"started_at":"2026-03-01T08:00:01+08:00","measurements":[{"name":"hbm-temp","value":97.5,"unit":"C","high":95,"component":"GPU3"},{"name":"firmware","value":"1.2","checks":[{"type":"IN_SET","value":["1.2","1.3"],"name":"known"}]},{"name":"link","value":true},{"name":"fan","unit":"rpm","series":[{"index":0,"value":8000},{"index":1,"value":7000.5,"at":"2026-03-01T08:00:02+08:00"}],"low":7500}]},{"name":"empty"}],"findings":[{"kind":"diagnosis","system":"ocp","code":"hbm-hot","severity":"major","message":"too hot","component":"GPU3"}],"components":[{"serial":"G1","part":"P","slot":"SXM3","lot":"H26X7"}],"attributes":{"shift":"A","bmc":"24.08"}}
{"type":"repair","id":"P-1","unit":"U1","at":"2026-03-01T10:00:00+08:00","action":"replace","run":"R-1","defect":"D1","component_out":{"serial":"G1"},"component_in":{"serial":"G2"},"comment":"swapped"}
"#;

#[tokio::test]
async fn everything_that_a_run_says_is_kept() {
    let house = House::new().await;
    let answer = house.upload(&house.north.ingest, "/ingest/v1/firstpass", WHOLE).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.number("accepted"), 1);
    assert_eq!(answer.json["repairs"]["accepted"], 1);
    let kept = house.kept(house.north.id).await.join("\n");
    assert_eq!(kept.trim(), include_str!("everything.txt").trim());
    let again = house.upload(&house.north.ingest, "/ingest/v1/firstpass", WHOLE).await;
    assert_eq!((again.number("duplicates"), again.number("accepted")), (1, 0));
    assert_eq!(again.json["repairs"]["duplicates"], 1);
    assert_eq!(house.kept(house.north.id).await.join("\n"), kept);
}

#[tokio::test]
async fn repairs_alone_are_an_upload() {
    let house = House::new().await;
    let repair = WHOLE.lines().nth(1).unwrap();
    let answer = house.upload(&house.north.ingest, "/ingest/v1/firstpass", repair).await;
    assert_eq!((answer.status, answer.number("accepted")), (200, 0), "{answer:?}");
    assert_eq!(answer.json["repairs"]["accepted"], 1);
}

#[tokio::test]
async fn a_run_that_replaces_another_leaves_nothing_of_it() {
    let house = House::new().await;
    let lesser = r#"{"type":"run","id":"R-1","unit":{"serial":"U0"},"operation":"L6","started_at":"2025-01-01T00:00:00Z","outcome":"pass","steps":[{"name":"old","measurements":[{"name":"old","value":1}]}],"findings":[{"kind":"symptom","code":"old"}]}"#;
    let alone = house.partner("alone").await;
    for (partner, deliveries) in
        [(&house.north, &[lesser, WHOLE][..]), (&house.south, &[WHOLE, lesser]), (&alone, &[WHOLE])]
    {
        for body in deliveries {
            let answer =
                house.upload(&partner.ingest, "/ingest/v1/firstpass", body.to_string()).await;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
    }
    let (north, south) = (house.kept(house.north.id).await, house.kept(house.south.id).await);
    assert_eq!(north, south);
    // Except the unit that the less complete version named.
    let clean = house.kept(alone.id).await;
    let rest: Vec<_> = north.into_iter().filter(|line| !line.contains("\"U0\"")).collect();
    assert_eq!(rest, clean);
}

/// Parses the notation of the definitions: `U3: F+R(d1)` is a failed run and a repair after it.
pub fn history(text: &str) -> String {
    let mut lines = String::new();
    for (unit, events) in text.split(" · ").map(|unit| unit.split_once(": ").unwrap()) {
        let (mut golden, mut minute) = ("production", 0);
        for event in events.split(' ') {
            if event == "golden" {
                golden = "golden";
                continue;
            }
            minute += 1;
            let (what, day) = event.trim_end_matches([')', ',']).split_once("(d").unwrap();
            let day: u32 = day.parse().unwrap();
            let at = format!("2026-03-{:02}T10:{minute:02}:00+08:00", 10 + day);
            let outcome = match what.trim_end_matches("+R") {
                "P" => "pass",
                "F" => "fail",
                "Error" => "error",
                "Aborted" => "aborted",
                other => panic!("{other}"),
            };
            lines += &format!(
                r#"{{"type":"run","unit":{{"serial":"{unit}"}},"operation":"L10","started_at":"{at}","outcome":"{outcome}"}}"#
            );
            lines.push('\n');
            if what.ends_with("+R") {
                minute += 1;
                let at = format!("2026-03-{:02}T10:{minute:02}:00+08:00", 10 + day);
                lines += &format!(
                    r#"{{"type":"repair","unit":"{unit}","at":"{at}","action":"replace"}}"#
                );
                lines.push('\n');
            }
        }
        if golden == "golden" {
            lines = lines.replace(
                &format!(r#"{{"serial":"{unit}"}}"#),
                &format!(r#"{{"serial":"{unit}","kind":"golden"}}"#),
            );
        }
    }
    lines
}

pub const FIXTURE: &str = "U1: P(d1) · U2: F(d1) P(d1) · U3: F(d1) F+R(d1) P(d2) · U4: F(d1) P(d2) · U5: Error(d1) P(d1) · U6: Aborted(d1) P(d1) · U7: F(d1) F(d2) · U8: P(d2) · U9: F(d0) P(d1) · U10: P(d1) golden";

/// The figures of days 1 and 2, from the attempt numbers and history flags of the runs.
const FIGURES: &str = "
select (count(*) filter (where run_index = 1))::int as n,
       (count(*) filter (where run_index = 1 and outcome = 0))::int as fpy,
       (count(*) filter (where marks & 2 > 0))::int as spy,
       (count(*) filter (where marks & 4 > 0))::int as tpy,
       (count(*) filter (where marks & 8 > 0))::int as ever,
       (count(*) filter (where marks & 16 > 0))::int as last,
       (sum(attempts) - count(*) filter (where run_index = 1))::int as retests,
       (count(*) filter (where attempts > 1))::int as retested,
       (count(*) filter (where unaborted_index = 1 and outcome = 0))::int as x_fpy,
       (count(*) filter (where marks & 64 > 0))::int as x_spy,
       (count(*) filter (where marks & 128 > 0))::int as x_tpy,
       (sum(unaborted_attempts) - count(*) filter (where unaborted_index = 1))::int as x_retests,
       (count(*) filter (where unaborted_attempts > 1))::int as x_retested,
       (count(*) filter (where marks & 32 > 0))::int as of_day,
       (count(*) filter (where marks & 32 > 0 and outcome = 0))::int as of_day_passed,
       (count(*) filter (where marks & 1 > 0 and outcome = 0))::int as of_day_passed_with_aborted
from run join unit u on u.id = unit_id
where u.kind = 0 and day between '2026-03-11' and '2026-03-12'";

async fn figures(house: &House) -> Vec<i32> {
    let mut superuser = house.db.connect("postgres").await;
    let row = sqlx::query(FIGURES).fetch_one(&mut superuser).await.unwrap();
    (0..row.len()).map(|at| row.get(at)).collect()
}

#[tokio::test]
async fn the_marks_give_the_published_fixtures_in_any_order_of_arrival() {
    // n, FPY, SPY, TPY, LPY ever and last, retests, retested; the same without aborted
    // runs; first attempts of the day, passed, and passed with aborted runs as attempts.
    let first = vec![8, 2, 6, 7, 7, 7, 7, 6, 3, 6, 7, 6, 5, 12, 6, 5];
    let second = vec![9, 3, 7, 8, 8, 7, 8, 7, 4, 7, 8, 7, 6, 14, 7, 6];
    let with_eleven = format!("{FIXTURE} · U11: P(d1) F(d2)");
    for (text, expected) in [(FIXTURE, first), (with_eleven.as_str(), second)] {
        let house = House::new().await;
        let lines = history(text);
        let mut lines: Vec<&str> = lines.lines().collect();
        // In reverse order, one upload each, and then all again in one upload.
        lines.reverse();
        for line in &lines {
            house.upload(&house.north.ingest, "/ingest/v1/firstpass", line.to_string()).await;
        }
        let answer =
            house.upload(&house.north.ingest, "/ingest/v1/firstpass", lines.join("\n")).await;
        assert_eq!(answer.number("accepted"), 0, "{answer:?}");
        assert_eq!(figures(&house).await, expected);
    }
}

#[tokio::test]
async fn a_run_from_the_future_is_numbered_when_its_time_has_come() {
    let house = House::new().await;
    let at = "/ingest/v1/ocptv";
    house
        .upload(&house.north.ingest, at, ocp_run("U1", "L10", "2026-03-01T00:00:00Z", false))
        .await;
    house.upload(&house.north.ingest, at, ocp_run("U1", "L10", "2999-03-01T00:00:00Z", true)).await;
    let indexes = async || -> Vec<Option<i32>> {
        let mut superuser = house.db.connect("postgres").await;
        sqlx::query_scalar("select run_index from run where operation = 'L10' order by started_at")
            .fetch_all(&mut superuser)
            .await
            .unwrap()
    };
    assert_eq!(indexes().await, [Some(1), None]);
    // Simulates a run that was stored long ago, dated a year ahead.
    house.db.superuser("update run set started_at = '2026-04-01Z' where run_index is null; update run_identity set started_at = '2026-04-01Z' where started_at > '2999-01-01'").await;
    // The next query counts it.
    house.get("/", &house.north.viewer).await;
    assert_eq!(indexes().await, [Some(1), Some(2)]);
}
