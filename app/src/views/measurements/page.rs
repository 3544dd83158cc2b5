//! The list of parameters.

use charts::{Palette, spark};
use engine::proportion::Proportion;
use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use super::links;
use super::query::{self, href_with, place};
use crate::backend::{ParameterOrder, ParameterPage, ParameterRow, ParametersQuery};
use crate::islands::live::LiveState;
use crate::slice::Slice;
use crate::ui::empty::Empty;
use crate::ui::heading::Heading;
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::query::{RequestAddress, in_tenant, pairs};
use crate::ui::table::{Column, Table};
use crate::views::frame::{Page, Section};
use crate::views::parameter;
use crate::views::registry::slice_parameters;
use crate::views::slice_bar::SliceBar;
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "measurements",
    title: Locale::parameters_title,
    question: Some(Locale::parameters_question),
    path: "/t/{tenant}/measurements",
    access: Access::SignedIn,
    parameters: slice_parameters!["q", "sort", "after"],
    load: Load::Heavy,
    bundle: Bundle::Base,
    navigation: Some(Section::Measurements),
    embeddable: true,
    agent_tool: Some("measurements"),
    render: || view! { <Measurements/> }.into_any(),
};

/// The page.
#[component]
pub fn Measurements() -> impl IntoView {
    let query = query::parse(RequestAddress::current().query());
    let wanted = query.clone();
    view! {
        <Title text=use_locale().parameters_title()/>
        <Page
            section=Section::Measurements
            load=move |backend| async move { backend.parameters(wanted).await }
            show=move |page| view! { <Shown page query/> }.into_any()
        />
    }
}

#[component]
fn Shown(page: ParameterPage, query: ParametersQuery) -> impl IntoView {
    let t = use_locale();
    let note = links::note(t, &query.slice, page.window.as_ref(), &page.as_of);
    let orders: Vec<_> = ParameterOrder::ALL
        .into_iter()
        .map(|order| {
            let name = match order {
                ParameterOrder::LeastCapable => t.parameters_by_ppk(),
                ParameterOrder::Outside => t.parameters_by_outside(),
                ParameterOrder::Name => t.parameters_by_name(),
            };
            let current = (order == query.order).then_some("true");
            let address = href_with(&query, |query| query.order = order);
            view! { <a href=address aria-current=current>{name}</a> }
        })
        .collect();
    let window = page.window.clone();
    let body = match (page.rows.is_empty(), query.part.is_empty()) {
        (true, true) => view! {
            <Empty title=t.parameters_none().to_owned()><p>{t.parameters_none_hint()}</p></Empty>
        }
        .into_any(),
        (true, false) => {
            let all = href_with(&query, |query| query.part.clear());
            view! {
                <Empty title=t.parameters_not_found(isolated(&query.part))>
                    <p><a href=all>{t.parameters_all()}</a></p>
                </Empty>
            }
            .into_any()
        }
        (false, _) => view! { <List page query=query.clone()/> }.into_any(),
    };
    view! {
        <Heading title=t.parameters_title() question=t.parameters_question()/>
        <SliceBar slice=query.slice.clone() place=place(&query) window has_trend=false>
            <nav class="segment" aria-label=t.parameters_order()>{orders}</nav>
        </SliceBar>
        <Search query/>
        <p class="figure-note"><span data-live="note">{note}</span><LiveState/></p>
        <div data-live="figures">{body}</div>
    }
}

/// A form that searches parameters by a part of their names. The rest of the state goes with it.
#[component]
fn Search(query: ParametersQuery) -> impl IntoView {
    let t = use_locale();
    let address = href_with(&query, |query| query.part.clear());
    let rest = address.split_once('?').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
    let kept: Vec<_> = pairs(&rest)
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let all = (!query.part.is_empty())
        .then(|| view! { <a href=address.clone()>{t.parameters_all()}</a> });
    view! {
        <form class="inline parameter-search" role="search" action=in_tenant("/measurements")>
            {kept}
            <label for="q">{t.parameters_part()}</label>
            <input id="q" name="q" type="search" value=query.part autocomplete="off" spellcheck="false"/>
            <button>{t.parameters_search()}</button>
            {all}
        </form>
    }
}

