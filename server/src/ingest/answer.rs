//! The answer to an upload.

use domain::ReceiptId;
use serde::Serialize;
use serde_json::Value;
use store::ingest::{Receipt, Remark, RemarkKind, Tally, UploadResult};
use utoipa::ToSchema;

use crate::problem::{ApiResult, EN, Problem};

/// Rejects and warnings in an answer, each; the receipt pages through all.
const LISTED: usize = 1000;

/// The result of an upload.
#[derive(Debug, Serialize, ToSchema)]
pub struct Answer {
    /// The receipt of this upload.
    #[schema(value_type = String, format = Uuid)]
    pub receipt_id: ReceiptId,
    /// The earlier receipt of the same bytes and parameters.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub first_receipt_id: Option<ReceiptId>,
    /// The receipt whose bytes were parsed again.
    #[schema(value_type = Option<String>, format = Uuid)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay_of: Option<ReceiptId>,
    /// Runs that were new.
    pub accepted: u64,
    /// Runs that replaced a lesser version of themselves.
    pub updated: u64,
    /// Duplicate runs.
    pub duplicates: u64,
    /// The same of repairs.
    pub repairs: Counts,
    /// Lines that could not be used, the first thousand.
    pub rejected: Vec<Reject>,
    /// All of them.
    pub rejected_total: u64,
    /// What was odd, the first thousand.
    pub warnings: Vec<Warning>,
    /// All of them.
    pub warnings_total: u64,
}

/// What came of repairs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// Those that were new.
    pub accepted: u64,
    /// Those that replaced another version of themselves.
    pub updated: u64,
    /// Duplicates.
    pub duplicates: u64,
}

impl From<Tally> for Counts {
    fn from(Tally { accepted, updated, duplicates }: Tally) -> Self {
        Self { accepted, updated, duplicates }
    }
}

/// A line that could not be used.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reject {
    line: u64,
    code: &'static str,
    why: String,
}

/// Something odd.
#[derive(Debug, Serialize, ToSchema)]
pub struct Warning {
    line: u64,
    code: &'static str,
    why: String,
}

/// The answer: a problem with the same members, where nothing could be used.
pub(super) fn answer(receipt: &Receipt, receipted: &UploadResult) -> ApiResult<Answer> {
    let (mut rejected, mut warnings) = (Vec::new(), Vec::new());
    let (mut rejected_total, mut warnings_total) = (0, 0);
    for Remark { line, kind, code, why, lines } in &receipt.remarks {
        let (line, why) = (*line, why.clone());
        match kind {
            RemarkKind::Reject => {
                rejected_total += lines;
                rejected.push(Reject { line, code, why });
            }
            RemarkKind::Warning => {
                warnings_total += lines;
                warnings.push(Warning { line, code, why });
            }
        }
    }
    rejected.truncate(LISTED);
    warnings.truncate(LISTED);
    let UploadResult { first_receipt, runs, repairs } = *receipted;
    for (counted, tally) in
        [("accepted", runs.accepted), ("updated", runs.updated), ("duplicates", runs.duplicates)]
    {
        metrics::counter!("ingested_runs_total", "result" => counted).increment(tally);
    }
    metrics::counter!("ingest_rejected_lines_total").increment(rejected_total);
    let answer = Answer {
        receipt_id: receipt.id,
        first_receipt_id: first_receipt,
        replay_of: receipt.replays.map(|it| it.receipt),
        accepted: runs.accepted,
        updated: runs.updated,
        duplicates: runs.duplicates,
        repairs: repairs.into(),
        rejected,
        rejected_total,
        warnings,
        warnings_total,
    };
    if runs.delivered() + repairs.delivered() > 0 {
        return Ok(answer);
    }
    let detail = match answer.rejected.first() {
        Some(first) => EN.upload_first_reject(first.line, &first.why),
        None => EN.upload_no_records().to_owned(),
    };
    let members = match serde_json::to_value(&answer) {
        Ok(Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    };
    Err(Problem::unprocessable(detail, members))
}
