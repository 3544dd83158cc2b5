//! The factory behind the demo: seeded, so that it is the same every time but for the
//! day on which it ends.

use std::fmt::Write as _;
use std::time::Duration;

use domain::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::clock::later;

/// A partner of the demo.
#[derive(Debug)]
pub(super) struct Partner {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) timezone: &'static str,
    seed: u64,
    units: u32,
    /// Chance that a first run passes, by operation.
    first_pass: [f64; 3],
}

pub(super) const PARTNERS: &[Partner] = &[
    Partner {
        slug: "northwind",
        name: "Northwind Systems",
        timezone: "Asia/Taipei",
        seed: 1,
        units: 420,
        first_pass: [0.975, 0.915, 0.945],
    },
    Partner {
        slug: "kestrel",
        name: "Kestrel Manufacturing",
        timezone: "America/Chicago",
        seed: 2,
        units: 180,
        first_pass: [0.96, 0.88, 0.93],
    },
];

/// Operation, its length in minutes, and what fails in it.
const OPERATIONS: [(&str, u64, [&str; 3]); 3] = [
    ("L6 board test", 18, ["pcie-link-width", "voltage-rail-low", "bmc-no-answer"]),
    ("L10 node burn-in", 240, ["gpu-hbm-overtemp", "nvlink-crc-errors", "dimm-correctable-ecc"]),
    ("L11 rack test", 90, ["leak-sensor-open", "nccl-bandwidth-low", "power-shelf-share"]),
];

const DAYS: u64 = 30;
const DAY: Duration = Duration::from_secs(86_400);

/// The partner's last thirty days up to `until`, as the stations would have written them.
pub(super) fn stream(partner: &Partner, until: Timestamp) -> String {
    let mut rng = StdRng::seed_from_u64(partner.seed);
    let start = until.micros() - (DAY * DAYS as u32).as_micros() as i64;
    let start = Timestamp::from_micros(start).unwrap_or(Timestamp::MIN);
    let mut text = String::new();
    for number in 0..partner.units {
        let serial = format!("{}{:05}", partner.slug[..2].to_uppercase(), 10_000 + number);
        let begun = DAY.mul_f64(DAYS as f64 * f64::from(number) / f64::from(partner.units));
        let mut at = later(start, begun + Duration::from_secs(rng.random_range(0..43_200)));
        for (place, operation) in OPERATIONS.iter().enumerate() {
            let mut chance = partner.first_pass[place];
            for _attempt in 0..3 {
                if at > until {
                    break; // still on its way through the factory
                }
                let passed = rng.random_bool(chance);
                at = run(&mut text, &mut rng, &serial, operation, at, passed);
                at = later(at, Duration::from_secs(rng.random_range(600..7200)));
                if passed {
                    break;
                }
                chance = 0.7;
            }
        }
    }
    text
}

/// Writes one run and returns when it ended.
fn run(
    text: &mut String,
    rng: &mut StdRng,
    serial: &str,
    (operation, minutes, codes): &(&str, u64, [&str; 3]),
    at: Timestamp,
    passed: bool,
) -> Timestamp {
    let end = later(at, Duration::from_secs(minutes * 60 + rng.random_range(0..120)));
    let limit = 95.0;
    let value = if passed { rng.random_range(70.0..94.0) } else { rng.random_range(95.5..104.0) };
    let code = codes[rng.random_range(0..codes.len())];
    let verdict = if passed { ("all-well", "PASS") } else { (code, "FAIL") };
    let step = |mut artifact: Value| {
        artifact["testStepId"] = json!("0");
        artifact
    };
    let artifacts = [
        (at, "schemaVersion", json!({ "major": 2, "minor": 0 })),
        (
            at,
            "testRunArtifact",
            json!({ "testRunStart": {
            "name": operation, "version": "4.2", "commandLine": "diag --station", "parameters": {},
            "dutInfo": { "dutInfoId": "0", "hardwareInfos": [{
                "hardwareInfoId": "1", "name": "gpu3", "serialNumber": format!("G{serial}3"),
                "partNumber": "699-2G520", "location": "SXM3" }] },
            "metadata": { "unit_serial": serial } } }),
        ),
        (at, "testStepArtifact", step(json!({ "testStepStart": { "name": "thermal" } }))),
        (
            end,
            "testStepArtifact",
            step(json!({ "measurement": {
            "name": "hbm-temp-max", "unit": "Cel", "value": (value * 10.0_f64).round() / 10.0,
            "hardwareInfoId": "1",
            "validators": [{ "type": "LESS_THAN_OR_EQUAL", "value": limit }] } })),
        ),
        (
            end,
            "testStepArtifact",
            step(json!({ "diagnosis": {
            "verdict": verdict.0, "type": verdict.1, "hardwareInfoId": "1" } })),
        ),
        (end, "testStepArtifact", step(json!({ "testStepEnd": { "status": "COMPLETE" } }))),
        (
            end,
            "testRunArtifact",
            json!({ "testRunEnd": { "status": "COMPLETE", "result": verdict.1 } }),
        ),
    ];
    for (sequence, (time, kind, artifact)) in artifacts.into_iter().enumerate() {
        let line =
            json!({ kind: artifact, "sequenceNumber": sequence, "timestamp": time.to_string() });
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{line}");
    }
    end
}
