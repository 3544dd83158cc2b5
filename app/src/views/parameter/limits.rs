//! The distribution with limits that are dragged in the browser, and a form that asks the server
//! with other limits.

use leptos::prelude::*;

use super::page::short;
use super::query::{href_with, query_string};
use crate::backend::{ParameterQuery, ParameterReport, RunChoice};
use crate::islands::limits::DraggedLimits;
use crate::islands::live::viewed;
use crate::slice::Period;
use crate::ui::figure::{Figure, Files, Room};
use crate::ui::html::drawings;
use crate::ui::locale::use_locale;
use crate::ui::name::isolated;
use crate::ui::query::{address, measured_parameter, pairs, with_pairs};
use crate::ui::sheet::Rows;

/// The card.
#[component]
pub fn Limits(
    /// The distribution.
    figure: Figure,
    /// The parameter.
    report: ParameterReport,
    /// The state of the page.
    query: ParameterQuery,
    /// Where the figure can be had as a file.
    files: (String, String),
    /// What the lines are.
    children: Children,
) -> impl IntoView {
    let t = use_locale();
    let Figure { name, title, note, sheet, draw } = figure;
    let drawn = drawings(&|width| draw(width, charts::Palette::Page), Room::Half).into_string();
    let id = format!("{name}-title");
    let (heading, chart, label) = (id.clone(), t.figure_chart(&title), title.clone());
    let (low, high) = (report.capability.low, report.capability.high);
    let text = |limit: Option<f64>| limit.map(|limit| limit.to_string());
    let source = values_address(&report, &query);
    let axis = isolated(short(&query.parameter));
    view! {
        <section class="card" id=name aria-labelledby=id>
            <h2 id=heading>{title}</h2>
            <p class="figure-note">{note}</p>
            <DraggedLimits>
                <div data-source=source data-name=axis data-low=text(low) data-high=text(high)>
                    <div data-part="drawing" class="chart" tabindex="0" role="region" aria-label=chart inner_html=drawn></div>
                </div>
                <Form query low=text(low) high=text(high)/>
            </DraggedLimits>
            {children()}
            <div class="twin">
                <details>
                    <summary>{t.figure_table()}</summary>
                    <Rows label sheet/>
                </details>
                <Files name files/>
            </div>
        </section>
    }
}

/// The limits as numbers. The rest of the state goes with them.
#[component]
fn Form(query: ParameterQuery, low: Option<String>, high: Option<String>) -> impl IntoView {
    let t = use_locale();
    let has_own = query.low.is_some() || query.high.is_some();
    let without = ParameterQuery { low: None, high: None, ..query.clone() };
    let rest = query_string(&without);
    let kept: Vec<_> = pairs(&rest)
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let reset = has_own.then(|| {
        let address = href_with(&query, |query| (query.low, query.high) = (None, None));
        view! { <a href=address>{t.limits_reset()}</a> }
    });
    view! {
        <form class="inline limit-form" action=measured_parameter(&query.parameter)>
            {kept}
            <label for="limit-low">{t.limits_low()}</label>
            <input id="limit-low" name="low" type="number" step="any" value=low/>
            <label for="limit-high">{t.limits_high()}</label>
            <input id="limit-high" name="high" type="number" step="any" value=high/>
            <button>{t.limits_apply()}</button>
            {reset}
        </form>
        <p class="quiet-text">{t.limits_hint()}</p>
    }
}

/// Where the browser finds the values of the page.
fn values_address(report: &ParameterReport, query: &ParameterQuery) -> String {
    let mut pairs = query.slice.filters.clone();
    let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
    add("parameter", query.parameter.clone());
    add("definition", query.slice.definition.to_string());
    if query.runs != RunChoice::default() {
        add("runs", query.runs.as_str().to_owned());
    }
    if query.slice.period != Period::Everything
        && let Some((from, after)) = &report.bounds
    {
        add("from", from.clone());
        add("to", after.clone());
    }
    let viewed = viewed();
    address(
        &with_pairs("/data/v1/values", &pairs),
        &[
            // Of an internal person, who may see several.
            ("tenant", viewed.as_ref().map(|(tenant, _)| tenant.as_str())),
            ("view", viewed.as_ref().map(|(_, view)| view.as_str())),
        ],
    )
}
