//! The Failures page: a Pareto of a period, and one code in detail.

use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use super::bar::Bar;
use super::code::{self, Code};
use super::{pareto, query};
use crate::backend::{FailureReport, FailuresQuery};
use crate::islands::live::LiveState;
use crate::ui::empty::Empty;
use crate::ui::figure::{Figure, FigureCard, Room};
use crate::ui::heading::Heading;
use crate::ui::label;
use crate::ui::locale::use_locale;
use crate::ui::number;
use crate::ui::query::{RequestAddress, in_tenant};
use crate::views::frame::{Page, Section};
use crate::views::registry::slice_parameters;
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "failures",
    title: Locale::failure_page_title,
    question: Some(Locale::failure_page_question),
    path: "/t/{tenant}/failures",
    access: Access::SignedIn,
    parameters: slice_parameters!["by", "code"],
    load: Load::Heavy,
    bundle: Bundle::Base,
    navigation: Some(Section::Failures),
    embeddable: true,
    agent_tool: Some("pareto"),
    render: || view! { <Failures/> }.into_any(),
};

/// The page.
#[component]
pub fn Failures() -> impl IntoView {
    let query = query::parse(RequestAddress::current().query());
    let wanted = query.clone();
    view! {
        <Title text=use_locale().failure_page_title()/>
        <Page
            section=Section::Failures
            load=move |backend| async move { backend.failures(wanted).await }
            show=move |report| view! { <Content report query/> }.into_any()
        />
    }
}

#[component]
fn Content(report: FailureReport, query: FailuresQuery) -> impl IntoView {
    let t = use_locale();
    let files = files(&query);
    let note = note(t, &report, &query);
    let summary = t.failure_summary(
        t.count_runs(report.runs),
        t.count_units(report.units),
        number::percent(report.counted.fraction().map(|passed| 1.0 - passed)),
        label::attempts(t, query.slice.definition, report.counted.n),
    );
    let more = (report.more > 0).then(|| {
        view! { <p class="quiet-text">{t.failure_more(report.more as u64)}</p> }
    });
    let body = match report.rows.is_empty() {
        true => view! {
            <Empty title=t.failure_none().to_owned()><p>{t.failure_none_hint()}</p></Empty>
        }
        .into_any(),
        false => {
            let figure = pareto::figure(t, &report, &query);
            view! { <FigureCard figure files=files.clone() room=Room::Whole>{more}</FigureCard> }
                .into_any()
        }
    };
    let detail = report.code.clone().map(|detail| {
        view! { <Code detail note=note.clone() query=query.clone() window=report.window.clone() files/> }
    });
    view! {
        <Heading title=t.failure_page_title() question=t.failure_page_question()/>
        <Bar query window=report.window/>
        <p class="figure-note"><span data-live="note">{note}</span><LiveState/></p>
        <div data-live="figures">
            <p>{summary}</p>
            {detail}
            {body}
        </div>
    }
}

/// What is counted, and as of when.
pub(super) fn note(t: Locale, report: &FailureReport, query: &FailuresQuery) -> String {
    let window = match &report.window {
        Some((first, last)) => t.failure_window(first, last),
        None => t.period_all_lower().to_owned(),
    };
    t.failure_note(query.slice.definition.as_str(), window, &report.as_of.local)
}

/// Address of the files of the page's figures: the folder, and the query string.
fn files(query: &FailuresQuery) -> (String, String) {
    let address = query::href(query);
    let query = address.find('?').and_then(|at| address.get(at..)).unwrap_or_default();
    (in_tenant("/failures"), query.to_owned())
}

/// A figure of the page by its name.
#[must_use]
pub fn figure(name: &str, report: &FailureReport, query: &FailuresQuery) -> Option<Figure> {
    let t = Locale::default();
    match name {
        "pareto" => Some(pareto::figure(t, report, query)),
        "trend" => Some(code::trend(t, report.code.as_ref()?, note(t, report, query))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::dimension::FILTER_PARAMETERS;

    use super::VIEW;
    use crate::slice::PARAMETERS;

    #[test]
    fn the_page_takes_every_parameter_of_a_slice() {
        for name in FILTER_PARAMETERS.into_iter().chain(PARAMETERS) {
            assert!(VIEW.parameters.contains(&name), "{name}");
        }
    }
}
