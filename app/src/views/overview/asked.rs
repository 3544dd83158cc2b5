//! What the overview is asked, which is its address.

use domain::yields::Definition;
use leptos::prelude::*;
use messages::Locale;

use crate::backend::{OverviewQuery, PRODUCTS};
use crate::choices::{DAYS, DEFINITIONS};
use crate::ui::label;
use crate::ui::locale::use_locale;
use crate::ui::name::isolated;
use crate::ui::query::{RequestAddress, address, in_tenant};

/// The state of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub(super) days: Option<u16>,
    pub(super) definition: Definition,
    pub(super) product: Option<String>,
    pub(super) explain: Option<String>,
    pub(super) station: Option<String>,
    /// Whether rolled throughput yield is to be explained.
    pub(super) rolled: bool,
    interval: Option<String>,
    level: Option<String>,
}

/// What an address calls the explanation of rolled throughput yield.
const ROLLED: &str = "rolled";

impl Asked {
    /// The state that an address says; what is no state of the page is as if it were not there.
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

    /// What has to be counted for it.
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

    /// The page with the explanation of an operation's figure, or of a station's in it.
    pub(super) fn explaining(&self, operation: &str, station: Option<&str>) -> String {
        let address = self.address(|asked| {
            asked.explain = Some(operation.to_owned());
            asked.station = station.map(str::to_owned);
            asked.rolled = false;
        });
        format!("{address}#why")
    }

    /// The page Failures for the same period, definition and product, narrowed by these pairs of
    /// a dimension, or `code`, and its value.
    pub(super) fn failures(&self, narrowed: &[(&str, &str)]) -> String {
        let kept = ["days", "definition", "product"];
        let pairs = self.pairs();
        let kept = pairs.iter().filter(|(name, _)| kept.contains(name));
        let kept = kept.map(|(name, value)| (*name, value.as_deref()));
        let narrowed = narrowed.iter().map(|(name, value)| (*name, Some(*value)));
        address(&in_tenant("/failures"), &kept.chain(narrowed).collect::<Vec<_>>())
    }

    /// The page with the explanation of rolled throughput yield.
    pub(super) fn explaining_rolled(&self) -> String {
        let address = self.address(|asked| {
            asked.close();
            asked.rolled = true;
        });
        format!("{address}#why")
    }

    /// Explains nothing.
    pub(super) fn close(&mut self) {
        self.explain = None;
        self.station = None;
        self.rolled = false;
    }

    /// What stands under each figure of the page.
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

    /// What the files of the page's figures are asked: what the page is.
    pub(super) fn files(&self) -> (String, String) {
        let address = self.address(|_| {});
        let query = address.find('?').and_then(|at| address.get(at..)).unwrap_or_default();
        (in_tenant("/overview"), query.to_owned())
    }

    /// The page in another state.
    pub(super) fn address(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        change(&mut other);
        let mut pairs = other.pairs();
        pairs.extend([("interval", other.interval.clone()), ("level", other.level.clone())]);
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_deref())).collect();
        address(&in_tenant("/"), &pairs)
    }

    /// What stands in the address beside the choice of an interval.
    pub(super) fn rest(&self) -> String {
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

/// Period, definition and product.
#[component]
pub fn Controls(asked: Asked, products: Vec<String>) -> impl IntoView {
    let t = use_locale();
    let days: Vec<_> = DAYS
        .into_iter()
        .map(|days| {
            let current = (days == asked.days).then_some("true");
            let address = asked.address(|asked| asked.days = days);
            view! { <a href=address aria-current=current>{label::period(t, days)}</a> }
        })
        .collect();
    let definitions: Vec<_> = DEFINITIONS
        .into_iter()
        .map(|definition| {
            let current = (definition == asked.definition).then_some("true");
            let address = asked.address(|asked| asked.definition = definition);
            let title = label::definition_meaning(t, definition);
            let name = label::definition(t, definition);
            view! { <a href=address title=title aria-current=current>{name}</a> }
        })
        .collect();
    // The form's own field says the product; everything else of the state is kept.
    let kept: Vec<_> = asked
        .pairs()
        .into_iter()
        .filter(|(name, _)| *name != "product")
        .filter_map(|(name, value)| Some(view! { <input type="hidden" name=name value=value?/> }))
        .collect();
    let chosen = asked.product.clone();
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
    fn the_address_is_the_state_and_leaves_out_what_is_usual() {
        let asked = Asked::of("");
        assert_eq!(asked.address(|_| {}), "/");
        let other = asked.address(|asked| {
            asked.days = None;
            asked.definition = Definition::Report;
            asked.product = Some("A&B".to_owned());
        });
        assert_eq!(other, "/?days=all&definition=report&product=A%26B");
        let failures = Asked::of("days=7&explain=L6").failures(&[("station", "A B")]);
        assert_eq!(failures, "/failures?days=7&station=A%20B");
    }
}
