//! Leader election among the windows of one browser: HTTP/1.1 has six connections for all of
//! them, so one window holds the event stream and broadcasts data versions to the others.
//!
//! The leader holds a Web Lock; the browser passes it on when that window releases it or is
//! closed. Lock and channel are named after the partner, whose versions they are about.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// A message between windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message {
    /// Asks for the latest data version.
    Question,
    /// The leader has lost the stream.
    Lost,
    /// The stream is open, and this is the latest data version.
    Version(i64),
}

impl Message {
    /// As a number: versions are microseconds, exact in a double.
    fn number(self) -> f64 {
        match self {
            Self::Question => -1.0,
            Self::Lost => -2.0,
            Self::Version(version) => version as f64,
        }
    }

    fn from_number(number: f64) -> Self {
        match number {
            -1.0 => Self::Question,
            -2.0 => Self::Lost,
            version => Self::Version(version as i64),
        }
    }
}

/// This window among the others; there is one of it, as long as the page.
pub(super) struct Election {
    name: String,
    /// None where the browser has none: then each window leads itself.
    channel: Option<BroadcastChannel>,
    /// Whether the lock was requested and not granted yet.
    is_candidate: Cell<bool>,
    /// Releases the lock.
    release: RefCell<Option<Function>>,
}

impl Election {
    /// Among the windows that show this partner.
    pub(super) fn new(partner: &str) -> Self {
        let name = format!("firstpass-live-{partner}");
        let channel = lock_manager().and_then(|_| BroadcastChannel::new(&name).ok());
        Self { name, channel, is_candidate: Cell::new(false), release: RefCell::default() }
    }

    /// Calls `on_message` with the messages of other windows.
    pub(super) fn listen(&self, on_message: impl Fn(Message) + 'static) {
        let Some(channel) = &self.channel else { return };
        let listener = move |event: MessageEvent| {
            if let Some(number) = event.data().as_f64() {
                on_message(Message::from_number(number));
            }
        };
        let listener = Closure::<dyn Fn(MessageEvent)>::new(listener).into_js_value();
        channel.set_onmessage(Some(listener.unchecked_ref()));
    }

    pub(super) fn post(&self, message: Message) {
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&JsValue::from_f64(message.number()));
        }
    }

    /// Calls `lead` once this window is the leader, unless it is hidden by then; at once where
    /// there are no locks.
    pub(super) fn run(&'static self, lead: impl Fn() + 'static) {
        let Some((locks, request)) = self.channel.as_ref().and_then(|_| lock_manager()) else {
            lead();
            return;
        };
        if self.is_candidate.replace(true) {
            return;
        }
        // The lock is held as long as the promise that this returns is pending.
        let granted = move |_: JsValue| -> JsValue {
            self.is_candidate.set(false);
            if document().hidden() {
                return JsValue::UNDEFINED;
            }
            let held = Promise::new(&mut |release, _| {
                self.release.replace(Some(release));
            });
            lead();
            held.into()
        };
        let granted = Closure::once_into_js(granted);
        if request.call2(&locks, &JsValue::from_str(&self.name), &granted).is_err() {
            self.is_candidate.set(false);
        }
    }

    /// Releases the lock, so that another window leads.
    pub(super) fn resign(&self) {
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// `navigator.locks` and its `request`, which exist in secure contexts only.
fn lock_manager() -> Option<(JsValue, Function)> {
    let navigator = window().navigator();
    let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
    let request = Reflect::get(&locks, &JsValue::from_str("request")).ok()?;
    Some((locks, request.dyn_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn a_message_is_received_as_it_was_posted() {
        // The last is of the year 2200.
        let versions = [0, 1_795_910_400_000_001, 7_258_118_400_000_001].map(Message::Version);
        for message in [Message::Question, Message::Lost].into_iter().chain(versions) {
            assert_eq!(Message::from_number(message.number()), message);
        }
    }
}
