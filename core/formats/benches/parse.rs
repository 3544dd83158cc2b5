//! How fast uploads are read: both formats, beside what the JSON alone costs
//! as a `serde_json::Value`, and the two hashes that ingest takes of each
//! record. `cargo bench -p formats`

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use domain::IngestRecord;
use formats::{Event, Limits, Params, Tenant};

const RUNS: u32 = 1_000;
const MEASUREMENTS: u32 = 10;
/// What a server hands on at a time.
const PIECE: usize = 64 << 10;

/// Runs of a burn-in: a step, its measurements, each with its limits and the
/// part that it was taken on, and a diagnosis.
fn ocptv() -> String {
    let mut body = String::new();
    for run in 0..RUNS {
        let (hour, minute) = (run / 60 % 24, run % 60);
        let mut sequence = 0;
        let mut line = |artifact: &str| {
            let at = format!("2026-03-01T{hour:02}:{minute:02}:{sequence:02}.250Z");
            let _ =
                writeln!(body, r#"{{{artifact},"sequenceNumber":{sequence},"timestamp":"{at}"}}"#);
            sequence += 1;
        };
        line(r#""schemaVersion":{"major":2,"minor":0}"#);
        line(&format!(
            r#""testRunArtifact":{{"testRunStart":{{"name":"gpu-burn-in","version":"1.4.0","commandLine":"burn --t 3600","parameters":{{"t":3600}},"metadata":{{"unit_serial":"U{run:06}"}},"dutInfo":{{"dutInfoId":"0","name":"rack7-u12","hardwareInfos":[{{"hardwareInfoId":"4","name":"gpu3","serialNumber":"1652922000{run:03}","partNumber":"699-2G520-0200","partType":"GPU","location":"SXM3"}}]}}}}}}"#
        ));
        line(r#""testStepArtifact":{"testStepId":"0","testStepStart":{"name":"thermal"}}"#);
        for number in 0..MEASUREMENTS {
            line(&format!(
                r#""testStepArtifact":{{"testStepId":"0","measurement":{{"name":"hbm-temp-{number}","unit":"C","value":{}.5,"validators":[{{"name":"max","type":"LESS_THAN_OR_EQUAL","value":95}}],"hardwareInfoId":"4"}}}}"#,
                60 + (run + number) % 40
            ));
        }
        line(
            r#""testStepArtifact":{"testStepId":"0","diagnosis":{"verdict":"gpu-ok","type":"PASS","hardwareInfoId":"4","subcomponent":{"name":"HBM","type":"ASIC-SUBSYSTEM"}}}"#,
        );
        line(r#""testStepArtifact":{"testStepId":"0","testStepEnd":{"status":"COMPLETE"}}"#);
        line(r#""testRunArtifact":{"testRunEnd":{"status":"COMPLETE","result":"PASS"}}"#);
    }
    body
}

fn read(format: &str, body: &str, take: &mut dyn FnMut(IngestRecord)) {
    let (params, tenant) = (Params::default(), Tenant::default());
    let mut sink = |event| match event {
        Event::Record { record, .. } => take(record),
        other => unreachable!("the bodies are clean: {other:?}"),
    };
    let Ok(mut parser) = formats::open(format, params, tenant, Limits::default()) else { return };
    let pieces = body.as_bytes().chunks(PIECE);
    let read = pieces.into_iter().try_for_each(|piece| parser.push(piece, &mut sink));
    assert_eq!(read.and_then(|()| parser.finish(&mut sink)), Ok(()));
}

/// The same runs in our own format.
fn firstpass(runs: &[IngestRecord]) -> String {
    runs.iter().map(|run| formats::firstpass::line(run) + "\n").collect()
}

fn values(body: &str) -> usize {
    let value = |line| black_box(serde_json::from_str::<serde_json::Value>(line)).is_ok();
    body.lines().filter(|line| value(line)).count()
}

fn parse(criterion: &mut Criterion) {
    let ocptv = ocptv();
    let mut runs = Vec::new();
    read("ocptv", &ocptv, &mut |run| runs.push(run));
    assert_eq!(runs.len(), RUNS as usize);
    for (format, body) in [("ocptv", &ocptv), ("firstpass", &firstpass(&runs))] {
        let mut group = criterion.benchmark_group(format);
        group.throughput(Throughput::BytesDecimal(body.len() as u64));
        // Each is dropped as soon as it is there, like the values.
        group.bench_function("records", |bencher| {
            bencher.iter(|| read(format, body, &mut |record| drop(black_box(record))));
        });
        group.bench_function("values", |bencher| bencher.iter(|| values(body)));
        group.finish();
    }

    let mut group = criterion.benchmark_group("record");
    group.throughput(Throughput::Elements(u64::from(RUNS)));
    group.bench_function("identity", |bencher| {
        bencher.iter(|| runs.iter().map(|run| run.identity("ocptv").bytes()[0]).max());
    });
    group.bench_function("content_hash", |bencher| {
        bencher.iter(|| runs.iter().map(|run| run.content_hash().bytes()[0]).max());
    });
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
