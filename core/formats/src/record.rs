//! The last steps of every record, in whatever format it came: what the
//! database can keep, what a key may be, and the flags that follow from the
//! rest.

mod texts;

use domain::{IngestRecord, Outcome, RepairRecord, RunFlag, RunRecord, UnitRef, Zone};

use crate::json::trimmed;
use crate::out::Warnings;
use crate::warning;
use crate::{Moment, Params};

/// Bytes of a text that stands in a key or an index.
const KEY_BYTES: usize = 512;

/// A run with what is known of it and nothing in it yet. `stated` is the start
/// that the data itself gave. The sentence of the error names the parameters
/// that would have helped.
pub(crate) fn begin(
    head: Params,
    stated: Option<Moment>,
    producer_id: Option<String>,
    outcome: Outcome,
) -> Result<RunRecord, String> {
    let mut missing = Vec::new();
    if head.unit.is_none() {
        missing.push("`unit` (the serial number of the unit)");
    }
    if head.operation.is_none() {
        missing.push("`operation`");
    }
    if head.started_at.is_none() {
        missing.push("`started_at`");
    }
    let (Some(serial), Some(operation), Some(started)) =
        (head.unit, head.operation, head.started_at)
    else {
        return Err(missing.join(" and "));
    };
    let mut run = RunRecord {
        producer_id: trimmed(producer_id),
        unit: UnitRef {
            serial,
            product: head.product,
            revision: head.revision,
            kind: head.unit_kind.unwrap_or_default(),
        },
        operation,
        test_name: None,
        level: head.level,
        station: head.station,
        fixture: head.fixture,
        slot: head.slot,
        operator: head.operator,
        software: head.software,
        started_at: started.at,
        stamped_at: stated.map(|stated| stated.at).filter(|at| *at != started.at),
        ended_at: None,
        outcome,
        complete: true,
        artifacts: 0,
        flags: domain::RunFlags::NONE,
        steps: Vec::new(),
        findings: Vec::new(),
        components: Vec::new(),
    };
    run.flags.set_to(RunFlag::TzAssumed, started.zone == Zone::Assumed);
    Ok(run)
}

/// Sets the flags that follow from the record and makes it fit to be kept. The
/// error is a sentence: the record is rejected with it.
pub(crate) fn finish(
    mut record: IngestRecord,
    line: u64,
    warnings: &mut Warnings,
) -> Result<IngestRecord, String> {
    let mut replaced = false;
    texts::each(&mut record, &mut |text| {
        if text.contains('\0') {
            *text = text.replace('\0', "\u{fffd}");
            replaced = true;
        }
    });
    if replaced {
        let why = "the text holds U+0000, which cannot be kept: U+FFFD stands in its place";
        warnings.add(line, warning::NUL_REPLACED, why);
    }
    match &mut record {
        IngestRecord::Run(run) => {
            let odd = run.outcome == Outcome::Pass && run.has_failure();
            run.flags.set_to(RunFlag::PassWithFailure, odd);
            if run.flags.has(RunFlag::TzAssumed) {
                let why = "a time stamp without a zone is read as UTC";
                warnings.add(line, warning::TZ_ASSUMED, why);
            }
            fit(&run_keys(run))?;
            for step in &run.steps {
                fit(&[("step name", Some(&step.name))])?;
                for measured in &step.measurements {
                    fit(&[
                        ("measurement name", Some(&measured.name)),
                        ("unit of measure", measured.unit.as_deref()),
                    ])?;
                }
            }
        }
        IngestRecord::Repair(repair) => fit(&repair_keys(repair))?,
    }
    Ok(record)
}

type Key<'a> = (&'static str, Option<&'a str>);

fn fit(keys: &[Key<'_>]) -> Result<(), String> {
    for (name, text) in keys {
        let bytes = text.map_or(0, str::len);
        if bytes > KEY_BYTES {
            return Err(format!(
                "`{name}` is {bytes} bytes long, and {KEY_BYTES} is the most that is kept"
            ));
        }
    }
    Ok(())
}

fn run_keys(run: &RunRecord) -> [Key<'_>; 12] {
    [
        ("id", run.producer_id.as_deref()),
        ("unit", Some(&run.unit.serial)),
        ("product", run.unit.product.as_deref()),
        ("revision", run.unit.revision.as_deref()),
        ("operation", Some(&run.operation)),
        ("test name", run.test_name.as_deref()),
        ("level", run.level.as_deref()),
        ("station", run.station.as_deref()),
        ("fixture", run.fixture.as_deref()),
        ("slot", run.slot.as_deref()),
        ("operator", run.operator.as_deref()),
        ("software", run.software.as_deref()),
    ]
}

fn repair_keys(repair: &RepairRecord) -> [Key<'_>; 5] {
    [
        ("id", repair.producer_id.as_deref()),
        ("unit", Some(&repair.unit)),
        ("action", Some(&repair.action)),
        ("run", repair.run.as_deref()),
        ("defect", repair.defect.as_deref()),
    ]
}
