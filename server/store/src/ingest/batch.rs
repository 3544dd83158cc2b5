//! Buffers the records of an upload as rows for the staging tables.

use std::collections::HashMap;
use std::fmt;

use domain::identity::{DeliveryPriority, SameStart};
use domain::{
    Component, ContentHash, Finding, Identity, IngestRecord, Measurement, RepairRecord, RunId,
    RunRecord, Step, Value,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::codes;
use crate::copy::{Json, Jsonb, Rows};

/// Flush threshold per table, in bytes: large enough for an efficient COPY, and small enough
/// that the database writes while the next rows are parsed.
const FLUSH_BYTES: usize = 512 << 10;

/// Collects the records of one upload without a connection.
#[derive(Debug, Default)]
pub struct Batch {
    staged: Staged,
    ledger: Ledger,
    key: String,
    derive_lot: DeriveLot,
}

/// Derives the lot of a component that names none.
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

/// Rows for the staging tables, by table.
#[derive(Debug, Default)]
pub struct Staged {
    pub(super) runs: Rows,
    pub(super) steps: Rows,
    pub(super) measurements: Rows,
    pub(super) findings: Rows,
    pub(super) components: Rows,
    pub(super) repairs: Rows,
}

/// The deliveries of an upload, for duplicate resolution at its end.
#[derive(Debug, Default)]
pub struct Ledger {
    pub(super) runs: Vec<Arrival>,
    pub(super) repairs: Vec<Arrival>,
    /// Serials with their greatest stated kind, in the order of first occurrence.
    pub(super) units: Vec<(String, i16)>,
    unit_indexes: HashMap<String, i32>,
    pub(super) parameters: Vec<Parameter>,
    parameter_indexes: HashMap<String, i32>,
}

/// One delivery of a run or a repair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    pub(super) id: RunId,
    /// The runs of the same start; none where the producer numbers its runs, and of a repair.
    pub(super) same_start: Option<SameStart>,
    pub(super) line: u64,
    pub(super) priority: DeliveryPriority,
    /// The content hash by content version 1.
    pub(super) version_1: ContentHash,
}

/// A measured parameter.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) digest: [u8; 32],
    pub(super) operation: String,
    pub(super) step: String,
    pub(super) name: String,
    pub(super) unit: Option<String>,
}

impl Batch {
    /// Creates a batch that derives the lot of components that name none. Content hashes
    /// exclude derived lots, so a change of the rules does not change the identity of a delivery.
    #[must_use]
    pub fn with_lot_derivation(
        derive: impl Fn(&Component) -> Option<String> + Send + 'static,
    ) -> Self {
        Self { derive_lot: DeriveLot(Box::new(derive)), ..Self::default() }
    }

    /// Adds one record, which began on that line of the upload.
    pub fn add(&mut self, format: &str, line: u64, record: &IngestRecord) {
        let (priority, version_1) = record.priority();
        let arrival = Arrival {
            id: RunId::from(record.identity(format)),
            same_start: record.same_start(format),
            line,
            priority,
            version_1,
        };
        match record {
            IngestRecord::Run(run) => self.add_run(arrival, run),
            IngestRecord::Repair(repair) => self.add_repair(arrival, repair),
        }
    }

    /// Takes the buffered rows of tables that reached the flush threshold.
    pub fn take_full_batch(&mut self) -> Option<Staged> {
        let mut full = Staged::default();
        let mut has_rows = false;
        for (rows, full) in self.staged.tables().into_iter().zip(full.tables()) {
            if rows.len() >= FLUSH_BYTES {
                std::mem::swap(rows, full);
                has_rows = true;
            }
        }
        has_rows.then_some(full)
    }

