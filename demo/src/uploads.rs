//! The runs of a partner as its stations would send them: streams of each station and
//! fixture, and lines for what a stream cannot say.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::{IngestRecord, Outcome, RunRecord, UnitKind};
use formats::{Params, firstpass};

use super::dice::Dice;
use super::factory::{PARTNERS, Partner};
use super::floor::Floor;
use super::{Plan, golden, ocp, unit};

/// Bytes that wait in bodies before the longest of them is sent.
const HELD: usize = 32 << 20;

/// Runs that a unit makes on its way, on the average: retests are one in ten, and the units
/// of the last days are still on their way.
const RUNS_OF_A_UNIT: f64 = 3.2;

/// What is sent in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The format's name.
    pub format: &'static str,
    /// What the bytes do not say.
    pub params: Params,
    /// The body.
    pub bytes: Vec<u8>,
}

/// The uploads of a partner, one after the other; memory holds a few tens of megabytes,
/// however many there are.
#[derive(Debug)]
pub struct Uploads {
    floor: Floor,
    seed: u64,
    /// The partner's place, which tells its chances from those of the others.
    place: u64,
    units: u64,
    left: Range<u64>,
    bodies: Bodies,
}

impl Uploads {
    /// Those of one of the [`PARTNERS`].
    #[must_use]
    pub fn new(partner: &'static Partner, plan: &Plan) -> Self {
        let floor = Floor::new(partner, plan);
        let place =
            PARTNERS.iter().position(|it| it.slug == partner.slug).unwrap_or_default() as u64;
        let mut bodies = Bodies::default();
        let mut mornings = 0;
        for day in floor.calendar.working_days() {
            // Numbered beside the units' chances, not among them.
            let mut dice = Dice::new(plan.seed, place + PARTNERS.len() as u64, day as u64);
            golden::golden(&floor, &mut dice, day, &mut |record| bodies.add(&floor, record));
            mornings += 1;
        }
        let runs = plan.runs as f64 * partner.share;
        let units = ((runs - f64::from(mornings)) / RUNS_OF_A_UNIT).max(runs / 10.0).ceil() as u64;
        Self { floor, seed: plan.seed, place, units, left: 0..units, bodies }
    }
}

impl Iterator for Uploads {
    type Item = Upload;

    fn next(&mut self) -> Option<Upload> {
        while self.bodies.bytes < HELD
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

/// Bodies that grow, by what their parameters will be.
#[derive(Debug, Default)]
struct Bodies {
    growing: BTreeMap<Door, Vec<u8>>,
    bytes: usize,
}

/// Where something is sent to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Door {
    /// The streams of a station's fixture and operator, of one operation.
    Streams([Option<String>; 4]),
    /// What a stream has no word for: repairs, golden units, runs that were broken off.
    Lines,
}

impl Bodies {
    fn add(&mut self, floor: &Floor, record: IngestRecord) {
        let door = match &record {
            IngestRecord::Run(run) if is_of_stream(run) => Door::Streams([
                run.level.clone(),
                run.station.clone(),
                run.fixture.clone(),
                run.operator.clone(),
            ]),
            IngestRecord::Run(_) | IngestRecord::Repair(_) => Door::Lines,
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
            Door::Lines => Upload { format: "firstpass", params: Params::default(), bytes },
            Door::Streams([level, station, fixture, operator]) => {
                let params = Params { level, station, fixture, operator, ..Params::default() };
                Upload { format: "ocptv", params, bytes }
            }
        })
    }
}

fn is_of_stream(run: &RunRecord) -> bool {
    run.unit.kind == UnitKind::Production && matches!(run.outcome, Outcome::Pass | Outcome::Fail)
}
