//! A repair line.

use domain::{IngestRecord, RepairRecord, Zone};

use super::{missing, moment, required, wire};
use crate::json::trimmed;
use crate::out::Warnings;
use crate::parse::parse;
use crate::reject::EN;
use crate::{Params, Reject, warning};

/// Reads a line; of the parameters, `unit` concerns a repair.
pub(super) fn read(
    text: &str,
    params: &Params,
    line: u64,
    warnings: &mut Warnings,
) -> Result<IngestRecord, Reject> {
    let repair: wire::Repair = parse(text)?;
    let said = Params { unit: repair.unit, ..Params::default() };
    let unit = Params { unit: params.unit.clone(), ..Params::default() };
    let head = unit.over(said, line, warnings);
    let at = moment("at", repair.at.as_deref())?.ok_or_else(|| missing("at"))?;
    if at.zone == Zone::Assumed {
        warnings.add(line, warning::TZ_ASSUMED, EN.warning_tz_assumed());
    }
    let part = |part: Option<wire::Component>| {
        part.map(domain::Component::from).filter(|part| !part.is_empty())
    };
    Ok(IngestRecord::Repair(Box::new(RepairRecord {
        producer_id: trimmed(repair.id),
        unit: required("unit", head.unit)?,
        at: at.at,
        action: required("action", repair.action)?,
        run: trimmed(repair.run),
        defect: trimmed(repair.defect),
        component_out: part(repair.component_out),
        component_in: part(repair.component_in),
        comment: trimmed(repair.comment),
    })))
}
