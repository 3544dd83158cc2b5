//! The reference of the API.

use std::sync::Arc;

/// The operations of the API and the schemas that they use, as the documentation page finds
/// them in its context.
#[derive(Debug, Clone, Default)]
pub struct ApiReference {
    /// By section, then by path.
    pub operations: Arc<Vec<ApiOperation>>,
    /// By name.
    pub schemas: Arc<Vec<ApiSchema>>,
}

/// An operation of the API.
#[derive(Debug, Clone)]
pub struct ApiOperation {
    /// The OpenAPI `operationId`, the name in generated clients.
    pub id: String,
    /// The section that it belongs to.
    pub tag: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path, with placeholders.
    pub path: String,
    /// What it does.
    pub summary: String,
    /// The accepted kinds of credential; empty if no credential is needed.
    pub credentials: Vec<String>,
    /// Parameters in the path and the query.
    pub parameters: Vec<ApiField>,
    /// The schema or media type of the request body.
    pub body: Option<String>,
    /// Responses by status.
    pub answers: Vec<ApiField>,
}

/// A parameter, a field of a schema, or a response.
#[derive(Debug, Clone)]
pub struct ApiField {
    /// The name, or the status of a response.
    pub name: String,
    /// Its type or schema.
    pub kind: String,
    /// What it means.
    pub description: String,
}

/// A schema of a request or response body.
#[derive(Debug, Clone)]
pub struct ApiSchema {
    /// Its name.
    pub name: String,
    /// The description.
    pub description: String,
    /// Its fields.
    pub fields: Vec<ApiField>,
}