/// The rows, and links to the pages around them.
#[component]
fn List(page: ParameterPage, query: ParametersQuery) -> impl IntoView {
    let t = use_locale();
    let (first, last) = (page.before + 1, page.before + page.rows.len());
    let range = t.parameters_range(first as u64, last as u64, page.total as u64);
    let start = (page.before > 0).then(|| {
        let address = href_with(&query, |_| ());
        view! { <a class="button" href=address rel="first">{t.parameters_first()}</a> }
    });
    let next = page.next.map(|after| {
        let address = href_with(&query, |query| query.after = Some(after));
        view! { <a class="button" href=address rel="next">{t.parameters_next()}</a> }
    });
    let columns = vec![
        Column::text(t.parameters_column_parameter()),
        Column::number(t.parameters_column_n()),
        Column::number(t.parameters_column_outside()),
        Column::number(t.parameters_column_ppk()).meaning(t.parameters_ppk_meaning()),
        Column::text(t.parameters_column_stable()).meaning(t.parameters_stable_meaning()),
        Column::number(t.parameters_column_limits()),
        Column::text(t.parameters_column_trend()).meaning(t.parameters_trend_meaning()),
        Column::unnamed(t.parameters_column_links()),
    ];
    let slice = query.slice;
    let window = page.window;
    let row = |row| view! { <Row row slice=slice.clone() window=window.clone()/> };
    let rows: Vec<_> = page.rows.into_iter().map(row).collect();
    view! {
        <section class="card">
            <Table label=t.parameters_title() columns class="stacks parameter-list">{rows}</Table>
            <p class="actions"><span class="quiet-text">{range}</span>{start}{next}</p>
        </section>
    }
}

#[component]
fn Row(row: ParameterRow, slice: Slice, window: Option<(String, String)>) -> impl IntoView {
    let t = use_locale();
    let spark = trend(t, &row);
    let outside = Proportion { k: row.outside, n: row.n };
    let has_limits = row.low.is_some() || row.high.is_some();
    let outside = has_limits.then(|| {
        view! {
            {number::percent(outside.fraction())}
            <span class="under quiet-text">{t.parameters_outside_count(row.outside)}</span>
        }
    });
    let ppk = row.ppk.map(|ppk| {
        let ends = row
            .ppk_ci
            .map(|(low, high)| t.interval_ends(number::rounded(low, 3), number::rounded(high, 3)));
        view! {
            <span class="strong">{number::rounded(ppk, 3)}</span>
            <span class="under quiet-text">{ends}</span>
        }
    });
    let changed = row.limits_changed.then(|| {
        view! { <span class="under"><span class="badge warn">{t.parameters_limits_changed()}</span></span> }
    });
    let limits = has_limits.then(|| limits(row.low, row.high));
    let units = links::units(&slice, window.as_ref(), &row.parameter, &row.operation);
    let explore = links::explore(&slice, window.as_ref(), &row.parameter);
    let page = parameter::address(&row.parameter, &slice);
    let unit = row.unit.map(|unit| view! { " ["<Name of=unit/>"]" });
    view! {
        <tr>
            <th scope="row" class="wrap">
                <a href=page><Name of=row.name/>{unit}</a>
                <span class="under quiet-text"><Name of=row.operation/>" / "<Name of=row.step/></span>
            </th>
            <td class="num" data-label=t.parameters_column_n()>{number::count(row.n)}</td>
            <td class="num" data-label=t.parameters_column_outside()>{outside}</td>
            <td class="num" data-label=t.parameters_column_ppk()>{ppk}</td>
            <td data-label=t.parameters_column_stable()>{stability(t, row.stable)}</td>
            <td class="num" data-label=t.parameters_column_limits()>{limits}{changed}</td>
            <td data-label=t.parameters_column_trend()><span class="chart spark" inner_html=spark></span></td>
            <td><span class="row-links"><a href=explore>{t.explore_title()}</a><a href=units>{t.units_title()}</a></span></td>
        </tr>
    }
}

/// Whether the values are stable, as a badge.
pub(crate) fn stability(t: Locale, stable: Option<bool>) -> Option<impl IntoView> {
    stable.map(|stable| {
        let (class, mark, word) = match stable {
            true => ("badge good plain", "●", t.parameters_stable()),
            false => ("badge bad", "✕", t.parameters_unstable()),
        };
        view! { <span class=class><span aria-hidden="true">{mark}</span>{word}</span> }
    })
}

/// Limits as a range, open where there is none.
pub(crate) fn limits(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => {
            format!("{}\u{2009}–\u{2009}{}", number::value(low), number::value(high))
        }
        (Some(low), None) => format!("≥\u{a0}{}", number::value(low)),
        (None, Some(high)) => format!("≤\u{a0}{}", number::value(high)),
        (None, None) => "–".to_owned(),
    }
}

/// The means over time. A standard deviation of the values is the least height, so that noise
/// is not pulled apart.
fn trend(t: Locale, row: &ParameterRow) -> String {
    let step = row.sd.filter(|sd| *sd > 0.0).unwrap_or(1.0) / spark::MIN_RANGE;
    let fraction = |mean: f64| (0.5 + (mean - row.mean) / step).clamp(0.0, 1.0);
    let fractions: Vec<_> = row.trend.iter().map(|mean| mean.map(fraction)).collect();
    let ends = row.trend.iter().flatten();
    let (first, last) = (ends.clone().next(), ends.clone().next_back());
    let label = match first.zip(last) {
        Some((first, last)) => {
            t.parameters_trend_label(number::rounded(*first, 4), number::rounded(*last, 4))
        }
        None => t.parameters_trend_nothing().to_owned(),
    };
    spark::render(&fractions, None, &label, spark::SIZE, Palette::Page).into_string()
}
