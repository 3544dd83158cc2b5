//! The events of a factory as plain data, and the properties of a single run.

use chrono_tz::Tz;

/// One site.
#[derive(Clone, Debug)]
pub struct Factory {
    /// "The day is the site's day."
    pub zone: Tz,
    /// Units with a stated kind; other units are production units.
    pub units: Vec<Unit>,
    /// In any order.
    pub runs: Vec<Run>,
    /// In any order.
    pub repairs: Vec<Repair>,
}

/// A unit's serial and kind.
#[derive(Clone, Debug)]
pub struct Unit {
    pub serial: String,
    /// The kind that its runs state.
    pub said: Kind,
    /// "`kind` of a unit: golden beats reference beats production, unless a person set it."
    pub person: Option<Kind>,
}

/// Production units count, the others do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Production,
    Golden,
    Reference,
}

/// One run of one unit in one operation.
#[derive(Clone, Debug)]
pub struct Run {
    /// The producer's run id.
    pub name: String,
    /// The identity: runs that start together are ordered by it.
    pub id: [u8; 16],
    pub serial: String,
    pub operation: String,
    /// Microseconds since 1970 in UTC.
    pub started_at: i64,
    pub outcome: Outcome,
    pub voided: bool,
    pub product: Option<String>,
    pub revision: Option<String>,
    pub level: Option<String>,
    pub station: Option<String>,
    pub fixture: Option<String>,
    pub operator: Option<String>,
    pub software: Option<String>,
    pub steps: Vec<Step>,
    pub findings: Vec<Finding>,
}

/// The outcome of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Pass,
    Fail,
    Error,
    Timeout,
    Aborted,
    Skip,
}

/// One step of a run; names may repeat.
#[derive(Clone, Debug)]
pub struct Step {
    pub name: String,
    pub status: Option<Status>,
    pub measurements: Vec<Measurement>,
}

/// The status of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Pass,
    Fail,
    Error,
    Skip,
}

/// One measurement, or a series of them under the same limits.
#[derive(Clone, Debug)]
pub struct Measurement {
    pub name: String,
    pub limits: Limits,
    pub taken: Taken,
    pub component: Option<String>,
}

/// The limits and checks of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub cmp: Option<String>,
    /// The JSON of `checks`.
    pub checks: Option<String>,
}

/// The result of a measurement. The values do not affect the yield.
#[derive(Clone, Debug)]
pub enum Taken {
    Unchecked,
    Passed,
    Failed,
    /// For each element of a series, whether it failed.
    Series(Vec<bool>),
}

/// A diagnosis, an error, a symptom or a defect.
#[derive(Clone, Debug)]
pub struct Finding {
    pub kind: FindingKind,
    pub outcome: Option<FindingOutcome>,
    pub code: String,
    pub component: Option<String>,
}

/// `findings[].kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    Diagnosis,
    Error,
    Symptom,
    Defect,
}

/// `findings[].outcome`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingOutcome {
    Pass,
    Fail,
    Unknown,
}

/// One repair of one unit.
#[derive(Clone, Debug)]
pub struct Repair {
    pub serial: String,
    /// Microseconds since 1970 in UTC.
    pub at: i64,
}

/// The attributes by which runs are filtered and grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    Operation,
    Product,
    Revision,
    Level,
    Station,
    Fixture,
    Operator,
    Software,
}

impl Factory {
    /// The kind in effect: one set by a person overrides that of the producers.
    pub fn kind(&self, serial: &str) -> Kind {
        for unit in &self.units {
            if unit.serial == serial {
                return unit.person.unwrap_or(unit.said);
            }
        }
        Kind::Production
    }

    /// The same factory with other identities for the producer's run ids.
    pub fn identified(mut self, identity: impl Fn(&str) -> [u8; 16]) -> Self {
        for run in &mut self.runs {
            run.id = identity(&run.name);
        }
        self
    }
}

