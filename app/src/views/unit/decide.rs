//! What people decide about a unit and its runs: asked for with a reason, and shown with who
//! decided it, when, why, and how to take it back.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use domain::UnitKind;
use leptos::prelude::*;

use crate::backend::{Decided, UnitHistory, UnitRun};
use crate::ui::dialog::Dialog;
use crate::ui::name::{Name, Prose, isolated};
use crate::ui::query::{address, in_tenant, unit_part};
use crate::ui::time;
use crate::views::frame::may_change;

/// A decision in a line.
fn line(what: &'static str, decided: &Decided) -> impl IntoView + use<> {
    let Decided { at, by, why } = decided;
    view! {
        <p class="decided">
            <strong>{what}</strong>" by "<Name of=by.clone()/>", "{time::at(at)}": “"<span class="reason"><Prose of=why.clone()/></span>"”"
        </p>
    }
}

/// What the unit is for: what was decided, and the form to decide it.
#[component]
pub fn Kind(
    /// The unit.
    history: UnitHistory,
) -> impl IntoView {
    let UnitHistory { serial, kind, kind_said, kind_is_set, kind_set, .. } = history;
    let action = unit_part(&serial, "/kind");
    let serial = isolated(&serial);
    let what = match kind {
        UnitKind::Production => "Made a production unit",
        UnitKind::Golden => "Made a golden unit",
        UnitKind::Reference => "Made a reference unit",
    };
    let decided = match &kind_set {
        Some(decided) => Some(line(what, decided).into_any()),
        None => kind_is_set.then(|| {
            view! { <p class="decided"><strong>{what}</strong>" by a person"</p> }.into_any()
        }),
    };
    let counts = match kind {
        UnitKind::Production => None,
        UnitKind::Golden | UnitKind::Reference => Some("Its runs do not count in any yield."),
    };
    let forms = may_change().then(|| {
        let options: Vec<_> = [
            (UnitKind::Production, "Production", "made to be shipped: its runs count"),
            (UnitKind::Golden, "Golden", "known to be good, it checks the station: its runs do not count"),
            (UnitKind::Reference, "Reference", "kept to compare with: its runs do not count"),
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
        let leave = kind_is_set.then(|| {
            let title = format!("Leave it to the data what {serial} is for?");
            view! {
                <Dialog id="kind-leave".to_owned() opener="Leave it to the data" title>
                    <p>{format!("The data say: {}. The figures follow at once.", kind_said.as_str())}</p>
                    <form method="post" action=to>
                        <input type="hidden" name="kind" value="data"/>
                        {reason("kind-leave-reason", false)}
                        <button class="primary">"Leave it to the data"</button>
                    </form>
                </Dialog>
            }
        });
        view! {
            <div class="actions">
                <Dialog id="kind-set".to_owned() opener="Change what it is for" title=format!("What is {serial} for?")>
                    <p>"This goes before what the data say, also for runs that are still to come. The figures follow at once, and it can be taken back."</p>
                    <form method="post" action=action>
                        <fieldset class="options"><legend class="hidden">"What it is for"</legend>{options}</fieldset>
                        {reason("kind-set-reason", true)}
                        <button class="primary">"Write it down"</button>
                    </form>
                </Dialog>
                {leave}
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

/// Where the run came from and whether it counts: who voided it, and the form to void it or
/// take that back.
#[component]
pub fn Void(
    /// The run.
    run: UnitRun,
    /// Its unit.
    serial: String,
    /// The cursor of the page of the unit's runs.
    from: Option<String>,
) -> impl IntoView {
    let UnitRun { id, operation, started, voided, void, receipt, .. } = run;
    let act = if voided { "restore" } else { "void" };
    let action = unit_part(&serial, &format!("/runs/{id}/{act}"));
    let action = address(&action, &[("from", from.as_deref())]);
    let about = format!("{}, {}", isolated(&operation), started.local);
    let form = may_change().then(|| match voided {
        false => view! {
            <Dialog id=format!("void-{id}") opener="Void" class="quiet" about=about title="Take this run out of the figures?".to_owned()>
                <p>"A voided run is no attempt and counts nowhere; later runs move up. It stays here, also when it is sent again, and can be taken back."</p>
                <form method="post" action=action>
                    {reason(&format!("void-{id}-reason"), true)}
                    <button class="primary">"Void the run"</button>
                </form>
            </Dialog>
        }
        .into_any(),
        true => view! {
            <Dialog id=format!("void-{id}") opener="Let it count again" class="quiet" about=about title="Let this run count again?".to_owned()>
                <p>"It becomes an attempt again, and later runs move back. The figures follow at once."</p>
                <form method="post" action=action>
                    {reason(&format!("void-{id}-reason"), false)}
                    <button class="primary">"Let it count"</button>
                </form>
            </Dialog>
        }
        .into_any(),
    });
    let raw = may_change().then(|| {
        let raw = format!("/api/v1/receipts/{receipt}/raw");
        view! { <a href=raw download="">"Raw bytes of its upload"</a> }
    });
    view! {
        {void.as_ref().map(|void| line("Voided", void))}
        <div class="run-acts">
            <a href=in_tenant(&format!("/uploads/{receipt}"))>"Its upload"</a>
            {raw}
            {form}
        </div>
    }
}

/// Why: for whoever reads it later.
fn reason(id: &str, required: bool) -> impl IntoView + use<> {
    let label = if required { "Why" } else { "Why (may be left empty)" };
    view! {
        <label for=id.to_owned()>{label}</label>
        <textarea id=id.to_owned() name="reason" rows="3" maxlength="1000" required=required></textarea>
        <p class="quiet-text">"It is kept with your name and the time."</p>
    }
}
