//! Sending files from a page.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use leptos::prelude::*;

use super::frame::may_change;
use super::parameters::Parameters;
use crate::backend::{Sent, SentFile};
use crate::islands::send::SendFiles;
use crate::ui::name::{Name, Prose};
use crate::ui::query::in_tenant;

/// The form for files, for whoever may send some; for others, why not. Without scripts the
/// browser sends it; with them each file shows how far it is.
#[component]
pub fn SendCard() -> impl IntoView {
    if !may_change() {
        return view! {
            <p class="quiet-text">"Your role is to read. Files are sent by people with the role engineer or partner-admin, and by test stations."</p>
        }
        .into_any();
    }
    view! {
        <section class="card send" aria-labelledby="send-title">
            <h2 id="send-title">"Send files"</h2>
            <SendFiles><SendForm/></SendFiles>
        </section>
    }
    .into_any()
}

/// What stands before the files is about all of them, and has to reach the server first.
#[component]
fn SendForm() -> impl IntoView {
    view! {
        <form class="send-form" method="post" action=in_tenant("/uploads") enctype="multipart/form-data">
            <div class="send-format">
                <label for="send-format">"Format"</label>
                <select id="send-format" name="format" autocomplete="off">
                    <option value="">"Told by the first lines"</option>
                    <option value="ocptv">"OCP Test & Validation (ocptv)"</option>
                    <option value="firstpass">"Firstpass JSON Lines (firstpass)"</option>
                </select>
            </div>
            <details>
                <summary>"What the files do not say"</summary>
                <p>"This is taken for every run in the files, and goes before what they say themselves. OCP files seldom name the unit: give its serial number, and send the files of one unit at a time."</p>
                <Parameters/>
            </details>
            <div class="send-files">
                <label for="send-file">"Files"</label>
                <input id="send-file" name="file" type="file" multiple required aria-describedby="send-hint"/>
                <p id="send-hint" class="quiet-text">"Drop them here or choose them: lines of JSON, as they are or packed (.gz, .zst). Sending a file again is safe: nothing counts twice."</p>
            </div>
            <button class="primary">"Send"</button>
        </form>
        <ul class="sending"></ul>
        <p class="sending-end"><strong class="sending-sum" role="status"></strong>" "<a class="sending-all" href=in_tenant("/uploads") hidden>"Show what arrived"</a></p>
        <template>
            <li>
                <p class="sending-head">
                    <strong></strong><span class="quiet-text"></span><button type="button" class="quiet"></button>
                </p>
                <progress max="100"></progress>
                <p><em class="sending-said"></em>" "<a href="">"Receipt"</a></p>
            </li>
        </template>
    }
}

/// What came of files that were just sent, where not all have a receipt.
#[component]
pub fn SentCard(
    /// The files.
    sent: Sent,
) -> impl IntoView {
    let rows: Vec<_> = sent
        .0
        .into_iter()
        .map(|SentFile { name, receipt, refused }| {
            let receipt = receipt.map(|id| {
                view! { " "<a href=in_tenant(&format!("/uploads/{id}"))>"Receipt"</a> }
            });
            let (class, mark, word) = match refused.is_none() {
                true => ("badge good", "●", "arrived"),
                false => ("badge bad", "✕", "not taken"),
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
            <h2 id="sent-title">"Not everything arrived"</h2>
            <ul class="sent">{rows}</ul>
            <p class="quiet-text">"Files that arrived stay. Mend the others and send them again."</p>
        </section>
    }
}
