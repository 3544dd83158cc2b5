//! The operations of the document: what the routes themselves do not declare.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use crate::api::admin::{audit, tenants, tokens, users};
use crate::api::settings::lots;
use crate::api::{Reasoned, jobs, receipts, runs, units, yields};
use crate::auth::{invite, login};
use crate::commands::events::NewEvent;
use crate::ingest;
use crate::queries::{explain, pareto, quality, repairs, rty};

/// An operation of the API.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// Its name for generated clients.
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) body: Body,
    /// The status of success.
    pub(super) status: u16,
    pub(super) answer: Answer,
    /// Statuses of problems in addition to the common ones.
    pub(super) errors: &'static [u16],
}

/// The body of a request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    None,
    Json(Typed),
    OptionalJson(Typed),
    /// Parameters of an upload by name.
    Parameters,
    /// A file of a station.
    Upload,
    /// Readings of a gage study.
    Readings,
}

/// The body of a response.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    Json(Typed),
    /// JSON or CSV.
    JsonOrCsv(Typed),
    /// Runs in columns.
    Frame,
    /// Numbers of eight bytes each.
    Values,
    /// The raw bytes of an upload.
    Bytes,
    /// The document itself.
    Document,
    None,
}

/// A type with a schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Typed {
    name: fn() -> Cow<'static, str>,
    schema: fn() -> RefOr<Schema>,
    nested: fn(&mut Vec<(String, RefOr<Schema>)>),
}

const fn typed<T: ToSchema>() -> Typed {
    Typed { name: T::name, schema: T::schema, nested: T::schemas }
}

impl Typed {
    pub(super) fn reference(self) -> Value {
        json!({ "$ref": format!("#/components/schemas/{}", (self.name)()) })
    }
}

impl Answer {
    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::Json(_) | Self::JsonOrCsv(_) | Self::Document => "The answer.",
            Self::Frame => "Runs as columns, or cells of them where they are too many.",
            Self::Values => "The values.",
            Self::Bytes => "The bytes as they were sent, decoded.",
            Self::None => "Done.",
        }
    }

    pub(super) fn content(self) -> Option<Value> {
        match self {
            Self::Json(schema) => {
                Some(json!({ "application/json": { "schema": schema.reference() } }))
            }
            Self::JsonOrCsv(schema) => Some(json!({
                "application/json": { "schema": schema.reference() },
                "text/csv": {},
            })),
            Self::Frame => {
                let mut content = json!({});
                content[domain::frame::MEDIA_TYPE] = json!({});
                Some(content)
            }
            Self::Values => {
                let mut content = json!({});
                content[domain::values::MEDIA_TYPE] = json!({});
                Some(content)
            }
            Self::Bytes => Some(json!({ "application/octet-stream": {} })),
            Self::Document => {
                Some(json!({ "application/json": { "schema": { "type": "object" } } }))
            }
            Self::None => None,
        }
    }
}

impl Operation {
    /// Adds the schemas of its body and response, and the nested ones.
    pub(super) fn collect_schemas(&self, schemas: &mut BTreeMap<String, RefOr<Schema>>) {
        let body = match self.body {
            Body::Json(body) | Body::OptionalJson(body) => Some(body),
            _ => None,
        };
        let answer = match self.answer {
            Answer::Json(answer) | Answer::JsonOrCsv(answer) => Some(answer),
            _ => None,
        };
        for typed in body.into_iter().chain(answer) {
            let mut nested = Vec::new();
            (typed.nested)(&mut nested);
            schemas.extend(nested);
            schemas.insert((typed.name)().into_owned(), (typed.schema)());
        }
    }
}

/// Finds the operation of a route.
pub(super) fn find(method: &str, path: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| (operation.method, operation.path) == (method, path))
}

/// A GET operation, which has no body.
const fn read(
    path: &'static str,
    id: &'static str,
    answer: Answer,
    summary: &'static str,
) -> Operation {
    Operation {
        method: "GET",
        path,
        id,
        summary,
        body: Body::None,
        status: 200,
        answer,
        errors: &[],
    }
}

/// An operation that changes data.
const fn change(
    method: &'static str,
    path: &'static str,
    id: &'static str,
    body: Body,
    (status, answer): (u16, Answer),
    summary: &'static str,
) -> Operation {
    Operation { method, path, id, summary, body, status, answer, errors: &[] }
}

const fn with_errors(operation: Operation, errors: &'static [u16]) -> Operation {
    Operation { errors, ..operation }
}

