//! The state of one upload, and of all: pure, so that it is tested on the host.

use messages::Locale;

/// The state of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Status {
    /// Not sent yet, and replaced by the next choice of files.
    Chosen,
    Waiting,
    Sending {
        percent: Option<u8>,
    },
    /// The server has all of it, and reads it.
    Processing,
    /// The server asked to wait; it is sent again then.
    Retrying {
        seconds: u16,
    },
    Accepted {
        /// The result in a sentence of the server's.
        result: String,
    },
    /// Accepted, with warnings or rejected lines.
    AcceptedWithWarnings {
        result: String,
    },
    Refused {
        reason: String,
    },
    Cancelled,
}

impl Status {
    /// Whether it is being sent or read, or waits for a retry. One file at a time is.
    pub(super) fn is_under_way(&self) -> bool {
        matches!(self, Self::Sending { .. } | Self::Processing | Self::Retrying { .. })
    }

    pub(super) fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted { .. } | Self::AcceptedWithWarnings { .. })
    }

    pub(super) fn is_final(&self) -> bool {
        self.is_accepted() || matches!(self, Self::Refused { .. } | Self::Cancelled)
    }

    pub(super) fn text(&self, t: Locale) -> String {
        match self {
            Self::Chosen => t.send_chosen().to_owned(),
            Self::Waiting => t.send_waiting().to_owned(),
            Self::Sending { percent: None } => t.send_sending().to_owned(),
            Self::Sending { percent: Some(percent) } => t.send_percent(percent),
            Self::Processing => t.send_processing().to_owned(),
            Self::Retrying { seconds } => t.send_retrying(seconds),
            Self::Accepted { result } | Self::AcceptedWithWarnings { result } => result.clone(),
            Self::Refused { reason } => reason.clone(),
            Self::Cancelled => t.send_cancelled().to_owned(),
        }
    }

    pub(super) fn class(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "sending-said good",
            Self::Retrying { .. } | Self::AcceptedWithWarnings { .. } => "sending-said warn",
            Self::Refused { .. } => "sending-said bad",
            _ => "sending-said",
        }
    }

    /// The label of the row's button, which cancels or sends again. A file with a receipt was read:
    /// sent again it would be refused again.
    pub(super) fn action(&self, t: Locale, has_receipt: bool) -> Option<&'static str> {
        match self {
            Self::Chosen => Some(t.send_leave_out()),
            Self::Waiting | Self::Sending { .. } | Self::Retrying { .. } => Some(t.send_cancel()),
            Self::Refused { .. } if !has_receipt => Some(t.send_again()),
            Self::Cancelled => Some(t.send_again()),
            _ => None,
        }
    }
}

/// The progress of all files that were sent.
pub(super) fn summary<'a>(t: Locale, sent: impl IntoIterator<Item = &'a Status>) -> String {
    let (mut all, mut finished, mut accepted) = (0_u64, 0_u64, 0_u64);
    for status in sent {
        all += 1;
        finished += u64::from(status.is_final());
        accepted += u64::from(status.is_accepted());
    }
    match all {
        0 => String::new(),
        _ if finished < all => t.send_progress(finished, all),
        _ => t.send_done(accepted, all),
    }
}

/// Seconds until the next try, from a `Retry-After` header; 1 to 600.
pub(super) fn retry_delay(header: Option<&str>) -> u16 {
    header.and_then(|header| header.trim().parse().ok()).unwrap_or(5).clamp(1, 600)
}

/// A size in the unit that makes it shortest.
pub(super) fn size(t: Locale, bytes: f64) -> String {
    match bytes as u64 {
        bytes if bytes < 10_000 => t.count_bytes(bytes),
        bytes if bytes < 10_000_000 => t.size_kb(bytes / 1000),
        bytes => t.size_mb(bytes / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Status {
        Status::Refused { reason: "no".to_owned() }
    }

    fn accepted() -> Status {
        Status::Accepted { result: "1 new".to_owned() }
    }

    #[test]
    fn the_summary_counts_what_was_sent() {
        assert_eq!(summary(Locale::En, []), "");
        let sending = Status::Sending { percent: Some(3) };
        assert_eq!(summary(Locale::En, [&accepted(), &sending]), "1 of 2 files are finished.");
        let retrying = Status::Retrying { seconds: 2 };
        assert_eq!(summary(Locale::En, [&refused(), &retrying]), "1 of 2 files are finished.");
        let all = [&accepted(), &refused(), &Status::Cancelled];
        assert_eq!(summary(Locale::En, all), "Done: 1 of 3 files were accepted.");
    }

    #[test]
    fn a_file_that_was_read_is_not_sent_again() {
        assert_eq!(refused().action(Locale::En, false), Some("Send again"));
        assert_eq!(refused().action(Locale::En, true), None);
        assert_eq!(accepted().action(Locale::En, true), None);
        assert_eq!(Status::Processing.action(Locale::En, false), None);
    }

    #[test]
    fn a_wait_has_bounds_whatever_the_header() {
        for (header, seconds) in [
            (None, 5),
            (Some("7"), 7),
            (Some(" 0 "), 1),
            (Some("9999"), 600),
            (Some("99999999"), 5),
            (Some("Wed, 21 Oct"), 5),
        ] {
            assert_eq!(retry_delay(header), seconds, "{header:?}");
        }
    }

    #[test]
    fn one_file_at_a_time_is_under_way() {
        let under_way = [Status::Sending { percent: None }, Status::Processing];
        assert!(under_way.iter().all(Status::is_under_way));
        assert!(!under_way.iter().any(Status::is_final));
        for status in [Status::Chosen, Status::Waiting, Status::Cancelled, accepted(), refused()] {
            assert!(!status.is_under_way(), "{status:?}");
        }
    }
}
