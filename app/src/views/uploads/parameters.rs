//! Upload parameters: values that apply to every run in the files and override those in them.

#![allow(unreachable_pub)] // what the component macro makes for its arguments is public

use leptos::prelude::*;
use messages::Locale;

use crate::ui::locale::use_locale;

type Label = fn(Locale) -> &'static str;

/// Text parameters of an upload: name, label, and an example.
const TEXTS: [(&str, Label, &str); 10] = [
    ("unit", Locale::parameter_unit, "SN-0042"),
    ("operation", Locale::parameter_operation, "L10 burn-in"),
    ("station", Locale::parameter_station, "ST-1"),
    ("fixture", Locale::parameter_fixture, "FX-7"),
    ("slot", Locale::parameter_slot, "3"),
    ("product", Locale::parameter_product, "GB-8"),
    ("revision", Locale::parameter_revision, "B"),
    ("level", Locale::parameter_level, "L10"),
    ("software", Locale::parameter_software, "1.4"),
    ("operator", Locale::parameter_operator, "o-17"),
];
const KINDS: [(&str, Label); 4] = [
    ("", Locale::parameter_unit_kind_data),
    ("production", Locale::unit_kind_production),
    ("golden", Locale::unit_kind_golden),
    ("reference", Locale::unit_kind_reference),
];

/// The fields of the upload form.
#[component]
pub fn Parameters() -> impl IntoView {
    let t = use_locale();
    let fields =
        TEXTS.map(|(name, label, example)| text("send", name, label(t), example, String::new()));
    view! { <div class="parameters">{Vec::from(fields)}</div> }
}

/// A field for every parameter, filled with the parameters of an upload.
#[component]
pub fn AllParameters(
    /// The parameters of the upload: name and value.
    given: Vec<(String, String)>,
) -> impl IntoView {
    let t = use_locale();
    let value = |wanted: &str| {
        given
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let fields =
        TEXTS.map(|(name, label, example)| text("replay", name, label(t), example, value(name)));
    let kind = value("unit_kind");
    let kinds: Vec<_> = KINDS
        .iter()
        .map(|(word, label)| view! { <option value=*word selected=*word == kind>{label(t)}</option> })
        .collect();
    view! {
        <div class="parameters">
            {Vec::from(fields)}
            <div>
                <label for="replay-unit_kind">{t.parameter_unit_kind()}</label>
                <select id="replay-unit_kind" name="unit_kind">{kinds}</select>
            </div>
            {text("replay", "started_at", t.parameter_started_at(), "2026-03-01T08:00:00+08:00", value("started_at"))}
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
