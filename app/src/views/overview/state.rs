//! The state of the overview, serialized in its address, and the filter bar that changes it.

use domain::yields::Definition;
use leptos::prelude::*;
use messages::Locale;

use crate::backend::{OverviewQuery, PRODUCTS};
use crate::choices::{DAYS, DEFINITIONS};
use crate::ui::label;
use crate::ui::locale::use_locale;
use crate::ui::name::isolated;
use crate::ui::query::{RequestAddress, address, in_tenant};

/// The state of the overview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewState {
    pub(super) days: Option<u16>,
    pub(super) definition: Definition,
    pub(super) product: Option<String>,
    pub(super) explain: Option<String>,
    pub(super) station: Option<String>,
    /// Whether the rolled throughput yield is explained.
    pub(super) rolled: bool,
    interval: Option<String>,
    level: Option<String>,
}

/// Value of the parameter `why` for the explanation of the rolled throughput yield.
const ROLLED: &str = "rolled";

impl OverviewState {
    /// Parses the state from a query string. Invalid values are ignored.
    #[must_use]
    pub fn of(query: &str) -> Self {
        let request = RequestAddress::new("/", query);
        let get = |name: &str| request.parameter(name);
        let days = match get("days").as_deref() {
            Some("all") => None,
            Some(text) => text.parse().ok().filter(|days| (1..=400).contains(days)).or(DAYS[0]),
            None => DAYS[0],
        };
        let text = |name: &str| get(name).filter(|text| !text.is_empty() && !text.contains('\0'));
        Self {
            days,
            definition: text("definition").and_then(|word| word.parse().ok()).unwrap_or_default(),
            product: text("product"),
            explain: text("explain"),
            station: text("station"),
            rolled: get("why").as_deref() == Some(ROLLED),
            interval: text("interval"),
            level: text("level"),
        }
    }

    /// The backend query for this state.
    #[must_use]
    pub fn query(&self) -> OverviewQuery {
        OverviewQuery {
            days: self.days,
            definition: self.definition,
            product: self.product.clone(),
            explain: self.explain.clone(),
            station: self.station.clone(),
        }
    }

    /// Link to the explanation of an operation's figure, or of one of its stations.
    pub(super) fn explain_href(&self, operation: &str, station: Option<&str>) -> String {
        let address = self.href(|state| {
            state.explain = Some(operation.to_owned());
            state.station = station.map(str::to_owned);
            state.rolled = false;
        });
        format!("{address}#why")
    }

    /// Link to the Failures page for the same period, definition and product, with additional
    /// filters: pairs of a dimension, or `code`, and its value.
    pub(super) fn failures_href(&self, narrowed: &[(&str, &str)]) -> String {
        let kept = ["days", "definition", "product"];
        let pairs = self.pairs();
        let kept = pairs.iter().filter(|(name, _)| kept.contains(name));
        let kept = kept.map(|(name, value)| (*name, value.as_deref()));
        let narrowed = narrowed.iter().map(|(name, value)| (*name, Some(*value)));
        address(&in_tenant("/failures"), &kept.chain(narrowed).collect::<Vec<_>>())
    }

    /// Link to the explanation of the rolled throughput yield.
    pub(super) fn explain_rolled_href(&self) -> String {
        let address = self.href(|state| {
            state.clear_explanation();
            state.rolled = true;
        });
        format!("{address}#why")
    }

    /// Closes the explanation.
    pub(super) fn clear_explanation(&mut self) {
        self.explain = None;
        self.station = None;
        self.rolled = false;
    }

    /// The note below each figure: definition, period, product, and time.
    pub(super) fn note(&self, t: Locale, as_of: &str) -> String {
        let period = match self.days {
            Some(days) => t.period_days(u64::from(days)),
            None => t.period_all_lower().to_owned(),
        };
        let definition = self.definition.as_str();
        match &self.product {
            Some(product) => {
                t.overview_figure_note_product(definition, period, isolated(product), as_of)
            }
            None => t.overview_figure_note(definition, period, as_of),
        }
    }