    /// The number of distinct parameters so far.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.ledger.parameters.len()
    }

    /// Returns the remaining rows and the deliveries.
    #[must_use]
    pub fn end(self) -> (Staged, Ledger) {
        (self.staged, self.ledger)
    }

    fn add_run(&mut self, arrival: Arrival, run: &RunRecord) {
        let unit = self.ledger.unit_index(&run.unit.serial, codes::unit_kind(run.unit.kind));
        let index = count(self.ledger.runs.len());
        self.ledger.runs.push(arrival);
        let (defects, opportunities) = run.opportunities();
        let rows = &mut self.staged.runs;
        rows.begin(26);
        rows.field(index);
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
        rows.field(arrival.priority.content().bytes().as_slice());
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
        let parent = ParentRun { index, run, id: arrival.id.uuid() };
        for (seq, step) in run.steps.iter().enumerate() {
            self.add_step(&parent, count(seq), step);
        }
        for (seq, finding) in run.findings.iter().enumerate() {
            self.add_finding(&parent, count(seq), finding);
        }
        for (seq, component) in run.components.iter().enumerate() {
            self.add_component(&parent, count(seq), component);
        }
    }

    fn add_step(&mut self, parent: &ParentRun<'_>, seq: i32, step: &Step) {
        let rows = &mut self.staged.steps;
        parent.begin(rows, 9);
        rows.optional(step.started_at);
        rows.optional(step.ended_at);
        rows.optional(step.loop_index.map(i64::from));
        rows.field(seq);
        rows.optional(step.status.map(codes::step_status));
        rows.field(step.name.as_str());
        for (index, measurement) in step.measurements.iter().enumerate() {
            self.add_measurement(parent, (seq, step), count(index), measurement);
        }
    }

    fn add_measurement(
        &mut self,
        parent: &ParentRun<'_>,
        (step_seq, step): (i32, &Step),
        seq: i32,
        measured: &Measurement,
    ) {
        let unit = measured.unit.as_deref();
        let texts = [&parent.run.operation, &step.name, &measured.name].map(String::as_str);
        let parameter = self.ledger.parameter_index(&mut self.key, texts, unit);
        let (number, other) = match &measured.value {
            Value::Num(number) => (Some(*number), None),
            other => (None, Some(Json(other))),
        };
        let rows = &mut self.staged.measurements;
        parent.begin(rows, 17);
        rows.field(parameter);
        rows.optional(number);
        rows.optional(measured.low);
        rows.optional(measured.high);
        rows.optional(measured.started_at);
        rows.optional(measured.ended_at);
        rows.field(step_seq);
        rows.field(seq);
        rows.optional(measured.cmp.map(codes::cmp));
        rows.optional(measured.outcome.map(codes::check_outcome));
        rows.optional(measured.component.as_deref());
        rows.optional(measured.subcomponent.as_deref());
        rows.optional(other);
        rows.optional((!measured.checks.is_empty()).then_some(Json(&measured.checks)));
    }

    fn add_finding(&mut self, parent: &ParentRun<'_>, seq: i32, finding: &Finding) {
        let rows = &mut self.staged.findings;
        parent.begin(rows, 13);
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

    fn add_component(&mut self, parent: &ParentRun<'_>, seq: i32, component: &Component) {
        let rows = &mut self.staged.components;
        parent.begin(rows, 9);
        rows.field(seq);
        rows.optional(component.serial.as_deref());
        rows.optional(component.part.as_deref());
        rows.optional(component.slot.as_deref());
        rows.optional(component.name.as_deref());
        let derived = component.lot.is_none().then(|| (self.derive_lot.0)(component)).flatten();
        rows.optional(component.lot.as_deref().or(derived.as_deref()));
    }

    fn add_repair(&mut self, arrival: Arrival, repair: &RepairRecord) {
        let unit = self.ledger.unit_index(&repair.unit, 0);
        let index = count(self.ledger.repairs.len());
        self.ledger.repairs.push(arrival);
        let run =
            repair.run.as_deref().map(|id| RunId::from(Identity::from_producer_run(id)).uuid());
        let rows = &mut self.staged.repairs;
        rows.begin(12);
        rows.field(index);
        rows.field(arrival.id.uuid());
        rows.field(unit);
        rows.field(repair.at);
        rows.field(arrival.priority.content().bytes().as_slice());
        rows.field(repair.action.as_str());
        rows.optional(repair.producer_id.as_deref());
        rows.optional(run);
        rows.optional(repair.defect.as_deref());
        rows.optional(repair.component_out.as_ref().map(Json));
        rows.optional(repair.component_in.as_ref().map(Json));
        rows.optional(repair.comment.as_deref());
    }
}

/// The run that a detail row belongs to.
struct ParentRun<'a> {
    index: i32,
    run: &'a RunRecord,
    id: Uuid,
}

impl ParentRun<'_> {
    /// Begins a row of a detail table, whose first columns identify the run.
    fn begin(&self, rows: &mut Rows, fields: i16) {
        rows.begin(fields);
        rows.field(self.index);
        rows.field(self.id);
        rows.field(self.run.started_at);
    }
}

impl Staged {
    /// Total size of the rows, in bytes.
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
    /// Whether there are no deliveries.
    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.repairs.is_empty()
    }

    /// The 1-based index of a serial, as in SQL arrays; adds new serials.
    fn unit_index(&mut self, serial: &str, kind: i16) -> i32 {
        if let Some(&index) = self.unit_indexes.get(serial) {
            if let Some((_, known)) = self.units.get_mut(index.unsigned_abs() as usize - 1) {
                *known = kind.max(*known);
            }
            return index;
        }
        self.units.push((serial.to_owned(), kind));
        let index = count(self.units.len());
        self.unit_indexes.insert(serial.to_owned(), index);
        index
    }

    /// The 1-based index of a parameter, as in SQL arrays; adds new parameters. `key` is a
    /// reused buffer.
    fn parameter_index(
        &mut self,
        key: &mut String,
        [operation, step, name]: [&str; 3],
        unit: Option<&str>,
    ) -> i32 {
        use std::fmt::Write as _;
        key.clear();
        for text in [operation, step, name] {
            // Length-prefixed, so that different lists of texts have different keys.
            let _ = write!(key, "{} {text} ", text.len());
        }
        key.push_str(if unit.is_some() { "in " } else { "" });
        key.push_str(unit.unwrap_or_default());
        if let Some(&index) = self.parameter_indexes.get(key.as_str()) {
            return index;
        }
        self.parameters.push(Parameter {
            digest: Sha256::digest(key.as_bytes()).into(),
            operation: operation.to_owned(),
            step: step.to_owned(),
            name: name.to_owned(),
            unit: unit.map(str::to_owned),
        });
        let index = count(self.parameters.len());
        self.parameter_indexes.insert(key.clone(), index);
        index
    }
}

/// Converts a count; the limits of an upload keep every count far below the maximum.
fn count(value: usize) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
