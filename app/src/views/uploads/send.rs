//! The upload form, and its result.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use leptos::prelude::*;

use super::parameters::Parameters;
use crate::backend::{Sent, SentFile};
use crate::islands::uploads::UploadFiles;
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, Prose};
use crate::ui::query::in_tenant;
use crate::views::frame::may_change;

/// The upload form; without the permission to upload, the reason. Works without scripts
/// (progressive enhancement); with them, each file shows its progress.
#[component]
pub fn SendCard() -> impl IntoView {
    let t = use_locale();
    if !may_change() {
        return view! { <p class="quiet-text">{t.send_not_allowed()}</p> }.into_any();
    }
    view! {
        <section class="card send" aria-labelledby="send-title">
            <h2 id="send-title">{t.send_title()}</h2>
            <UploadFiles><SendForm/></UploadFiles>
        </section>
    }
    .into_any()
}

/// The fields before the files apply to all files and must precede them in the request body.
#[component]
fn SendForm() -> impl IntoView {
    let t = use_locale();
    view! {
        <form class="send-form" method="post" action=in_tenant("/uploads") enctype="multipart/form-data">
            <div class="send-format">
                <label for="send-format">{t.send_format()}</label>
                <select id="send-format" name="format" autocomplete="off">
                    <option value="">{t.send_format_detect()}</option>
                    <option value="ocptv">{t.send_format_ocptv()}</option>
                    <option value="firstpass">{t.send_format_firstpass()}</option>
                </select>
            </div>
            <details>
                <summary>{t.send_parameters()}</summary>
                <p>{t.send_parameters_hint()}</p>
                <Parameters/>
            </details>
            <div class="send-files">
                <label for="send-file">{t.send_files()}</label>
                <input id="send-file" name="file" type="file" multiple required aria-describedby="send-hint"/>
                <p id="send-hint" class="quiet-text">{t.send_files_hint()}</p>
            </div>
            <button class="primary">{t.send_submit()}</button>
        </form>
    }
}

/// The results of files that were just sent, if some have no receipt.
#[component]
pub fn SentCard(
    /// The files.
    sent: Sent,
) -> impl IntoView {
    let t = use_locale();
    let rows: Vec<_> = sent
        .0
        .into_iter()
        .map(|SentFile { name, receipt, refused }| {
            let receipt = receipt.map(|id| {
                view! { " "<a href=in_tenant(&format!("/uploads/{id}"))>{t.send_receipt()}</a> }
            });
            let (class, mark, word) = match refused.is_none() {
                true => ("badge good", "●", t.send_arrived()),
                false => ("badge bad", "✕", t.send_not_taken()),
            };
            view! {
                <li>
                    <p><span class=class><span aria-hidden="true">{mark}</span>{word}</span>" "<strong><Name of=name/></strong>{receipt}</p>
                    {refused.map(|why| view! { <p class="quiet-text"><Prose of=why/></p> })}
                </li>
            }
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="sent-title">
            <h2 id="sent-title">{t.send_incomplete()}</h2>
            <ul class="sent">{rows}</ul>
            <p class="quiet-text">{t.send_incomplete_hint()}</p>
        </section>
    }
}
