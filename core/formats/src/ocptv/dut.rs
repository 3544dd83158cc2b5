//! The unit under test and the parts in it, from `testRunStart`.
//!
//! The specification has no field for the serial number of the unit itself:
//! it is looked for where producers and tenants agreed to put it, and never
//! guessed.

use std::collections::{BTreeMap, BTreeSet};

use domain::Component;

use super::wire::{HardwareInfo, RunStart, Subcomponent};
use crate::attributes::Found;
use crate::json::{self, Text, trimmed};
use crate::out::Warnings;
use crate::reject::EN;
use crate::wording::Quoted;
use crate::{Reject, RejectCode, warning};

/// What `testRunStart` says of the unit.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) serial: Option<String>,
    pub(super) product: Option<String>,
    pub(super) revision: Option<String>,
}

/// The unit: its serial number from `metadata.unit_serial` of the run or of
/// `dutInfo`, else from the one hardware info with the tenant's chassis part
/// type, which gives the part number and revision too. The error is a sentence
/// about several such hardware infos, or about a serial number that cannot be one.
pub(super) fn unit(start: &RunStart, chassis: Option<&str>) -> Result<Unit, Reject> {
    let dut = start.dut_info.as_ref();
    let metadata = [start.metadata.as_ref(), dut.and_then(|dut| dut.metadata.as_ref())];
    let mut stated = None;
    for serial in metadata.into_iter().flatten().filter_map(|it| it.unit_serial.as_ref()) {
        let serial = serial.as_ref().map_err(|said| {
            let (code, why) = json::parse_error(said);
            code.because(EN.ocp_metadata_serial(why))
        })?;
        stated = stated.or_else(|| text(Some(serial)));
    }
    let listed = dut.and_then(|dut| dut.hardware_infos.as_deref()).unwrap_or_default();
    let is_chassis = |part: &&HardwareInfo| {
        let wanted = chassis.map(str::trim).filter(|wanted| !wanted.is_empty());
        let kind = part.part_type.as_ref().map(|Text(kind)| kind.trim());
        wanted.zip(kind).is_some_and(|(wanted, kind)| wanted.eq_ignore_ascii_case(kind))
    };
    let serials: BTreeSet<String> = listed
        .iter()
        .filter(is_chassis)
        .filter_map(|part| text(part.serial_number.as_ref()))
        .collect();
    if stated.is_none() && serials.len() > 1 {
        let why = EN.ocp_several_units(serials.len(), Quoted(chassis.unwrap_or_default()));
        return Err(RejectCode::SeveralUnits.because(why));
    }
    let serial = stated.or_else(|| serials.into_iter().next());
    // Only the entry that is this unit describes it.
    let itself = listed
        .iter()
        .filter(is_chassis)
        .find(|part| part.serial_number.is_none() || text(part.serial_number.as_ref()) == serial);
    Ok(Unit {
        product: itself.and_then(|part| text(part.part_number.as_ref())),
        revision: itself.and_then(|part| text(part.revision.as_ref())),
        serial,
    })
}

fn text(text: Option<&impl AsRef<str>>) -> Option<String> {
    trimmed(text.map(|text| text.as_ref().to_owned()))
}

/// Attributes of the run: what `metadata` says in texts, the versions of software, and part
/// numbers and revisions of hardware of the part types that the tenant lists. Texts go first,
/// those of the run before those of `dutInfo`. Also the names of those that cannot be kept.
pub(super) fn attributes(
    start: &RunStart,
    part_types: &[String],
) -> (BTreeMap<String, String>, Vec<String>) {
    let dut = start.dut_info.as_ref();
    let mut found = Found::default();
    let softwares = dut.and_then(|dut| dut.software_infos.as_ref()).map(|it| it.0.as_slice());
    for software in softwares.unwrap_or_default() {
        let version = text(software.version.as_ref()).or_else(|| text(software.revision.as_ref()));
        found.add(text(software.name.as_ref()), version);
    }
    let listed = dut.and_then(|dut| dut.hardware_infos.as_deref()).unwrap_or_default();
    for part in listed {
        let kind = text(part.part_type.as_ref()).unwrap_or_default();
        if let Some(kind) = part_types.iter().find(|wanted| wanted.eq_ignore_ascii_case(&kind)) {
            found.add(Some(kind.clone()), text(part.part_number.as_ref()));
            found.add(Some(format!("{kind} revision")), text(part.revision.as_ref()));
        }
    }
    let metadata = [dut.and_then(|dut| dut.metadata.as_ref()), start.metadata.as_ref()];
    let texts = metadata.into_iter().flatten().flat_map(|it| it.texts.clone()).collect();
    found.finish(texts)
}

/// The parts that a run listed, and what to call them.
#[derive(Default)]
pub(super) struct Parts {
    listed: Vec<Component>,
    labels: BTreeMap<String, String>,
    unknown: BTreeSet<String>,
}

impl Parts {
    /// From `hardwareInfos`; the unit itself is not among its parts.
    ///
    /// A part is called by its name where the name is the only one of its
    /// kind, else by its location, else by its id: eight GPUs called "GPU" are
    /// eight parts.
    pub(super) fn of(start: &RunStart, unit_serial: &str) -> Self {
        let mut parts = Self::default();
        let listed = start
            .dut_info
            .as_ref()
            .and_then(|dut| dut.hardware_infos.as_deref())
            .unwrap_or_default();
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for name in listed.iter().filter_map(|part| text(part.name.as_ref())) {
            *names.entry(name).or_default() += 1;
        }
        for part in listed {
            let id = text(part.hardware_info_id.as_ref());
            let name = text(part.name.as_ref()).filter(|name| names.get(name) == Some(&1));
            let slot = text(part.location.as_ref());
            let label = name.or_else(|| slot.clone()).or_else(|| id.clone());
            let serial = text(part.serial_number.as_ref());
            if serial.as_deref() != Some(unit_serial) {
                let number = text(part.part_number.as_ref());
                let known = serial.is_some() || number.is_some() || slot.is_some();
                let component =
                    Component { serial, part: number, slot, lot: None, name: label.clone() };
                parts.listed.extend(known.then_some(component));
            }
            if let (Some(id), Some(label)) = (id, label) {
                parts.labels.entry(id).or_insert(label);
            }
        }
        parts
    }

    /// What to call the hardware that something refers to, and the part of
    /// that part. Hardware that was not listed is called by its id.
    pub(super) fn name(
        &mut self,
        hardware: Option<&Text>,
        subcomponent: Option<&Subcomponent>,
        line: u64,
        warnings: &mut Warnings,
    ) -> (Option<String>, Option<String>) {
        let inner = subcomponent.and_then(|inner| text(inner.name.as_ref()));
        let Some(id) = text(hardware) else { return (inner, None) };
        let label = self.labels.get(&id).cloned().unwrap_or_else(|| {
            if self.unknown.insert(id.clone()) {
                let why = EN.warning_unknown_hardware(Quoted(&id));
                warnings.add(line, warning::UNKNOWN_HARDWARE, why);
            }
            id
        });
        (Some(label), inner)
    }

    /// The parts, in order of listing.
    pub(super) fn listed(self) -> Vec<Component> {
        self.listed
    }
}
