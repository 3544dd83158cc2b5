//! Idempotence and order independence: however deliveries are ordered, repeated and truncated,
//! the rows equal those of one clean delivery.

use axum::body::Body;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{House, Partner};

/// One run of a small factory.
#[derive(Debug, Clone)]
struct Run {
    unit: u8,
    operation: u8,
    minute: u16,
    outcome: u8,
    steps: u8,
    value: i8,
    /// Whether there is another artifact between `schemaVersion` and `testRunStart`.
    late_start: bool,
}

fn runs() -> impl Strategy<Value = Vec<Run>> {
    let run = (0..4_u8, 0..2_u8, 0..3000_u16, 0..4_u8, 0..4_u8, any::<i8>(), any::<bool>())
        .prop_map(|(unit, operation, minute, outcome, steps, value, late_start)| Run {
            unit,
            operation,
            minute,
            outcome,
            steps,
            value,
            late_start,
        });
    proptest::collection::vec(run, 1..8).prop_map(|mut runs| {
        // Two runs with equal identity would be two versions of one run.
        runs.sort_by_key(|run| (run.unit, run.operation, run.minute));
        runs.dedup_by_key(|run| (run.unit, run.operation, run.minute));
        runs
    })
}

impl Run {
    fn at(&self) -> String {
        let Self { minute, .. } = self;
        format!("2026-03-{:02}T{:02}:{:02}:00Z", 1 + minute / 1440, minute / 60 % 24, minute % 60)
    }