const INGESTED: (u16, Answer) = (200, Answer::Json(typed::<ingest::Answer>()));
const UPLOAD_ERRORS: &[u16] = &[404, 409, 415, 422, 507];
const REASON: Typed = typed::<Reasoned>();

/// Every operation of the API.
#[rustfmt::skip]
pub(super) const OPERATIONS: &[Operation] = &[
    read("/api/v1/openapi.json", "getOpenApi", Answer::Document, "This document."),
    with_errors(change("POST", "/api/v1/sessions", "createSession", Body::Json(typed::<login::Credentials>()), (201, Answer::Json(typed::<login::SessionAnswer>())), "Signs in; the session is in a cookie of the answer."), &[401, 403]),
    with_errors(change("POST", "/api/v1/invites", "acceptInvite", Body::Json(typed::<invite::Acceptance>()), (204, Answer::None), "Accepts an invitation and sets a password, once."), &[403, 404]),

    read("/api/v1/yield", "getYield", Answer::JsonOrCsv(typed::<yields::Yields>()), "Yields by group, with intervals, exclusions and retest figures."),
    read("/api/v1/yield/explain", "explainYield", Answer::Json(typed::<explain::ExplainAnswer>()), "A figure under each definition, and the units that are in it or excluded from it."),
    read("/api/v1/rty", "getRolledThroughputYield", Answer::Json(typed::<rty::RtyAnswer>()), "Rolled throughput yield of a product, which is required, and observed first-time-through."),
    read("/api/v1/pareto", "getPareto", Answer::Json(typed::<pareto::ParetoAnswer>()), "Counted runs that did not pass, by code, step or component."),
    read("/api/v1/repairs", "getRepairs", Answer::Json(typed::<repairs::RepairsAnswer>()), "What repairs of failing units led to, by action and part."),

    read("/api/v1/settings/lot-rules", "getLotRules", Answer::Json(typed::<lots::LotRuleList>()), "How lots are derived from serial numbers of components."),
    change("PUT", "/api/v1/settings/lot-rules", "setLotRules", Body::Json(typed::<lots::LotRuleList>()), (200, Answer::Json(typed::<lots::LotRuleList>())), "Replaces the lot rules."),

    read("/api/v1/measurements", "listMeasurements", Answer::Json(typed::<quality::measurements::MeasurementList>()), "Every measured parameter with Ppk, its interval and whether it is stable."),
    read("/api/v1/capability", "getCapability", Answer::Json(typed::<quality::capability::CapabilityAnswer>()), "Cp, Cpk, Pp, Ppk and Cpm of a parameter with intervals."),
    read("/api/v1/histogram", "getHistogram", Answer::Json(typed::<quality::histogram::HistogramAnswer>()), "Bins and density of a parameter."),
    read("/api/v1/control-chart", "getControlChart", Answer::Json(typed::<quality::control_chart::ControlChartAnswer>()), "Points with limits, and the rules that they break."),
    read("/api/v1/commonality", "getCommonality", Answer::Json(typed::<quality::commonality::CommonalityAnswer>()), "What failing runs have in common."),
    read("/api/v1/changepoints", "getChangepoints", Answer::Json(typed::<quality::changepoints::ChangepointsAnswer>()), "When a mean or a rate shifted."),
    read("/api/v1/compare", "compareGroups", Answer::Json(typed::<quality::compare::ComparisonAnswer>()), "Tests of the difference between groups of values."),
    read("/api/v1/retest", "getRetests", Answer::Json(typed::<quality::retest::RetestAnswer>()), "First against last value of units that ran twice or more."),
    read("/api/v1/gage", "getGageStudy", Answer::Json(typed::<quality::gage::GageAnswer>()), "Gage R&R of repeated runs."),
    with_errors(change("POST", "/api/v1/gage", "makeGageStudy", Body::Readings, (200, Answer::Json(typed::<quality::gage::GageAnswer>())), "Gage R&R of readings."), &[415, 422]),
    read("/api/v1/events", "listEvents", Answer::Json(typed::<quality::events::Events>()), "Change events."),
    change("POST", "/api/v1/events", "recordEvent", Body::Json(typed::<NewEvent>()), (201, Answer::Json(typed::<quality::events::Event>())), "Records a change event."),

    read("/api/v1/units", "listUnits", Answer::Json(typed::<units::UnitPage>()), "Units by serial number."),
    read("/api/v1/units/{serial}", "getUnit", Answer::Json(typed::<units::UnitAnswer>()), "A unit with a page of its runs, its components and its repairs."),
    change("PUT", "/api/v1/units/{serial}/kind", "setUnitKind", Body::Json(typed::<units::Choice>()), (200, Answer::Json(typed::<units::KindAnswer>())), "Sets the kind of a unit."),
    change("DELETE", "/api/v1/units/{serial}/kind", "resetUnitKind", Body::OptionalJson(REASON), (200, Answer::Json(typed::<units::KindAnswer>())), "Resets the kind of a unit to what the data say."),
    change("PUT", "/api/v1/runs/{id}/void", "voidRun", Body::Json(REASON), (200, Answer::Json(typed::<runs::Voided>())), "Excludes a run from every figure."),
    change("DELETE", "/api/v1/runs/{id}/void", "restoreRun", Body::OptionalJson(REASON), (200, Answer::Json(typed::<runs::Voided>())), "Includes a voided run again."),

    read("/api/v1/receipts", "listReceipts", Answer::Json(typed::<receipts::ReceiptPage>()), "Receipts of uploads, the newest first."),
    read("/api/v1/receipts/{id}", "getReceipt", Answer::Json(typed::<receipts::ReceiptAnswer>()), "A receipt with a page of its rejects and warnings."),
    read("/api/v1/receipts/{id}/raw", "getRawUpload", Answer::Bytes, "The bytes of an upload as they were sent."),

    read("/api/v1/jobs", "listJobs", Answer::Json(typed::<jobs::Jobs>()), "Background jobs, the newest first."),
    read("/api/v1/jobs/{id}", "getJob", Answer::Json(typed::<jobs::Job>()), "A background job and its progress."),
    change("DELETE", "/api/v1/jobs/{id}", "cancelJob", Body::None, (200, Answer::Json(typed::<jobs::Job>())), "Cancels a background job."),

    read("/api/v1/admin/tenants", "listTenants", Answer::Json(typed::<tenants::TenantList>()), "All tenants."),
    change("POST", "/api/v1/admin/tenants", "addTenant", Body::Json(typed::<tenants::TenantRequest>()), (201, Answer::Json(typed::<tenants::OnboardedAnswer>())), "Adds a tenant, an invitation of its first person and an ingest token."),
    read("/api/v1/admin/tenants/{tenant}", "getTenant", Answer::Json(typed::<tenants::TenantAnswer>()), "A tenant."),
    change("PATCH", "/api/v1/admin/tenants/{tenant}", "changeTenant", Body::Json(typed::<tenants::TenantPatch>()), (200, Answer::Json(typed::<tenants::TenantAnswer>())), "Renames, moves or suspends a tenant."),
    read("/api/v1/admin/tenants/{tenant}/users", "listUsers", Answer::Json(typed::<users::UserList>()), "The people of a tenant."),
    change("POST", "/api/v1/admin/tenants/{tenant}/users", "inviteUser", Body::Json(typed::<users::UserRequest>()), (201, Answer::Json(typed::<users::Invited>())), "Invites a person."),
    change("PATCH", "/api/v1/admin/tenants/{tenant}/users/{email}", "changeUser", Body::Json(typed::<users::UserPatch>()), (204, Answer::None), "Changes the role of a person, or disables them."),
    read("/api/v1/admin/tenants/{tenant}/tokens", "listTokens", Answer::Json(typed::<tokens::TokenList>()), "The tokens of a tenant."),
    change("POST", "/api/v1/admin/tenants/{tenant}/tokens", "addToken", Body::Json(typed::<tokens::TokenRequest>()), (201, Answer::Json(typed::<tokens::NewToken>())), "Makes a token, which is shown once."),
    change("DELETE", "/api/v1/admin/tenants/{tenant}/tokens/{id}", "revokeToken", Body::None, (204, Answer::None), "Revokes a token."),
    read("/api/v1/admin/tenants/{tenant}/audit", "listAudit", Answer::Json(typed::<audit::AuditPage>()), "The audit of a tenant, the newest first."),

    with_errors(read("/data/v1/runs", "getRunFrame", Answer::Frame, "The runs of a slice as columns."), &[413]),
    read("/data/v1/values", "getValues", Answer::Values, "The values of a parameter in the order of their runs."),

    with_errors(change("POST", "/ingest/v1/{format}", "uploadResults", Body::Upload, INGESTED, "Takes a file of a station, at most once."), UPLOAD_ERRORS),
    read("/ingest/v1/{format}/{sha256}", "findUpload", Answer::Json(typed::<ingest::known::Known>()), "The receipt of bytes that were sent before with the same parameters."),
    with_errors(change("POST", "/ingest/v1/receipts/{id}/replay", "replayReceipt", Body::Parameters, INGESTED, "Parses the bytes of a receipt again, with other parameters."), UPLOAD_ERRORS),
];
