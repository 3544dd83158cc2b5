//! `metrics` of a group.

use serde_json::{Value, json};

use super::facts::{Factory, Outcome, Run};
use super::figures::ratio;
use super::histories::{History, histories};
use super::query::{Definition, Query};

/// The metrics of a group.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Units of first-run in this group.
    pub units: u64,
    /// Of these, passed by run 1, 2 and 3.
    pub passed_by: [u64; 3],
    /// Of these, ever passed.
    pub ever: u64,
    /// Of these, passed in the last run.
    pub last: u64,
    /// Of these, with two runs or more.
    pub retested: u64,
    /// All their runs.
    pub attempts: u64,
    pub ntf: Ntf,
    /// Of the counted runs of the query's definition.
    pub defects: u64,
    pub opportunities: u64,
    pub n: u64,
    pub passed: u64,
}

/// Failing episodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ntf {
    pub cleared: u64,
    pub episodes: u64,
    pub resolved: u64,
}

/// "An NTF episode starts at a FAIL of a unit in an operation and ends at its next PASS there".
#[derive(Clone, Debug)]
pub struct Episode<'a> {
    /// Never empty.
    pub fails: Vec<&'a Run>,
    pub pass: Option<&'a Run>,
}

/// "`metrics` other than dpmo and ppm are always those of first-run, under the same `aborted`,
/// keyed by run 1 (ntf by its first FAIL)". `counted` are the runs that the group counts.
pub fn metrics(
    factory: &Factory,
    query: &Query,
    key: &Option<String>,
    counted: &[&Run],
) -> Metrics {
    let here =
        |run: &Run| query.asks_for(factory.zone, run) && query.key(factory.zone, run) == *key;
    let mut metrics = Metrics {
        units: 0,
        passed_by: [0; 3],
        ever: 0,
        last: 0,
        retested: 0,
        attempts: 0,
        ntf: Ntf::default(),
        defects: 0,
        opportunities: 0,
        n: 0,
        passed: 0,
    };
    for history in histories(factory, query, Definition::FirstRun) {
        if here(history.runs[0]) {
            metrics.add_unit(&history);
        }
        for episode in episodes(&history) {
            if here(episode.fails[0]) {
                metrics.ntf.episodes += 1;
                if episode.pass.is_some() {
                    metrics.ntf.resolved += 1;
                }
                if cleared(factory, &episode) {
                    metrics.ntf.cleared += 1;
                }
            }
        }
    }
    for run in counted {
        metrics.n += 1;
        if run.passed() {
            metrics.passed += 1;
        }
        metrics.defects += run.defects();
        metrics.opportunities += run.opportunities();
    }
    metrics
}

/// "ERROR, TIMEOUT and aborted runs neither open nor end one."
pub fn episodes<'a>(history: &History<'a>) -> Vec<Episode<'a>> {
    let mut episodes = Vec::new();
    let mut fails = Vec::new();
    for run in &history.runs {
        match run.outcome {
            Outcome::Fail => fails.push(*run),
            Outcome::Pass => {
                if !fails.is_empty() {
                    episodes.push(Episode { fails, pass: Some(run) });
                }
                fails = Vec::new();
            }
            Outcome::Error | Outcome::Timeout | Outcome::Aborted | Outcome::Skip => {}
        }
    }
    if !fails.is_empty() {
        episodes.push(Episode { fails, pass: None });
    }
    episodes
}

/// "*Cleared*: resolved with no repair of the unit from the first FAIL to that PASS, the same
/// product and revision, and unchanged limits on the measurements that had failed."
pub fn cleared(factory: &Factory, episode: &Episode) -> bool {
    let Some(pass) = episode.pass else { return false };
    let first = episode.fails[0];
    for repair in &factory.repairs {
        if repair.serial == pass.serial
            && first.started_at <= repair.at
            && repair.at <= pass.started_at
        {
            return false;
        }
    }
    for fail in &episode.fails {
        if fail.product != pass.product || fail.revision != pass.revision {
            return false;
        }
        for step in &fail.steps {
            for measurement in &step.measurements {
                if measurement.failed()
                    && pass.limits(&step.name, &measurement.name) != Some(&measurement.limits)
                {
                    return false;
                }
            }
        }
    }
    true
}

impl Metrics {
    /// One unit of first-run, with "all their later runs up to `as_of`, wherever they ran".
    fn add_unit(&mut self, history: &History) {
        self.units += 1;
        self.attempts += history.runs.len() as u64;
        if history.runs.len() >= 2 {
            self.retested += 1;
        }
        // "P_k = units with a pass among runs 1..k"
        for k in 1..=3 {
            if history.runs.iter().take(k).any(|run| run.passed()) {
                self.passed_by[k - 1] += 1;
            }
        }
        if history.runs.iter().any(|run| run.passed()) {
            self.ever += 1;
        }
        if history.runs[history.runs.len() - 1].passed() {
            self.last += 1;
        }
    }

    /// P_2/U
    pub fn spy(&self) -> Option<f64> {
        ratio(self.passed_by[1], self.units)
    }

    /// P_3/U
    pub fn tpy(&self) -> Option<f64> {
        ratio(self.passed_by[2], self.units)
    }

    /// "(runs − first runs)/first runs"
    pub fn retest_ratio(&self) -> Option<f64> {
        ratio(self.attempts - self.units, self.units)
    }

    /// "`dpmo` = 10⁶·D/O"; null where nothing was checked.
    pub fn dpmo(&self) -> Option<f64> {
        ratio(1_000_000 * self.defects, self.opportunities)
    }

    /// "`ppm` = 10⁶(n − passed)/n"
    pub fn ppm(&self) -> Option<f64> {
        ratio(1_000_000 * (self.n - self.passed), self.n)
    }

    /// The JSON of the contract.
    pub fn json(&self) -> Value {
        json!({
            "spy": self.spy(),
            "tpy": self.tpy(),
            "lpy_ever": ratio(self.ever, self.units),
            "lpy_last": ratio(self.last, self.units),
            "retest_ratio": self.retest_ratio(),
            "retested_units": ratio(self.retested, self.units),
            "ntf": {
                "cleared": self.ntf.cleared,
                "episodes": self.ntf.episodes,
                "resolved": self.ntf.resolved,
            },
            "dpmo": self.dpmo(),
            "ppm": self.ppm(),
        })
    }
}
