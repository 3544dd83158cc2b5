//! The queue of files: sends one after the other to where the form would send them.

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::{Function, Reflect};
use web_sys::{
    Event, File, FileList, FormData, ProgressEvent, XmlHttpRequest, XmlHttpRequestResponseType,
};

use super::status::{Status, retry_delay, summary};
use crate::ui::locale::use_locale;
use crate::ui::query::in_tenant;

/// How often a file is sent while the server asks to wait.
const MAX_ATTEMPTS: u32 = 8;

/// A file, by its handles.
#[derive(Debug, Clone, Copy)]
pub(super) struct Upload {
    /// In the order in which files were chosen.
    pub(super) id: u32,
    pub(super) name: StoredValue<String>,
    pub(super) bytes: f64,
    pub(super) status: RwSignal<Status>,
    /// The id of its receipt, once the server has read it.
    pub(super) receipt: RwSignal<Option<String>>,
    transfer: StoredValue<Transfer, LocalStorage>,
}

/// What the browser needs to send a file.
struct Transfer {
    file: File,
    /// What the form said when the file was sent; none until then.
    form: Option<FormData>,
    request: Option<XmlHttpRequest>,
    attempts: u32,
}

impl Upload {
    fn is_sent(self) -> bool {
        self.transfer.with_value(|it| it.form.is_some())
    }
}

/// All files that were chosen on this page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Queue {
    pub(super) uploads: RwSignal<Vec<Upload>>,
    next_id: StoredValue<u32>,
}

impl Queue {
    pub(super) fn new() -> Self {
        Self { uploads: RwSignal::new(Vec::new()), next_id: StoredValue::new(0) }
    }

    /// The files that are chosen now replace those that were chosen and not sent.
    pub(super) fn choose(self, files: &FileList) {
        self.uploads.update(|uploads| {
            uploads.retain(|upload| upload.is_sent());
            for file in (0..files.length()).filter_map(|place| files.get(place)) {
                let id = self.next_id.get_value();
                self.next_id.set_value(id + 1);
                uploads.push(Upload {
                    id,
                    name: StoredValue::new(file.name()),
                    bytes: file.size(),
                    status: RwSignal::new(Status::Chosen),
                    receipt: RwSignal::new(None),
                    transfer: StoredValue::new_local(Transfer {
                        file,
                        form: None,
                        request: None,
                        attempts: 0,
                    }),
                });
            }
        });
    }

    /// Queues the chosen files, with what the form says now.
    pub(super) fn send(self, form: &FormData) {
        for upload in self.uploads.get_untracked() {
            if upload.status.get_untracked() == Status::Chosen {
                upload.transfer.update_value(|it| it.form = Some(form.clone()));
                upload.status.set(Status::Waiting);
            }
        }
        // So that the summary counts them.
        self.uploads.update(|_| {});
        self.start_next_upload();
    }

    /// Cancels what is not finished, and sends again what is.
    pub(super) fn on_row_action(self, upload: Upload) {
        let request = upload.transfer.try_update_value(|it| {
            it.attempts = 0;
            it.request.take()
        });
        let is_final = upload.status.with_untracked(Status::is_final);
        upload.status.set(match (is_final, upload.is_sent()) {
            (false, _) => Status::Cancelled,
            (true, true) => Status::Waiting,
            // Left out before anything was sent.
            (true, false) => Status::Chosen,
        });
        if let Some(request) = request.flatten() {
            let _ = request.abort();
        }
        self.start_next_upload();
    }

    /// Whether leaving the page would lose a file.
    pub(super) fn is_busy(self) -> bool {
        let is_busy = |it: &Status| it.is_under_way() || *it == Status::Waiting;
        self.uploads.with_untracked(|all| all.iter().any(|it| it.status.with_untracked(is_busy)))
    }

    /// How far the files are that were sent.
    pub(super) fn summary(self) -> String {
        let sent = |upload: &Upload| upload.is_sent().then(|| upload.status.get());
        let statuses: Vec<_> = self.uploads.with(|all| all.iter().filter_map(sent).collect());
        summary(use_locale(), &statuses)
    }

