//! A run line.

use std::fmt::{Arguments, Display};
use std::str::FromStr;

use domain::{
    CheckOutcome, Element, Finding, FindingKind, FindingOutcome, IngestRecord, Measurement,
    Outcome, RunFlag, Step, Timestamp, UnknownWord, Value, Zone,
};

use super::{missing, moment, required, wire};
use crate::checks::{self, Asked, Bounds, Judged, Patterns};
use crate::json::{Count, Plain, trimmed};
use crate::out::Warnings;
use crate::parse::parse;
use crate::reject::EN;
use crate::{Params, Reject, RejectCode, attributes, record, warning};

/// Reads a line.
pub(super) fn read(
    text: &str,
    params: &Params,
    line: u64,
    warnings: &mut Warnings,
) -> Result<IngestRecord, Reject> {
    let run: wire::Run = parse(text)?;
    let mut reading = Reading { line, warnings, patterns: Patterns::default(), assumed: false };
    let outcome = word("outcome", run.outcome.as_deref())?.ok_or_else(|| missing("outcome"))?;
    let unit = run.unit.unwrap_or_default();
    let started_at = moment("started_at", run.started_at.as_deref())?;
    let said = Params {
        unit: unit.serial,
        unit_kind: word("unit.kind", unit.kind.as_deref())?,
        product: unit.product,
        revision: unit.revision,
        operation: run.operation,
        level: run.level,
        station: run.station,
        fixture: run.fixture,
        slot: run.slot,
        operator: run.operator,
        software: run.software,
        started_at,
    };
    let head = params.over(said, line, reading.warnings);
    let mut record = begin(head, started_at, run.id, outcome)?;
    record.ended_at = reading.time("ended_at", run.ended_at.as_deref())?;
    for (at, step) in run.steps.unwrap_or_default().into_iter().enumerate() {
        record.steps.push(reading.step(step, format_args!("steps[{at}]"))?);
    }
    for (at, found) in run.findings.unwrap_or_default().into_iter().enumerate() {
        record.findings.push(finding(found, format_args!("findings[{at}]"))?);
    }
    let parts = run.components.unwrap_or_default().into_iter().map(domain::Component::from);
    record.components = parts.filter(|part| !part.is_empty()).collect();
    record.attributes = attributes::of_texts(run.attributes.unwrap_or_default().0)?;
    record.artifacts = carried(&record);
    if reading.assumed {
        record.flags.set(RunFlag::TzAssumed);
    }
    Ok(IngestRecord::Run(Box::new(record)))
}

/// A run without its steps. The sentence of the error names the fields as
/// this format calls them.
fn begin(
    head: Params,
    stated: Option<crate::Moment>,
    id: Option<String>,
    outcome: Outcome,
) -> Result<domain::RunRecord, Reject> {
    let incomplete = |fields| RejectCode::IncompleteRun.because(EN.run_lacks(fields));
    record::begin(head, stated, id, outcome).map_err(incomplete)
}

/// How many things a run carries, itself among them.
fn carried(run: &domain::RunRecord) -> u64 {
    let measured = run.steps.iter().flat_map(|step| &step.measurements).map(|measurement| {
        1 + match &measurement.value {
            Value::Series(elements) => elements.len(),
            _ => 0,
        }
    });
    let things =
        1 + run.steps.len() + run.findings.len() + run.components.len() + measured.sum::<usize>();
    things as u64
}

struct Reading<'a> {
    line: u64,
    warnings: &'a mut Warnings,
    patterns: Patterns,
    /// Whether a time had no zone.
    assumed: bool,
}

