//! What is looked at, in words.

use chrono::{Datelike as _, NaiveDate};
use domain::dimension::Field;
use domain::frame::Column;

use super::values::{Values, spoken};
use super::{CHARTS, Filters};
use crate::ui::name::isolated;

/// Names that are said; more of them are counted.
const NAMED: usize = 4;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Filters {
    /// Each filter as a part of the sentence that begins with "Runs", values those of a
    /// measurement.
    #[must_use]
    pub fn parts(&self, measurement: Option<&str>) -> Vec<(Column, String)> {
        // A sentence begins with the place, and ends with the time.
        let order = [Column::Station, Column::Operation].into_iter().chain(
            CHARTS
                .into_iter()
                .filter(|it| !matches!(it, Column::Station | Column::Operation | Column::Day)),
        );
        order
            .chain([Column::Day])
            .filter_map(|it| Some((it, self.part(it, measurement)?)))
            .collect()
    }

    /// The sentence.
    #[must_use]
    pub fn sentence(&self, measurement: Option<&str>) -> String {
        let parts: Vec<String> =
            self.parts(measurement).into_iter().map(|(_, part)| part).collect();
        match parts.is_empty() {
            true => "All runs".to_owned(),
            false => format!("Runs {}", parts.join(", ")),
        }
    }

    fn part(&self, column: Column, measurement: Option<&str>) -> Option<String> {
        let before = match column {
            Column::Day => return self.day.map(|(from, to)| days(from, to)),
            Column::Duration => {
                return self.seconds.map(|(from, to)| took(from, to));
            }
            Column::Measured => {
                return self.values.map(|values| with(values, measurement.unwrap_or_default()));
            }
            _ => column.as_str().parse::<Field>().ok()?.entry().phrase,
        };
        let names = self.names(column);
        let said = if names.len() > NAMED { NAMED - 1 } else { names.len() };
        let (said, more) = names.split_at(said);
        let mut said: Vec<String> = said
            .iter()
            .map(|name| if name.is_empty() { format!("no {column}") } else { isolated(name) })
            .collect();
        if !more.is_empty() {
            said.push(format!("{} more", more.len()));
        }
        let last = said.pop()?;
        let list = if said.is_empty() { last } else { format!("{} or {last}", said.join(", ")) };
        Some(format!("{before} {list}"))
    }
}

fn days(from: NaiveDate, to: NaiveDate) -> String {
    let month = |day: NaiveDate| MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
    let end = format!("{} {} {}", to.day(), month(to), to.year());
    match (from.year() == to.year(), from.month() == to.month()) {
        _ if from == to => format!("on {end}"),
        (true, true) => format!("{} to {end}", from.day()),
        (true, false) => format!("{} {} to {end}", from.day(), month(from)),
        (false, _) => format!("{} {} {} to {end}", from.day(), month(from), from.year()),
    }
}

fn took(from: u32, to: Option<u32>) -> String {
    match (from, to) {
        (0, Some(to)) => format!("that took less than {}", span(to)),
        (from, Some(to)) => format!("that took {} to {}", span(from), span(to)),
        (from, None) => format!("that took {} or longer", span(from)),
    }
}

fn with(values: Values, measurement: &str) -> String {
    let (name, unit) = spoken(measurement);
    let (name, unit) = (isolated(name), unit.map(isolated));
    let unit = unit.as_deref();
    match values == Values::default() {
        true => format!("with a value of {name}"),
        false => format!("with {name} {}", values.said(unit)),
    }
}

/// A length of time in the unit that says it shortest: 90 s, 5 min, 2 h.
pub(super) fn span(seconds: u32) -> String {
    match seconds {
        0 => "0\u{a0}s".to_owned(),
        it if it.is_multiple_of(3600) => format!("{}\u{a0}h", it / 3600),
        it if it.is_multiple_of(60) => format!("{}\u{a0}min", it / 60),
        it => format!("{it}\u{a0}s"),
    }
}
