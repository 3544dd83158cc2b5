//! The bar of an analysis page: period, granularity, definition and filters. Each choice is a
//! link or a form of its own that applies at once and is kept in the address.

use domain::dimension::{Dimension, FILTER_PARAMETERS, Field};
use leptos::prelude::*;
use messages::Locale;

use crate::choices::DEFINITIONS;
use crate::slice::{self, Granularity, Named, Period, Slice};
use crate::ui::dialog::Dialog;
use crate::ui::label;
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, isolated};
use crate::ui::query::{address, in_tenant};
use crate::views::causes;

/// Days of the periods that are a click away.
const DAYS: [u16; 3] = [7, 28, 90];

/// The page that the bar belongs to, beside its slice.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its path.
    pub path: String,
    /// What else its address says, which every choice keeps.
    pub rest: Vec<(&'static str, Option<String>)>,
}

impl Place {
    /// The page with a slice.
    pub fn with(&self, slice: &Slice) -> String {
        let rest: Vec<_> =
            self.rest.iter().map(|(name, value)| (*name, value.as_deref())).collect();
        slice.address(&self.path, &rest)
    }

    fn changed(&self, slice: &Slice, change: impl FnOnce(&mut Slice)) -> String {
        let mut slice = slice.clone();
        change(&mut slice);
        self.with(&slice)
    }

    /// Fields of a form that keep what the form does not say; `except` are its own.
    fn hidden(&self, slice: &Slice, except: &[&str]) -> impl IntoView + use<> {
        let rest =
            self.rest.iter().filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?)));
        let kept = slice
            .pairs()
            .into_iter()
            .chain(rest)
            .filter(|(name, _)| !except.contains(&name.as_str()));
        kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect::<Vec<_>>()
    }
}

/// What the bar offers.
#[component]
pub fn SliceBar(
    /// The slice.
    slice: Slice,
    /// Its page.
    place: Place,
    /// The first and the last day of the period; none for everything.
    window: Option<(String, String)>,
    /// The products to choose from.
    #[prop(optional)]
    products: Vec<String>,
    /// Whether the page has a trend.
    #[prop(default = true)]
    has_trend: bool,
    /// More choices of the page.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let t = use_locale();
    let days = DAYS.map(|days| (label::period(t, Some(days)), Period::Last(days)));
    let days = days.into_iter().chain([(label::period(t, None), Period::Everything)]);
    let days = days.map(|(name, period)| {
        let current = (period == slice.period).then_some("true");
        let href = place.changed(&slice, |slice| slice.period = period);
        view! { <a href=href aria-current=current>{name}</a> }
    });
    let days: Vec<_> = days.collect();
    let definitions = DEFINITIONS.map(|definition| {
        let current = (definition == slice.definition).then_some("true");
        let href = place.changed(&slice, |slice| slice.definition = definition);
        let title = label::definition_meaning(t, definition);
        view! { <a href=href title=title aria-current=current>{label::definition(t, definition)}</a> }
    });
    let granularity = has_trend.then(|| {
        let links = Granularity::ALL.map(|granularity| {
            let current = (granularity == slice.granularity).then_some("true");
            let href = place.changed(&slice, |slice| slice.granularity = granularity);
            view! { <a href=href aria-current=current>{granularity_name(t, granularity)}</a> }
        });
        view! { <nav class="segment" aria-label=t.slice_granularity()>{links}</nav> }
    });
    let children = children.map(|children| children());
    view! {
        <div class="choices-bar">
            <nav class="segment" aria-label=t.period_label()>{days}</nav>
            <Dates slice=slice.clone() place=place.clone() window/>
            {granularity}
            <nav class="segment" aria-label=t.definition_label()>{definitions}</nav>
            {children}
            <Products slice=slice.clone() place=place.clone() products/>
            <AddFilter slice=slice.clone() place=place.clone()/>
        </div>
        <Chips slice place/>
    }
}

