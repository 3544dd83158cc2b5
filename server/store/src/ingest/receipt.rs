//! What is kept of an upload beside its records: the bytes, and what was said about them.

use domain::{ReceiptId, Timestamp};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::judge::Tally;
use crate::{Result, utc};

/// What a remark says of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemarkKind {
    /// It is not stored.
    Reject,
    /// It is stored and is odd.
    Warning,
}

/// One line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// 1-based line in the decoded body.
    pub line: u64,
    /// Whether the line is rejected.
    pub kind: RemarkKind,
    /// The code of the reject or of the warning.
    pub code: &'static str,
    /// What was wrong and how to mend it.
    pub why: String,
}

impl Remark {
    /// The code as it is stored: the codes of rejects have a prefix.
    fn stored_code(&self) -> String {
        match self.kind {
            RemarkKind::Reject => format!("{REJECT}{}", self.code),
            RemarkKind::Warning => self.code.to_owned(),
        }
    }
}

/// What the stored code of a reject begins with. Rejects from before they had codes have none.
pub(crate) const REJECT: &str = "reject:";

/// The raw bytes of an upload.
#[derive(Debug, Clone)]
pub struct Raw {
    /// Of the decoded bytes.
    pub sha256: [u8; 32],
    /// How many they are, decoded.
    pub bytes: u64,
    /// The bytes, compressed with zstd. Empty in a replay: they are here.
    pub zstd: Vec<u8>,
}

/// What makes a receipt.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Its id.
    pub id: ReceiptId,
    /// When the upload was read to its end.
    pub received_at: Timestamp,
    /// The format's id.
    pub format: String,
    /// The upload's parameters.
    pub params: serde_json::Value,
    /// The raw bytes.
    pub raw: Raw,
    /// Rejects and warnings in the upload's order.
    pub remarks: Vec<Remark>,
    /// The receipt whose bytes are parsed again, and the upload that they came with: the
    /// runs of that upload and its replays are replaced.
    pub replays: Option<Replays>,
}

/// What a replay replays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replays {
    /// The receipt that was named.
    pub receipt: ReceiptId,
    /// The receipt of the upload itself.
    pub origin: ReceiptId,
}

/// Writes the raw bytes, the receipt and its remarks. A receipt without an `origin` is
/// its own.
pub(super) async fn keep(
    conn: &mut PgConnection,
    (tenant, actor): (Uuid, &str),
    receipt: &Receipt,
    origin: Option<Uuid>,
    (runs, repairs): (Tally, Tally),
) -> Result<()> {
    let Receipt { raw, remarks, replays, .. } = receipt;
    let rejected = remarks.iter().filter(|remark| remark.kind == RemarkKind::Reject).count() as u64;
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
        .bind(count(rejected))
        .bind(count(remarks.len() as u64 - rejected))
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
        .execute(conn)
        .await?;
    Ok(())
}
