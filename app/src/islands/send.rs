//! Files on their way: each with how far it is and what came of it. The form around them is
//! the server's, and works without this.
//!
//! A file goes to where the form would send it, by itself, one after the other, so that
//! there is one way in and one who tells formats and packings. Files and requests are the
//! browser's, and stay in its one thread.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::{Function, Reflect};
use web_sys::{
    DragEvent, Element, Event, File, FormData, HtmlInputElement, HtmlTemplateElement,
    ProgressEvent, XmlHttpRequest, XmlHttpRequestResponseType,
};

/// How often a file is sent while the server asks to wait.
const TRIES: u32 = 8;

/// Where a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Chosen,
    Waiting,
    Sending,
    /// All is sent, and the server reads it.
    Reading,
    /// It is sent again after a while.
    Again,
    Taken,
    /// It is taken, and not all of it is as it should be.
    TakenOddly,
    Refused,
    Cancelled,
}
use crate::ui::query::in_tenant;
use State::{Again, Cancelled, Chosen, Reading, Refused, Sending, Taken, TakenOddly, Waiting};

/// A file and what is done with it.
struct Job {
    file: File,
    state: State,
    /// What came of it, where something did.
    receipt: Option<String>,
    /// What stood in the form beside the file when it was sent.
    form: Option<FormData>,
    request: Option<XmlHttpRequest>,
    tries: u32,
    /// Where it is shown.
    row: Element,
}

impl Job {
    /// Whether it is one at a time that is so.
    fn is_under_way(&self) -> bool {
        matches!(self.state, Sending | Reading | Again)
    }

    fn is_over(&self) -> bool {
        matches!(self.state, Taken | TakenOddly | Refused | Cancelled)
    }
}

thread_local! {
    /// In the order in which they were chosen. There is one board on a page, and one thread
    /// in a browser.
    static JOBS: RefCell<Vec<Job>> = const { RefCell::new(Vec::new()) };
}

/// A board for files. The children are the form, and the shape of a row.
///
/// It is plain DOM under one listener, and the server finds the words: as signals and views
/// it was 20 kB of WASM.
#[component]
pub fn SendFiles(children: Children) -> impl IntoView {
    view! { <div class="send-board">{children()}</div> }
}

/// Listens to the board, where the page has one.
pub fn begin() {
    let Some(host) = board() else { return };
    let listener = listener(heard);
    for kind in ["change", "click", "dragleave", "dragover", "drop", "submit"] {
        let _ = host.add_event_listener_with_callback(kind, &listener);
    }
    let _ = window().add_event_listener_with_callback("beforeunload", &listener);
    // What the browser kept of the form when the page was loaded anew.
    choose();
    // For whoever waits for the page to be alive.
    let _ = host.set_attribute("data-alive", "");
}

/// A function of the browser's that stays for as long as the page.
fn listener(heard: impl FnMut(Event) + 'static) -> Function {
    Closure::<dyn FnMut(Event)>::new(heard).into_js_value().unchecked_into()
}

fn board() -> Option<Element> {
    document().query_selector(".send-board").ok()?
}

/// The part of the board that a selector names.
fn of_board(selector: &str) -> Option<Element> {
    board()?.query_selector(selector).ok()?
}

fn input() -> Option<HtmlInputElement> {
    Some(of_board("input[type=file]")?.unchecked_into())
}

fn heard(event: Event) {
    let kind = event.type_();
    let target: Option<Element> = event.target().map(JsCast::unchecked_into);
    match kind.as_str() {
        "beforeunload" => {
            let on_their_way = |job: &Job| job.is_under_way() || job.state == Waiting;
            if JOBS.with_borrow(|jobs| jobs.iter().any(on_their_way)) {
                event.prevent_default();
                // Browsers that do not go by the above go by this.
                let _ = Reflect::set(&event, &"returnValue".into(), &JsValue::TRUE);
            }
        }
        "change" => {
            if target.is_some_and(|target| target.id() == "send-file") {
                choose();
            }
        }
        "click" => {
            let id = JOBS.with_borrow(|jobs| {
                jobs.iter().position(|job| button(&job.row).as_ref() == target.as_ref())
            });
            if let Some(id) = id.filter(|_| target.is_some()) {
                act(id);
            }
        }
        "submit" => {
            event.prevent_default();
            let form = target.and_then(|it| FormData::new_with_form(it.unchecked_ref()).ok());
            if let (Some(form), Some(input)) = (form, input()) {
                form.delete("file");
                input.set_value("");
                send(&form);
            }
        }
        dragging => {
            event.prevent_default();
            let over = if dragging == "dragover" { "send-board over" } else { "send-board" };
            if let Some(board) = board() {
                board.set_class_name(over);
            }
            if dragging == "drop"
                && let Some(input) = input()
            {
                let dropped = event.unchecked_ref::<DragEvent>().data_transfer();
                input.set_files(dropped.and_then(|dropped| dropped.files()).as_ref());
                choose();
            }
        }
    }
}

