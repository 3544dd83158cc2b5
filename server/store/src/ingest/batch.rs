//! The records of an upload on their way to the stage.

use std::collections::HashMap;
use std::fmt;

use domain::identity::{SameStart, Standing};
use domain::{
    Component, ContentHash, Finding, Identity, IngestRecord, Measurement, RepairRecord, RunId,
    RunRecord, Step, Value,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::codes;
use crate::copy::{Json, Jsonb, Rows};

/// Rows of a table are handed over when there are this many bytes of them: many enough
/// for a COPY, and few enough for the database to work while the next are read.
const RIPE_BYTES: usize = 512 << 10;

/// Gathers the records of one upload without a connection.
#[derive(Debug, Default)]
pub struct Batch {
    staged: Staged,
    ledger: Ledger,
    key: String,
    derive_lot: DeriveLot,
}

/// How the lot of a component is derived that says none.
struct DeriveLot(LotRule);

type LotRule = Box<dyn Fn(&Component) -> Option<String> + Send>;

impl Default for DeriveLot {
    fn default() -> Self {
        Self(Box::new(|_| None))
    }
}

impl fmt::Debug for DeriveLot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeriveLot")
    }
}

/// Rows for the stage, table by table.
#[derive(Debug, Default)]
pub struct Staged {
    pub(super) runs: Rows,
    pub(super) steps: Rows,
    pub(super) measurements: Rows,
    pub(super) findings: Rows,
    pub(super) components: Rows,
    pub(super) repairs: Rows,
}

/// What was delivered, to be judged when the upload is at its end.
#[derive(Debug, Default)]
pub struct Ledger {
    pub(super) runs: Vec<Arrival>,
    pub(super) repairs: Vec<Arrival>,
    /// Serials with the greatest kind that was said, in the order of their first coming.
    pub(super) units: Vec<(String, i16)>,
    unit_places: HashMap<String, i32>,
    pub(super) parameters: Vec<Parameter>,
    parameter_places: HashMap<String, i32>,
}

/// One delivery of a run or a repair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    pub(super) id: RunId,
    /// The runs of the same start; none where the producer numbers its runs, and of a repair.
    pub(super) same_start: Option<SameStart>,
    pub(super) line: u64,
    pub(super) standing: Standing,
    /// The hash of what it says in content version 1.
    pub(super) version_1: ContentHash,
}

/// What is measured.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) digest: [u8; 32],
    pub(super) operation: String,
    pub(super) step: String,
    pub(super) name: String,
    pub(super) unit: Option<String>,
}

impl Batch {
    /// A batch in which components that say no lot have the one that is derived. That is no part
    /// of what was delivered, so that other rules do not make another delivery.
    #[must_use]
    pub fn deriving_lots(derive: impl Fn(&Component) -> Option<String> + Send + 'static) -> Self {
        Self { derive_lot: DeriveLot(Box::new(derive)), ..Self::default() }
    }

    /// Takes one record, which began on that line of the upload.
    pub fn add(&mut self, format: &str, line: u64, record: &IngestRecord) {
        let (standing, version_1) = record.standing();
        let arrival = Arrival {
            id: RunId::from(record.identity(format)),
            same_start: record.same_start(format),
            line,
            standing,
            version_1,
        };
        match record {
            IngestRecord::Run(run) => self.run(arrival, run),
            IngestRecord::Repair(repair) => self.repair(arrival, repair),
        }
    }

    /// The rows so far of tables that have enough of them to be sent.
    pub fn ripe(&mut self) -> Option<Staged> {
        let mut ripe = Staged::default();
        let mut any = false;
        for (rows, ripe) in self.staged.tables().into_iter().zip(ripe.tables()) {
            if rows.len() >= RIPE_BYTES {
                std::mem::swap(rows, ripe);
                any = true;
            }
        }
        any.then_some(ripe)
    }

