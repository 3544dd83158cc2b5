//! The last steps of every record, in whatever format it came: what the
//! database can keep, what a key may be, and the flags that follow from the
//! rest.

mod fields;
mod times;

pub(crate) use fields::SHORT;

use domain::{IngestRecord, Outcome, RunFlag, RunRecord, UnitRef, Zone};

use crate::json::trimmed;
use crate::out::Warnings;
use crate::wording::Quoted;
use crate::{Moment, Params, characters, warning};

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
        attributes: std::collections::BTreeMap::new(),
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
    let mut too_long = None;
    fields::each(&mut record, &mut |field, text| {
        if text.contains('\0') {
            *text = text.replace('\0', "\u{fffd}");
            replaced = true;
        }
        if text.len() > field.bytes {
            too_long.get_or_insert_with(|| {
                format!(
                    "{} is {} bytes long, and {} is the most that is kept",
                    field.name,
                    text.len(),
                    field.bytes
                )
            });
        } else if field.identifies
            && let Some((char, what)) = characters::unusual(text)
        {
            let why = format!(
                "{} is {} and holds U+{:04X}, {what}: without it, it would be another",
                field.name,
                Quoted(&characters::spelled_out(text)),
                u32::from(char)
            );
            warnings.add(line, warning::UNUSUAL_CHARACTER, why);
        }
    });
    if let Some(why) = too_long {
        return Err(why);
    }
    if replaced {
        let why = "the text holds U+0000, which cannot be kept: U+FFFD stands in its place";
        warnings.add(line, warning::NUL_REPLACED, why);
    }
    times::warn(&record, line, warnings);
    match &mut record {
        IngestRecord::Run(run) => {
            let odd = run.outcome == Outcome::Pass && run.has_failure();
            run.flags.set_to(RunFlag::PassWithFailure, odd);
            if run.flags.has(RunFlag::TzAssumed) {
                let why = "a time stamp without a zone is read as UTC";
                warnings.add(line, warning::TZ_ASSUMED, why);
            }
        }
        IngestRecord::Repair(repair) => {
            if !ACTIONS.contains(&repair.action.to_ascii_lowercase().as_str()) {
                let why = format!(
                    "`action` is {}, which is none of {}: it is kept as it is",
                    Quoted(&repair.action),
                    ACTIONS.join(", ")
                );
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
