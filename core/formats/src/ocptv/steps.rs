//! The steps of a run, with what was measured and said in them.

use std::collections::BTreeMap;

use domain::{
    CheckKind, Element, Finding, FindingKind, FindingOutcome, Measurement, Step, StepStatus,
    Timestamp, Value,
};

use super::artifact::{Artifact, StepWhat, What};
use super::dut::Parts;
use super::series::Series;
use super::step::{Draft, DraftMeasurement};
use super::wire::{Diagnosis, ErrorArtifact, Measured, Validator};
use crate::checks::{Asked, Patterns};
use crate::json::{Plain, Text};
use crate::out::Warnings;
use crate::reject::EN;
use crate::warning;
use crate::wording::Quoted;

/// Who defines the codes of this format.
const SYSTEM: &str = "ocp";

/// What is in a run.
pub(super) struct Body {
    pub(super) steps: Vec<Step>,
    pub(super) findings: Vec<Finding>,
    /// Whether something that the producer counted is not there.
    pub(super) lost: bool,
}

impl Body {
    /// From artifacts in order. `ended` says whether the run came to its end:
    /// if not, the step that it was in is the one it died in.
    pub(super) fn of(
        artifacts: Vec<Artifact>,
        ended: bool,
        parts: &mut Parts,
        warnings: &mut Warnings,
    ) -> Self {
        let mut building = Building {
            parts,
            warnings,
            drafts: Vec::new(),
            by_id: BTreeMap::new(),
            findings: Vec::new(),
            series: Series::default(),
        };
        for artifact in artifacts {
            building.take(artifact);
        }
        building.whole(ended)
    }
}

struct Building<'a> {
    parts: &'a mut Parts,
    warnings: &'a mut Warnings,
    drafts: Vec<Draft>,
    by_id: BTreeMap<String, usize>,
    findings: Vec<Finding>,
    series: Series,
}

