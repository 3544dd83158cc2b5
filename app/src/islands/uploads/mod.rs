//! Uploading files: each with its progress and its result. The form is the server's, and works
//! without the island.
//!
//! A file goes to where the form would send it, by itself, so that one handler detects formats
//! and compression. Files and requests belong to the browser's only thread.

#![allow(unreachable_pub)] // the component macro makes the arguments public

mod queue;
mod status;

use leptos::ev::{DragEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::Reflect;
use web_sys::{Event, FormData, HtmlElement, HtmlInputElement};

use self::queue::{Queue, Upload};
use self::status::{Status, size};
use crate::ui::locale::use_locale;
use crate::ui::query::in_tenant;

/// The form, which is its children, and below it the files that are chosen and sent.
#[cfg_attr(any(not(target_arch = "wasm32"), feature = "workbench"), island)]
#[cfg_attr(all(target_arch = "wasm32", not(feature = "workbench")), component)]
pub fn UploadFiles(children: Children) -> impl IntoView {
    let t = use_locale();
    let queue = Queue::new();
    let host = NodeRef::<html::Div>::new();
    let is_dragged_over = RwSignal::new(false);
    let input = move || {
        let input = host.get_untracked()?.query_selector("input[type=file]").ok()??;
        Some(input.unchecked_into::<HtmlInputElement>())
    };
    let choose = move || {
        if let Some(files) = input().and_then(|input| input.files()) {
            queue.choose(&files);
        }
    };
    host.on_load(move |host| {
        // The browser keeps the choice when the page is loaded again.
        choose();
        confirm_leaving(queue);
        // For tests.
        let _ = HtmlElement::from(host).set_attribute("data-alive", "");
    });

    let on_change = move |event: Event| {
        let target = event.target().and_then(|it| it.dyn_into::<HtmlElement>().ok());
        if target.is_some_and(|target| target.id() == "send-file") {
            choose();
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|it| FormData::new_with_form(it.unchecked_ref()).ok());
        if let (Some(form), Some(input)) = (form, input()) {
            form.delete("file");
            input.set_value("");
            queue.send(&form);
        }
    };
    let on_drag_over = move |event: DragEvent| {
        event.prevent_default();
        is_dragged_over.set(true);
    };
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        is_dragged_over.set(false);
        if let Some(input) = input() {
            input.set_files(event.data_transfer().and_then(|it| it.files()).as_ref());
            choose();
        }
    };
    let results = move || queue.results_address().unwrap_or_else(|| in_tenant("/uploads"));
    view! {
        <div
            class="send-board"
            class:over=move || is_dragged_over.get()
            node_ref=host
            on:change=on_change
            on:submit=on_submit
            on:dragover=on_drag_over
            on:dragleave=move |_| is_dragged_over.set(false)
            on:drop=on_drop
        >
            {children()}
            <ul class="sending">
                <For
                    each=move || queue.uploads.get()
                    key=|upload| upload.id
                    children=move |upload| view! { <Row queue upload/> }
                />
            </ul>
            <p class="sending-end">
                <strong class="sending-sum" role="status">
                    {move || queue.summary()}
                </strong>
                " "
                <a
                    class="sending-all"
                    href=results
                    hidden=move || queue.results_address().is_none()
                >
                    {t.send_show_all()}
                </a>
            </p>
        </div>
    }
}

/// A file with its progress, its result and what can be done about it.
#[component]
fn Row(queue: Queue, upload: Upload) -> impl IntoView {
    let t = use_locale();
    let Upload { name, bytes, status, receipt, .. } = upload;
    let action = Memo::new(move |_| status.with(|it| it.action(t, receipt.with(Option::is_some))));
    let label = move || action.get().map(|action| t.send_action_label(action, name.get_value()));
    let percent = move || match status.get() {
        Status::Sending { percent } => percent,
        _ => None,
    };
    let href = move || receipt.get().map(|id| in_tenant(&["/uploads/", &id].concat()));
    view! {
        <li>
            <p class="sending-head">
                <strong>{name.get_value()}</strong>
                <span class="quiet-text">{size(t, bytes)}</span>
                <button
                    type="button"
                    class="quiet"
                    hidden=move || action.get().is_none()
                    aria-label=label
                    on:click=move |_| queue.on_row_action(upload)
                >
                    {move || action.get()}
                </button>
            </p>
            <progress
                max="100"
                value=percent
                aria-label=name.get_value()
                hidden=move || !status.with(Status::is_under_way)
            ></progress>
            <p>
                <em class=move || status.with(Status::class)>{move || status.with(|it| it.text(t))}</em>
                " "
                <a href=href hidden=move || receipt.with(Option::is_none)>
                    {t.send_receipt()}
                </a>
            </p>
        </li>
    }
}

/// Asks before the page is left while files are on their way.
fn confirm_leaving(queue: Queue) {
    let ask = move |event: Event| {
        if queue.is_busy() {
            event.prevent_default();
            // For browsers that ignore the above.
            let _ = Reflect::set(&event, &"returnValue".into(), &JsValue::TRUE);
        }
    };
    // It listens as long as the page is open.
    std::mem::forget(window_event_listener_untyped("beforeunload", ask));
}
