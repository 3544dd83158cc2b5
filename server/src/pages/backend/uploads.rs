//! Loads uploads for the pages.

use app::backend::{Reason, ReceiptLine, ReceiptList, ReceiptView, Remark};
use domain::ReceiptId;
use formats::{RejectCode, remedy};
use messages::Locale;
use serde_json::Value;
use store::TenantTx;
use store::ingest::RemarkKind;
use store::receipts::{Kept, code_of};

use super::ServerBackend;
use super::clocks::Clocks;
use crate::problem::{ApiResult, Problem};
use crate::queries::receipts;
use crate::web::paging::cut_page;

/// Receipts per page.
const PAGE: u16 = 50;
/// Remarks per page.
const REMARKS: u16 = 200;

impl ServerBackend {
    pub(super) async fn list_receipts(&self, before: Option<String>) -> ApiResult<ReceiptList> {
        let before: Option<ReceiptId> =
            before.map(|id| id.parse()).transpose().map_err(|_| Problem::not_found())?;
        let mut tx = TenantTx::begin(self.state.store(), &self.principal).await?;
        let clocks = Clocks::of(&tx.this_tenant().await?);
        let mut receipts = tx.receipts(before, PAGE + 1).await?;
        let next = cut_page(&mut receipts, PAGE).and(receipts.last());
        Ok(ReceiptList {
            next: next.map(|last| last.id.to_string()),
            receipts: receipts.into_iter().map(|stored| line(stored, clocks)).collect(),
        })
    }

    pub(super) async fn load_receipt(
        &self,
        id: String,
        after: Option<String>,
    ) -> ApiResult<ReceiptView> {
        let id: ReceiptId = id.parse().map_err(|_| Problem::not_found())?;
        let after: i32 =
            after.map_or(Ok(0), |after| after.parse()).map_err(|_| Problem::not_found())?;
        let mut tx = TenantTx::begin(self.state.store(), &self.principal).await?;
        let clocks = Clocks::of(&tx.this_tenant().await?);
        let stored = tx.receipt(id).await?.ok_or_else(Problem::not_found)?;
        let replaced_by = tx.replaced_by(id).await?;
        let reasons = tx.remark_reasons(id).await?;
        let mut remarks = tx.remarks(id, after, REMARKS + 1).await?;
        let next = cut_page(&mut remarks, REMARKS).and(remarks.last());
        Ok(ReceiptView {
            params: params(&stored.params),
            next: next.map(|last| last.seq.to_string()),
            replaced_by: replaced_by.map(|by| by.to_string()),
            receipt: line(stored, clocks),
            reasons: reasons
                .into_iter()
                .map(|reason| Reason {
                    remedy: remedy_of(reason.code.as_deref()),
                    code: warning_code(reason.code.as_deref()),
                    why: reason.why,
                    lines: reason.lines.unsigned_abs(),
                    first_lines: reason.first_lines.into_iter().map(i64::unsigned_abs).collect(),
                })
                .collect(),
            remarks: remarks
                .into_iter()
                .map(|remark| Remark {
                    line: remark.line.unsigned_abs(),
                    code: warning_code(remark.code.as_deref()),
                    why: remark.why,
                })
                .collect(),
        })
    }
}

/// The remedy for remarks with this stored code.
fn remedy_of(stored: Option<&str>) -> Option<&'static str> {
    let t = Locale::En;
    match code_of(stored) {
        (RemarkKind::Reject, code) => Some(remedy::of_reject(t, RejectCode::from_name(code?)?)),
        (RemarkKind::Warning, code) => remedy::of_warning(t, code?),
    }
}

/// The code of a warning; none for a reject, for which the page only shows the sentence.
fn warning_code(stored: Option<&str>) -> Option<String> {
    let (kind, code) = code_of(stored);
    code.filter(|_| kind == RemarkKind::Warning).map(str::to_owned)
}

fn line(stored: Kept, clocks: Clocks) -> ReceiptLine {
    ReceiptLine {
        id: stored.id.to_string(),
        at: clocks.at(stored.received_at),
        format: stored.format,
        actor: stored.actor,
        bytes: stored.bytes.unsigned_abs(),
        accepted: stored.runs.accepted + stored.repairs.accepted,
        updated: stored.runs.updated + stored.repairs.updated,
        duplicates: stored.runs.duplicates + stored.repairs.duplicates,
        rejected: stored.rejected.unsigned_abs(),
        warnings: stored.warnings.unsigned_abs(),
        replay_of: stored.replay_of.map(|of| of.to_string()),
    }
}

fn params(params: &Value) -> Vec<(String, String)> {
    let Value::Object(members) = receipts::params(params) else { return Vec::new() };
    let texts = members.into_iter();
    texts.filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
}