/// Its name.
fn granularity_name(t: Locale, granularity: Granularity) -> &'static str {
    match granularity {
        Granularity::Day => t.slice_by_day(),
        Granularity::Week => t.slice_by_week(),
        Granularity::Month => t.slice_by_month(),
    }
}

/// A period in words, within a sentence.
pub(super) fn period(t: Locale, period: Period) -> String {
    match period {
        Period::Last(days) => t.period_days(u64::from(days)),
        Period::Named(named) => named_period(t, named).to_lowercase(),
        Period::Between(from, to) => t.slice_window(from.to_string(), to.to_string()),
        Period::Everything => t.period_all_lower().to_owned(),
    }
}

fn named_period(t: Locale, named: Named) -> &'static str {
    match named {
        Named::ThisWeek => t.slice_this_week(),
        Named::LastWeek => t.slice_last_week(),
        Named::ThisMonth => t.slice_this_month(),
        Named::LastMonth => t.slice_last_month(),
        Named::ThisQuarter => t.slice_this_quarter(),
        Named::LastQuarter => t.slice_last_quarter(),
    }
}

/// Periods of the calendar, and a form for a first and a last day.
#[component]
fn Dates(slice: Slice, place: Place, window: Option<(String, String)>) -> impl IntoView {
    let t = use_locale();
    let links = Named::ALL.map(|named| {
        let period = Period::Named(named);
        let current = (period == slice.period).then_some("true");
        let href = place.changed(&slice, |slice| slice.period = period);
        view! { <a href=href aria-current=current>{named_period(t, named)}</a> }
    });
    let hidden = place.hidden(&slice, &["days", "period", "from", "to"]);
    // The window of everything has no ends to show.
    let shown = window.as_ref().map(|(from, to)| {
        view! { <span class="quiet-text">{t.slice_window(from, to)}</span> }
    });
    let (from, to) = window.unzip();
    view! {
        <Dialog id="period".to_owned() opener=t.slice_dates() title=t.slice_dates_title().to_owned()>
            <nav class="segment" aria-label=t.slice_calendar()>{links}</nav>
            <form action=place.path class="dates">
                {hidden}
                <label>{t.slice_from()}<input name="from" type="date" required value=from/></label>
                <label>{t.slice_to()}<input name="to" type="date" required value=to/></label>
                <button class="primary">{t.slice_apply()}</button>
            </form>
        </Dialog>
        {shown}
    }
}

/// The product, of a few.
#[component]
fn Products(slice: Slice, place: Place, products: Vec<String>) -> impl IntoView {
    let t = use_locale();
    if products.is_empty() {
        return ().into_any();
    }
    let chosen = slice.only("product").map(str::to_owned);
    let hidden = place.hidden(&slice, &["product"]);
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
        <form class="inline" action=place.path data-applies>
            {hidden}
            <label class="hidden" for="product">{t.overview_product()}</label>
            <select id="product" name="product">
                <option value=slice::ANY>{t.overview_all_products()}</option>
                {options}
            </select>
            <button>{t.overview_show()}</button>
        </form>
    }
    .into_any()
}

/// A form for one more filter, by any dimension or attribute of runs.
#[component]
fn AddFilter(slice: Slice, place: Place) -> impl IntoView {
    let t = use_locale();
    let hidden = place.hidden(&slice, &[]);
    let dimensions = FILTER_PARAMETERS.iter().filter_map(|name| match name.parse().ok()? {
        Dimension::Field(Field::Code) | Dimension::Attribute(_) => None,
        Dimension::Field(field) => {
            Some(view! { <option value=*name>{field.entry().label}</option> })
        }
    });
    let dimensions: Vec<_> = dimensions.collect();
    view! {
        <Dialog id="filter".to_owned() opener=t.slice_filter() title=t.slice_filter_title().to_owned()>
            <form action=place.path.clone()>
                {hidden}
                <label for="filter-dimension">{t.failure_column_dimension()}</label>
                <input id="filter-dimension" name="dimension" required list="filter-dimensions" autocomplete="off"/>
                <datalist id="filter-dimensions">{dimensions}</datalist>
                <p class="quiet-text">{t.slice_filter_hint()}</p>
                <label for="filter-value">{t.failure_column_value()}</label>
                <input id="filter-value" name="value" autocomplete="off"/>
                <p class="quiet-text">{t.slice_value_hint()}</p>
                <button class="primary">{t.slice_filter_add()}</button>
            </form>
        </Dialog>
    }
}

