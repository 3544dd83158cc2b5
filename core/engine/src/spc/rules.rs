//! Run rules: patterns of points that are rare in a stable process.
//!
//! Conventions: all inequalities are strict; for "k of m" the point that completes the
//! pattern must itself be beyond the zone; every point at which a pattern is complete is
//! flagged (a run of 10 on one side flags the 9th and the 10th under Nelson 2); a point
//! on the centre line ends a run on one side; equal neighbours end a trend. A phase or a
//! gap resets the rules: evaluate each by itself.
//!
//! Source: Western Electric, Statistical Quality Control Handbook (1956); L. S. Nelson,
//! Journal of Quality Technology 16 (1984) 237.

/// The set of rules that a number refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Rules 1 to 4 of Western Electric: 1 beyond 3σ; 2 of 3 beyond 2σ; 4 of 5 beyond
    /// 1σ; 8 on one side.
    WesternElectric,
    /// These of Nelson's rules 1 to 8: 1 beyond 3σ; 9 on one side; 6 rising or falling;
    /// 14 alternating; 2 of 3 beyond 2σ; 4 of 5 beyond 1σ; 15 within 1σ; 8 outside 1σ.
    Nelson(Vec<u8>),
}

impl Rules {
    /// All of Nelson's rules.
    #[must_use]
    pub fn nelson() -> Self {
        Self::Nelson((1..=8).collect())
    }

    /// The numbers of the rules in this set, ascending.
    #[must_use]
    pub fn numbers(&self) -> Vec<u8> {
        match self {
            Self::WesternElectric => vec![1, 2, 3, 4],
            Self::Nelson(chosen) => (1..=8).filter(|number| chosen.contains(number)).collect(),
        }
    }

    /// Parses `western-electric`, `nelson`, `none` or numbers of Nelson's rules such as `1,2,5`;
    /// `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "western-electric" => Some(Self::WesternElectric),
            "nelson" => Some(Self::nelson()),
            "none" => Some(Self::Nelson(Vec::new())),
            list => {
                let mut numbers = Vec::new();
                for number in list.split(',') {
                    let number = number.parse().ok().filter(|n| (1..=8).contains(n))?;
                    if !numbers.contains(&number) {
                        numbers.push(number);
                    }
                }
                Some(Self::Nelson(numbers))
            }
        }
    }
}

/// For each point (its distance from the centre in standard deviations), the numbers of
/// the rules that it completes, ascending.
///
/// ```
/// use engine::spc::rules::{Rules, evaluate};
/// let z = [0.5, 2.5, 0.1, 2.1];
/// assert_eq!(evaluate(&z, &Rules::WesternElectric)[3], [2]);
/// ```
#[must_use]
pub fn evaluate(z: &[f64], rules: &Rules) -> Vec<Vec<u8>> {
    let numbers = rules.numbers();
    let completed = |history: &[f64]| {
        numbers.iter().copied().filter(|number| is_complete(history, rules, *number)).collect()
    };
    (0..z.len()).map(|at| completed(&z[..=at])).collect()
}

/// True where the last point of `history` completes rule `number` of the set.
pub(super) fn is_complete(history: &[f64], rules: &Rules, number: u8) -> bool {
    match rules {
        Rules::WesternElectric => western(history, number),
        Rules::Nelson(_) => nelson(history, number),
    }
}

fn western(history: &[f64], number: u8) -> bool {
    match number {
        1 => beyond(history, 1, 1, 3.0),
        2 => beyond(history, 2, 3, 2.0),
        3 => beyond(history, 4, 5, 1.0),
        4 => one_side(history, 8),
        _ => false,
    }
}

fn nelson(history: &[f64], number: u8) -> bool {
    match number {
        1 => beyond(history, 1, 1, 3.0),
        2 => one_side(history, 9),
        3 => trend(history, 6),
        4 => alternating(history, 14),
        5 => beyond(history, 2, 3, 2.0),
        6 => beyond(history, 4, 5, 1.0),
        7 => last(history, 15).is_some_and(|run| run.iter().all(|z| z.abs() < 1.0)),
        8 => last(history, 8).is_some_and(|run| run.iter().all(|z| z.abs() > 1.0)),
        _ => false,
    }
}

fn last(history: &[f64], length: usize) -> Option<&[f64]> {
    history.len().checked_sub(length).map(|from| &history[from..])
}

/// The last point and at least `k` of the last `m` (fewer at the start) lie beyond
/// `zone` on the same side.
fn beyond(history: &[f64], k: usize, m: usize, zone: f64) -> bool {
    let recent = &history[history.len().saturating_sub(m)..];
    let on_side = |sign: f64| {
        recent.last().is_some_and(|z| sign * z > zone)
            && recent.iter().filter(|z| sign * **z > zone).count() >= k
    };
    on_side(1.0) || on_side(-1.0)
}

fn one_side(history: &[f64], length: usize) -> bool {
    last(history, length)
        .is_some_and(|run| run.iter().all(|z| *z > 0.0) || run.iter().all(|z| *z < 0.0))
}

/// `length` points, each above the one before it, or each below.
fn trend(history: &[f64], length: usize) -> bool {
    last(history, length).is_some_and(|run| {
        run.windows(2).all(|pair| pair[1] > pair[0]) || run.windows(2).all(|pair| pair[1] < pair[0])
    })
}

/// `length` points whose steps change direction each time.
fn alternating(history: &[f64], length: usize) -> bool {
    last(history, length).is_some_and(|run| {
        run.windows(3).all(|three| (three[1] - three[0]) * (three[2] - three[1]) < 0.0)
    })
}
