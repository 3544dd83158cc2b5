//! The parameters of a question about yield.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::dimension::{Dimension, Filters};
use domain::yields::{Aborted, Bound, previous};
use domain::{Timestamp, Zone};
use engine::metrics::yields::Basis;
use engine::proportion::Method;
use store::yields::{MOST_GROUPED, Question};

use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::queries::Window;
use crate::web::extract::Query;

/// A question about yield, as it was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) question: Question,
    /// What was said of aborted runs, if anything.
    pub(super) aborted: Option<Aborted>,
    pub(super) method: Method,
    window: BTreeMap<&'static str, String>,
    /// Parameters that are the endpoint's own.
    own: BTreeMap<&'static str, String>,
}

impl Asked {
    /// Reads a query string in which an endpoint's `own` parameters may stand beside those
    /// of every question.
    ///
    /// # Errors
    /// 400, with everything that is wrong.
    pub(crate) fn read(query: &Query, own: &[&'static str]) -> ApiResult<Self> {
        Self::with(query, &[&NAMES, own].concat())
    }

    /// Reads a query string that only says which runs, by window and filters, beside an
    /// endpoint's `own` parameters.
    ///
    /// # Errors
    /// 400, with everything that is wrong.
    pub(crate) fn narrowing(query: &Query, own: &[&'static str]) -> ApiResult<Self> {
        Self::with(query, &[&["from", "to"], own].concat())
    }

    fn with(query: &Query, names: &[&'static str]) -> ApiResult<Self> {
        let mut reading = Reading::default();
        let mut filters = Filters::default();
        let mut once = BTreeMap::new();
        for (name, value) in &query.0 {
            if value.contains('\0') {
                reading.wrong(name, EN.cause_nul());
            } else if let Some(dimension) = Dimension::parse_filter(name) {
                filters.add(dimension, value.clone());
            } else if let Some(known) = names.iter().find(|known| *known == name) {
                if once.insert(*known, value.clone()).is_some() {
                    reading.wrong(name, EN.cause_twice());
                }
            } else {
                reading.wrong(name, EN.cause_no_parameter());
            }
        }
        let from = once.get("from").and_then(|text| reading.bound("from", text));
        let to = once.get("to").and_then(|text| reading.bound("to", text));
        let definition = reading.word("definition", &once).unwrap_or_default();
        let group_by = once.get("group_by").map(|text| reading.groups(text)).unwrap_or_default();
        let aborted: Option<Aborted> = reading.word("aborted", &once);
        let method = reading.word("interval", &once).unwrap_or_default();
        if !reading.0.is_empty() {
            return Err(Problem::bad_request(reading.0));
        }
        let basis = Basis { definition, aborted };
        let question =
            Question { from, to, filters, group_by, definition, aborted: basis.aborted() };
        let window = ["from", "to"].into_iter().filter_map(|end| Some((end, once.remove(end)?)));
        Ok(Self { question, aborted, method, window: window.collect(), own: once })
    }

    /// The question's definition, and what was said of aborted runs.
    pub(super) fn basis(&self) -> Basis {
        Basis { definition: self.question.definition, aborted: self.aborted }
    }

    /// The same question about the equally long period before.
    ///
    /// # Errors
    /// 400 where there is none.
    pub(super) fn previous(&self) -> ApiResult<Question> {
        if self.question.group_by.iter().any(|dimension| dimension.period().is_some()) {
            return Err(wrong("compare", EN.cause_compare_periods()));
        }
        let ends = self.question.from.zip(self.question.to);
        let (from, to) = ends
            .and_then(|(from, to)| previous(from, to))
            .ok_or_else(|| wrong("compare", EN.cause_compare_bounds()))?;
        Ok(Question { from: Some(from), to: Some(to), ..self.question.clone() })
    }

    /// A parameter that only this endpoint has.
    pub(crate) fn own(&self, name: &str) -> Option<&str> {
        self.own.get(name).map(String::as_str)
    }

    /// The filters, by dimension.
    pub(crate) fn filters(&self) -> Filters {
        self.question.filters.clone()
    }

    /// The window as the request gave it.
    pub(crate) fn window(&self) -> Window {
        let end = |name: &str| self.window.get(name).cloned();
        Window { from: end("from"), to: end("to") }
    }
}

/// What every question may say once.
const NAMES: [&str; 6] = ["definition", "group_by", "from", "to", "aborted", "interval"];

/// One parameter that is wrong.
pub(crate) fn wrong(parameter: &str, why: impl Into<String>) -> Problem {
    Problem::invalid(parameter, why)
}

/// The elements of a list with commas between them; two commas stand for one within an element.
fn split_list(text: &str) -> Vec<String> {
    let mut elements = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_end = character == ',' && characters.next_if_eq(&',').is_none();
        match elements.last_mut() {
            Some(element) if !is_end => element.push(character),
            _ => elements.push(String::new()),
        }
    }
    elements
}

/// What is wrong so far.
#[derive(Default)]
struct Reading(Vec<Cause>);

impl Reading {
    fn wrong(&mut self, parameter: &str, why: impl Into<String>) {
        self.0.push(Cause {
            // It comes from outside: a megabyte of it helps nobody.
            parameter: parameter.chars().take(40).collect(),
            why: why.into(),
        });
    }

    fn word<W>(&mut self, name: &'static str, once: &BTreeMap<&'static str, String>) -> Option<W>
    where
        W: std::str::FromStr<Err: std::fmt::Display>,
    {
        match once.get(name)?.parse() {
            Ok(word) => Some(word),
            Err(error) => {
                self.wrong(name, format!("{error}"));
                None
            }
        }
    }

    /// What is grouped by: dimensions with commas between them. A comma in the name of an
    /// attribute is doubled.
    fn groups(&mut self, text: &str) -> Vec<Dimension> {
        let words = split_list(text);
        let mut groups: Vec<Dimension> = Vec::new();
        for word in &words {
            match Dimension::parse_group(word) {
                Ok(dimension) if groups.contains(&dimension) => {
                    self.wrong("group_by", format!("names {dimension} twice"));
                }
                Ok(dimension) => groups.push(dimension),
                Err(error) => self.wrong("group_by", error.to_string()),
            }
        }
        if words.len() > MOST_GROUPED {
            self.wrong("group_by", EN.cause_dimensions(MOST_GROUPED));
        }
        groups
    }

    fn bound(&mut self, name: &'static str, text: &str) -> Option<Bound> {
        if text.len() == 10
            && let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        {
            return Some(Bound::Day(day));
        }
        match Timestamp::parse(text) {
            Ok((at, Zone::Stated)) => return Some(Bound::At(at)),
            Ok((_, Zone::Assumed)) => {
                self.wrong(name, EN.cause_time_zone());
            }
            Err(_) => self.wrong(name, EN.cause_time()),
        }
        None
    }
}
