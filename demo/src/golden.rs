//! The golden unit, which is run every morning to check the station.

use std::time::Duration;

use domain::{IngestRecord, UnitKind};

use super::bench::{Slot, Unit, run, takes};
use super::dice::Dice;
use super::floor::{Floor, Place};
use super::operations::BURN_IN;

/// The run of the golden unit on a morning.
pub(crate) fn golden(
    floor: &Floor,
    dice: &mut Dice,
    day: usize,
    sink: &mut dyn FnMut(IngestRecord),
) {
    let operation = &BURN_IN;
    let stations: Vec<_> = floor.stations(operation).collect();
    let station = stations[day % stations.len()];
    let place = Place { station, fixture: station.fixtures[0] };
    let at = floor.calendar.at(day, Duration::from_secs(5 * 3600 + dice.between(1800, 3000)));
    let end = takes(dice, operation, at);
    if end > floor.calendar.until() {
        return;
    }
    let product = &floor.partner.products[0].1;
    let unit = Unit {
        serial: format!("{}-GOLDEN-1", floor.partner.prefix),
        kind: UnitKind::Golden,
        product: product.number,
        revision: product.revisions[0].1,
        parts: Vec::new(),
    };
    let record = run(floor, dice, &unit, Slot { operation, place, at, end }, None);
    sink(IngestRecord::Run(Box::new(record)));
}