impl Reading<'_> {
    fn time(
        &mut self,
        name: impl Display,
        text: Option<&str>,
    ) -> Result<Option<Timestamp>, Reject> {
        let Some(moment) = moment(name, text)? else { return Ok(None) };
        self.assumed |= moment.zone == Zone::Assumed;
        Ok(Some(moment.at))
    }

    fn step(&mut self, step: wire::Step, place: Arguments<'_>) -> Result<Step, Reject> {
        let mut read = Step {
            name: required(format_args!("{place}.name"), step.name)?,
            status: word(format_args!("{place}.status"), step.status.as_deref())?,
            loop_index: step
                .loop_index
                .map(|Count(index)| {
                    u32::try_from(index).map_err(|_| {
                        let found = EN.found_number(format_args!("`{index}`"));
                        let field = format_args!("`{place}.loop`");
                        let why = EN.field_wrong_type(field, found, EN.wanted_u32());
                        RejectCode::InvalidField.because(why)
                    })
                })
                .transpose()?,
            started_at: self
                .time(format_args!("{place}.started_at"), step.started_at.as_deref())?,
            ended_at: self.time(format_args!("{place}.ended_at"), step.ended_at.as_deref())?,
            measurements: Vec::new(),
        };
        for (at, measurement) in step.measurements.unwrap_or_default().into_iter().enumerate() {
            read.measurements
                .push(self.measurement(measurement, format_args!("{place}.measurements[{at}]"))?);
        }
        Ok(read)
    }

    fn measurement(
        &mut self,
        measured: wire::Measurement,
        place: Arguments<'_>,
    ) -> Result<Measurement, Reject> {
        let (value, wholes) = match (measured.value, measured.series) {
            (Some(Plain { value, whole, rounded }), None) => {
                self.rounded(rounded, &value, place);
                (value.into(), vec![whole])
            }
            (None, Some(elements)) => {
                let (elements, wholes) = self.series(elements, place)?;
                (Value::Series(elements), wholes)
            }
            (Some(_), Some(_)) => {
                return Err(RejectCode::MissingField.because(EN.field_both_values(place)));
            }
            (None, None) => {
                return Err(RejectCode::MissingField.because(EN.field_no_value(place)));
            }
        };
        let mut read =
            Measurement::new(required(format_args!("{place}.name"), measured.name)?, value);
        read.unit = trimmed(measured.unit);
        let cmp = word(format_args!("{place}.cmp"), measured.cmp.as_deref())?;
        let bounds = Bounds::new(measured.low, measured.high, cmp);
        (read.low, read.high, read.cmp) = bounds.kept();
        read.component = trimmed(measured.component);
        read.started_at =
            self.time(format_args!("{place}.started_at"), measured.started_at.as_deref())?;
        read.ended_at =
            self.time(format_args!("{place}.ended_at"), measured.ended_at.as_deref())?;
        let mut asked = Vec::new();
        for (at, asks) in measured.checks.unwrap_or_default().into_iter().enumerate() {
            asked.push(check(asks, format_args!("{place}.checks[{at}]"))?);
        }
        let given: Option<CheckOutcome> =
            word(format_args!("{place}.outcome"), measured.outcome.as_deref())?;
        let (line, warnings) = (self.line, &mut *self.warnings);
        let judged = Judged { wholes: &wholes, bounds, asked, given };
        checks::settle(&mut read, judged, &mut self.patterns, &mut |why| {
            warnings.add(line, warning::CHECK_UNSET, why);
        });
        Ok(read)
    }

    fn rounded(&mut self, rounded: bool, value: &domain::Scalar, place: Arguments<'_>) {
        if rounded {
            let why = warning::rounded(format_args!("`{place}`"), value);
            self.warnings.add(self.line, warning::NUMBER_ROUNDED, why);
        }
    }

    /// The elements in order, and of each the whole number that it rounds.
    fn series(
        &mut self,
        elements: Vec<wire::Element>,
        place: Arguments<'_>,
    ) -> Result<(Vec<Element>, Vec<Option<i128>>), Reject> {
        let mut read = Vec::with_capacity(elements.len());
        for (at, element) in elements.into_iter().enumerate() {
            let place = format_args!("{place}.series[{at}]");
            let lacks = |field: &str| missing(format_args!("{place}.{field}"));
            let Plain { value, whole, rounded } = element.value.ok_or_else(|| lacks("value"))?;
            self.rounded(rounded, &value, place);
            let Count(index) = element.index.ok_or_else(|| lacks("index"))?;
            let at = self.time(format_args!("{place}.at"), element.at.as_deref())?;
            read.push((Element { index, value, at, outcome: None }, whole));
        }
        read.sort_by_key(|(element, _)| element.index);
        Ok(read.into_iter().unzip())
    }
}

fn check(check: wire::Check, place: Arguments<'_>) -> Result<Asked, Reject> {
    let value = check.value.ok_or_else(|| missing(format_args!("{place}.value")))?;
    let kind = word(format_args!("{place}.type"), check.kind.as_deref())?;
    Ok(Asked {
        kind: kind.ok_or_else(|| missing(format_args!("{place}.type")))?,
        value,
        name: trimmed(check.name),
        given: word(format_args!("{place}.outcome"), check.outcome.as_deref())?,
    })
}

fn finding(finding: wire::Finding, place: Arguments<'_>) -> Result<Finding, Reject> {
    let kind: Option<FindingKind> = word(format_args!("{place}.kind"), finding.kind.as_deref())?;
    let outcome: Option<FindingOutcome> =
        word(format_args!("{place}.outcome"), finding.outcome.as_deref())?;
    Ok(Finding {
        kind: kind.ok_or_else(|| missing(format_args!("{place}.kind")))?,
        outcome: outcome.unwrap_or(FindingOutcome::Fail),
        system: trimmed(finding.system),
        code: required(format_args!("{place}.code"), finding.code)?,
        severity: trimmed(finding.severity),
        message: trimmed(finding.message),
        component: trimmed(finding.component),
        subcomponent: None,
        step: None,
    })
}

/// A word of a vocabulary in the field `name`, if there is one.
fn word<W: FromStr<Err = UnknownWord>>(
    name: impl Display,
    text: Option<&str>,
) -> Result<Option<W>, Reject> {
    let read = |text: &str| {
        text.parse().map_err(|error: UnknownWord| {
            let expected = error.expected().join(", ");
            let why = EN.field_unknown_word(&name, error.word(), expected);
            RejectCode::UnknownWord.because(why)
        })
    };
    text.map(read).transpose()
}