    /// How many different things were measured so far.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.ledger.parameters.len()
    }

    /// The rest of the rows, and what was delivered.
    #[must_use]
    pub fn end(self) -> (Staged, Ledger) {
        (self.staged, self.ledger)
    }

    fn run(&mut self, arrival: Arrival, run: &RunRecord) {
        let unit = self.ledger.unit(&run.unit.serial, codes::unit_kind(run.unit.kind));
        let place = count(self.ledger.runs.len());
        self.ledger.runs.push(arrival);
        let (defects, opportunities) = run.opportunities();
        let rows = &mut self.staged.runs;
        rows.begin(26);
        rows.field(place);
        rows.field(arrival.id.uuid());
        rows.field(unit);
        rows.field(codes::unit_kind(run.unit.kind));
        rows.field(run.started_at);
        rows.optional(run.ended_at);
        rows.field(codes::outcome(run.outcome));
        rows.field(defects.cast_signed());
        rows.field(opportunities.cast_signed());
        rows.field(i32::from(run.flags.bits()));
        rows.field(run.complete);
        rows.field(run.artifacts.cast_signed());
        rows.field(arrival.standing.content().bytes().as_slice());
        rows.field(run.operation.as_str());
        rows.optional(run.failure_code().as_deref());
        rows.optional(run.test_name.as_deref());
        rows.optional(run.unit.product.as_deref());
        rows.optional(run.unit.revision.as_deref());
        rows.optional(run.level.as_deref());
        rows.optional(run.station.as_deref());
        rows.optional(run.fixture.as_deref());
        rows.optional(run.slot.as_deref());
        rows.optional(run.operator.as_deref());
        rows.optional(run.software.as_deref());
        rows.optional(run.producer_id.as_deref());
        rows.optional((!run.attributes.is_empty()).then_some(Jsonb(&run.attributes)));
        let of = Of { place, run, id: arrival.id.uuid() };
        for (seq, step) in run.steps.iter().enumerate() {
            self.step(&of, count(seq), step);
        }
        for (seq, finding) in run.findings.iter().enumerate() {
            self.finding(&of, count(seq), finding);
        }
        for (seq, component) in run.components.iter().enumerate() {
            self.component(&of, count(seq), component);
        }
    }

    fn step(&mut self, of: &Of<'_>, seq: i32, step: &Step) {
        let rows = &mut self.staged.steps;
        of.begin(rows, 9);
        rows.optional(step.started_at);
        rows.optional(step.ended_at);
        rows.optional(step.loop_index.map(i64::from));
        rows.field(seq);
        rows.optional(step.status.map(codes::step_status));
        rows.field(step.name.as_str());
        for (place, measurement) in step.measurements.iter().enumerate() {
            self.measurement(of, (seq, step), count(place), measurement);
        }
    }

    fn measurement(
        &mut self,
        of: &Of<'_>,
        (step, within): (i32, &Step),
        seq: i32,
        measured: &Measurement,
    ) {
        let unit = measured.unit.as_deref();
        let texts = [&of.run.operation, &within.name, &measured.name].map(String::as_str);
        let parameter = self.ledger.parameter(&mut self.key, texts, unit);
        let (number, other) = match &measured.value {
            Value::Num(number) => (Some(*number), None),
            other => (None, Some(Json(other))),
        };
        let rows = &mut self.staged.measurements;
        of.begin(rows, 17);
        rows.field(parameter);
        rows.optional(number);
        rows.optional(measured.low);
        rows.optional(measured.high);
        rows.optional(measured.started_at);
        rows.optional(measured.ended_at);
        rows.field(step);
        rows.field(seq);
        rows.optional(measured.cmp.map(codes::cmp));
        rows.optional(measured.outcome.map(codes::check_outcome));
        rows.optional(measured.component.as_deref());
        rows.optional(measured.subcomponent.as_deref());
        rows.optional(other);
        rows.optional((!measured.checks.is_empty()).then_some(Json(&measured.checks)));
    }

    fn finding(&mut self, of: &Of<'_>, seq: i32, finding: &Finding) {
        let rows = &mut self.staged.findings;
        of.begin(rows, 13);
        rows.field(seq);
        rows.optional(finding.step.map(u32::cast_signed));
        rows.field(codes::finding_kind(finding.kind));
        rows.field(codes::finding_outcome(finding.outcome));
        rows.field(finding.code.as_str());
        rows.optional(finding.system.as_deref());
        rows.optional(finding.severity.as_deref());
        rows.optional(finding.message.as_deref());
        rows.optional(finding.component.as_deref());
        rows.optional(finding.subcomponent.as_deref());
    }

    fn component(&mut self, of: &Of<'_>, seq: i32, component: &Component) {
        let rows = &mut self.staged.components;
        of.begin(rows, 9);
        rows.field(seq);
        rows.optional(component.serial.as_deref());
        rows.optional(component.part.as_deref());
        rows.optional(component.slot.as_deref());
        rows.optional(component.name.as_deref());
        let derived = component.lot.is_none().then(|| (self.derive_lot.0)(component)).flatten();
        rows.optional(component.lot.as_deref().or(derived.as_deref()));
    }

    fn repair(&mut self, arrival: Arrival, repair: &RepairRecord) {
        let unit = self.ledger.unit(&repair.unit, 0);
        let place = count(self.ledger.repairs.len());
        self.ledger.repairs.push(arrival);
        let run = repair.run.as_deref().map(|id| RunId::from(Identity::of_producer_run(id)).uuid());
        let rows = &mut self.staged.repairs;
        rows.begin(12);
        rows.field(place);
        rows.field(arrival.id.uuid());
        rows.field(unit);
        rows.field(repair.at);
        rows.field(arrival.standing.content().bytes().as_slice());
        rows.field(repair.action.as_str());
        rows.optional(repair.producer_id.as_deref());
        rows.optional(run);
        rows.optional(repair.defect.as_deref());
        rows.optional(repair.component_out.as_ref().map(Json));
        rows.optional(repair.component_in.as_ref().map(Json));
        rows.optional(repair.comment.as_deref());
    }
}

