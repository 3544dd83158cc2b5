//! Builds the content of the documentation page from the document.

use std::sync::Arc;

use app::backend::{ApiField, ApiOperation, ApiReference, ApiSchema};
use serde_json::Value;

/// Extracts the operations and schemas of a document, in its order.
pub(super) fn reference(document: &Value) -> ApiReference {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, it)| operation(path, method, it))
    });
    let mut operations: Vec<ApiOperation> = operations.collect();
    operations.sort_by(|one, other| one.tag.cmp(&other.tag));
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let schemas = schemas.map(|(name, schema)| ApiSchema {
        name: name.clone(),
        description: text(&schema["description"]),
        fields: fields(schema),
    });
    ApiReference { operations: Arc::new(operations), schemas: Arc::new(schemas.collect()) }
}

fn operation(path: &str, method: &str, it: &Value) -> ApiOperation {
    let parameter = |parameter: &Value| ApiField {
        name: text(&parameter["name"]),
        kind: kind(&parameter["schema"]),
        description: match text(&parameter["description"]) {
            empty if empty.is_empty() => format!("In the {}.", text(&parameter["in"])),
            description => description,
        },
    };
    let security = it["security"].as_array().into_iter().flatten();
    let answers = it["responses"].as_object().into_iter().flatten();
    ApiOperation {
        id: text(&it["operationId"]),
        tag: text(&it["tags"][0]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&it["summary"]),
        credentials: security.filter_map(|one| one.as_object()?.keys().next().cloned()).collect(),
        parameters: it["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
        body: content(&it["requestBody"]["content"]),
        answers: answers
            .map(|(status, answer)| ApiField {
                name: status.clone(),
                kind: content(&answer["content"]).unwrap_or_default(),
                description: text(&answer["description"]),
            })
            .collect(),
    }
}

/// The schema of a body, or its media type.
fn content(content: &Value) -> Option<String> {
    let (media_type, content) = content.as_object()?.iter().next()?;
    let schema = kind(&content["schema"]);
    Some(if schema.is_empty() { media_type.clone() } else { schema })
}

/// The fields of an object, including those of composed schemas (`allOf`).
fn fields(schema: &Value) -> Vec<ApiField> {
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let own = properties.map(|(name, field)| ApiField {
        name: name.clone(),
        kind: kind(field),
        description: text(&field["description"]),
    });
    own.chain(parts.flat_map(fields)).collect()
}

/// A short form of a schema: its name, its type, or its enum values.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(words) = schema["enum"].as_array() {
        return words
            .iter()
            .map(|word| word.as_str().unwrap_or("null"))
            .collect::<Vec<_>>()
            .join(" | ");
    }
    for any in ["anyOf", "oneOf"] {
        if let Some(parts) = schema[any].as_array() {
            return parts.iter().map(kind).collect::<Vec<_>>().join(" | ");
        }
    }
    let one = |kind: &str| match kind {
        "array" => format!("{}[]", self::kind(&schema["items"])),
        kind => match schema["format"].as_str() {
            Some(format) if kind == "string" => format.to_owned(),
            _ => kind.to_owned(),
        },
    };
    match &schema["type"] {
        Value::String(kind) => one(kind),
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).map(one).collect::<Vec<_>>().join(" | ")
        }
        _ => String::new(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
