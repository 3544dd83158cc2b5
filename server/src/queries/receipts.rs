//! What lists and pages of receipts have in common.

use domain::Zone;
use serde_json::Value;

/// The parameters as an address or a replay gives them: a time is a text, which names its
/// zone if the one that was sent did.
pub(crate) fn params(kept: &Value) -> Value {
    let mut params = kept.clone();
    if let Some(time) = params.get_mut("started_at")
        && let Ok(moment) = serde_json::from_value::<formats::Moment>(time.clone())
    {
        let text = moment.at.to_string();
        *time = match moment.zone {
            Zone::Stated => text.into(),
            Zone::Assumed => text.trim_end_matches('Z').into(),
        };
    }
    params
}
