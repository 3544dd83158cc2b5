//! Parses the parameters of yield queries.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::dimension::{Dimension, Filters};
use domain::yields::{Aborted, Bound, previous};
use domain::{Timestamp, Zone};
use engine::metrics::yields::Basis;
use engine::proportion::Method;
use store::yields::{MAX_GROUP_DIMENSIONS, Question};

use crate::problem::{ApiResult, Cause, EN, Problem};
use crate::queries::Window;
use crate::web::extract::Query;

/// A parsed yield query.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) question: Question,
    /// The `aborted` parameter, if the request has one.
    pub(crate) aborted: Option<Aborted>,
    pub(crate) method: Method,
    window: BTreeMap<&'static str, String>,
    /// Endpoint-specific parameters.
    own: BTreeMap<&'static str, String>,
}

impl Asked {
    /// Parses a query string with the common parameters and an endpoint's `own` parameters.
    ///
    /// # Errors
    /// 400, with all errors.
    pub(crate) fn read(query: &Query, own: &[&'static str]) -> ApiResult<Self> {
        Self::parse(query, &[&NAMES, own].concat())
    }

    /// Parses a query string that only selects runs, by window and filters, with an
    /// endpoint's `own` parameters.
    ///
    /// # Errors
    /// 400, with all errors.
    pub(crate) fn narrowing(query: &Query, own: &[&'static str]) -> ApiResult<Self> {
        Self::parse(query, &[&["from", "to"], own].concat())
    }

    fn parse(query: &Query, names: &[&'static str]) -> ApiResult<Self> {
        let mut parser = Parser::default();
        let mut filters = Filters::default();
        let mut values = BTreeMap::new();
        for (name, value) in &query.0 {
            if value.contains('\0') {
                parser.push_error(name, EN.cause_nul());
            } else if let Some(dimension) = Dimension::parse_filter(name) {
                filters.add(dimension, value.clone());
            } else if let Some(known) = names.iter().find(|known| *known == name) {
                if values.insert(*known, value.clone()).is_some() {
                    parser.push_error(name, EN.cause_twice());
                }
            } else {
                parser.push_error(name, EN.cause_no_parameter());
            }
        }
        let from = values.get("from").and_then(|text| parser.parse_bound("from", text));
        let to = values.get("to").and_then(|text| parser.parse_bound("to", text));
        let definition = parser.parse_word("definition", &values).unwrap_or_default();
        let group_by = values.get("group_by").map(|text| parser.parse_groups(text));
        let group_by = group_by.unwrap_or_default();
        let aborted: Option<Aborted> = parser.parse_word("aborted", &values);
        let method = parser.parse_word("interval", &values).unwrap_or_default();
        if !parser.0.is_empty() {
            return Err(Problem::bad_request(parser.0));
        }
        let basis = Basis { definition, aborted };
        let question =
            Question { from, to, filters, group_by, definition, aborted: basis.aborted() };
        let window = ["from", "to"].into_iter().filter_map(|end| Some((end, values.remove(end)?)));
        Ok(Self { question, aborted, method, window: window.collect(), own: values })
    }

    /// The query's definition and its `aborted` parameter.
    pub(crate) fn basis(&self) -> Basis {
        Basis { definition: self.question.definition, aborted: self.aborted }
    }

    /// The same query for the preceding period of equal length.
    ///
    /// # Errors
    /// 400 if there is no such period.
    pub(crate) fn previous(&self) -> ApiResult<Question> {
        if self.question.group_by.iter().any(|dimension| dimension.period().is_some()) {
            return Err(wrong("compare", EN.cause_compare_periods()));
        }
        let ends = self.question.from.zip(self.question.to);
        let (from, to) = ends
            .and_then(|(from, to)| previous(from, to))
            .ok_or_else(|| wrong("compare", EN.cause_compare_bounds()))?;
        Ok(Question { from: Some(from), to: Some(to), ..self.question.clone() })
    }

    /// Gets an endpoint-specific parameter.
    pub(crate) fn own(&self, name: &str) -> Option<&str> {
        self.own.get(name).map(String::as_str)
    }

    /// The filters, by dimension.
    pub(crate) fn filters(&self) -> Filters {
        self.question.filters.clone()
    }

    /// The window as in the request.
    pub(crate) fn window(&self) -> Window {
        let end = |name: &str| self.window.get(name).cloned();
        Window { from: end("from"), to: end("to") }
    }
}

/// Names of the common parameters; each may occur once.
const NAMES: [&str; 6] = ["definition", "group_by", "from", "to", "aborted", "interval"];

/// Creates the error for one invalid parameter.
pub(crate) fn wrong(parameter: &str, why: impl Into<String>) -> Problem {
    Problem::invalid(parameter, why)
}

/// Splits a comma-separated list; a doubled comma is a comma within an element.
pub(crate) fn split_list(text: &str) -> Vec<String> {
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

/// Parses parameters, and collects errors.
#[derive(Default)]
struct Parser(Vec<Cause>);

impl Parser {
    fn push_error(&mut self, parameter: &str, why: impl Into<String>) {
        self.0.push(Cause {
            // Untrusted input: truncated, it may be a megabyte.
            parameter: parameter.chars().take(40).collect(),
            why: why.into(),
        });
    }

    fn parse_word<W>(
        &mut self,
        name: &'static str,
        values: &BTreeMap<&'static str, String>,
    ) -> Option<W>
    where
        W: std::str::FromStr<Err: std::fmt::Display>,
    {
        match values.get(name)?.parse() {
            Ok(word) => Some(word),
            Err(error) => {
                self.push_error(name, format!("{error}"));
                None
            }
        }
    }

    /// Parses `group_by`: comma-separated dimensions. A comma in the name of an
    /// attribute is doubled.
    fn parse_groups(&mut self, text: &str) -> Vec<Dimension> {
        let words = split_list(text);
        let mut groups: Vec<Dimension> = Vec::new();
        for word in &words {
            match Dimension::parse_group(word) {
                Ok(dimension) if groups.contains(&dimension) => {
                    self.push_error("group_by", format!("names {dimension} twice"));
                }
                Ok(dimension) => groups.push(dimension),
                Err(error) => self.push_error("group_by", error.to_string()),
            }
        }
        if words.len() > MAX_GROUP_DIMENSIONS {
            self.push_error("group_by", EN.cause_dimensions(MAX_GROUP_DIMENSIONS));
        }
        groups
    }

    fn parse_bound(&mut self, name: &'static str, text: &str) -> Option<Bound> {
        if text.len() == 10
            && let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        {
            return Some(Bound::Day(day));
        }
        match Timestamp::parse(text) {
            Ok((at, Zone::Stated)) => return Some(Bound::At(at)),
            Ok((_, Zone::Assumed)) => {
                self.push_error(name, EN.cause_time_zone());
            }
            Err(_) => self.push_error(name, EN.cause_time()),
        }
        None
    }
}