impl Building<'_> {
    fn take(&mut self, artifact: Artifact) {
        let Artifact { line, at, what, .. } = artifact;
        let (id, what) = match what {
            What::Step { id, what } => (id, what),
            What::RunError(error) => return self.findings.push(error_finding(error, None)),
            What::Version { .. } | What::RunStart(_) | What::RunEnd(_) | What::RunOther => return,
        };
        let step = match &what {
            StepWhat::Start { name } => {
                let step = self.start(&id, name.as_deref(), line);
                if let Some(draft) = self.drafts.get_mut(step) {
                    draft.step.started_at = Some(at);
                }
                return;
            }
            _ => self.step(&id, line),
        };
        let number = u32::try_from(step).ok();
        match what {
            StepWhat::Start { .. } | StepWhat::Other => {}
            StepWhat::End { status } => self.end(step, status.as_deref(), at, line),
            StepWhat::Error(error) => self.findings.push(error_finding(error, number)),
            StepWhat::Diagnosis(diagnosis) => self.diagnose(step, *diagnosis, line),
            StepWhat::Measurement(measured, value) => {
                if value.rounded {
                    let name = measured.name.as_str();
                    let why = warning::rounded(format_args!("{}", Quoted(name)), &value.value);
                    self.warnings.add(line, warning::NUMBER_ROUNDED, why);
                }
                let wholes = vec![value.whole];
                let mut draft = self.measurement(*measured, value.value.into(), at, line);
                draft.wholes = wholes;
                self.put(step, draft);
            }
            StepWhat::SeriesStart { id: series, what } => {
                let draft = self.measurement(*what, Value::Series(Vec::new()), at, line);
                let place = (step, self.put(step, draft));
                self.series.start(id, series, place, line);
            }
            StepWhat::SeriesElement { id: series, index, value, at } => {
                let Plain { value, whole, rounded } = value;
                if rounded {
                    let what = EN.warning_the_series(Quoted(&series));
                    let why = warning::rounded(format_args!("{what}"), &value);
                    self.warnings.add(line, warning::NUMBER_ROUNDED, why);
                }
                let element = Element { index, value, at: Some(at), outcome: None };
                self.series.element(id, series, (element, whole), line);
            }
            StepWhat::SeriesEnd { id: series, total } => {
                self.series.end(id, series, total, at, line);
            }
        }
    }

    fn start(&mut self, id: &str, name: Option<&str>, line: u64) -> usize {
        if self.by_id.contains_key(id) {
            let why = EN.warning_step_repeated(Quoted(id));
            self.warnings.add(line, warning::STEP_REPEATED, why);
        }
        let name = name.filter(|name| !name.is_empty()).unwrap_or(id).to_owned();
        let step = Step {
            name,
            status: None,
            loop_index: None,
            started_at: None,
            ended_at: None,
            measurements: Vec::new(),
        };
        self.drafts.push(Draft { step, line, ended: false, diagnosed: None, measured: Vec::new() });
        self.by_id.insert(id.to_owned(), self.drafts.len() - 1);
        self.drafts.len() - 1
    }

    /// The step of that id, begun without a start if there is none.
    fn step(&mut self, id: &str, line: u64) -> usize {
        if let Some(step) = self.by_id.get(id) {
            return *step;
        }
        let why = EN.warning_step_without_start(Quoted(id));
        self.warnings.add(line, warning::STEP_WITHOUT_START, why);
        self.start(id, None, line)
    }

    /// Puts a measurement into a step; its place there.
    fn put(&mut self, step: usize, measurement: DraftMeasurement) -> usize {
        let Some(draft) = self.drafts.get_mut(step) else { return 0 };
        draft.measured.push(measurement);
        draft.measured.len() - 1
    }

    fn end(&mut self, step: usize, status: Option<&str>, at: Timestamp, line: u64) {
        let Some(draft) = self.drafts.get_mut(step) else { return };
        draft.ended = true;
        draft.step.ended_at = Some(at);
        draft.step.status = match status {
            Some("COMPLETE") => Some(StepStatus::Pass),
            Some("ERROR") => Some(StepStatus::Error),
            Some("SKIP") => Some(StepStatus::Skip),
            status => {
                let status = Quoted(status.unwrap_or("null"));
                let why = EN.warning_step_status(status);
                self.warnings.add(line, warning::UNKNOWN_VALUE, why);
                None
            }
        };
    }

    fn diagnose(&mut self, step: usize, diagnosis: Diagnosis, line: u64) {
        let outcome = match diagnosis.kind.as_deref() {
            Some("PASS") => FindingOutcome::Pass,
            Some("FAIL") => FindingOutcome::Fail,
            Some("UNKNOWN") => FindingOutcome::Unknown,
            kind => {
                let kind = Quoted(kind.unwrap_or("null"));
                let why = EN.warning_diagnosis_type(kind);
                self.warnings.add(line, warning::UNKNOWN_VALUE, why);
                FindingOutcome::Unknown
            }
        };
        if let Some(draft) = self.drafts.get_mut(step) {
            let failed =
                outcome == FindingOutcome::Fail || draft.diagnosed == Some(FindingOutcome::Fail);
            draft.diagnosed = Some(if failed { FindingOutcome::Fail } else { outcome });
        }
        let (hardware, inner) =
            (diagnosis.hardware_info_id.as_ref(), diagnosis.subcomponent.as_ref());
        let (component, subcomponent) = self.parts.name(hardware, inner, line, self.warnings);
        self.findings.push(Finding {
            kind: FindingKind::Diagnosis,
            outcome,
            system: Some(SYSTEM.to_owned()),
            code: diagnosis.verdict,
            severity: None,
            message: diagnosis.message,
            component,
            subcomponent,
            step: u32::try_from(step).ok(),
        });
    }

    fn measurement(
        &mut self,
        measured: Measured,
        value: Value,
        at: Timestamp,
        line: u64,
    ) -> DraftMeasurement {
        let Measured { name, unit, validators, hardware_info_id, subcomponent, .. } = measured;
        let (component, subcomponent) =
            self.parts.name(hardware_info_id.as_ref(), subcomponent.as_ref(), line, self.warnings);
        let validators = validators.unwrap_or_default().into_iter();
        let asked: Vec<Asked> =
            validators.filter_map(|check| self.check(check, &name, line)).collect();
        let unit = unit.filter(|unit| !unit.is_empty());
        let started_at = Some(at);
        let measurement = Measurement {
            unit,
            component,
            subcomponent,
            started_at,
            ..Measurement::new(name, value)
        };
        DraftMeasurement { measurement, wholes: Vec::new(), asked, line }
    }

    /// A validator; one that says nothing that is known is not a check.
    fn check(&mut self, validator: Validator, of: &str, line: u64) -> Option<Asked> {
        let Validator { name, kind, value } = validator;
        let kind = kind.unwrap_or_default();
        let (Ok(kind), Some(value)) = (kind.parse::<CheckKind>(), value) else {
            let why = EN.warning_validator(Quoted(of), Quoted(&kind));
            self.warnings.add(line, warning::CHECK_UNSET, why);
            return None;
        };
        Some(Asked { kind, value, name: name.map(|Text(name)| name), given: None })
    }

    /// A place for a series whose start never came: it is called by its id.
    fn place_of_orphan(&mut self, step: &str, series: String, line: u64) -> (usize, usize) {
        let step = self.step(step, line);
        let measurement = Measurement::new(series, Value::Series(Vec::new()));
        (
            step,
            self.put(
                step,
                DraftMeasurement { measurement, wholes: Vec::new(), asked: Vec::new(), line },
            ),
        )
    }

    fn whole(mut self, ended: bool) -> Body {
        let (series, lost) = std::mem::take(&mut self.series).whole(ended, self.warnings);
        for (draft, elements) in series {
            let (step, at) = match draft.place {
                Some(place) => place,
                None => self.place_of_orphan(&draft.step, draft.id, draft.line),
            };
            let measured = self.drafts.get_mut(step).and_then(|step| step.measured.get_mut(at));
            if let Some(DraftMeasurement { measurement, wholes, .. }) = measured {
                let (elements, of_elements) = elements.into_iter().unzip();
                (measurement.value, *wholes) = (Value::Series(elements), of_elements);
                measurement.ended_at = draft.ended_at;
            }
        }
        let mut patterns = Patterns::default();
        let Self { drafts, findings, warnings, .. } = self;
        let steps =
            drafts.into_iter().map(|draft| draft.whole(ended, &mut patterns, warnings)).collect();
        Body { steps, findings, lost }
    }
}

/// An `error` artifact as a finding: a fault of the test, not of the unit.
fn error_finding(error: ErrorArtifact, step: Option<u32>) -> Finding {
    Finding {
        kind: FindingKind::Error,
        outcome: FindingOutcome::Fail,
        system: Some(SYSTEM.to_owned()),
        code: error.symptom,
        severity: None,
        message: error.message,
        component: None,
        subcomponent: None,
        step,
    }
}
