//! `GET /api/v1/commonality`

use domain::dimension::{Dimension, Field};
use engine::quality::commonality::{self as engine_commonality, Row as Tested, Side};
use engine::quality::confounding::{Pattern, pair, phi, stratified};
use engine::stats::contingency::Table;
use serde::Serialize;
use store::quality::Failing;
use store::{Principal, Store};
use utoipa::ToSchema;

use super::{Head, Range, find_measurement, word};
use crate::figures::{self, LEVEL};
use crate::frames::spawn_cpu;
use crate::problem::{ApiResult, Problem};
use crate::queries::asked::{Asked, split_list, wrong};
use crate::web::extract::Query;
use crate::web::paging::limit;

/// Most values that are tested.
const MOST_TESTS: usize = 50_000;
/// Most dimensions that a request names.
const MOST_DIMENSIONS: usize = 100;
/// How many of the first rows are looked at for confounding.
const SUSPECTS: usize = 16;
/// Values whose runs go together with a row's this strongly are named as confounded.
const CONFOUNDED: f64 = 0.3;
/// Confounded values that a row names.
const LISTED_CONFOUNDED: usize = 5;
/// Pairs that an answer lists.
const LISTED_PAIRS: usize = 20;
const MINIMUM: u32 = 5;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommonalityAnswer {
    #[serde(flatten)]
    pub(crate) head: Head,
    /// Counted runs.
    pub(crate) n: u64,
    /// Those of them that fail.
    pub(crate) failing: u64,
    /// Values that were tested: the family of the correction.
    pub(crate) tests: usize,
    pub(crate) rows: Vec<Row>,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) notes: Vec<&'static str>,
}

/// A value of a dimension.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CommonalityRow)]
pub(crate) struct Row {
    pub(crate) dimension: String,
    pub(crate) value: String,
    /// Failing with it.
    pub(crate) a: u64,
    /// Not failing with it.
    pub(crate) b: u64,
    /// Failing without.
    pub(crate) c: u64,
    /// Not failing without.
    pub(crate) d: u64,
    pub(crate) odds_ratio: Option<f64>,
    pub(crate) ci: Option<Range>,
    pub(crate) lift: Option<f64>,
    pub(crate) p: f64,
    pub(crate) q: f64,
    pub(crate) rank: usize,
    pub(crate) confounded_with: Vec<Confounded>,
    pub(crate) stratified: Option<Stratified>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CommonalityConfounded)]
pub(crate) struct Confounded {
    pub(crate) dimension: String,
    pub(crate) value: String,
    pub(crate) cramers_v: f64,
}

/// The association within the strata of the strongest confounded value.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CommonalityStratified)]
pub(crate) struct Stratified {
    pub(crate) by: Named,
    pub(crate) odds_ratio: Option<f64>,
    pub(crate) ci: Option<Range>,
    pub(crate) p: f64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CommonalityNamed)]
pub(crate) struct Named {
    pub(crate) dimension: String,
    pub(crate) value: String,
}

/// Two values that runs have together, against all other runs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CommonalityPair)]
pub(crate) struct Pair {
    pub(crate) first: Named,
    pub(crate) second: Named,
    pub(crate) a: u64,
    pub(crate) b: u64,
    pub(crate) c: u64,
    pub(crate) d: u64,
    pub(crate) odds_ratio: Option<f64>,
    pub(crate) ci: Option<Range>,
    pub(crate) lift: Option<f64>,
    pub(crate) p: f64,
}

/// `GET /api/v1/commonality?failing=`: what failing runs share that the others do not.
///
/// # Errors
/// 400 for a parameter, or where there are too many values.
pub(crate) async fn commonality(
    store: &Store,
    caller: &Principal,
    query: &Query,
) -> ApiResult<CommonalityAnswer> {
    let asked = Asked::read(query, &["failing", "dimensions", "minimum", "side", "limit"])?;
    let sides = [("greater", Side::Greater), ("less", Side::Less)];
    let side = word(&asked, "side", &sides)?.unwrap_or_default();
    let minimum = minimum(&asked)?;
    let limit = usize::from(limit(query)?);
    let dimensions = dimensions(&asked)?;
    let (mut tx, as_of) = figures::begin(store, caller).await?;
    let failing = match asked.own("failing").unwrap_or("any") {
        "any" => Failing::Any,
        text => match (text.strip_prefix("code:"), text.strip_prefix("parameter:")) {
            (Some(code), _) => Failing::Code(code.to_owned()),
            (_, Some(name)) => {
                Failing::Parameter(find_measurement(&mut tx, "failing", name).await?)
            }
            _ => return Err(wrong("failing", "must be any, code:<code> or parameter:<parameter>")),
        },
    };
    let question = &asked.question;
    let groups = tx
        .commonality_groups(question, &failing, dimensions.as_deref(), minimum, MOST_TESTS)
        .await?;
    if groups.len() > MOST_TESTS + 1 {
        return Err(wrong(
            "minimum",
            "leaves more than 50,000 values: raise it or name `dimensions`",
        ));
    }
    let (mut runs, mut tested) = ((0, 0), Vec::new());
    for group in groups {
        let (failing, passing) = (count(group.failing), count(group.passing));
        match group.dimension.zip(group.value) {
            None => runs = (failing, passing),
            Some(key) => tested.push(engine_commonality::Group { key, failing, passing }),
        }
    }
    let rank = move || {
        let minimum = u64::from(minimum);
        engine_commonality::commonality(tested, runs.0, runs.1, minimum, side, LEVEL)
            .ok_or("counts that contradict each other")
    };
    let rows = spawn_cpu("commonality", rank).await?;
    let suspects: Vec<(String, String)> =
        rows.iter().take(SUSPECTS).map(|row| row.key.clone()).collect();
    let patterns = match suspects.is_empty() {
        true => Vec::new(),
        false => tx.commonality_patterns(question, &failing, &suspects).await?,
    };
    drop(tx);
    let patterns: Vec<Pattern> = patterns
        .iter()
        .map(|pattern| Pattern {
            members: pattern.members.cast_unsigned(),
            failing: count(pattern.failing),
            passing: count(pattern.passing),
        })
        .collect();
    let mut notes = Vec::new();
    if runs.0 == 0 {
        notes.push("no-failing-runs");
    }
    if rows.len() > limit {
        notes.push("rows-cut");
    }
    Ok(CommonalityAnswer {
        head: Head::new(&asked, as_of),
        n: runs.0 + runs.1,
        failing: runs.0,
        tests: rows.len(),
        pairs: pairs(&patterns, &suspects),
        rows: (1..)
            .zip(rows.into_iter().take(limit))
            .map(|(rank, tested)| row(rank, tested, &patterns, &suspects))
            .collect(),
        notes,
    })
}

