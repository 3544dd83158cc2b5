//! Every figure of the API against the reference model, over random factories.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Identity, RunId};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::marks::{COPIES, deliver};
use crate::reference::explain::{Pair, explain};
use crate::reference::facts::{Attribute, Factory};
use crate::reference::figures::{Figure, answer};
use crate::reference::generate::{PRODUCTS, cases};
use crate::reference::pareto::{By, pareto};
use crate::reference::query::{Definition, Query, query_string};
use crate::reference::rty::rty;
use crate::support::{House, Partner, now};

/// Number of random factories; `FIRSTPASS_CASES` overrides it.
fn number_of_cases() -> u32 {
    std::env::var("FIRSTPASS_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(120)
}

async fn asked(
    house: &House,
    partner: &Partner,
    path: &str,
    pairs: &[(&'static str, String)],
) -> Value {
    let path = format!("/api/v1/{path}?{}", query_string(pairs));
    let answer = house.read(&partner.read, &path).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json
}

/// Whether two values are equal. Numbers may differ by rounding in the last digits.
fn approximately_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| approximately_equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| {
                    other.get(name).is_some_and(|it| approximately_equal(one, it))
                })
        }
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
        }
        _ => one == other,
    }
}

/// The members of a response that the reference has too.
fn members(answer: &Value, names: &[&str]) -> Value {
    names
        .iter()
        .map(|name| ((*name).to_owned(), answer[*name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

async fn yields_agree(
    house: &House,
    partner: &Partner,
    factory: &Factory,
    query: &Query,
) -> Result<(), TestCaseError> {
    let got = asked(house, partner, "yield", &query.parameters()).await;
    let names = ["definition", "filters", "groups"];
    let (got, expected) = (members(&got, &names), members(&answer(factory, query), &names));
    prop_assert!(
        approximately_equal(&got, &expected),
        "{:?}\n{got:#}\n{expected:#}",
        query.parameters()
    );
    Ok(())
}

async fn paretos_agree(
    house: &House,
    partner: &Partner,
    factory: &Factory,
    query: &Query,
) -> Result<(), TestCaseError> {
    for by in [By::Code, By::Step, By::Component] {
        let mut pairs = query.parameters();
        // A Pareto has one population.
        pairs.retain(|(name, _)| *name != "group_by");
        pairs.push(("by", by.word().to_owned()));
        let got = asked(house, partner, "pareto", &pairs).await;
        let got = members(&got, &["n_units", "n_runs", "rows"]);
        let expected = pareto(factory, query, by).json();
        prop_assert!(approximately_equal(&got, &expected), "{pairs:?}\n{got:#}\n{expected:#}");
    }
    Ok(())
}

async fn rty_agrees(
    house: &House,
    partner: &Partner,
    factory: &Factory,
    query: &Query,
) -> Result<(), TestCaseError> {
    let mut query = query.clone();
    if !query.filters.iter().any(|(attribute, _)| *attribute == Attribute::Product) {
        query.filters.push((Attribute::Product, PRODUCTS[0].to_owned()));
    }
    let mut pairs = query.narrowing();
    if let Some(aborted) = query.aborted {
        pairs.push(("aborted", aborted.word().to_owned()));
    }
    let mut got = asked(house, partner, "rty", &pairs).await;
    for operation in got["operations"].as_array_mut().unwrap() {
        let operation = operation.as_object_mut().unwrap();
        operation.remove("ci");
        operation.remove("excluded");
    }
    let got = members(&got, &["operations", "rty", "ci", "observed_ftt"]);
    let expected = rty(factory, &query).json();
    prop_assert!(approximately_equal(&got, &expected), "{pairs:?}\n{got:#}\n{expected:#}");
    Ok(())
}

/// Attributes, slots, lots and parts that are copies of run columns give the same figures as
/// these columns, which are compared with the reference.
async fn copies_agree(
    house: &House,
    partner: &Partner,
    query: &Query,
) -> Result<(), TestCaseError> {
    let copy = |name: &str| COPIES.iter().find(|(of, _)| *of == name).map(|(_, copy)| *copy);
    let pairs: Vec<(&'static str, String)> = query.parameters();
    let copied = pairs.iter().map(|(name, value)| match *name {
        "group_by" => {
            let group = copy(value).map_or_else(|| value.clone(), |it| it.replace(',', ",,"));
            ("group_by", group)
        }
        name => (copy(name).unwrap_or(name), value.clone()),
    });
    let copied: Vec<(&'static str, String)> = copied.collect();
    let path = "yield";
    let (one, other) =
        (asked(house, partner, path, &pairs).await, asked(house, partner, path, &copied).await);
    prop_assert!(
        approximately_equal(&one["groups"], &other["groups"]),
        "{copied:?}\n{one:#}\n{other:#}"
    );
    Ok(())
}

/// The groups by two dimensions with one value of the second equal the groups by the first with
/// a filter by that value.
async fn pairs_agree(house: &House, partner: &Partner, query: &Query) -> Result<(), TestCaseError> {
    let pairs = query.parameters();
    let Some((_, first)) = pairs.iter().find(|(name, _)| *name == "group_by") else {
        return Ok(());
    };
    for second in ["station", "component_lot"] {
        if first == second || pairs.iter().any(|(name, _)| *name == second) {
            continue;
        }
        let with = |group_by: String, more: Option<(&'static str, String)>| {
            let mut pairs = pairs.clone();
            pairs.retain(|(name, _)| *name != "group_by");
            pairs.push(("group_by", group_by));
            pairs.extend(more);
            pairs
        };
        let both = asked(house, partner, "yield", &with(format!("{first},{second}"), None)).await;
        let mut groups: BTreeMap<Option<String>, Vec<Value>> = BTreeMap::new();
        for group in both["groups"].as_array().unwrap() {
            let mut group = group.clone();
            prop_assert_eq!(&group["key"], &Value::Null);
            let keys = group.as_object_mut().unwrap().remove("keys").unwrap();
            group["key"] = keys[0].clone();
            groups.entry(keys[1].as_str().map(str::to_owned)).or_default().push(group);
        }
        for (key, groups) in groups {
            let filter = (second, key.unwrap_or_default());
            let under = asked(house, partner, "yield", &with(first.clone(), Some(filter))).await;
            let groups = Value::Array(groups);
            prop_assert!(
                approximately_equal(&groups, &under["groups"]),
                "{second}\n{groups:#}\n{under:#}"
            );
        }
    }
    Ok(())
}

/// Reads a list of the explanation in pages of two.
async fn listed(
    house: &House,
    partner: &Partner,
    query: &Query,
    units: &str,
) -> (Value, Vec<Value>) {
    let mut pairs = query.parameters();
    pairs.retain(|(name, _)| *name != "group_by");
    pairs.extend([("units", units.to_owned()), ("limit", "2".to_owned())]);
    let mut items = Vec::new();
    let mut cursor = None;
    loop {
        let mut pairs = pairs.clone();
        pairs.extend(cursor.map(|cursor| ("cursor", cursor)));
        let page = asked(house, partner, "yield/explain", &pairs).await;
        items.extend(page["items"].as_array().unwrap().clone());
        cursor = page["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return (page["figures"].clone(), items);
        }
    }
}

fn pair(item: &Value) -> Pair {
    let text = |name: &str| item[name].as_str().unwrap().to_owned();
    (text("serial"), text("operation"))
}

async fn explanations_agree(
    house: &House,
    partner: &Partner,
    factory: &Factory,
    query: &Query,
) -> Result<(), TestCaseError> {
    let expected = explain(factory, query);
    let (figures, inside) = listed(house, partner, query, "in").await;
    let units_in: Vec<Pair> = inside.iter().map(pair).collect();
    prop_assert_eq!(&units_in, &expected.units_in.iter().cloned().collect::<Vec<_>>());
    let (_, outside) = listed(house, partner, query, "out").await;
    let mut units_out: BTreeMap<&str, BTreeSet<Pair>> = BTreeMap::new();
    let mut unexplained = BTreeSet::new();
    for item in &outside {
        for reason in item["reasons"].as_array().unwrap() {
            units_out.entry(reason.as_str().unwrap()).or_default().insert(pair(item));
        }
        if item["reasons"] == json!([]) {
            unexplained.insert(pair(item));
        }
    }
    prop_assert_eq!(units_out, expected.units_out);
    prop_assert_eq!(unexplained, expected.unexplained);
    let of = |(definition, figure): &(Definition, Figure)| {
        json!({
            "definition": {"id": definition.word(), "version": 1},
            "n": figure.n,
            "passed": figure.passed,
            "yield": figure.yield_(),
            "ci": figure.ci_json(),
        })
    };
    let names = ["definition", "n", "passed", "yield", "ci"];
    let got: Value = figures.as_array().unwrap().iter().map(|it| members(it, &names)).collect();
    let figures: Value = expected.figures.iter().map(of).collect();
    prop_assert!(approximately_equal(&got, &figures), "{got:#}\n{figures:#}");
    Ok(())
}

#[test]
fn every_figure_is_that_of_the_definitions() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let house = runtime.block_on(House::new());
    let as_of = now().micros();
    let partners = std::cell::Cell::new(0);
    let config = Config {
        cases: number_of_cases(),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&(cases(as_of), any::<u16>()), |((factory, queries), order)| {
            partners.set(partners.get() + 1);
            let slug = format!("p{}", partners.get());
            let factory = factory.identified(|name| {
                *RunId::from(Identity::from_producer_run(name)).uuid().as_bytes()
            });
            runtime.block_on(async {
                let partner = house.partner(&slug).await;
                let zone = factory.zone.name();
                house
                    .db
                    .superuser(&format!(
                        "update tenant set timezone = '{zone}' where slug = '{slug}'"
                    ))
                    .await;
                deliver(&house, &partner, &factory, usize::from(order)).await;
                for query in &queries {
                    yields_agree(&house, &partner, &factory, query).await?;
                    copies_agree(&house, &partner, query).await?;
                    pairs_agree(&house, &partner, query).await?;
                    paretos_agree(&house, &partner, &factory, query).await?;
                    rty_agrees(&house, &partner, &factory, query).await?;
                    explanations_agree(&house, &partner, &factory, query).await?;
                }
                Ok(())
            })
        })
        .unwrap();
}
