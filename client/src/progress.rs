//! Upload progress on standard error: a progress bar for people, lines for logs.

use std::io::Read;

use indicatif::{ProgressBar, ProgressStyle};

use crate::EN;
use crate::client::Sent;
use crate::source::Source;

/// The progress of one file.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// On a terminal a progress bar, otherwise nothing.
    pub(crate) fn new(source: &Source) -> Self {
        let (bar, template) = match source.bytes {
            Some(bytes) => (
                ProgressBar::new(bytes),
                "{prefix} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec}, {msg}",
            ),
            None => (ProgressBar::no_length(), "{prefix} {spinner} {bytes} {bytes_per_sec}, {msg}"),
        };
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(source.name.clone());
        bar.set_message(EN.client_runs(0));
        Self { bar }
    }

    /// Wraps a reader and counts the bytes read.
    pub(crate) fn count<R: Read>(&self, input: R) -> impl Read + use<R> {
        self.bar.wrap_read(input)
    }

    /// Prints a permanent line.
    pub(crate) fn say(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }

    /// Reports an uploaded piece; `runs` is the total of the file so far.
    pub(crate) fn piece(&self, place: &str, sent: &Sent, runs: u64) {
        self.bar.set_message(EN.client_runs(runs));
        if !self.bar.is_hidden() {
            return;
        }
        let counts = &sent.answer.runs;
        if sent.before {
            self.say(&EN.client_here(place, counts.sum()));
        } else {
            self.say(&EN.client_piece(
                place,
                counts.accepted,
                counts.updated,
                counts.duplicates,
                sent.answer.rejected_total,
            ));
        }
    }

    /// Reports the end of the file.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
