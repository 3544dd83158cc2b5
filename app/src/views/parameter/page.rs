//! The page of a parameter.

use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use super::capability::Capability;
use super::control::Signals;
use super::limits::Limits;
use super::outliers::Outliers;
use super::query::{self, href_with, place, query_string};
use super::retest::Retests;
use super::{control, distribution, drift, stations};
use crate::backend::{ParameterQuery, ParameterReport, RunChoice};
use crate::islands::live::LiveState;
use crate::ui::empty::Empty;
use crate::ui::figure::{Figure, FigureCard, Room};
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, isolated};
use crate::ui::query::{RequestAddress, in_tenant, measured_parameter};
use crate::views::frame::{Page, Section};
use crate::views::measurements::links;
use crate::views::registry::slice_parameters;
use crate::views::slice_bar::SliceBar;
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "parameter",
    title: Locale::parameter_title,
    question: Some(Locale::parameter_question),
    path: "/t/{tenant}/measurements/{parameter}",
    access: Access::SignedIn,
    parameters: slice_parameters!["runs", "chart", "rules", "phases", "subgroup", "low", "high"],
    load: Load::Heavy,
    bundle: Bundle::Workbench,
    navigation: None,
    embeddable: true,
    agent_tool: Some("capability"),
    render: || view! { <Parameter/> }.into_any(),
};

/// The page.
#[component]
pub fn Parameter() -> impl IntoView {
    let request = RequestAddress::current();
    let query = query::parse(request.last_segment(), request.query());
    let wanted = query.clone();
    view! {
        <Title text=format!("{} · {}", short(&query.parameter), use_locale().parameters_title())/>
        <Page
            section=Section::Measurements
            load=move |backend| async move { backend.parameter(wanted).await }
            show=move |report| view! { <Shown report query/> }.into_any()
        />
    }
}

/// The name alone of `operation / step / name [unit]`.
pub(super) fn short(parameter: &str) -> &str {
    parameter.rsplit(" / ").next().unwrap_or(parameter)
}

#[component]
fn Shown(report: ParameterReport, query: ParameterQuery) -> impl IntoView {
    let t = use_locale();
    let note = note(t, &report, &query);
    let list = query.slice.address(&in_tenant("/measurements"), &[]);
    let explore = links::explore(&query.slice, report.window.as_ref(), &query.parameter);
    let operation = query.parameter.split(" / ").next().unwrap_or_default();
    let units = links::units(&query.slice, report.window.as_ref(), &query.parameter, operation);
    let path = query.parameter.rsplit_once(" / ").map(|(path, _)| path.to_owned());
    let excluded: u64 = report.excluded.iter().map(|(_, n)| n).sum();
    let left_out = (excluded > 0).then(|| format!(" {}", t.parameter_excluded(excluded)));
    let summary = t.parameter_summary(t.count_runs(report.n), t.count_runs(report.runs));
    let window = report.window.clone();
    let body = match report.n {
        0 => view! {
            <Empty title=t.parameter_no_values().to_owned()><p>{t.parameters_none_hint()}</p></Empty>
        }
        .into_any(),
        _ => view! { <Figures report note=note.clone() query=query.clone()/> }.into_any(),
    };
    view! {
        <p class="crumbs"><a href=list>{t.parameters_title()}</a></p>
        <hgroup>
            <h1><Name of=short(&query.parameter)/></h1>
            <p>{path.map(|path| view! { <Name of=path/> })}</p>
        </hgroup>
        <SliceBar slice=query.slice.clone() place=place(&query) window has_trend=false>
            <RunSwitch query=query.clone()/>
        </SliceBar>
        <p class="figure-note"><span data-live="note">{note}</span><LiveState offers=true/></p>
        <div data-live="figures">
            <p class="parameter-summary">
                {summary}{left_out}" "<a href=explore>{t.parameter_explore()}</a>" · "
                <a href=units>{t.parameter_units()}</a>
            </p>
            {body}
        </div>
    }
}

