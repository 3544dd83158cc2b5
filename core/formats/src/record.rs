//! The last steps of every record, in whatever format it came: what the
//! database can keep, what a key may be, and the flags that follow from the
//! rest.

mod fields;
mod times;

pub(crate) use fields::SHORT;
pub use times::CLOCK_SET;

use domain::{IngestRecord, Outcome, RunFlag, RunRecord, UnitRef, Zone};

use crate::json::trimmed;
use crate::out::Warnings;
use crate::reject::EN;
use crate::wording::Quoted;
use crate::{Moment, Params, Reject, RejectCode, characters, warning};

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
        missing.push(EN.run_lacks_unit());
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
        return Err(match missing.as_slice() {
            [first @ .., one, other] => {
                let two = EN.run_lacks_two(one, other);
                first.iter().map(|it| (*it).to_owned()).chain([two]).collect::<Vec<_>>().join(", ")
            }
            _ => missing.concat(),
        });
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
        attributes: std::collections::BTreeMap::new(),
    };
    run.flags.set_to(RunFlag::TzAssumed, started.zone == Zone::Assumed);
    Ok(run)
}

/// Sets the flags that follow from the record and makes it fit to be kept. The
/// record is rejected with the error.
pub(crate) fn finish(
    mut record: IngestRecord,
    line: u64,
    warnings: &mut Warnings,
) -> Result<IngestRecord, Reject> {
    let mut replaced = false;
    let mut too_long = None;
    fields::each(&mut record, &mut |field, text| {
        if text.contains('\0') {
            *text = text.replace('\0', "\u{fffd}");
            replaced = true;
        }
        if text.len() > field.bytes {
            too_long.get_or_insert_with(|| {
                RejectCode::TooLong.because(EN.field_too_long(field.name, text.len(), field.bytes))
            });
        } else if field.identifies
            && let Some((char, what)) = characters::unusual(text)
        {
            let why = EN.warning_unusual_character(
                field.name,
                Quoted(&characters::spelled_out(text)),
                format!("U+{:04X}", u32::from(char)),
                what,
            );
            warnings.add(line, warning::UNUSUAL_CHARACTER, why);
        }
    });
    if let Some(why) = too_long {
        return Err(why);
    }
    if replaced {
        let why = EN.warning_nul_replaced();
        warnings.add(line, warning::NUL_REPLACED, why);
    }
    times::warn(&record, line, warnings);
    match &mut record {
        IngestRecord::Run(run) => {
            let odd = run.outcome == Outcome::Pass && run.has_failure();
            run.flags.set_to(RunFlag::PassWithFailure, odd);
            if run.flags.has(RunFlag::TzAssumed) {
                let why = EN.warning_tz_assumed();
                warnings.add(line, warning::TZ_ASSUMED, why);
            }
        }
        IngestRecord::Repair(repair) => {
            if !ACTIONS.contains(&repair.action.to_ascii_lowercase().as_str()) {
                let why = EN.warning_unknown_action(Quoted(&repair.action), ACTIONS.join(", "));
                warnings.add(line, warning::UNKNOWN_ACTION, why);
            }
        }
    }
    Ok(record)
}

/// What is usually done to a unit. Another action is kept, and warned of: it may be a
/// spelling of one of these.
const ACTIONS: [&str; 9] =
    ["adjust", "clean", "inspect", "none", "reflash", "replace", "reseat", "rework", "scrap"];

#[cfg(test)]
mod tests;