    /// The lines of the run in the OCP format.
    fn ocptv(&self) -> Vec<String> {
        let Self { unit, operation, outcome, steps, value, .. } = self;
        let at = self.at();
        let mut artifacts = Vec::new();
        if self.late_start {
            artifacts.push(
                r#""testRunArtifact":{"log":{"severity":"INFO","message":"soon"}}"#.to_owned(),
            );
        }
        artifacts.push(format!(
            r#""testRunArtifact":{{"testRunStart":{{"name":"op{operation}","version":"1","commandLine":"","parameters":{{}},"dutInfo":{{"dutInfoId":"0","hardwareInfos":[{{"hardwareInfoId":"1","name":"gpu","serialNumber":"G{unit}"}}]}},"metadata":{{"unit_serial":"U{unit}"}}}}}}"#
        ));
        for step in 0..*steps {
            let about =
                |what: &str| format!(r#""testStepArtifact":{{"testStepId":"{step}",{what}}}"#);
            artifacts.push(about(&format!(r#""testStepStart":{{"name":"s{step}"}}"#)));
            artifacts.push(about(&format!(
                r#""measurement":{{"name":"m","value":{value},"validators":[{{"type":"LESS_THAN","value":9}}],"hardwareInfoId":"1"}}"#
            )));
            artifacts.push(about(r#""diagnosis":{"verdict":"v","type":"UNKNOWN"}"#));
            artifacts.push(about(r#""testStepEnd":{"status":"COMPLETE"}"#));
        }
        let (status, result) = match outcome {
            0 => ("COMPLETE", "PASS"),
            1 => ("COMPLETE", "FAIL"),
            2 => ("ERROR", "NOT_APPLICABLE"),
            _ => ("SKIP", "NOT_APPLICABLE"),
        };
        artifacts.push(format!(
            r#""testRunArtifact":{{"testRunEnd":{{"status":"{status}","result":"{result}"}}}}"#
        ));
        let mut lines = vec![format!(
            r#"{{"schemaVersion":{{"major":2,"minor":0}},"sequenceNumber":0,"timestamp":"{at}"}}"#
        )];
        lines.extend(artifacts.iter().enumerate().map(|(number, artifact)| {
            format!(r#"{{{artifact},"sequenceNumber":{},"timestamp":"{at}"}}"#, number + 1)
        }));
        lines
    }

    /// The run in the format `firstpass`, in one line; some are followed by a repair.
    fn firstpass(&self) -> String {
        let Self { unit, operation, outcome, steps, value, .. } = self;
        let at = self.at();
        let outcome = ["pass", "fail", "aborted", "timeout"][usize::from(*outcome)];
        let steps: Vec<String> = (0..*steps)
            .map(|step| {
                format!(
                    r#"{{"name":"s{step}","measurements":[{{"name":"m","value":{value},"high":9}},{{"name":"n","series":[{{"index":0,"value":{value}}}]}}]}}"#
                )
            })
            .collect();
        let steps = steps.join(",");
        let mut line = format!(
            r#"{{"type":"run","unit":{{"serial":"U{unit}"}},"operation":"op{operation}","started_at":"{at}","outcome":"{outcome}","steps":[{steps}]}}"#
        );
        if self.late_start {
            line += &format!(
                "\n{{\"type\":\"repair\",\"unit\":\"U{unit}\",\"at\":\"{at}\",\"action\":\"reseat\"}}"
            );
        }
        line
    }
}

/// A body and its format.
type Delivery = (&'static str, String);

/// Random bits that determine how the deliveries are reordered.
type Choices = Vec<u16>;

/// Every run at least once completely, in any order; some repeated, some truncated at any byte,
/// some with reordered lines, several in one request.
fn mixed_up(runs: &[Run], choices: &Choices) -> Vec<Delivery> {
    let mut choices = choices.iter().copied().cycle();
    let mut choose = |below: usize| usize::from(choices.next().unwrap()) % below.max(1);
    let mut pieces: Vec<Delivery> = Vec::new();
    for run in runs {
        let mut lines = run.ocptv();
        for _ in 0..choose(4) {
            let (one, other) = (1 + choose(lines.len() - 1), 1 + choose(lines.len() - 1));
            lines.swap(one, other);
        }
        pieces.push(("ocptv", lines.join("\n") + "\n"));
        pieces.push(("firstpass", run.firstpass() + "\n"));
        if choose(2) == 0 {
            let whole = run.ocptv().join("\n");
            let cut = choose(whole.len());
            pieces.push(("ocptv", format!("{}\n", &whole[..cut])));
        }
        if choose(3) == 0 {
            let whole = run.firstpass();
            let cut = choose(whole.len());
            pieces.push(("firstpass", format!("{}\n", &whole[..cut])));
        }
        if choose(3) == 0 {
            pieces.push(("ocptv", run.ocptv().join("\n") + "\n"));
        }
    }
    for last in (1..pieces.len()).rev() {
        let other = choose(last + 1);
        pieces.swap(last, other);
    }
    let mut deliveries: Vec<Delivery> = Vec::new();
    for (format, body) in pieces {
        match deliveries.last_mut() {
            Some((same, before)) if *same == format && choose(2) == 0 => before.push_str(&body),
            _ => deliveries.push((format, body)),
        }
    }
    deliveries
}

async fn deliver(house: &House, partner: &Partner, deliveries: &[Delivery]) -> Vec<String> {
    for (format, body) in deliveries {
        let path = format!("/ingest/v1/{format}");
        let answer = house.upload(&partner.ingest, &path, Body::from(body.clone())).await;
        assert!([200, 422].contains(&answer.status), "{answer:?}");
    }
    house.kept(partner.id).await
}

#[test]
fn any_order_cutting_and_repetition_ends_in_the_same_rows() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let house = runtime.block_on(House::new());
    let partners = std::cell::Cell::new(0);
    let partner = || {
        partners.set(partners.get() + 1);
        runtime.block_on(house.partner(&format!("p{}", partners.get())))
    };
    let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
    let choices = proptest::collection::vec(any::<u16>(), 40..80);
    TestRunner::new(config)
        .run(&(runs(), choices), |(runs, choices)| {
            let clean: Vec<Delivery> = vec![
                ("ocptv", runs.iter().map(|run| run.ocptv().join("\n") + "\n").collect()),
                ("firstpass", runs.iter().map(|run| run.firstpass() + "\n").collect()),
            ];
            let (one, other) = (partner(), partner());
            let expected = runtime.block_on(deliver(&house, &one, &clean));
            let mixed = mixed_up(&runs, &choices);
            let kept = runtime.block_on(deliver(&house, &other, &mixed));
            prop_assert_eq!(kept, expected, "{:#?}", mixed);
            Ok(())
        })
        .unwrap();
}