/// First, last or all runs of a unit.
#[component]
fn RunSwitch(query: ParameterQuery) -> impl IntoView {
    let t = use_locale();
    let choices: Vec<_> = RunChoice::ALL
        .iter()
        .map(|runs| {
            let name = match runs {
                RunChoice::First => t.parameter_runs_first(),
                RunChoice::Last => t.parameter_runs_last(),
                RunChoice::All => t.parameter_runs_all(),
            };
            let current = (*runs == query.runs).then_some("true");
            let address = href_with(&query, |query| query.runs = *runs);
            view! { <a href=address aria-current=current>{name}</a> }
        })
        .collect();
    view! { <nav class="segment" aria-label=t.parameter_runs()>{choices}</nav> }
}

#[component]
fn Figures(report: ParameterReport, note: String, query: ParameterQuery) -> impl IntoView {
    let t = use_locale();
    let files = (measured_parameter(&query.parameter), query_string(&query));
    let distribution = distribution::figure(t, &report, &query, note.clone());
    let outside = distribution::outside(t, &report);
    let control = control::figure(t, &report, &query, note.clone());
    let because = control::because(t, &report);
    let stations = stations::figure(t, &report, &query, note.clone()).map(|figure| {
        let test = stations::test(t, &report);
        view! { <FigureCard figure files=files.clone() room=Room::Whole><p>{test}</p></FigureCard> }
    });
    let drifts = report.drifts.clone();
    let sentence = drift::sentence(t, &report);
    let drift = drift::figure(t, &report, &query, note).map(|figure| {
        let files = files.clone();
        view! {
            <FigureCard figure files room=Room::Whole>
                <p>{sentence}</p>
                <drift::Drifts drifts/>
            </FigureCard>
        }
    });
    let notes: Vec<_> = report
        .capability
        .notes
        .iter()
        .map(|code| {
            view! { <li><span class="badge warn">{t.parameter_note()}</span>{guard(t, code)}</li> }
        })
        .collect();
    let notes = (!notes.is_empty()).then(|| {
        view! { <ul class="changes guards" aria-label=t.parameter_notes()>{notes}</ul> }
    });
    view! {
        {notes}
        <div class="columns">
            <Limits figure=distribution report=report.clone() query=query.clone() files=files.clone()>
                <p>{outside}</p>
            </Limits>
            <Capability figures=report.capability.clone() limits=report.limits.clone() own=query.low.is_some() || query.high.is_some()/>
        </div>
        <FigureCard figure=control files=files.clone() room=Room::Whole>
            <control::Choices query=query.clone()/>
            <p>{because}</p>
            <Signals chart=report.chart.clone() rules=query.rules/>
        </FigureCard>
        {stations}
        {drift}
        <div class="columns">
            <Retests retest=report.retest/>
            <Outliers outliers=report.outliers total=report.outliers_total/>
        </div>
    }
}

/// What is counted, and as of when.
fn note(t: Locale, report: &ParameterReport, query: &ParameterQuery) -> String {
    links::note(t, &query.slice, report.window.as_ref(), &report.as_of)
}

/// A figure of the page by its name.
#[must_use]
pub fn figure(name: &str, report: &ParameterReport, query: &ParameterQuery) -> Option<Figure> {
    let t = Locale::default();
    let note = format!("{} · {}", isolated(&query.parameter), note(t, report, query));
    match name {
        "distribution" => Some(distribution::figure(t, report, query, note)),
        "control" => Some(control::figure(t, report, query, note)),
        "stations" => stations::figure(t, report, query, note),
        "drift" => drift::figure(t, report, query, note),
        _ => None,
    }
}

/// What a note of the API means, in words.
fn guard(t: Locale, code: &str) -> String {
    let text = match code {
        "no-values" => t.guard_no_values(),
        "no-limits" => t.guard_no_limits(),
        "limits-without-width" => t.guard_limits_without_width(),
        "limits-changed" => t.guard_limits_changed(),
        "small-sample" => t.guard_small_sample(),
        "no-variation" => t.guard_no_variation(),
        "truncated-by-failures" => t.guard_truncated(),
        "unstable" => t.guard_unstable(),
        "not-normal" => t.guard_not_normal(),
        "stations-differ" => t.guard_stations_differ(),
        other => other,
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn the_short_name_is_behind_operation_and_step() {
        assert_eq!(short("L6 / power / rail [V]"), "rail [V]");
        assert_eq!(short("alone"), "alone");
    }
}
