//! Uploads, as their pages show them.

use super::At;

/// Uploads from the newest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptList {
    /// What came of each.
    pub receipts: Vec<ReceiptLine>,
    /// The id to go on before, where there are more.
    pub next: Option<String>,
}

/// What came of one upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// Its id.
    pub id: String,
    /// When it was read to its end.
    pub at: At,
    /// The format's name.
    pub format: String,
    /// Who sent it.
    pub actor: String,
    /// Bytes, decoded.
    pub bytes: u64,
    /// Runs and repairs that were new.
    pub accepted: u64,
    /// Those that replaced a lesser version of themselves.
    pub updated: u64,
    /// Those that were here already.
    pub duplicates: u64,
    /// Lines that could not be used.
    pub rejected: u64,
    /// Things that were odd.
    pub warnings: u64,
    /// Whether the bytes of another receipt were read again.
    pub replay_of: Option<String>,
}

/// One upload in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptView {
    /// What came of it.
    pub receipt: ReceiptLine,
    /// Its parameters: name and value, as they may be given again.
    pub params: Vec<(String, String)>,
    /// Rejects and warnings by reason, rejects first.
    pub reasons: Vec<Reason>,
    /// One by one.
    pub remarks: Vec<Remark>,
    /// Where to go on, if there are more.
    pub next: Option<String>,
    /// The receipt of the replay that replaced what came of this one.
    pub replaced_by: Option<String>,
}

/// Remarks of one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A warning's code; none for rejects.
    pub code: Option<String>,
    /// What the first of them says.
    pub why: String,
    /// What to do about it, where that is known.
    pub remedy: Option<&'static str>,
    /// How many there are.
    pub lines: u64,
    /// The lines of the first few.
    pub first_lines: Vec<u64>,
}

/// A reject (without a code) or a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// 1-based line.
    pub line: u64,
    /// The warning's code.
    pub code: Option<String>,
    /// What was wrong and how to mend it.
    pub why: String,
}

/// Files that were just sent, as their page finds them in its context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent(pub Vec<SentFile>);

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentFile {
    /// What it is called.
    pub name: String,
    /// Its receipt, where it was read to its end.
    pub receipt: Option<String>,
    /// Why nothing of it was taken.
    pub refused: Option<String>,
}