impl Run {
    /// A run with required fields only.
    pub fn new(
        name: &str,
        serial: &str,
        operation: &str,
        started_at: i64,
        outcome: Outcome,
    ) -> Self {
        let mut id = [0; 16];
        for (place, byte) in name.bytes().take(16).enumerate() {
            id[place] = byte;
        }
        Self {
            name: name.to_owned(),
            id,
            serial: serial.to_owned(),
            operation: operation.to_owned(),
            started_at,
            outcome,
            voided: false,
            product: None,
            revision: None,
            level: None,
            station: None,
            fixture: None,
            operator: None,
            software: None,
            steps: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The run's own attribute: "Product and revision belong to the run."
    pub fn attribute(&self, attribute: Attribute) -> Option<&str> {
        match attribute {
            Attribute::Operation => Some(&self.operation),
            Attribute::Product => self.product.as_deref(),
            Attribute::Revision => self.revision.as_deref(),
            Attribute::Level => self.level.as_deref(),
            Attribute::Station => self.station.as_deref(),
            Attribute::Fixture => self.fixture.as_deref(),
            Attribute::Operator => self.operator.as_deref(),
            Attribute::Software => self.software.as_deref(),
        }
    }

    /// Whether the run passed.
    pub fn passed(&self) -> bool {
        self.outcome == Outcome::Pass
    }

    /// "Failure code of a run, any format: the first failing diagnosis or defect in order, else
    /// `measurement:<name>` of the first failing check, else `unspecified` (`error` for an ERROR
    /// run without a code)."
    pub fn code(&self) -> String {
        for finding in &self.findings {
            if finding.blames() {
                return finding.code.clone();
            }
        }
        for step in &self.steps {
            for measurement in &step.measurements {
                if measurement.failed() {
                    return format!("measurement:{}", measurement.name);
                }
            }
        }
        match self.outcome {
            Outcome::Error => "error".to_owned(),
            _ => "unspecified".to_owned(),
        }
    }

    /// "O in total: one for each checked measurement, series element and PASS/FAIL diagnosis of
    /// the counted runs".
    pub fn opportunities(&self) -> u64 {
        let mut opportunities = 0;
        for step in &self.steps {
            for measurement in &step.measurements {
                opportunities += match &measurement.taken {
                    Taken::Unchecked => 0,
                    Taken::Passed | Taken::Failed => 1,
                    Taken::Series(elements) => elements.len() as u64,
                };
            }
        }
        for finding in &self.findings {
            if finding.kind == FindingKind::Diagnosis
                && finding.outcome() != FindingOutcome::Unknown
            {
                opportunities += 1;
            }
        }
        opportunities
    }

    /// "D the failing ones", of the opportunities.
    pub fn defects(&self) -> u64 {
        let mut defects = 0;
        for step in &self.steps {
            for measurement in &step.measurements {
                match &measurement.taken {
                    Taken::Unchecked | Taken::Passed => {}
                    Taken::Failed => defects += 1,
                    Taken::Series(elements) => {
                        for failed in elements {
                            if *failed {
                                defects += 1;
                            }
                        }
                    }
                }
            }
        }
        for finding in &self.findings {
            if finding.kind == FindingKind::Diagnosis && finding.outcome() == FindingOutcome::Fail {
                defects += 1;
            }
        }
        defects
    }

    /// The names of the steps that failed, each once.
    pub fn failing_steps(&self) -> Vec<String> {
        let mut names = Vec::new();
        for step in &self.steps {
            let failed = match step.status {
                Some(status) => status == Status::Fail,
                None => step.measurements.iter().any(Measurement::failed),
            };
            if failed {
                names.push(step.name.clone());
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// The components that a failing measurement, diagnosis or defect names, each once.
    pub fn failing_components(&self) -> Vec<String> {
        let mut names = Vec::new();
        for step in &self.steps {
            for measurement in &step.measurements {
                if measurement.failed() {
                    names.extend(measurement.component.clone());
                }
            }
        }
        for finding in &self.findings {
            if finding.blames() {
                names.extend(finding.component.clone());
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// The limits of the measurement of this name in this step; `None` if there is none.
    pub fn limits(&self, step: &str, measurement: &str) -> Option<&Limits> {
        for one in &self.steps {
            for taken in &one.measurements {
                if one.name == step && taken.name == measurement {
                    return Some(&taken.limits);
                }
            }
        }
        None
    }
}

impl Measurement {
    /// Whether its check failed, or, for a series, that of any element.
    pub fn failed(&self) -> bool {
        match &self.taken {
            Taken::Unchecked | Taken::Passed => false,
            Taken::Failed => true,
            Taken::Series(elements) => elements.contains(&true),
        }
    }
}

impl Finding {
    /// "`findings[].outcome` is fail when absent."
    pub fn outcome(&self) -> FindingOutcome {
        self.outcome.unwrap_or(FindingOutcome::Fail)
    }

    /// A "failing diagnosis or defect".
    pub fn blames(&self) -> bool {
        matches!(self.kind, FindingKind::Diagnosis | FindingKind::Defect)
            && self.outcome() == FindingOutcome::Fail
    }
}
