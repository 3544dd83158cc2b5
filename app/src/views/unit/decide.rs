//! Decisions about a unit and its runs: forms that require a reason, and the recorded decision
//! with author, time, reason, and a form to revert it.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use domain::UnitKind;
use leptos::prelude::*;

use crate::backend::{Decided, UnitHistory, UnitRun};
use crate::ui::dialog::Dialog;
use crate::ui::locale::{sentence, use_locale};
use crate::ui::name::{Name, Prose, isolated};
use crate::ui::query::{address, in_tenant, unit_part};
use crate::ui::{label, time};
use crate::views::frame::may_change;

/// A decision in one sentence.
fn decision_line(what: &'static str, decided: &Decided) -> impl IntoView + use<> {
    let Decided { at, by, why } = decided;
    let decided = use_locale().decided_by(
        view! { <strong>{what}</strong> }.into_any(),
        view! { <Name of=by.clone()/> }.into_any(),
        time::at(at).into_any(),
        view! { <span class="reason"><Prose of=why.clone()/></span> }.into_any(),
    );
    view! { <p class="decided">{sentence(decided)}</p> }
}

/// The unit type: the recorded decision, and the form to change it.
#[component]
pub fn UnitTypeForm(
    /// The unit.
    history: UnitHistory,
) -> impl IntoView {
    let t = use_locale();
    let UnitHistory { serial, kind, kind_said, kind_is_set, kind_set, .. } = history;
    let action = unit_part(&serial, "/kind");
    let serial = isolated(&serial);
    let what = match kind {
        UnitKind::Production => t.decided_production(),
        UnitKind::Golden => t.decided_golden(),
        UnitKind::Reference => t.decided_reference(),
    };
    let decided = match &kind_set {
        Some(decided) => Some(decision_line(what, decided).into_any()),
        None => kind_is_set.then(|| {
            let what = view! { <strong>{what}</strong> }.into_any();
            view! { <p class="decided">{sentence(t.decided_by_person(what))}</p> }.into_any()
        }),
    };
    let counts = match kind {
        UnitKind::Production => None,
        UnitKind::Golden | UnitKind::Reference => Some(t.kind_not_counted()),
    };
    let forms = may_change().then(|| {
        let options: Vec<_> = [
            (UnitKind::Production, t.kind_production(), t.kind_production_meaning()),
            (UnitKind::Golden, t.kind_golden(), t.kind_golden_meaning()),
            (UnitKind::Reference, t.kind_reference(), t.kind_reference_meaning()),
        ]
        .into_iter()
        .map(|(option, name, means)| {
            view! {
                <label class="option">
                    <input type="radio" name="kind" value=option.as_str() checked=option == kind required/>
                    <span><strong>{name}</strong>" – "{means}</span>
                </label>
            }
        })
        .collect();
        let to = action.clone();
        let reset = kind_is_set.then(|| {
            let title = t.kind_reset_title(&serial);
            view! {
                <Dialog id="kind-leave".to_owned() opener=t.kind_reset() title>
                    <p>{t.kind_reset_hint(label::unit_kind(t, kind_said))}</p>
                    <form method="post" action=to>
                        <input type="hidden" name="kind" value="data"/>
                        {reason("kind-leave-reason", false)}
                        <button class="primary">{t.kind_reset_submit()}</button>
                    </form>
                </Dialog>
            }
        });
        view! {
            <div class="actions">
                <Dialog id="kind-set".to_owned() opener=t.kind_change() title=t.kind_change_title(&serial)>
                    <p>{t.kind_change_hint()}</p>
                    <form method="post" action=action>
                        <fieldset class="options"><legend class="hidden">{t.kind_label()}</legend>{options}</fieldset>
                        {reason("kind-set-reason", true)}
                        <button class="primary">{t.kind_save()}</button>
                    </form>
                </Dialog>
                {reset}
            </div>
        }
    });
    view! {
        <div class="decision">
            {decided}
            {counts.map(|counts| view! { <p class="quiet-text">{counts}</p> })}
            {forms}
        </div>
    }
}

/// Upload of the run, the decision that voided it, and the form to void or restore it.
#[component]
pub fn VoidForm(
    /// The run.
    run: UnitRun,
    /// Its unit.
    serial: String,
    /// The cursor of the page of the unit's runs.
    from: Option<String>,
) -> impl IntoView {
    let t = use_locale();
    let UnitRun { id, operation, started, voided, void, receipt, .. } = run;
    let verb = if voided { "restore" } else { "void" };
    let action = unit_part(&serial, &format!("/runs/{id}/{verb}"));
    let action = address(&action, &[("from", from.as_deref())]);
    let about = format!("{}, {}", isolated(&operation), started.local);
    let form = may_change().then(|| match voided {
        false => view! {
            <Dialog id=format!("void-{id}") opener=t.run_void() class="quiet" about=about title=t.run_void_title().to_owned()>
                <p>{t.run_void_hint()}</p>
                <form method="post" action=action>
                    {reason(&format!("void-{id}-reason"), true)}
                    <button class="primary">{t.run_void_submit()}</button>
                </form>
            </Dialog>
        }
        .into_any(),
        true => view! {
            <Dialog id=format!("void-{id}") opener=t.run_restore() class="quiet" about=about title=t.run_restore_title().to_owned()>
                <p>{t.run_restore_hint()}</p>
                <form method="post" action=action>
                    {reason(&format!("void-{id}-reason"), false)}
                    <button class="primary">{t.run_restore_submit()}</button>
                </form>
            </Dialog>
        }
        .into_any(),
    });
    let raw = may_change().then(|| {
        let raw = format!("/api/v1/receipts/{receipt}/raw");
        view! { <a href=raw download="">{t.run_raw()}</a> }
    });
    view! {
        {void.as_ref().map(|void| decision_line(t.decided_voided(), void))}
        <div class="run-acts">
            <a href=in_tenant(&format!("/uploads/{receipt}"))>{t.run_upload()}</a>
            {raw}
            {form}
        </div>
    }
}

/// Field for the reason of a decision.
fn reason(id: &str, required: bool) -> impl IntoView + use<> {
    let t = use_locale();
    let label = if required { t.decision_reason() } else { t.decision_reason_optional() };
    view! {
        <label for=id.to_owned()>{label}</label>
        <textarea id=id.to_owned() name="reason" rows="3" maxlength="1000" required=required></textarea>
        <p class="quiet-text">{t.decision_reason_hint()}</p>
    }
}
