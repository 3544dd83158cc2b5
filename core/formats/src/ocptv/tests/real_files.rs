//! What producers really wrote. The files under `fixtures` are copies; the
//! tests that read `../shared` skip, and say so, where it is not there.

use std::path::PathBuf;

use domain::{FindingOutcome, Outcome, RunFlag, StepStatus, Value};
use serde_json::Value as Json;

use super::*;
use crate::warning;

macro_rules! fixture {
    ($path:literal) => {
        include_str!(concat!("../fixtures/", $path))
    };
}

const EXAMPLES: [&str; 6] = [
    fixture!("ocptv_run/demo_context_run_skip.jsonl"),
    fixture!("ocptv_run/demo_create_measurement_series.jsonl"),
    fixture!("ocptv_run/demo_create_measurement_simple.jsonl"),
    fixture!("ocptv_run/demo_create_measurements_with_validators.jsonl"),
    fixture!("ocptv_run/demo_custom_writer.jsonl"),
    fixture!("ocptv_run/demo_step_extension.jsonl"),
];
const CPACT: [&str; 3] = [
    fixture!("cpact_run/ocptv_DiagSampleLogRegex1_20251014_213537.jsonl"),
    fixture!("cpact_run/ocptv_DiagSampleLogRegex3_20251014_213601.jsonl"),
    fixture!("cpact_run/ocptv_DiagSampleLogRegex5_20251014_213620.jsonl"),
];
const NO_END: &str = fixture!("cpact_run/ocptv_DiagSampleLogRegex1_20251014_212943.jsonl");
const NO_DUT: &str = fixture!("ocptv_run/demo_error_while_gathering_duts.jsonl");
const PREFIXED: &str = fixture!("ocptv_run/demo_python_logging_io.txt");
const AUTHORS: &str = fixture!("ocptv_run/sample_output_authors_2023.txt");

#[test]
fn every_whole_example_is_one_run_without_a_word_of_complaint() {
    for file in EXAMPLES.into_iter().chain(CPACT) {
        let heard = read_unit(file);
        assert_eq!((heard.rejects.as_slice(), heard.warnings.as_slice()), (&[][..], &[][..]));
        let run = heard.run();
        assert!(run.complete && run.flags.is_empty());
        assert_eq!(run.artifacts as usize, file.lines().count());
    }
}

#[test]
fn an_example_that_skipped_is_a_skip() {
    assert_eq!(read_unit(EXAMPLES[0]).run().outcome, Outcome::Skip);
}

