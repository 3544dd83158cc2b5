//! What codes mean, for the pages.

use app::backend::{Code, Meaning};
use store::TenantTx;

use crate::catalogue::{Entry, System, is_of_unnamed, look_up};
use crate::problem::ApiResult;

/// What is published, as pages say it.
pub(super) fn meaning(entry: &Entry) -> Meaning {
    Meaning {
        code: format!("{} {}", entry.system.name(), entry.number),
        name: entry.name,
        says: entry.meaning,
        advice: entry.advice.clone(),
    }
}

/// What is published about each of the codes that runs failed with. A run keeps its code
/// without the system that the finding named: where findings have a number alone, they are
/// asked for it; a number that two systems used means neither.
pub(super) async fn find_meanings(
    tx: &mut TenantTx,
    codes: &[&str],
) -> ApiResult<Vec<Option<Meaning>>> {
    let unnamed: Vec<&str> = codes.iter().copied().filter(|code| is_of_unnamed(code)).collect();
    let named = match unnamed.is_empty() {
        true => Vec::new(),
        false => tx.code_systems(&unnamed, &System::ALL.map(System::id)).await?,
    };
    let find = |code: &&str| {
        let mut systems = named.iter().filter(|(of, _)| of == code);
        let system = match (systems.next(), systems.next()) {
            (Some((_, system)), None) => Some(system.as_str()),
            _ => None,
        };
        look_up(system, code).map(meaning)
    };
    Ok(codes.iter().map(find).collect())
}

/// Says of codes what is published about them.
pub(super) async fn add_meanings(tx: &mut TenantTx, codes: &mut [Code]) -> ApiResult<()> {
    let names: Vec<&str> = codes.iter().map(|code| code.code.as_str()).collect();
    let meanings = find_meanings(tx, &names).await?;
    for (code, meaning) in codes.iter_mut().zip(meanings) {
        code.meaning = meaning;
    }
    Ok(())
}