    /// Address of the files of the page's figures: the folder, and the query string of this state.
    pub(super) fn files(&self) -> (String, String) {
        let address = self.href(|_| {});
        let query = address.find('?').and_then(|at| address.get(at..)).unwrap_or_default();
        (in_tenant("/overview"), query.to_owned())
    }

    /// Link to the page in a changed state.
    pub(super) fn href(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        change(&mut other);
        let mut pairs = other.pairs();
        pairs.extend([("interval", other.interval.clone()), ("level", other.level.clone())]);
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_deref())).collect();
        address(&in_tenant("/"), &pairs)
    }

    /// The query string without the parameters of the interval.
    pub(super) fn query_without_interval(&self) -> String {
        let pairs = self.pairs();
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_deref())).collect();
        address("", &pairs).trim_start_matches('?').to_owned()
    }

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        let days = match self.days {
            days if days == DAYS[0] => None,
            Some(days) => Some(days.to_string()),
            None => Some("all".to_owned()),
        };
        let definition =
            (self.definition != Definition::default()).then(|| self.definition.to_string());
        vec![
            ("days", days),
            ("definition", definition),
            ("product", self.product.clone()),
            ("explain", self.explain.clone()),
            ("station", self.station.clone()),
            ("why", self.rolled.then(|| ROLLED.to_owned())),
        ]
    }
}

/// Filter bar: period, definition and product.
#[component]
pub fn Controls(state: OverviewState, products: Vec<String>) -> impl IntoView {
    let t = use_locale();
    let days: Vec<_> = DAYS
        .into_iter()
        .map(|days| {
            let current = (days == state.days).then_some("true");
            let address = state.href(|state| state.days = days);
            view! { <a href=address aria-current=current>{label::period(t, days)}</a> }
        })
        .collect();
    let definitions: Vec<_> = DEFINITIONS
        .into_iter()
        .map(|definition| {
            let current = (definition == state.definition).then_some("true");
            let address = state.href(|state| state.definition = definition);
            let title = label::definition_meaning(t, definition);
            let name = label::definition(t, definition);
            view! { <a href=address title=title aria-current=current>{name}</a> }
        })
        .collect();
    // Hidden fields carry the state except the product, which is the field of the form.
    let kept: Vec<_> = state
        .pairs()
        .into_iter()
        .filter(|(name, _)| *name != "product")
        .filter_map(|(name, value)| Some(view! { <input type="hidden" name=name value=value?/> }))
        .collect();
    let chosen = state.product.clone();
    let not_all = (products.len() >= PRODUCTS).then(|| {
        view! { <span class="quiet-text">{t.overview_products_cut(PRODUCTS as u64)}</span> }
    });
    let unlisted = chosen.clone().filter(|chosen| !products.contains(chosen));
    let options: Vec<_> = products
        .into_iter()
        .chain(unlisted)
        .map(|product| {
            let selected = chosen.as_ref() == Some(&product);
            view! { <option value=product.clone() selected=selected>{isolated(&product)}</option> }
        })
        .collect();
    view! {
        <div class="choices-bar">
            <nav class="segment" aria-label=t.period_label()>{days}</nav>
            <nav class="segment" aria-label=t.definition_label()>{definitions}</nav>
            <form class="inline" action="/">
                {kept}
                <label for="product">{t.overview_product()}</label>
                <select id="product" name="product">
                    <option value="">{t.overview_all_products()}</option>
                    {options}
                </select>
                {not_all}
                <button>{t.overview_show()}</button>
            </form>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_state_and_leaves_out_defaults() {
        let state = OverviewState::of("");
        assert_eq!(state.href(|_| {}), "/");
        let other = state.href(|state| {
            state.days = None;
            state.definition = Definition::Report;
            state.product = Some("A&B".to_owned());
        });
        assert_eq!(other, "/?days=all&definition=report&product=A%26B");
        let failures = OverviewState::of("days=7&explain=L6").failures_href(&[("station", "A B")]);
        assert_eq!(failures, "/failures?days=7&station=A%20B");
    }
}
