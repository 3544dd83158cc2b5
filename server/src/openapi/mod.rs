//! `GET /api/v1/openapi.json`: the API as an OpenAPI 3.1 document, generated from the routes.
//!
//! Method, path, access and parameters come from the table of routes; the summary, the body and the
//! answer of each from [`operations`]. A route without an entry there fails a test.

mod operations;
mod reference;

use std::collections::BTreeMap;

use app::backend::ApiReference;
use axum::Extension;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde_json::{Map, Value, json};

use self::operations::{Answer, Body, Operation};
use crate::auth::Access;
use crate::route::Route;

/// Path prefixes of the API; pages and their forms are not documented.
const DOCUMENTED: [&str; 3] = ["/api/v1/", "/data/v1/", "/ingest/v1/"];

/// The OpenAPI document, and the content of the documentation page.
#[derive(Debug)]
pub struct Document {
    /// The serialized document.
    pub json: String,
    /// The content of the documentation page.
    pub reference: ApiReference,
}

impl Document {
    /// The document of these routes.
    #[must_use]
    pub fn new(routes: &[Route]) -> Self {
        let value = openapi(routes);
        Self { json: value.to_string(), reference: reference::reference(&value) }
    }
}

/// `GET /api/v1/openapi.json`.
pub async fn get(Extension(document): Extension<&'static Document>) -> Response {
    let mut response = document.json.as_str().into_response();
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Whether the document describes a route: those for programs.
fn is_documented(route: &Route) -> bool {
    DOCUMENTED.iter().any(|prefix| route.path.starts_with(prefix)) && !route.is_page()
}

fn openapi(routes: &[Route]) -> Value {
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut schemas = BTreeMap::new();
    for route in routes.iter().filter(|route| is_documented(route)) {
        let Some(operation) = operations::find(route.method, route.path) else { continue };
        operation.collect_schemas(&mut schemas);
        let methods = paths.entry(route.path).or_default();
        methods.insert(route.method.to_lowercase(), describe(route, operation));
    }
    let mut schemas = json!(schemas);
    schemas["Problem"] = problem();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Firstpass API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Test results in, figures out. People send a session cookie, programs a token. Errors are problem documents (RFC 9457). Lists are pages: `next` is the `cursor` of the next one.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "__Host-sid", "description": "The session of a person, from POST /api/v1/sessions." },
                "token": { "type": "http", "scheme": "bearer", "description": "A token of a tenant with the scope ingest or read." },
            },
        },
    })
}

/// Describes one operation.
fn describe(route: &Route, operation: &Operation) -> Value {
    let mut described = json!({
        "operationId": operation.id,
        "tags": [tag(route.path)],
        "summary": operation.summary,
        "security": security(route.access),
        "parameters": parameters(route),
        "responses": responses(route, operation),
    });
    let content = match operation.body {
        Body::None => None,
        Body::Json(schema) => {
            Some((true, json!({ "application/json": { "schema": schema.reference() } })))
        }
        Body::OptionalJson(schema) => {
            Some((false, json!({ "application/json": { "schema": schema.reference() } })))
        }
        Body::Parameters => Some((
            false,
            json!({ "application/json": { "schema": { "type": "object", "additionalProperties": { "type": ["string", "null"] } } } }),
        )),
        Body::Readings => {
            Some((true, json!({ "application/json": { "schema": readings() }, "text/csv": {} })))
        }
        Body::Upload => Some((true, json!({ "application/octet-stream": {} }))),
    };
    if let Some((is_required, content)) = content {
        described["requestBody"] = json!({ "required": is_required, "content": content });
    }
    described
}

/// The tag of a path.
fn tag(path: &str) -> &'static str {
    let sections = [
        ("/ingest/", "Ingest"),
        ("/data/", "Data"),
        ("/api/v1/admin/", "Administration"),
        ("/api/v1/sessions", "Sessions"),
        ("/api/v1/invites", "Sessions"),
        ("/api/v1/openapi", "Reference"),
        ("/api/v1/jobs", "Jobs"),
        ("/api/v1/receipts", "Receipts"),
        ("/api/v1/units", "Units"),
        ("/api/v1/runs", "Units"),
        ("/api/v1/settings", "Settings"),
    ];
    let quality = [
        "measurements",
        "capability",
        "histogram",
        "control-chart",
        "commonality",
        "changepoints",
        "compare",
        "retest",
        "gage",
        "events",
    ];
    if quality.iter().any(|name| path.strip_prefix("/api/v1/") == Some(name)) {
        return "Quality";
    }
    sections.iter().find(|(prefix, _)| path.starts_with(prefix)).map_or("Yield", |(_, tag)| tag)
}