fn count(runs: i64) -> u64 {
    runs.max(0).cast_unsigned()
}

fn minimum(asked: &Asked) -> ApiResult<u32> {
    let Some(text) = asked.own("minimum") else { return Ok(MINIMUM) };
    let number = text.parse().ok().filter(|number| (1..=1_000_000).contains(number));
    number.ok_or_else(|| wrong("minimum", "must be a whole number from 1 to 1000000"))
}

fn dimensions(asked: &Asked) -> ApiResult<Option<Vec<Dimension>>> {
    let Some(text) = asked.own("dimensions") else { return Ok(None) };
    let refused = |word: &str| -> Problem {
        let word: String = word.chars().take(80).collect();
        wrong(
            "dimensions",
            format!(
                "`{word}` is no dimension of runs: name some with commas between them, such as station,component_lot,attr.firmware"
            ),
        )
    };
    let words = split_list(text);
    if words.len() > MOST_DIMENSIONS {
        return Err(wrong("dimensions", "names more than 100 dimensions"));
    }
    let one = |word: &String| {
        let is_of_run = |it: &Dimension| it.period().is_none() && *it != Field::Tenant.into();
        let dimension = Dimension::parse_group(word).ok().filter(is_of_run);
        dimension.ok_or_else(|| refused(word))
    };
    words.iter().map(one).collect::<ApiResult<Vec<_>>>().map(Some)
}

fn row(
    rank: usize,
    tested: Tested<(String, String)>,
    patterns: &[Pattern],
    suspects: &[(String, String)],
) -> Row {
    let (dimension, value) = tested.key;
    let Table { a, b, c, d } = tested.table;
    let place = rank - 1;
    let mut others: Vec<(usize, f64)> = match place < suspects.len() {
        true => (0..suspects.len())
            .filter(|other| suspects[*other].0 != dimension)
            .filter_map(|other| Some((other, phi(patterns, place, other)?)))
            .filter(|(_, v)| *v >= CONFOUNDED)
            .collect(),
        false => Vec::new(),
    };
    others.sort_by(|one, other| other.1.total_cmp(&one.1));
    let within = others.iter().find_map(|(other, _)| {
        let result = stratified(patterns, place, *other, LEVEL)?;
        Some(Stratified {
            by: named(&suspects[*other]),
            odds_ratio: result.odds_ratio.map(|ratio| ratio.value),
            ci: result.odds_ratio.map(|ratio| ratio.ci.into()),
            p: result.p_greater,
        })
    });
    Row {
        dimension,
        value,
        a,
        b,
        c,
        d,
        odds_ratio: tested.odds_ratio.map(|ratio| ratio.value),
        ci: tested.odds_ratio.map(|ratio| ratio.ci.into()),
        lift: tested.lift,
        p: tested.p,
        q: tested.q,
        rank,
        confounded_with: others
            .iter()
            .take(LISTED_CONFOUNDED)
            .map(|(other, v)| {
                let Named { dimension, value } = named(&suspects[*other]);
                Confounded { dimension, value, cramers_v: *v }
            })
            .collect(),
        stratified: within,
    }
}

fn named((dimension, value): &(String, String)) -> Named {
    Named { dimension: dimension.clone(), value: value.clone() }
}

/// The pairs of suspects of two dimensions whose joint failing is surest.
fn pairs(patterns: &[Pattern], suspects: &[(String, String)]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for first in 0..suspects.len() {
        for second in first + 1..suspects.len() {
            let table = pair(patterns, first, second);
            if suspects[first].0 != suspects[second].0 && table.a > 0 {
                pairs.push((first, second, table, table.fisher_greater()));
            }
        }
    }
    pairs.sort_by(|one, other| one.3.total_cmp(&other.3));
    pairs
        .into_iter()
        .take(LISTED_PAIRS)
        .map(|(first, second, table, p)| Pair {
            first: named(&suspects[first]),
            second: named(&suspects[second]),
            a: table.a,
            b: table.b,
            c: table.c,
            d: table.d,
            odds_ratio: table.odds_ratio(),
            ci: table.odds_ratio_ci(LEVEL).map(Range::from),
            lift: table.lift(),
            p,
        })
        .collect()
}