/// The run that a row belongs to.
struct Of<'a> {
    place: i32,
    run: &'a RunRecord,
    id: Uuid,
}

impl Of<'_> {
    /// Begins a row of a table of details, whose first columns say which run.
    fn begin(&self, rows: &mut Rows, fields: i16) {
        rows.begin(fields);
        rows.field(self.place);
        rows.field(self.id);
        rows.field(self.run.started_at);
    }
}

impl Staged {
    /// How many bytes there are to send.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let Self { runs, steps, measurements, findings, components, repairs } = self;
        [runs, steps, measurements, findings, components, repairs]
            .map(Rows::len)
            .iter()
            .sum::<usize>() as u64
    }

    fn tables(&mut self) -> [&mut Rows; 6] {
        let Self { runs, steps, measurements, findings, components, repairs } = self;
        [runs, steps, measurements, findings, components, repairs]
    }
}

impl Ledger {
    /// Whether nothing was delivered.
    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.repairs.is_empty()
    }

    /// The place of a serial, from 1 as SQL counts.
    fn unit(&mut self, serial: &str, kind: i16) -> i32 {
        if let Some(&place) = self.unit_places.get(serial) {
            if let Some((_, known)) = self.units.get_mut(place.unsigned_abs() as usize - 1) {
                *known = kind.max(*known);
            }
            return place;
        }
        self.units.push((serial.to_owned(), kind));
        let place = count(self.units.len());
        self.unit_places.insert(serial.to_owned(), place);
        place
    }

    /// The place of what is measured, from 1 as SQL counts. `key` is memory to write in.
    fn parameter(
        &mut self,
        key: &mut String,
        [operation, step, name]: [&str; 3],
        unit: Option<&str>,
    ) -> i32 {
        use std::fmt::Write as _;
        key.clear();
        for text in [operation, step, name] {
            // Each after its length, so that no two lists of texts are the same key.
            let _ = write!(key, "{} {text} ", text.len());
        }
        key.push_str(if unit.is_some() { "in " } else { "" });
        key.push_str(unit.unwrap_or_default());
        if let Some(&place) = self.parameter_places.get(key.as_str()) {
            return place;
        }
        self.parameters.push(Parameter {
            digest: Sha256::digest(key.as_bytes()).into(),
            operation: operation.to_owned(),
            step: step.to_owned(),
            name: name.to_owned(),
            unit: unit.map(str::to_owned),
        });
        let place = count(self.parameters.len());
        self.parameter_places.insert(key.clone(), place);
        place
    }
}

/// The limits of an upload keep every count of its parts far below this.
fn count(value: usize) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