/// The filters, each with a link that removes it.
#[component]
fn Chips(slice: Slice, place: Place) -> impl IntoView {
    let t = use_locale();
    if slice.filters.is_empty() {
        return ().into_any();
    }
    let chips: Vec<_> = slice
        .filters
        .iter()
        .enumerate()
        .map(|(position, (dimension, value))| {
            let href = place.changed(&slice, |slice| drop(slice.filters.remove(position)));
            let title = t.failure_remove_filter(dimension, isolated(value));
            let value = match value.is_empty() {
                true => t.slice_no_value().into_any(),
                false => view! { <Name of=value.clone()/> }.into_any(),
            };
            view! {
                <li class="chip">
                    <span>{causes::dimension(dimension)}": "{value}</span>
                    <a href=href title=title.clone() aria-label=title>"×"</a>
                </li>
            }
        })
        .collect();
    let none = place.changed(&slice, |slice| slice.filters.clear());
    let none = (slice.filters.len() > 1)
        .then(|| view! { <li><a href=none>{t.slice_no_filter()}</a></li> });
    view! { <ul class="chips" aria-label=t.failure_filters()>{chips}{none}</ul> }.into_any()
}

/// A link to Explore with what it understands of a slice, narrowed to `more`. `window` holds the
/// first and the last day of the period.
pub(super) fn explore(
    slice: &Slice,
    window: Option<&(String, String)>,
    more: &[(&str, &str)],
) -> String {
    // Explore knows the last so many days; another period is a filter by days there.
    let period = match slice.period {
        Period::Named(_) | Period::Between(..) => Period::Everything,
        period => period,
    };
    let days = (period != slice.period).then(|| window.map(|(from, to)| format!("{from}..{to}")));
    let days = days.flatten();
    let is_known = |name: &str| name.parse::<Field>().is_ok_and(|it| it.entry().explored);
    let narrowed = more.iter().fold(slice.clone(), |it, (name, value)| it.narrowed(name, value));
    let filters = narrowed.filters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    // Explore takes the failure code as a filter, which a slice never has.
    let code = more.iter().copied().filter(|(name, _)| *name == "code");
    let filters = filters.chain(code).filter(|(name, _)| is_known(name));
    let filters: Vec<_> = filters.map(|(name, value)| (name, Some(value))).collect();
    let counted = Slice { period, definition: slice.definition, ..Slice::default() };
    let path = counted.address(&in_tenant("/explore"), &[("day", days.as_deref())]);
    address(&path, &filters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explore_gets_the_period_the_definition_and_the_filters_that_it_knows() {
        let slice = Slice::parse("days=90&definition=report&attr.shift=N&station=A");
        let link = explore(&slice, None, &[("fixture", "B")]);
        assert_eq!(link, "/explore?days=90&definition=report&station=A&fixture=B");
        let link = explore(&slice, None, &[("station", "B"), ("code", "x")]);
        assert_eq!(link, "/explore?days=90&definition=report&station=B&code=x");
        let slice = Slice::parse("from=2026-03-01&to=2026-03-31");
        let window = ("2026-03-01".to_owned(), "2026-03-31".to_owned());
        let link = explore(&slice, Some(&window), &[]);
        assert_eq!(link, "/explore?days=all&day=2026-03-01..2026-03-31");
    }
}
