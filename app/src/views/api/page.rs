//! The API reference, rendered from the OpenAPI document.

use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use crate::backend::{ApiField, ApiOperation, ApiReference, ApiSchema};
use crate::ui::heading::Heading;
use crate::ui::locale::use_locale;
use crate::ui::table::{Column, Table};
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "api",
    title: Locale::api_title,
    question: Some(Locale::api_question),
    path: "/api/v1/docs",
    access: Access::Anyone,
    parameters: &[],
    load: Load::Free,
    bundle: Bundle::None,
    navigation: None,
    embeddable: false,
    agent_tool: None,
    render: || view! { <Api/> }.into_any(),
};

/// Every operation and every schema of the API.
#[component]
pub fn Api() -> impl IntoView {
    let t = use_locale();
    let ApiReference { operations, schemas } = use_context().unwrap_or_default();
    let sections: Vec<_> = operations
        .chunk_by(|one, next| one.tag == next.tag)
        .filter_map(|section| Some((section.first()?.tag.clone(), section)))
        .map(|(tag, section)| {
            let operations: Vec<_> = section.iter().map(operation).collect();
            view! { <section><h2>{tag}</h2>{operations}</section> }
        })
        .collect();
    let schemas: Vec<_> = schemas.iter().map(schema).collect();
    view! {
        <Title text=t.api_title()/>
        <main id="main">
            <Heading title=t.api_title() question=t.api_question()/>
            <p><a href="/api/v1/openapi.json">{t.api_document()}</a></p>
            {sections}
            <section><h2>{t.api_schemas()}</h2>{schemas}</section>
        </main>
    }
}

fn operation(operation: &ApiOperation) -> impl IntoView + use<> {
    let t = use_locale();
    let operation = operation.clone();
    let credentials = match operation.credentials.as_slice() {
        [] => t.api_anyone().to_owned(),
        credentials => t.api_credentials(credentials.join(", ")),
    };
    let body = operation.body.map(|body| view! { <p>{t.api_body()}" "{schema_link(body)}</p> });
    view! {
        <details class="card" id=operation.id>
            <summary><code>{operation.method}" "{operation.path}</code>" "{operation.summary}</summary>
            <p>{credentials}</p>
            {fields(t.api_parameters(), t.api_parameter(), operation.parameters)}
            {body}
            {fields(t.api_answers(), t.api_status(), operation.answers)}
        </details>
    }
}

fn schema(schema: &ApiSchema) -> impl IntoView + use<> {
    let t = use_locale();
    let ApiSchema { name, description, fields: list } = schema.clone();
    let id = format!("schema-{name}");
    view! {
        <details class="card" id=id>
            <summary><code>{name}</code>" "{description}</summary>
            {fields(t.api_fields(), t.api_field(), list)}
        </details>
    }
}

/// A table of fields, if any.
fn fields(
    label: &'static str,
    name: &'static str,
    fields: Vec<ApiField>,
) -> Option<impl IntoView + use<>> {
    if fields.is_empty() {
        return None;
    }
    let t = use_locale();
    let rows: Vec<_> = fields
        .into_iter()
        .map(|ApiField { name, kind, description }| {
            view! { <tr><th scope="row"><code>{name}</code></th><td>{schema_link(kind)}</td><td>{description}</td></tr> }
        })
        .collect();
    let columns =
        vec![Column::text(name), Column::text(t.api_type()), Column::text(t.api_description())];
    Some(view! { <Table label columns>{rows}</Table> })
}

/// The name of a schema links to it; other types are plain text.
fn schema_link(kind: String) -> AnyView {
    let is_name = kind.starts_with(|first: char| first.is_ascii_uppercase())
        && kind.chars().all(|letter| letter.is_ascii_alphanumeric());
    if is_name {
        let href = format!("#schema-{kind}");
        return view! { <a href=href><code>{kind}</code></a> }.into_any();
    }
    view! { <code>{kind}</code> }.into_any()
}
