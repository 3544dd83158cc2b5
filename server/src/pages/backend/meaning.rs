//! Looks up the meanings of failure codes for the pages.

use app::backend::{Code, Meaning};
use store::TenantTx;

use crate::catalogue::{Entry, System, look_up, needs_system};
use crate::problem::ApiResult;

/// Converts an entry of the catalogue for the pages.
pub(super) fn meaning(entry: &Entry) -> Meaning {
    Meaning {
        code: format!("{} {}", entry.system.name(), entry.number),
        name: entry.name,
        says: entry.meaning,
        advice: entry.advice.clone(),
    }
}

/// Finds the meaning of each of the codes of failed runs. A run stores its code without the
/// system of the finding: for a plain number, the findings are queried for the system; a
/// number that findings of two systems have is ambiguous and has no meaning.
pub(super) async fn find_meanings(
    tx: &mut TenantTx,
    codes: &[&str],
) -> ApiResult<Vec<Option<Meaning>>> {
    let unnamed: Vec<&str> = codes.iter().copied().filter(|code| needs_system(code)).collect();
    let named = match unnamed.is_empty() {
        true => Vec::new(),
        false => tx.code_systems(&unnamed, &System::ALL.map(System::id)).await?,
    };
    let find = |code: &&str| {
        let mut systems = named.iter().filter(|(known, _)| known == code);
        let system = match (systems.next(), systems.next()) {
            (Some((_, system)), None) => Some(system.as_str()),
            _ => None,
        };
        look_up(system, code).map(meaning)
    };
    Ok(codes.iter().map(find).collect())
}

/// Adds the meanings to codes.
pub(super) async fn add_meanings(tx: &mut TenantTx, codes: &mut [Code]) -> ApiResult<()> {
    let names: Vec<&str> = codes.iter().map(|code| code.code.as_str()).collect();
    let meanings = find_meanings(tx, &names).await?;
    for (code, meaning) in codes.iter_mut().zip(meanings) {
        code.meaning = meaning;
    }
    Ok(())
}
