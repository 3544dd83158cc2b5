//! A step that is being put together, and its verdict.

use domain::{CheckOutcome, FindingOutcome, Measurement, Step, StepStatus};

use crate::checks::{self, Asked, Bounds, Judged, Patterns};
use crate::out::Warnings;
use crate::reject::EN;
use crate::warning;
use crate::wording::Quoted;

/// A step that is being put together.
pub(super) struct Draft {
    pub(super) step: Step,
    pub(super) line: u64,
    pub(super) ended: bool,
    /// What its diagnoses say: failing if one fails.
    pub(super) diagnosed: Option<FindingOutcome>,
    pub(super) measured: Vec<DraftMeasurement>,
}

/// A measurement whose checks wait until its series is whole.
pub(super) struct DraftMeasurement {
    pub(super) measurement: Measurement,
    /// The whole numbers that the values round.
    pub(super) wholes: Vec<Option<i128>>,
    pub(super) asked: Vec<Asked>,
    pub(super) line: u64,
}

impl Draft {
    pub(super) fn whole(
        mut self,
        run_ended: bool,
        patterns: &mut Patterns,
        warnings: &mut Warnings,
    ) -> Step {
        for DraftMeasurement { mut measurement, wholes, asked, line } in self.measured {
            // The limits are only what the checks amount to: those are evaluated.
            (measurement.low, measurement.high, measurement.cmp) = Bounds::of_checks(&asked).kept();
            let bounds = Bounds::default();
            let judged = Judged { wholes: &wholes, bounds, asked, given: None };
            checks::settle(&mut measurement, judged, patterns, &mut |why| {
                warnings.add(line, warning::CHECK_UNSET, why);
            });
            self.step.measurements.push(measurement);
        }
        // The verdict of a step comes from its diagnoses; where nobody made
        // one, from its checks.
        let check_failed = self
            .step
            .measurements
            .iter()
            .any(|measurement| measurement.outcome == Some(CheckOutcome::Fail));
        let failed = match self.diagnosed {
            Some(diagnosed) => diagnosed == FindingOutcome::Fail,
            None => check_failed,
        };
        match self.step.status {
            Some(StepStatus::Pass) | None if failed => self.step.status = Some(StepStatus::Fail),
            None if !run_ended && !self.ended => self.step.status = Some(StepStatus::Error),
            _ => {}
        }
        if run_ended && !self.ended {
            let why = EN.warning_step_without_end(Quoted(&self.step.name));
            warnings.add(self.line, warning::STEP_WITHOUT_END, why);
        }
        self.step
    }
}
