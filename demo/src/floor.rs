//! The factory floor of a partner: stations, fixtures, operators, software, and active stories.

use std::collections::BTreeMap;

use domain::Timestamp;

use super::Plan;
use super::calendar::{Calendar, SHIFTS};
use super::dice::Dice;
use super::factory::{Partner, Station};
use super::operations::{BURN_IN, Operation, Parameter};
use super::stories::{STORIES, Story, What};

/// The names of attributes of runs.
pub(crate) const SHIFT: &str = "shift";
pub(crate) const FIRMWARE: &str = "bmc firmware";

/// Firmware versions, each with the first day of its use.
const FIRMWARES: [(u32, &str); 2] = [(0, "24.05"), (40, "24.08")];

/// The factory floor of a partner over the days of the demo.
#[derive(Debug)]
pub(crate) struct Floor {
    pub(crate) partner: &'static Partner,
    pub(crate) calendar: Calendar,
    stories: Vec<&'static Story>,
}

/// The station and fixture of a run.
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

    /// The stories that are active at a time.
    pub(crate) fn stories(&self, at: Timestamp) -> impl Iterator<Item = (&'static What, u32)> {
        let day = self.calendar.day(at);
        let is_on = move |story: &&&Story| story.days.contains(&day);
        self.stories.iter().filter(is_on).map(move |story| (&story.what, day - story.days.start))
    }

    /// The stations of the operation for units that have not failed.
    pub(crate) fn stations(&self, operation: &Operation) -> impl Iterator<Item = &'static Station> {
        let level = operation.level;
        self.partner.stations.iter().filter(move |it| it.level == level && !it.only_retests)
    }

    /// The station and fixture of a run: random; after a failure (`failed`) the retest station, if
    /// there is one, or at least another fixture.
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

    /// The operator: one person per two stations and shift, and nobody after a burn-in.
    pub(crate) fn operator(&self, at: Timestamp, station: &Station) -> Option<String> {
        if station.level == BURN_IN.level {
            return None;
        }
        let place = self.partner.stations.iter().position(|it| it.name == station.name);
        let (shift, ..) = SHIFTS[self.calendar.shift(at)];
        Some(format!("{}-{shift}{}", self.partner.prefix, place.unwrap_or_default() / 2 + 1))
    }

    /// The free attributes of a run: the shift, and the firmware of that day.
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

    /// The lower limit of a parameter.
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

    /// The measurement error of the station for a parameter.
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

    /// A false failure of a good unit caused by the fixture.
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
