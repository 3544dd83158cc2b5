//! The page of a unit: its history.

use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use super::decide::UnitTypeForm;
use super::parts::{Parts, Repairs};
use super::runs::Runs;
use super::timeline::{self, Timeline};
use crate::backend::{Fix, UnitHistory};
use crate::ui::badge;
use crate::ui::figure::Figure;
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, isolated};
use crate::ui::query::{RequestAddress, address, in_tenant};
use crate::views::frame::{Page, Section};
use crate::views::repairs::RepairOutcomes;
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "unit",
    title: Locale::unit_title,
    question: Some(Locale::unit_question),
    path: "/t/{tenant}/units/{serial}",
    access: Access::SignedIn,
    parameters: &["serial", "from"],
    load: Load::Light,
    bundle: Bundle::Base,
    navigation: None,
    embeddable: false,
    agent_tool: None,
    render: || view! { <Unit/> }.into_any(),
};

/// The unit's runs, findings, parts and repairs.
#[component]
pub fn Unit() -> impl IntoView {
    let request = RequestAddress::current();
    let (serial, from) = (request.serial(), request.parameter("from"));
    let title = isolated(&serial);
    view! {
        <Title text=title/>
        <Page
            section=Section::Units
            load=move |backend| async move { backend.unit(serial, from).await }
            show=|history| view! { <History history/> }.into_any()
        />
    }
}

#[component]
fn History(history: UnitHistory) -> impl IntoView {
    let t = use_locale();
    let decision = view! { <UnitTypeForm history=history.clone()/> };
    let timeline = (!history.runs.is_empty() || !history.repairs.is_empty())
        .then(|| view! { <Timeline history=history.clone()/> });
    let runs = view! { <Runs history=history.clone()/> };
    let UnitHistory { serial, kind, product, revision, parts, parts_total, .. } = history;
    let UnitHistory { runs_total, repairs, repairs_total, fix, .. } = history;
    let revision = revision.map(|revision| t.unit_revision(isolated(&revision)));
    let product = [product.map(|product| isolated(&product)), revision].into_iter().flatten();
    let counted = match runs_total {
        0 => t.unit_no_run().to_owned(),
        runs => t.count_runs(runs),
    };
    let note: Vec<_> = product.chain([counted]).collect();
    view! {
        <p class="crumbs"><a href=in_tenant("/units")>{t.units_title()}</a></p>
        <div class="unit-head">
            <div>
                <h1><Name of=serial.clone()/>" "{badge::kind(kind)}</h1>
                <p class="figure-note">{note.join(" · ")}</p>
            </div>
            {decision}
        </div>
        {timeline}
        {fix.map(|fix| view! { <WhatFixedIt fix/> })}
        {runs}
        {(!repairs.is_empty()).then(|| view! { <Repairs repairs total=repairs_total/> })}
        {(!parts.is_empty()).then(|| view! { <Parts parts total=parts_total/> })}
    }
}

/// What fixed other units that failed as this one does.
#[component]
fn WhatFixedIt(fix: Fix) -> impl IntoView {
    let t = use_locale();
    let Fix { code, operation, outcomes } = fix;
    let pairs = [("code", Some(code.as_str())), ("operation", Some(operation.as_str()))];
    let href = address(&in_tenant("/failures"), &pairs);
    view! {
        <section class="card" aria-labelledby="fix-title">
            <h2 id="fix-title">{t.failure_repairs()}</h2>
            <p>{t.failure_unit_fix(isolated(&code), isolated(&operation))}</p>
            <RepairOutcomes outcomes/>
            <p><a href=href>{t.failure_unit_code()}</a></p>
        </section>
    }
}

/// The figures of the page that can be downloaded, by name.
#[must_use]
pub fn figure(name: &str, history: &UnitHistory) -> Option<Figure> {
    (name == timeline::NAME).then(|| timeline::figure(use_locale(), history))
}
