//! What people say about files beside what is in them: the parameters of an upload.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use leptos::prelude::*;

/// Name, what it is called, and an example; those that describe all the runs of a file.
const TEXTS: [(&str, &str, &str); 10] = [
    ("unit", "Serial number of the unit", "SN-0042"),
    ("operation", "Operation", "L10 burn-in"),
    ("station", "Station", "ST-1"),
    ("fixture", "Fixture", "FX-7"),
    ("slot", "Slot", "3"),
    ("product", "Product", "GB-8"),
    ("revision", "Revision", "B"),
    ("level", "Level of assembly", "L10"),
    ("software", "Version of the test program", "1.4"),
    ("operator", "Who stood by", "o-17"),
];
const KINDS: [(&str, &str); 4] = [
    ("", "as the data say"),
    ("production", "production"),
    ("golden", "golden"),
    ("reference", "reference"),
];

/// A field for each parameter that a person may give with new files.
#[component]
pub fn Parameters() -> impl IntoView {
    let fields =
        TEXTS.map(|(name, label, example)| text("send", name, label, example, String::new()));
    view! { <div class="parameters">{Vec::from(fields)}</div> }
}

/// A field for every parameter, filled with those that an upload came with.
#[component]
pub fn AllParameters(
    /// Name and value.
    given: Vec<(String, String)>,
) -> impl IntoView {
    let value = |wanted: &str| {
        given
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let fields =
        TEXTS.map(|(name, label, example)| text("replay", name, label, example, value(name)));
    let kind = value("unit_kind");
    let kinds: Vec<_> = KINDS
        .iter()
        .map(|(word, label)| view! { <option value=*word selected=*word == kind>{*label}</option> })
        .collect();
    view! {
        <div class="parameters">
            {Vec::from(fields)}
            <div>
                <label for="replay-unit_kind">"What the unit is for"</label>
                <select id="replay-unit_kind" name="unit_kind">{kinds}</select>
            </div>
            {text("replay", "started_at", "When it began", "2026-03-01T08:00:00+08:00", value("started_at"))}
        </div>
    }
}

fn text(
    form: &str,
    name: &'static str,
    label: &'static str,
    example: &'static str,
    value: String,
) -> AnyView {
    let id = format!("{form}-{name}");
    view! {
        <div>
            <label for=id.clone()>{label}</label>
            <input id=id name=name value=value placeholder=example maxlength="512" autocomplete="off" spellcheck="false"/>
        </div>
    }
    .into_any()
}