fn button(row: &Element) -> Option<Element> {
    row.query_selector("button").ok()?
}

/// From now on a file is there, as these words say.
fn set(id: usize, state: State, said: &str) {
    JOBS.with_borrow_mut(|jobs| {
        if let Some(job) = jobs.get_mut(id) {
            job.state = state;
            show(job, said);
        }
        show_sum(jobs);
    });
}

fn hide(element: &Element, hidden: bool) {
    let _ = element.toggle_attribute_with_force("hidden", hidden);
}

/// Shows where a file is.
fn show(job: &Job, said: &str) -> Option<()> {
    let part = |selector| job.row.query_selector(selector).ok()?;
    let words = part(".sending-said")?;
    words.set_text_content(Some(said));
    words.set_class_name(match job.state {
        Taken => "sending-said good",
        Again | TakenOddly => "sending-said warn",
        Refused => "sending-said bad",
        _ => "sending-said",
    });
    let progress = part("progress")?;
    hide(&progress, !job.is_under_way());
    if job.state != Sending {
        progress.remove_attribute("value").ok()?;
    }
    let act = match job.state {
        Chosen => "Leave out",
        Waiting | Sending | Again => "Cancel",
        Refused if job.receipt.is_none() => "Send again",
        Cancelled => "Send again",
        _ => "",
    };
    let button = button(&job.row)?;
    hide(&button, act.is_empty());
    if button.text_content().as_deref() != Some(act) {
        button.set_text_content(Some(act));
        button.set_attribute("aria-label", &[act, ": ", &job.file.name()].concat()).ok()?;
    }
    let link = part("a")?;
    hide(&link, job.receipt.is_none());
    link.set_attribute("href", &in_tenant(&["/uploads/", job.receipt.as_deref()?].concat())).ok()
}

/// Says how far all of them are; once nothing is under way, with the way to the list.
fn show_sum(jobs: &[Job]) -> Option<()> {
    let count = |is: fn(&Job) -> bool| jobs.iter().filter(|job| is(job)).count();
    let begun = count(|job| job.form.is_some());
    let over = count(|job| job.form.is_some() && job.is_over());
    let taken = count(|job| matches!(job.state, Taken | TakenOddly));
    let said = match begun {
        0 => String::new(),
        _ if over < begun => format!("{over} of {begun} files are through."),
        _ => format!("Done: {taken} of {begun} files were taken."),
    };
    of_board(".sending-sum")?.set_text_content(Some(&said));
    let receipts: Vec<&str> = jobs.iter().filter_map(|job| job.receipt.as_deref()).collect();
    let link = of_board(".sending-all")?;
    hide(&link, receipts.is_empty() || over < begun);
    link.set_attribute("href", &in_tenant(&["/uploads?new=", &receipts.join(",")].concat())).ok()
}

fn size(bytes: f64) -> String {
    match bytes as u64 {
        bytes if bytes < 10_000 => format!("{bytes} bytes"),
        bytes if bytes < 10_000_000 => format!("{}\u{a0}kB", bytes / 1000),
        bytes => format!("{}\u{a0}MB", bytes / 1_000_000),
    }
}

/// The files that are chosen now, in place of those that were.
fn choose() -> Option<()> {
    let list = of_board(".sending")?;
    let shape: HtmlTemplateElement = of_board("template")?.unchecked_into();
    let shape = shape.content().first_element_child()?;
    let files = input()?.files()?;
    JOBS.with_borrow_mut(|jobs| {
        // They keep their places, which others are known by.
        for job in jobs.iter_mut().filter(|job| job.form.is_none()) {
            job.row.remove();
            job.state = Cancelled;
        }
        for file in (0..files.length()).filter_map(|place| files.get(place)) {
            let row: Element = shape.clone_node_with_deep(true).ok()?.unchecked_into();
            let name = file.name();
            row.query_selector("strong").ok()??.set_text_content(Some(&name));
            row.query_selector("span").ok()??.set_text_content(Some(&size(file.size())));
            row.query_selector("progress").ok()??.set_attribute("aria-label", &name).ok()?;
            list.append_child(&row).ok()?;
            let (form, request, receipt) = (None, None, None);
            let job = Job { file, state: Chosen, receipt, form, request, tries: 0, row };
            show(&job, "Ready to send");
            jobs.push(job);
        }
        Some(())
    })
}

/// What is chosen goes on its way, with what stands in the form now.
fn send(form: &FormData) {
    let all = JOBS.with_borrow(Vec::len);
    for id in 0..all {
        let goes = JOBS.with_borrow_mut(|jobs| {
            let job = jobs.get_mut(id).filter(|job| job.state == Chosen)?;
            job.form = Some(form.clone());
            Some(())
        });
        if goes.is_some() {
            set(id, Waiting, "Waits for its turn");
        }
    }
    go_on();
}