#[test]
fn the_series_of_the_example_have_their_elements_and_values() {
    let heard = read_unit(EXAMPLES[1]);
    let run = heard.run();
    let series: Vec<_> = run
        .steps
        .iter()
        .flat_map(|step| &step.measurements)
        .map(|measurement| match &measurement.value {
            Value::Series(elements) => (measurement.name.as_str(), elements.len()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(series, [("fan_speed", 3), ("temp0", 2), ("freq0", 2), ("freq1", 1)]);
    assert_eq!(run.opportunities(), (0, 0), "nothing of it is checked");
}

#[test]
fn the_validators_of_the_example_are_computed() {
    let heard = read_unit(EXAMPLES[3]);
    assert_eq!(heard.run().opportunities(), (0, 2));
    let measurements = &heard.run().steps[0].measurements;
    assert_eq!((measurements[0].low, measurements[1].high), (Some(30.0), Some(3000.0)));
    assert_eq!(measurements[0].checks[0].name.as_deref(), Some("gt_30"));
}

#[test]
fn another_program_s_diagnoses_are_findings() {
    for file in CPACT {
        let heard = read_unit(file);
        let run = heard.run();
        assert_eq!(run.findings.len(), 2);
        assert!(
            run.findings
                .iter()
                .all(|found| found.code == "passed" && found.outcome == FindingOutcome::Pass)
        );
        assert_eq!(run.opportunities(), (0, 2));
        assert_eq!(run.steps[0].status, Some(StepStatus::Pass));
    }
}

#[test]
fn the_log_without_an_end_is_one_error_run_and_a_warning() {
    let heard = read_unit(NO_END);
    assert_eq!(heard.run().outcome, Outcome::Error);
    assert_eq!(heard.run().flags.iter().collect::<Vec<_>>(), [RunFlag::Truncated]);
    assert_eq!((heard.codes(), heard.rejects.len()), (vec![warning::RUN_WITHOUT_END], 0));
}

#[test]
fn the_example_without_a_dut_needs_the_operation_and_is_one_error_run() {
    let heard = read_unit(NO_DUT);
    assert_eq!(heard.runs, []);
    assert_eq!(
        heard.rejects,
        [(
            1,
            "begins a run that is rejected: it lacks `operation`; give the parameter, or, for the unit, \
             metadata.unit_serial in testRunStart or dutInfo"
                .to_owned()
        )]
    );
    let heard = read("ocptv", &params([("unit", "U1"), ("operation", "L10")]), NO_DUT);
    let run = heard.run();
    assert_eq!((run.outcome, run.findings[0].code.as_str()), (Outcome::Error, "no-dut"));
    assert_eq!(run.failure_code().as_deref(), Some("error"));
    assert_eq!(run.flags.iter().collect::<Vec<_>>(), [RunFlag::Truncated, RunFlag::NoStart]);
}

#[test]
fn every_line_with_something_before_the_brace_is_rejected_and_says_so() {
    let heard = read_unit(PREFIXED);
    assert_eq!((heard.runs.len(), heard.rejects.len(), heard.warnings.len()), (0, 6, 0));
    for (line, why) in (1..).zip(&heard.rejects) {
        assert_eq!(why, &(line, "has text before the opening brace: `[pylog] `".to_owned()));
    }
}

#[test]
fn the_authors_sample_is_its_runs_and_its_headings_are_rejects_that_flag_no_run() {
    // Counted with grep: 17 schemaVersion lines, of which one is prefixed and
    // one run has no testRunStart and so no operation.
    let heard = read_unit(AUTHORS);
    assert_eq!(heard.runs.len(), EXPECTED_RUNS - 1);
    let flagged: Vec<_> = heard.runs.iter().filter(|(_, run)| !run.flags.is_empty()).collect();
    assert_eq!(flagged, Vec::<&(u64, domain::RunRecord)>::new());
    let headings =
        AUTHORS.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('{')).count();
    assert_eq!(heard.rejects.len(), headings + 1, "and the run without an operation");

    let given = params([("unit", "U1"), ("operation", "demo")]);
    let heard = read("ocptv", &given, AUTHORS);
    assert_eq!((heard.runs.len(), heard.rejects.len()), (EXPECTED_RUNS, headings));
    let lossy = heard.runs.iter().filter(|(_, run)| run.flags.has(RunFlag::DataLoss)).count();
    let errors = heard.runs.iter().filter(|(_, run)| run.outcome == Outcome::Error).count();
    assert_eq!((lossy, errors), (0, 1));
    assert_eq!(
        heard.warnings.iter().filter(|(_, code, _)| *code == warning::OPERATION_SHARED).count(),
        1
    );
}
/// `grep -c '^{"schemaVersion"' sample_output_authors_2023.txt`
const EXPECTED_RUNS: usize = 14;

#[test]
fn the_authors_subcomponent_example_names_its_part() {
    let heard = read_unit(AUTHORS);
    let run = heard.runs.iter().map(|(_, run)| run).find(|run| !run.components.is_empty()).unwrap();
    let part = &run.components[0];
    assert_eq!(
        [&part.serial, &part.part, &part.slot, &part.name].map(|text| text.as_deref()),
        [Some("HMA2022029281901"), Some("P03052-091"), Some("MB/DIMM_A1"), Some("ram0")]
    );
    let measured = &run.steps[0].measurements;
    assert_eq!(
        (measured[0].component.as_deref(), measured[0].subcomponent.as_deref()),
        (Some("ram0"), Some("chip0"))
    );
}

/// `../shared`, or `FIRSTPASS_SHARED`; `None`, said aloud, where it is absent.
fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("FIRSTPASS_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there; set FIRSTPASS_SHARED", path.display());
    None
}

#[test]
fn the_fixtures_are_the_shared_files_byte_for_byte_and_no_file_is_forgotten() {
    let Some(root) = shared("data/ocp") else { return };
    let mut compared = 0;
    for folder in ["ocptv_run", "cpact_run"] {
        for file in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let here = format!("{}/src/ocptv/fixtures/{folder}/{name}", env!("CARGO_MANIFEST_DIR"));
            assert_eq!(std::fs::read(here).ok(), std::fs::read(&path).ok(), "{name}");
            compared += 1;
        }
    }
    let known = EXAMPLES.len() + CPACT.len() + [NO_END, NO_DUT, PREFIXED, AUTHORS].len();
    assert_eq!(compared, known);
}

fn json(path: &str) -> Option<Json> {
    Some(serde_json::from_str(&std::fs::read_to_string(shared(path)?).unwrap()).unwrap())
}

