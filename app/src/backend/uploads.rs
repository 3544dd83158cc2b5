//! Data of the pages of uploads.

use super::At;

/// A page of uploads, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptList {
    /// The receipts of the page.
    pub receipts: Vec<ReceiptLine>,
    /// Keyset pagination cursor of the next page, if any: the id of the last receipt.
    pub next: Option<String>,
}

/// The receipt of one upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// Its id.
    pub id: String,
    /// The time when it was completely read.
    pub at: At,
    /// The format's name.
    pub format: String,
    /// The sender.
    pub actor: String,
    /// The decoded size in bytes.
    pub bytes: u64,
    /// New runs and repairs.
    pub accepted: u64,
    /// Runs and repairs that replaced a less complete version.
    pub updated: u64,
    /// Duplicates of stored runs and repairs.
    pub duplicates: u64,
    /// Rejected lines.
    pub rejected: u64,
    /// Warnings.
    pub warnings: u64,
    /// The id of the receipt whose file was reprocessed, if this is a replay.
    pub replay_of: Option<String>,
}

/// One upload in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptView {
    /// The summary.
    pub receipt: ReceiptLine,
    /// The upload parameters, name and value, in the form in which they can be sent again.
    pub params: Vec<(String, String)>,
    /// Rejects and warnings by reason, rejects first.
    pub reasons: Vec<Reason>,
    /// A page of the single remarks.
    pub remarks: Vec<Remark>,
    /// The cursor of the next page of remarks, if any.
    pub next: Option<String>,
    /// The id of the receipt of the replay that replaced the records of this upload.
    pub replaced_by: Option<String>,
}

/// Remarks of one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A warning's code; none for rejects.
    pub code: Option<String>,
    /// The text of the first of them.
    pub why: String,
    /// The remedy, if one is known.
    pub remedy: Option<&'static str>,
    /// The number of lines.
    pub lines: u64,
    /// The numbers of the first few lines.
    pub first_lines: Vec<u64>,
}

/// A reject (without a code) or a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The 1-based line number.
    pub line: u64,
    /// The warning's code.
    pub code: Option<String>,
    /// What is wrong and how to fix it.
    pub why: String,
}

/// The results of files that were just sent. The page takes them from its context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent(pub Vec<SentFile>);

/// The result of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentFile {
    /// The file name.
    pub name: String,
    /// The id of its receipt, if it was completely read.
    pub receipt: Option<String>,
    /// Why it was refused.
    pub refused: Option<String>,
}
