//! What all formats share, and what the tests of each begin with.

mod deliveries;
mod parameters;
mod properties;
mod worlds;

use domain::{IngestRecord, RepairRecord, RunRecord};

use crate::{Event, FORMATS, Limits, Params, Tenant, TooMuch, UnknownFormat};

/// Everything that came out of an upload.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Heard {
    pub(crate) runs: Vec<(u64, RunRecord)>,
    pub(crate) repairs: Vec<(u64, RepairRecord)>,
    pub(crate) rejects: Vec<(u64, String)>,
    pub(crate) warnings: Vec<(u64, &'static str, String)>,
}

impl Heard {
    pub(crate) fn of(events: Vec<Event>) -> Self {
        let mut heard = Self::default();
        for event in events {
            match event {
                Event::Record { line, record: IngestRecord::Run(run) } => {
                    heard.runs.push((line, *run));
                }
                Event::Record { line, record: IngestRecord::Repair(repair) } => {
                    heard.repairs.push((line, *repair));
                }
                Event::Reject { line, reject } => heard.rejects.push((line, reject.why)),
                Event::Warning { line, code, why } => {
                    assert!(crate::warning::ALL.contains(&code), "{code} is not declared");
                    heard.warnings.push((line, code, why));
                }
            }
        }
        heard
    }

    /// The only run; panics with everything when there is not exactly one.
    #[track_caller]
    pub(crate) fn run(&self) -> &RunRecord {
        match self.runs.as_slice() {
            [(_, run)] => run,
            _ => panic!("not one run: {self:#?}"),
        }
    }

    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.warnings.iter().map(|(_, code, _)| *code).collect()
    }
}

/// Reads an upload in pieces of `piece` bytes.
pub(crate) fn events_in_pieces(
    format: &str,
    params: &Params,
    tenant: &Tenant,
    limits: Limits,
    body: &[u8],
    piece: usize,
) -> Result<Vec<Event>, TooMuch> {
    let mut events = Vec::new();
    let mut parser = crate::open(format, params.clone(), tenant.clone(), limits).unwrap();
    for bytes in body.chunks(piece.max(1)) {
        parser.push(bytes, &mut |event| events.push(event))?;
    }
    parser.finish(&mut |event| events.push(event))?;
    Ok(events)
}

/// Reads an upload that is within the limits.
pub(crate) fn read(format: &str, params: &Params, body: impl AsRef<[u8]>) -> Heard {
    let body = body.as_ref();
    let tenant = Tenant::default();
    Heard::of(
        events_in_pieces(format, params, &tenant, Limits::default(), body, usize::MAX).unwrap(),
    )
}

/// Parameters by name.
pub(crate) fn params<const N: usize>(pairs: [(&str, &str); N]) -> Params {
    let mut params = Params::default();
    for (name, value) in pairs {
        params.set(name, value).unwrap();
    }
    params
}

#[test]
fn formats_are_found_by_their_name_and_no_two_share_one() {
    for format in FORMATS {
        assert!(
            crate::open(format.name, Params::default(), Tenant::default(), Limits::default())
                .is_ok()
        );
        assert_eq!(FORMATS.iter().filter(|other| other.name == format.name).count(), 1);
    }
    let unknown = crate::open("excel", Params::default(), Tenant::default(), Limits::default());
    assert_eq!(unknown.err(), Some(UnknownFormat));
}

#[test]
fn an_empty_body_is_nothing_in_every_format() {
    for format in FORMATS {
        assert_eq!(read(format.name, &Params::default(), ""), Heard::default());
        assert_eq!(
            read(format.name, &Params::default(), "\u{feff}\r\n \n\t\r\n"),
            Heard::default()
        );
    }
}

#[test]
fn the_limits_are_those_of_the_contract_and_count_runs_and_repairs() {
    let limits = Limits::default();
    assert_eq!(
        (limits.line_bytes, limits.depth, limits.runs, limits.run_artifacts, limits.run_bytes),
        (1_048_576, 64, 100_000, 1_000_000, 268_435_456)
    );
    let repair = r#"{"type":"repair","unit":"U1","at":"2026-03-01T00:00:00Z","action":"replace"}"#;
    let two = [repair, "{}", repair].join("\n");
    let with = |runs| {
        let limits = Limits { runs, ..limits };
        let none = Params::default();
        events_in_pieces("firstpass", &none, &Tenant::default(), limits, two.as_bytes(), 9)
    };
    assert_eq!(with(2).map(|events| events.len()), Ok(3));
    assert_eq!(with(1), Err(TooMuch::Runs { line: 3, limit: 1 }));
}

#[test]
fn a_time_ahead_is_kept_without_a_warning() {
    let ours = r#"{"type":"run","unit":{"serial":"U1"},"operation":"L10","started_at":"2999-03-01T00:00:00Z","outcome":"pass"}"#;
    let ocp = r#"{"testRunArtifact":{"testRunStart":{"name":"t"}},"sequenceNumber":1,"timestamp":"2999-03-01T00:00:00Z"}
{"testRunArtifact":{"testRunEnd":{"status":"COMPLETE","result":"PASS"}},"sequenceNumber":2,"timestamp":"2999-03-01T00:00:00Z"}"#;
    for (format, body) in [("firstpass", ours), ("ocptv", ocp)] {
        let heard = read(format, &params([("unit", "U1")]), body);
        assert_eq!(heard.run().started_at.to_string(), "2999-03-01T00:00:00.000000Z");
        assert!(heard.run().flags.is_empty());
    }
}

#[test]
fn a_parser_can_move_to_another_thread() {
    fn sent<T: Send>(_: T) {}
    sent(crate::open("ocptv", Params::default(), Tenant::default(), Limits::default()).unwrap());
}