    /// The list of uploads with these marked as new; none until all that were sent are finished.
    pub(super) fn results_address(self) -> Option<String> {
        let uploads = self.uploads.get();
        let sent = || uploads.iter().filter(|upload| upload.is_sent());
        let are_final = sent().all(|upload| upload.status.with(Status::is_final));
        let receipts: Vec<String> = sent().filter_map(|upload| upload.receipt.get()).collect();
        (are_final && !receipts.is_empty())
            .then(|| in_tenant(&["/uploads?new=", &receipts.join(",")].concat()))
    }

    /// Sends the next file that waits, unless one is under way.
    fn start_next_upload(self) {
        let uploads = self.uploads.get_untracked();
        if uploads.iter().any(|upload| upload.status.with_untracked(Status::is_under_way)) {
            return;
        }
        let waits = |upload: &&Upload| upload.status.get_untracked() == Status::Waiting;
        if let Some(upload) = uploads.iter().find(waits).copied()
            && self.start(upload).is_none()
        {
            upload.status.set(refused(use_locale().send_not_sent()));
            self.start_next_upload();
        }
    }

    fn start(self, upload: Upload) -> Option<()> {
        let request = XmlHttpRequest::new().ok()?;
        request.open("POST", &in_tenant("/uploads")).ok()?;
        request.set_request_header("Accept", "application/json").ok()?;
        request.set_response_type(XmlHttpRequestResponseType::Json);
        let form = upload.transfer.try_update_value(|it| {
            let form = it.form.clone()?;
            form.delete("file");
            form.append_with_blob_and_filename("file", &it.file, &it.file.name()).ok()?;
            it.attempts += 1;
            it.request = Some(request.clone());
            Some(form)
        })??;
        upload.status.set(Status::Sending { percent: None });
        let on_progress = callback(move |event| on_progress(upload, event.unchecked_ref()));
        request.upload().ok()?.set_onprogress(Some(&on_progress));
        request.set_onloadend(Some(&callback(move |_| self.on_load_end(upload))));
        request.send_with_opt_form_data(Some(&form)).ok()
    }

    /// The server answered, or will not.
    fn on_load_end(self, upload: Upload) {
        let ended = upload.transfer.try_update_value(|it| Some((it.request.take()?, it.attempts)));
        // None where it was cancelled.
        let Some((request, attempts)) = ended.flatten() else { return };
        let answer = request.response().unwrap_or(JsValue::NULL);
        let field = |name: &str| Reflect::get(&answer, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let text = |name: &str| field(name).as_string();
        upload.receipt.set(text("receipt_id"));
        match request.status().unwrap_or(0) {
            200 => {
                let result = text("said").unwrap_or_default();
                upload.status.set(match field("odd").is_truthy() {
                    true => Status::AcceptedWithWarnings { result },
                    false => Status::Accepted { result },
                });
            }
            429 | 503 if attempts < MAX_ATTEMPTS => {
                let header = request.get_response_header("Retry-After").ok().flatten();
                self.retry_in(upload, retry_delay(header.as_deref()));
            }
            0 => {
                upload.status.set(refused(use_locale().send_no_answer()));
            }
            _ => {
                let reason = text("detail");
                upload
                    .status
                    .set(refused(reason.as_deref().unwrap_or(use_locale().send_not_accepted())));
            }
        }
        self.start_next_upload();
    }

    fn retry_in(self, upload: Upload, seconds: u16) {
        upload.status.set(Status::Retrying { seconds });
        let retry = move || {
            // It may have been cancelled.
            if matches!(upload.status.get_untracked(), Status::Retrying { .. }) {
                upload.status.set(Status::Waiting);
                self.start_next_upload();
            }
        };
        set_timeout(retry, std::time::Duration::from_secs(seconds.into()));
    }
}

fn refused(reason: &str) -> Status {
    Status::Refused { reason: reason.to_owned() }
}

fn on_progress(upload: Upload, event: &ProgressEvent) {
    if !matches!(upload.status.get_untracked(), Status::Sending { .. }) {
        return;
    }
    let (sent, all) = (event.loaded(), event.total());
    upload.status.set(match sent >= all {
        true => Status::Processing,
        false => Status::Sending { percent: Some((100.0 * sent / all) as u8) },
    });
}

/// A function that the browser may call as long as the page is open.
fn callback(call: impl FnMut(Event) + 'static) -> Function {
    Closure::<dyn FnMut(Event)>::new(call).into_js_value().unchecked_into()
}
