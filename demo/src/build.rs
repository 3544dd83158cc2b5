//! Generates units: their parts, and their hidden defects.

use domain::{Component, Timestamp, UnitKind};

use super::bench::{Trouble, Unit};
use super::dice::Dice;
use super::factory::LEMONS;
use super::floor::Floor;
use super::operations::{BURN_IN, Operation, Part, ROUTE};
use super::stories::What;

pub(crate) const GPU: &str = "GPU-SXM";
pub(crate) const NIC: &str = "NIC-400G";

/// A unit and its hidden defects.
#[derive(Debug)]
pub(crate) struct Build {
    pub(crate) unit: Unit,
    /// Number of replaced parts.
    spares: u64,
    /// Whether it fails at burn-in repeatedly, whatever is replaced (a lemon).
    pub(crate) lemon: bool,
    /// A defect from assembly that fails at burn-in.
    pub(crate) built_in: Option<Trouble>,
}

impl Build {
    /// Replaces a part; returns the old one and the new one.
    pub(crate) fn swap(&mut self, part: usize) -> Option<(Component, Component)> {
        let part = self.unit.parts.get_mut(part)?;
        let out = part.clone();
        self.spares += 1;
        part.serial = Some(format!("SPARE{}-{}", self.spares, self.unit.serial));
        part.lot = None;
        Some((out, part.clone()))
    }
}

/// The parts of a unit whose assembly begins at `at`.
pub(crate) fn build(floor: &Floor, dice: &mut Dice, number: u64, at: Timestamp) -> Build {
    let day = floor.calendar.day(at);
    let product = dice.weighted(floor.partner.products);
    let revision = product.revisions.iter().rev().find(|(from, _)| *from <= day);
    let part = |part: &str, slot: String, lot: String| Component {
        serial: Some(format!("{lot}-{}{number:06}{}", floor.partner.prefix, &slot[3..])),
        part: Some(part.to_owned()),
        slot: Some(slot.clone()),
        lot: Some(lot),
        name: Some(slot),
    };
    // One lot per week.
    let week = 10 + day / 7;
    let gpus = (0..product.gpus).map(|at| part(GPU, format!("GPU{at}"), format!("H25W{week}")));
    let nics = (0..2).map(|at| part(NIC, format!("NIC{at}"), format!("N25W{week}")));
    let mut parts: Vec<Component> = gpus.chain(nics).collect();
    let mut built_in = None;
    for (what, _) in floor.stories(at) {
        let What::BadLot { lot, units, code, probability } = what else { continue };
        if dice.happens(*units) {
            let at = dice.below(product.gpus as u64) as usize;
            parts[at] = part(GPU, format!("GPU{at}"), (*lot).to_owned());
            let step = step_of(code);
            built_in = dice.happens(*probability).then_some(Trouble { code, step, part: Some(at) });
        }
    }
    let lemon = dice.happens(LEMONS);
    let mut build = Build {
        unit: Unit {
            serial: format!("{}-{number:06}", floor.partner.prefix),
            kind: UnitKind::Production,
            product: product.number,
            revision: revision.map_or("A", |(_, revision)| *revision),
            parts,
        },

        spares: 0,
        lemon,
        built_in,
    };
    if lemon {
        build.built_in = Some(trouble(dice, &BURN_IN, &build.unit));
    }
    build
}

/// A random defect that the operation detects.
pub(crate) fn trouble(dice: &mut Dice, operation: &'static Operation, unit: &Unit) -> Trouble {
    let failure = dice.weighted(operation.failures);
    let kind = match failure.part {
        Part::Board => None,
        Part::Gpu => Some(GPU),
        Part::Nic => Some(NIC),
    };
    let of_kind: Vec<usize> = (0..unit.parts.len())
        .filter(|at| kind.is_some() && unit.parts[*at].part.as_deref() == kind)
        .collect();
    let part = (!of_kind.is_empty()).then(|| *dice.one_of(&of_kind));
    Trouble { code: failure.code, step: failure.step, part }
}

/// The step that detects a code.
pub(crate) fn step_of(code: &str) -> &'static str {
    let failures = ROUTE.iter().flat_map(|operation| operation.failures);
    failures.map(|(_, failure)| failure).find(|it| it.code == code).map_or("", |it| it.step)
}
