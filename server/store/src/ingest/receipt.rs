//! Stores an upload's raw bytes, receipt and remarks.

use domain::{ReceiptId, Timestamp};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::duplicates::Tally;
use crate::{Result, utc};

/// The kind of a remark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemarkKind {
    /// The line is not stored.
    Reject,
    /// The line is stored, but is suspicious.
    Warning,
}

/// A remark about one line of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// 1-based line in the decoded body.
    pub line: u64,
    /// Whether the line is rejected.
    pub kind: RemarkKind,
    /// The code of the reject or of the warning.
    pub code: &'static str,
    /// The problem and how to fix it.
    pub why: String,
    /// How many lines it stands for: more than one where equal ones are not listed.
    pub lines: u64,
}

impl Remark {
    /// The stored form of the code: reject codes have a prefix.
    fn stored_code(&self) -> String {
        match self.kind {
            RemarkKind::Reject => format!("{REJECT}{}", self.code),
            RemarkKind::Warning => self.code.to_owned(),
        }
    }
}

/// Prefix of stored reject codes. Rejects that were stored before codes existed have none.
pub(crate) const REJECT: &str = "reject:";

/// The raw bytes of an upload.
#[derive(Debug, Clone)]
pub struct Raw {
    /// The SHA-256 of the decoded bytes.
    pub sha256: [u8; 32],
    /// Decoded size in bytes.
    pub bytes: u64,
    /// The bytes, compressed with zstd. Empty in a replay, whose bytes are already stored.
    pub zstd: Vec<u8>,
}

/// A receipt to store.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Its id.
    pub id: ReceiptId,
    /// When the upload was completely received.
    pub received_at: Timestamp,
    /// The format's id.
    pub format: String,
    /// The upload's parameters.
    pub params: serde_json::Value,
    /// The raw bytes.
    pub raw: Raw,
    /// Rejects and warnings, in the order of the upload.
    pub remarks: Vec<Remark>,
    /// The receipt whose bytes are parsed again, and its upload: the runs of that upload and
    /// its replays are replaced.
    pub replays: Option<ReplaySource>,
}

/// The source of a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplaySource {
    /// The receipt that the request named.
    pub receipt: ReceiptId,
    /// The receipt of the original upload.
    pub origin: ReceiptId,
}

/// Inserts the raw bytes, the receipt and its remarks. A receipt without an `origin` is its own
/// origin.
pub(super) async fn insert(
    conn: &mut PgConnection,
    (tenant, actor): (Uuid, &str),
    receipt: &Receipt,
    origin: Option<Uuid>,
    (runs, repairs): (Tally, Tally),
) -> Result<()> {
    let Receipt { raw, remarks, replays, .. } = receipt;
    let lines_of = |kind| -> u64 {
        remarks.iter().filter(|remark| remark.kind == kind).map(|remark| remark.lines).sum()
    };
    let count = u64::cast_signed;
    if replays.is_none() {
        sqlx::query(include_str!("../../sql/tenant/raw_insert.sql"))
            .bind(tenant)
            .bind(raw.sha256.as_slice())
            .bind(count(raw.bytes))
            .bind(&raw.zstd)
            .bind(utc(receipt.received_at))
            .execute(&mut *conn)
            .await?;
    }
    sqlx::query(include_str!("../../sql/tenant/receipt_insert.sql"))
        .bind(tenant)
        .bind(Uuid::from(receipt.id))
        .bind(utc(receipt.received_at))
        .bind(&receipt.format)
        .bind(&receipt.params)
        .bind(raw.sha256.as_slice())
        .bind(actor)
        .bind(replays.map(|it| Uuid::from(it.receipt)))
        .bind(origin)
        .bind(count(runs.accepted))
        .bind(count(runs.updated))
        .bind(count(runs.duplicates))
        .bind(count(lines_of(RemarkKind::Reject)))
        .bind(count(lines_of(RemarkKind::Warning)))
        .bind(count(repairs.accepted))
        .bind(count(repairs.updated))
        .bind(count(repairs.duplicates))
        .execute(&mut *conn)
        .await?;
    if remarks.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("../../sql/tenant/remark_insert.sql"))
        .bind(tenant)
        .bind(Uuid::from(receipt.id))
        .bind(remarks.iter().map(|remark| count(remark.line)).collect::<Vec<_>>())
        .bind(remarks.iter().map(Remark::stored_code).collect::<Vec<_>>())
        .bind(remarks.iter().map(|remark| remark.why.as_str()).collect::<Vec<_>>())
        .bind(remarks.iter().map(|remark| count(remark.lines)).collect::<Vec<_>>())
        .execute(conn)
        .await?;
    Ok(())
}
