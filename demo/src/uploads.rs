//! Groups the runs of a partner into uploads as its stations would send them: an OCP stream per
//! station and fixture, and JSON lines for records that a stream cannot represent.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::{IngestRecord, Outcome, RunRecord, UnitKind};
use formats::{Params, firstpass};

use super::dice::Dice;
use super::factory::{PARTNERS, Partner};
use super::floor::Floor;
use super::{Plan, golden, ocp, unit};

/// Buffered bytes above which the longest body is sent.
const MAX_BUFFERED_BYTES: usize = 32 << 20;

/// The average number of runs per unit: one in ten is a retest, and the units of the last days are
/// unfinished.
const RUNS_PER_UNIT: f64 = 3.2;

/// One upload request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The format's name.
    pub format: &'static str,
    /// Values for fields missing from the bytes.
    pub params: Params,
    /// The body.
    pub bytes: Vec<u8>,
}

/// Iterates over the uploads of a partner; uses a few tens of megabytes of memory, however many
/// there are.
#[derive(Debug)]
pub struct Uploads {
    floor: Floor,
    seed: u64,
    /// The index of the partner, which selects its random streams.
    place: u64,
    units: u64,
    left: Range<u64>,
    bodies: Bodies,
}

impl Uploads {
    /// The uploads of one of the [`PARTNERS`].
    #[must_use]
    pub fn new(partner: &'static Partner, plan: &Plan) -> Self {
        let floor = Floor::new(partner, plan);
        let place =
            PARTNERS.iter().position(|it| it.slug == partner.slug).unwrap_or_default() as u64;
        let mut bodies = Bodies::default();
        let mut mornings = 0;
        for day in floor.calendar.working_days() {
            // Stream numbers after those of the units, so that they do not overlap.
            let mut dice = Dice::new(plan.seed, place + PARTNERS.len() as u64, day as u64);
            golden::golden(&floor, &mut dice, day, &mut |record| bodies.add(&floor, record));
            mornings += 1;
        }
        let runs = plan.runs as f64 * partner.share;
        let units = ((runs - f64::from(mornings)) / RUNS_PER_UNIT).max(runs / 10.0).ceil() as u64;
        Self { floor, seed: plan.seed, place, units, left: 0..units, bodies }
    }
}

impl Iterator for Uploads {
    type Item = Upload;

    fn next(&mut self) -> Option<Upload> {
        while self.bodies.bytes < MAX_BUFFERED_BYTES
            && let Some(number) = self.left.next()
        {
            let mut dice = Dice::new(self.seed, self.place, number);
            let begun = (number as f64 + dice.share()) / self.units as f64;
            let at = self.floor.calendar.when(begun);
            unit::unit(&self.floor, &mut dice, number, at, &mut |record| {
                self.bodies.add(&self.floor, record);
            });
        }
        self.bodies.take_longest()
    }
}

/// Buffered bodies, by the parameters of their upload.
#[derive(Debug, Default)]
struct Bodies {
    growing: BTreeMap<Destination, Vec<u8>>,
    bytes: usize,
}

/// The upload of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Destination {
    /// The OCP streams of a station's fixture and operator, of one operation.
    Streams([Option<String>; 4]),
    /// Records that a stream cannot represent: repairs, golden units, interrupted runs.
    Lines,
}

impl Bodies {
    fn add(&mut self, floor: &Floor, record: IngestRecord) {
        let door = match &record {
            IngestRecord::Run(run) if is_of_stream(run) => Destination::Streams([
                run.level.clone(),
                run.station.clone(),
                run.fixture.clone(),
                run.operator.clone(),
            ]),
            IngestRecord::Run(_) | IngestRecord::Repair(_) => Destination::Lines,
        };
        let body = self.growing.entry(door).or_default();
        let before = body.len();
        match &record {
            IngestRecord::Run(run) if is_of_stream(run) => ocp::write(body, run, &floor.calendar),
            line => {
                body.extend_from_slice(firstpass::line(line).as_bytes());
                body.push(b'\n');
            }
        }
        self.bytes += body.len() - before;
    }

    fn take_longest(&mut self) -> Option<Upload> {
        let longest = self.growing.iter().max_by_key(|(_, body)| body.len());
        let door = longest?.0.clone();
        let bytes = self.growing.remove(&door)?;
        self.bytes -= bytes.len();
        Some(match door {
            Destination::Lines => Upload { format: "firstpass", params: Params::default(), bytes },
            Destination::Streams([level, station, fixture, operator]) => {
                let params = Params { level, station, fixture, operator, ..Params::default() };
                Upload { format: "ocptv", params, bytes }
            }
        })
    }
}

fn is_of_stream(run: &RunRecord) -> bool {
    run.unit.kind == UnitKind::Production && matches!(run.outcome, Outcome::Pass | Outcome::Fail)
}