/// The readings of a gage study.
fn readings() -> Value {
    let reading = json!({
        "type": "object",
        "properties": {
            "part": { "type": "string" },
            "operator": { "type": "string" },
            "trial": {},
            "value": { "type": "number" },
        },
        "required": ["part", "operator", "value"],
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "properties": { "readings": { "type": "array", "items": reading } },
        "required": ["readings"],
        "additionalProperties": false,
    })
}

fn security(access: Access) -> Value {
    match access {
        Access::Anyone => json!([]),
        Access::Ingest | Access::Read | Access::Receipts => {
            json!([{ "token": [] }, { "session": [] }])
        }
        _ => json!([{ "session": [] }]),
    }
}

/// Whether the request names its tenant with `tenant=`.
fn takes_tenant(route: &Route) -> bool {
    route.access.needs_tenant() && !route.path.contains("{tenant}")
}

fn parameters(route: &Route) -> Value {
    let names = route.path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let in_path = names.map(|name| {
        let schema = match name {
            "id" => json!({ "type": "string", "format": "uuid" }),
            "sha256" => json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
            "format" => {
                let names: Vec<_> = formats::FORMATS.iter().map(|format| format.name).collect();
                json!({ "type": "string", "enum": names })
            }
            _ => json!({ "type": "string", "minLength": 1 }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    });
    let described = route.parameters.iter().flat_map(|group| group.described());
    let in_query = described.map(|parameter| parameter.document());
    let tenant = takes_tenant(route).then(|| {
        json!({
            "name": "tenant",
            "in": "query",
            "description": "The tenant's short name: required from people who may see several, refused with a token. In yields, Pareto, rolled throughput and the list of units internal people may send * for all.",
            "schema": { "type": "string" },
        })
    });
    in_path.chain(in_query).chain(tenant).collect()
}

fn responses(route: &Route, operation: &Operation) -> Value {
    let mut responses = Map::new();
    let mut success = json!({ "description": operation.answer.description() });
    if let Some(content) = operation.answer.content() {
        success["content"] = content;
    }
    responses.insert(operation.status.to_string(), success);
    for status in errors(route, operation) {
        let content = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
        let problem = json!({ "description": meaning(status), "content": content });
        responses.insert(status.to_string(), problem);
    }
    if matches!(operation.answer, Answer::Frame) {
        responses.insert(
            "304".into(),
            json!({ "description": "The same as the ETag of If-None-Match names." }),
        );
    }
    Value::Object(responses)
}

/// The statuses of problems of a route.
fn errors(route: &Route, operation: &Operation) -> Vec<u16> {
    let mut statuses = vec![400, 429, 500, 503];
    if route.access != Access::Anyone {
        statuses.extend([401, 403]);
    }
    if route.path.contains('{') || takes_tenant(route) {
        statuses.push(404);
    }
    if route.method != "GET" {
        statuses.extend([408, 413]);
    }
    if matches!(operation.body, Body::Json(_)) {
        statuses.extend([415, 422]);
    }
    statuses.extend(operation.errors);
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

/// The description of a status of a problem.
fn meaning(status: u16) -> &'static str {
    match status {
        400 => "A parameter, header or field is invalid.",
        401 => "No credential, or one that is not valid.",
        403 => "The credential does not allow it.",
        404 => "Not found, or not visible to the caller.",
        408 => "The body did not arrive in time.",
        413 => "The body or the answer is too large.",
        415 => "The media type or encoding is not supported.",
        422 => "The body was read, and nothing in it could be used.",
        429 => "Rate limit exceeded; Retry-After says when to repeat the request.",
        503 => "Unavailable; Retry-After says when to repeat the request.",
        507 => "The disk is full; nothing was kept.",
        _ => "Internal error.",
    }
}

/// The schema of a problem document.
fn problem() -> Value {
    json!({
        "type": "object",
        "description": "RFC 9457. Some problems have members of their own.",
        "required": ["type", "title", "status", "detail", "request_id", "errors"],
        "properties": {
            "type": { "type": "string", "description": "about:blank." },
            "title": { "type": "string", "description": "The status in words." },
            "status": { "type": "integer", "description": "The status." },
            "detail": { "type": "string", "description": "What is wrong with this request." },
            "request_id": { "type": "string", "description": "The id under which the server logs the request." },
            "errors": {
                "type": "array",
                "description": "Each thing that is wrong.",
                "items": {
                    "type": "object",
                    "required": ["parameter", "why"],
                    "properties": {
                        "parameter": { "type": "string", "description": "The parameter, field or header." },
                        "why": { "type": "string", "description": "What is wrong with it." },
                    },
                },
            },
        },
    })
}

#[cfg(test)]
mod tests;
