//! Overview of all partners, for internal people.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use charts::{Palette, spark};
use engine::proportion::Proportion;
use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use crate::backend::{OperationFigures, PartnerFigures, Viewer};
use crate::ui::empty::Empty;
use crate::ui::heading::Heading;
use crate::ui::locale::{sentence, use_locale};
use crate::ui::name::{Name, isolated};
use crate::ui::table::{Column, Table};
use crate::ui::{number, order};
use crate::views::frame::{Page, Section};
use crate::views::overview::operations::{Trend, figure_of};
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "partners",
    title: Locale::partners_title,
    question: Some(Locale::partners_question),
    path: "/",
    access: Access::SignedIn,
    parameters: crate::views::overview::page::VIEW.parameters,
    load: Load::Heavy,
    bundle: Bundle::Base,
    navigation: None,
    embeddable: false,
    agent_tool: None,
    render: || view! { <Partners/> }.into_any(),
};

/// All partners with their figures and a link to each.
#[component]
pub fn Partners() -> impl IntoView {
    view! {
        <Title text=use_locale().partners_title()/>
        <Page
            section=Section::Partners
            load=|backend| async move { backend.partners().await }
            show=|partners| view! { <Content partners/> }.into_any()
        />
    }
}

/// The table of partners.
#[component]
fn Content(
    /// The figures of each partner.
    partners: Vec<PartnerFigures>,
) -> impl IntoView {
    let t = use_locale();
    if partners.is_empty() {
        let command = view! { <code>"firstpass tenant add SLUG --name NAME"</code> }.into_any();
        return view! {
            <Heading title=t.partners_title() question=t.partners_question()/>
            <Empty title=t.partners_none().to_owned()>
                <p>{sentence(t.partners_none_hint(command))}</p>
            </Empty>
        }
        .into_any();
    }
    let is_audited = use_context::<Viewer>().is_some_and(|viewer| viewer.role.is_internal());
    let rows: Vec<_> = partners.into_iter().map(|figures| view! { <Rows figures/> }).collect();
    let columns = vec![
        Column::text(t.partners_partner()),
        Column::text(t.column_operation()),
        Column::number(t.partners_yield()),
        Column::number(t.column_counted()),
        Column::number(t.column_change()).meaning(t.partners_change_meaning()),
        Column::text(t.column_by_day()),
        Column::number(t.column_final_yield()),
    ];
    view! {
        <Heading title=t.partners_title() question=t.partners_question()/>
        <p class="figure-note">{t.partners_note()}" "{is_audited.then(|| t.partners_audited())}</p>
        <div class="card"><Table label=t.partners_title() columns class="partners">{rows}</Table></div>
    }
    .into_any()
}

/// Maximum number of listed operations of a partner.
const OPERATIONS: usize = 10;

/// A row for each operation; the cell of the partner spans its rows.
#[component]
fn Rows(figures: PartnerFigures) -> impl IntoView {
    let t = use_locale();
    let PartnerFigures { partner, as_of, latest, mut operations } = figures;
    // Keeps the operations with the most first runs.
    operations.sort_by_key(|figures| std::cmp::Reverse(figures.yielded.n));
    let more = operations.len().saturating_sub(OPERATIONS);
    operations.truncate(OPERATIONS);
    operations.sort_by(|one, other| order::natural(&one.operation, &other.operation));
    let latest = match latest {
        Some(at) => t.partners_latest(&at.local, &as_of.local),
        None => t.partners_no_run().to_owned(),
    };
    let count = operations.len().max(1) + usize::from(more > 0);
    let head = view! {
        <th scope="rowgroup" rowspan=count.to_string()>
            <a href=format!("/t/{}/", partner.slug)><Name of=partner.name/></a>
            <span class="quiet-text under">{latest}</span>
        </th>
    };
    let mut cells: Vec<_> =
        operations.into_iter().map(|figures| view! { <Cells figures/> }.into_any()).collect();
    if cells.is_empty() {
        cells.push(
            view! { <td colspan="6" class="quiet-text">{t.partners_no_data()}</td> }.into_any(),
        );
    }
    if more > 0 {
        let more_note = t.partners_more(more as u64);
        cells.push(view! { <td colspan="6" class="quiet-text">{more_note}</td> }.into_any());
    }
    let mut head = Some(head);
    cells.into_iter().map(|cells| view! { <tr>{head.take()}{cells}</tr> }).collect::<Vec<_>>()
}

#[component]
fn Cells(figures: OperationFigures) -> impl IntoView {
    let t = use_locale();
    let (value, ends) = figure_of(figures.yielded);
    let fractions: Vec<Option<f64>> =
        figures.days.iter().map(|(_, day)| day.and_then(Proportion::fraction)).collect();
    let label = t.chart_yield_by_day(isolated(&figures.operation), fractions.len() as u64);
    let drawing = spark::render(&fractions, None, &label, spark::SIZE, Palette::Page).into_string();
    let last = Proportion { k: figures.passed_last, n: figures.units };
    view! {
        <td><Name of=figures.operation/></td>
        <td class="num">
            <span class="figure">{value}</span>
            <span class="quiet-text under">{ends}</span>
        </td>
        <td class="num">{number::count(figures.yielded.n)}</td>
        <td class="num">{figures.trend.map(|trend| view! { <Trend trend/> })}</td>
        <td><span class="chart spark" inner_html=drawing></span></td>
        <td class="num">{number::percent(last.fraction())}</td>
    }
}
