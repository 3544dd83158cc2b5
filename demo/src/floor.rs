//! A partner's floor: where and with what a run is made, and which stories are on.

use std::collections::BTreeMap;

use domain::Timestamp;

use super::Plan;
use super::calendar::{Calendar, SHIFTS};
use super::dice::Dice;
use super::factory::{Partner, Station};
use super::operations::{BURN_IN, Operation, Parameter};
use super::stories::{STORIES, Story, What};

/// The attributes of a run, by name.
pub(crate) const SHIFT: &str = "shift";
pub(crate) const FIRMWARE: &str = "bmc firmware";

/// Versions of the firmware, each with the day from which units have it.
const FIRMWARES: [(u32, &str); 2] = [(0, "24.05"), (40, "24.08")];

/// A partner's floor over the days of the demo.
#[derive(Debug)]
pub(crate) struct Floor {
    pub(crate) partner: &'static Partner,
    pub(crate) calendar: Calendar,
    stories: Vec<&'static Story>,
}

/// Where a run is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) station: &'static Station,
    pub(crate) fixture: &'static str,
}

impl Floor {
    pub(crate) fn new(partner: &'static Partner, plan: &Plan) -> Self {
        Self {
            partner,
            calendar: Calendar::new(partner.timezone, &partner.hours, plan.until),
            stories: STORIES.iter().filter(|story| story.partner == partner.slug).collect(),
        }
    }

    /// What of the stories is on at that moment.
    pub(crate) fn stories(&self, at: Timestamp) -> impl Iterator<Item = (&'static What, u32)> {
        let day = self.calendar.day(at);
        let is_on = move |story: &&&Story| story.days.contains(&day);
        self.stories.iter().filter(is_on).map(move |story| (&story.what, day - story.days.start))
    }

    /// The stations where the operation is run on units that have not failed.
    pub(crate) fn stations(&self, operation: &Operation) -> impl Iterator<Item = &'static Station> {
        let level = operation.level;
        self.partner.stations.iter().filter(move |it| it.level == level && !it.only_retests)
    }

    /// Where a unit is run: by chance, but after it `failed` at the station that is there
    /// for that, or at least on another fixture than before.
    pub(crate) fn place(
        &self,
        dice: &mut Dice,
        operation: &Operation,
        failed: Option<Place>,
    ) -> Place {
        let places = |stations: Vec<&'static Station>| -> Vec<Place> {
            let of = |station: &'static Station| {
                station.fixtures.iter().map(move |fixture| Place { station, fixture })
            };
            stations.into_iter().flat_map(of).collect()
        };
        let here = |it: &&Station| it.level == operation.level && it.only_retests;
        let mut fit = places(match failed {
            Some(_) => self.partner.stations.iter().filter(here).collect(),
            None => Vec::new(),
        });
        if fit.is_empty() {
            fit = places(self.stations(operation).collect());
            fit.retain(|place| failed.is_none_or(|failed| place.fixture != failed.fixture));
        }
        *dice.one_of(&fit)
    }

    /// Who stands by: one person of the shift looks after two stations, and nobody after a
    /// burn-in.
    pub(crate) fn operator(&self, at: Timestamp, station: &Station) -> Option<String> {
        if station.level == BURN_IN.level {
            return None;
        }
        let place = self.partner.stations.iter().position(|it| it.name == station.name);
        let (shift, ..) = SHIFTS[self.calendar.shift(at)];
        Some(format!("{}-{shift}{}", self.partner.prefix, place.unwrap_or_default() / 2 + 1))
    }

    /// The free attributes of a run: the shift, and the firmware that units have by then.
    pub(crate) fn attributes(&self, at: Timestamp) -> BTreeMap<String, String> {
        let (shift, ..) = SHIFTS[self.calendar.shift(at)];
        let released = FIRMWARES.iter().rev().find(|(day, _)| *day <= self.calendar.day(at));
        let firmware = released.map_or("", |(_, firmware)| firmware);
        [(SHIFT, shift.to_string()), (FIRMWARE, firmware.to_owned())]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    /// The version of the operation's test program.
    pub(crate) fn software(&self, at: Timestamp, operation: &Operation) -> &'static str {
        self.program(at, operation).map_or(operation.software, |(software, ..)| software)
    }

    /// A parameter's low limit.
    pub(crate) fn low(&self, at: Timestamp, operation: &Operation, it: &Parameter) -> Option<f64> {
        match self.program(at, operation) {
            Some((_, parameter, low)) if parameter == it.name => Some(low),
            _ => it.low,
        }
    }

    fn program(
        &self,
        at: Timestamp,
        operation: &Operation,
    ) -> Option<(&'static str, &'static str, f64)> {
        self.stories(at).find_map(|(what, _)| match what {
            What::Program { level, software, parameter, low } if *level == operation.level => {
                Some((*software, *parameter, *low))
            }
            _ => None,
        })
    }

    /// By how much the station measures a parameter wrong.
    pub(crate) fn drift(&self, at: Timestamp, station: &Station, it: &Parameter) -> f64 {
        self.stories(at)
            .filter_map(|(what, days)| match what {
                What::Drift { station: drifting, parameter, a_day }
                    if *drifting == station.name && *parameter == it.name =>
                {
                    Some(a_day * f64::from(days))
                }
                _ => None,
            })
            .sum()
    }

    /// What the fixture lets a good unit fail with.
    pub(crate) fn contact(
        &self,
        dice: &mut Dice,
        at: Timestamp,
        fixture: &str,
    ) -> Option<&'static str> {
        self.stories(at).find_map(|(what, _)| match what {
            What::BadFixture { fixture: bad, code, probability } if *bad == fixture => {
                dice.happens(*probability).then_some(*code)
            }
            _ => None,
        })
    }
}
