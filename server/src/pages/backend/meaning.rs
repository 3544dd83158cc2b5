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

/// Says of codes that runs failed with what is published about them. A run keeps its code
/// without the system that the finding named: where findings have a number alone, they are
/// asked for it; a number that two systems used means neither.
pub(super) async fn add_meanings(tx: &mut TenantTx, codes: &mut [Code]) -> ApiResult<()> {
    let unnamed: Vec<&str> =
        codes.iter().map(|it| it.code.as_str()).filter(|code| is_of_unnamed(code)).collect();
    let named = match unnamed.is_empty() {
        true => Vec::new(),
        false => tx.code_systems(&unnamed, &System::ALL.map(System::id)).await?,
    };
    for code in codes {
        let mut systems = named.iter().filter(|(of, _)| *of == code.code);
        let system = match (systems.next(), systems.next()) {
            (Some((_, system)), None) => Some(system.as_str()),
            _ => None,
        };
        code.meaning = look_up(system, &code.code).map(meaning);
    }
    Ok(())
}
