//! What repairs led to, for the pages.

use app::backend::RepairOutcome;
use domain::Timestamp;
use engine::proportion::Proportion;
use store::TenantTx;
use store::yields::Question;

use crate::problem::ApiResult;
use crate::queries;
use crate::queries::repairs::RepairRow;

/// Kinds of repairs that a page lists.
const ROWS: u16 = 20;

/// What repairs of the episodes that a question is about led to, the most frequent first.
pub(super) async fn outcomes(
    tx: &mut TenantTx,
    question: &Question,
    as_of: Timestamp,
) -> ApiResult<Vec<RepairOutcome>> {
    let (rows, _) = queries::repairs::repairs(tx, question, None, as_of, ROWS).await?;
    let outcome = |row: RepairRow| RepairOutcome {
        action: row.action,
        part: row.part,
        n: row.n,
        passed: row.passed,
        stayed: Proportion { k: row.stayed.k, n: row.stayed.n },
        median_hours: row.median_hours,
    };
    Ok(rows.into_iter().map(outcome).collect())
}