/// Cancels what is not over, and sends again what is.
fn act(id: usize) {
    let acted = JOBS.with_borrow_mut(|jobs| {
        let job = jobs.get_mut(id)?;
        job.tries = 0;
        Some((job.is_over(), job.form.is_some(), job.request.take()))
    });
    let Some((over, begun, request)) = acted else { return };
    match (over, begun) {
        (false, _) => set(id, Cancelled, "Cancelled"),
        (true, true) => set(id, Waiting, "Waits for its turn"),
        // It was left out before anything was sent.
        (true, false) => set(id, Chosen, "Ready to send"),
    }
    if let Some(request) = request {
        let _ = request.abort();
    }
    go_on();
}

/// Sends the next, unless one is under way.
fn go_on() {
    let next = JOBS.with_borrow(|jobs| {
        let busy = jobs.iter().any(Job::is_under_way);
        jobs.iter().position(|job| job.state == Waiting).filter(|_| !busy)
    });
    if let Some(id) = next
        && start(id).is_none()
    {
        set(id, Refused, "The browser could not send it.");
        go_on();
    }
}

/// Sends one.
fn start(id: usize) -> Option<()> {
    let request = XmlHttpRequest::new().ok()?;
    request.open("POST", &in_tenant("/uploads")).ok()?;
    request.set_request_header("Accept", "application/json").ok()?;
    request.set_response_type(XmlHttpRequestResponseType::Json);
    let form = JOBS.with_borrow_mut(|jobs| {
        let job = jobs.get_mut(id)?;
        let form = job.form.clone()?;
        form.delete("file");
        form.append_with_blob_and_filename("file", &job.file, &job.file.name()).ok()?;
        job.tries += 1;
        job.request = Some(request.clone());
        Some(form)
    })?;
    set(id, Sending, "Sending");
    let progress = listener(move |event| progress(id, event.unchecked_ref()));
    request.upload().ok()?.set_onprogress(Some(&progress));
    request.set_onloadend(Some(&listener(move |_| ended(id))));
    request.send_with_opt_form_data(Some(&form)).ok()
}

/// How much of it is sent.
fn progress(id: usize, event: &ProgressEvent) {
    let row = JOBS.with_borrow(|jobs| {
        jobs.get(id).filter(|job| job.state == Sending).map(|job| job.row.clone())
    });
    let Some(row) = row else { return };
    let (sent, all) = (event.loaded(), event.total());
    if sent >= all {
        return set(id, Reading, "Sent, and being read");
    }
    let percent = (100.0 * sent / all) as u32;
    set(id, Sending, &format!("{percent}\u{a0}% sent"));
    if let Ok(Some(bar)) = row.query_selector("progress") {
        let _ = bar.set_attribute("value", &percent.to_string());
    }
}

/// An answer came, or none will.
fn ended(id: usize) {
    let ended = JOBS.with_borrow_mut(|jobs| {
        let job = jobs.get_mut(id)?;
        Some((job.request.take()?, job.tries))
    });
    let Some((request, tries)) = ended else { return };
    let status = request.status().unwrap_or(0);
    let answer = request.response().unwrap_or(JsValue::NULL);
    let told = |name: &str| Reflect::get(&answer, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let text = |name: &str| told(name).as_string();
    let receipt = text("receipt_id");
    JOBS.with_borrow_mut(|jobs| {
        if let Some(job) = jobs.get_mut(id) {
            job.receipt = receipt;
        }
    });
    match status {
        200 => {
            let state = if told("odd").is_truthy() { TakenOddly } else { Taken };
            set(id, state, &text("said").unwrap_or_default());
        }
        429 | 503 if tries < TRIES => {
            let asked = request.get_response_header("Retry-After").ok().flatten();
            let seconds = asked.and_then(|asked| asked.parse().ok()).unwrap_or(5).clamp(1, 600);
            set(
                id,
                Again,
                &format!("The server asks to wait: it is sent again in {seconds}\u{a0}s"),
            );
            let turn = listener(move |_| {
                let waits = |jobs: &Vec<Job>| jobs.get(id).is_some_and(|job| job.state == Again);
                if JOBS.with_borrow(waits) {
                    set(id, Waiting, "Waits for its turn");
                    go_on();
                }
            });
            let milliseconds = 1000 * seconds;
            let _ =
                window().set_timeout_with_callback_and_timeout_and_arguments_0(&turn, milliseconds);
        }
        0 => set(id, Refused, "The server did not answer. Sending it again is safe."),
        _ => set(id, Refused, &text("detail").unwrap_or_else(|| "It was not taken.".to_owned())),
    }
    go_on();
}