#[test]
fn the_pre_2_0_samples_are_refused_by_name_with_one_sentence() {
    let Some(folder) = shared("data/ocp/spec_samples") else { return };
    let mut files = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        files += 1;
        let heard = read(
            "ocptv",
            &params([("unit", "U1"), ("operation", "L10")]),
            std::fs::read(file.unwrap().path()).unwrap(),
        );
        assert_eq!((heard.runs.len(), heard.warnings.len()), (0, 0));
        assert_eq!(heard.rejects, [(1, crate::reject::EN.ocp_pre_2_0().to_owned())]);
    }
    assert_eq!(files, 6);
    assert!(crate::reject::EN.ocp_pre_2_0().contains("pre-2.0"));
}

#[test]
fn every_file_counts_what_an_independent_script_counted() {
    let Some(expected) = json("data/ocp/expected.json") else { return };
    let mut compared = 0;
    for (name, counts) in expected.as_object().unwrap() {
        if name.starts_with("spec_samples") {
            continue;
        }
        compared += 1;
        let body = std::fs::read(shared(&format!("data/ocp/{name}")).unwrap()).unwrap();
        // The script looked behind the prefix.
        let body = String::from_utf8(body).unwrap().replace("[pylog] ", "");
        let heard = read("ocptv", &params([("unit", "U1"), ("operation", "L10")]), body);
        let run = heard.run();
        let count = |key: &str| counts[key].as_u64().unwrap() as usize;
        let measurements: Vec<_> = run.steps.iter().flat_map(|step| &step.measurements).collect();
        let elements: usize =
            measurements
                .iter()
                .map(|measurement| {
                    if let Value::Series(elements) = &measurement.value {
                        elements.len()
                    } else {
                        0
                    }
                })
                .sum();
        let series = measurements
            .iter()
            .filter(|measured| matches!(measured.value, Value::Series(_)))
            .count();
        assert_eq!(run.artifacts as usize, count("lines"), "{name}");
        assert_eq!(run.test_name.as_deref(), counts["run_name"].as_str(), "{name}");
        assert_eq!(run.steps.len(), count("steps"), "{name}");
        assert_eq!(measurements.len() - series, count("measurements"), "{name}");
        assert_eq!(elements, count("series_elements"), "{name}");
        let validators =
            measurements.iter().filter(|measured| !matches!(measured.value, Value::Series(_)));
        assert_eq!(
            validators.map(|measured| measured.checks.len()).sum::<usize>(),
            count("validators"),
            "{name}"
        );
        let diagnoses = counts["diagnoses"].as_array().unwrap().len();
        assert_eq!(run.findings.len(), diagnoses + count("errors"), "{name}");
        let outcome = match (counts["run_status"].as_str(), counts["run_result"].as_str()) {
            (Some("COMPLETE"), Some("PASS")) => Outcome::Pass,
            (Some("SKIP"), _) => Outcome::Skip,
            (None, _) => Outcome::Error,
            other => panic!("{other:?}"),
        };
        assert_eq!(run.outcome, outcome, "{name}");
    }
    assert_eq!(compared, 12);
}

#[test]
fn every_example_of_the_specification_s_text_is_read_or_named() {
    let Some(examples) = json("data/ocp/spec_text_examples/examples.json") else { return };
    let rejected: Vec<(u64, bool)> = examples
        .as_array()
        .unwrap()
        .iter()
        .map(|example| {
            let text = match &example["json"] {
                Json::Null => example["raw"].as_str().unwrap().replace('\n', " "),
                json => json.to_string(),
            };
            // Behind the beginning of a run, so that steps have one.
            let heard = read(
                "ocptv",
                &params([("unit", "U1"), ("operation", "L10")]),
                format!("{}\n{text}", line(0, VERSION)),
            );
            (
                example["spec_line"].as_u64().unwrap(),
                heard.rejects.iter().any(|(line, _)| *line == 2),
            )
        })
        .collect();
    // What the schema allows is read, but for the bare schemaVersions.
    let valid = |example: &&Json| example["valid"] == Json::Bool(true);
    let valid: Vec<u64> = examples
        .as_array()
        .unwrap()
        .iter()
        .filter(valid)
        .filter_map(|example| example["spec_line"].as_u64())
        .collect();
    let refused = |line: &&u64| rejected.contains(&(**line, true));
    assert_eq!(valid.len(), 11);
    assert_eq!(valid.iter().filter(refused).collect::<Vec<_>>(), [&95, &703]);
    // 586 is no artifact, 1958 and 2037 have trailing commas; 1400 lacks
    // commandLine and parameters, which the prose's own example shows to be
    // forgivable. The bare schemaVersions (95, 703) begin runs of nothing.
    let bad: Vec<u64> = rejected.iter().filter(|(_, bad)| *bad).map(|(line, _)| *line).collect();
    assert_eq!(rejected.len(), 15);
    assert_eq!(bad, [95, 586, 703, 1958, 2037]);
}
