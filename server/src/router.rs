//! The table of all routes of the server, with their access.

use std::sync::{Arc, LazyLock};

use app::views::{
    self, VIEWS, View, explore, failures, overview, parameter, receipt, unit, units, uploads,
};
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post, put};
use axum::{Extension, Router};
use http::StatusCode;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

use crate::api::admin;
use crate::auth::{self, Access};
use crate::openapi::Document;
use crate::parameters::{
    CHANGEPOINTS, COMMONALITY, COMPARE, CONTROL_CHART, COUNTING, EVENTS, EXPLAIN, FILTERS, FRAME,
    GAGE, GAGE_DATA, GROUP_BY, Group, MEASUREMENTS, PAGE, PARETO, REPAIRS, SERIAL, SUBGROUPS,
    UNITS, UPLOAD, VALUES, WINDOW, YIELD,
};
use crate::problem::{EN, Problem};
use crate::resources::admission::Cost;
use crate::route::{Route, route};
use crate::state::AppState;
use crate::web::context::is_for_programs;
use crate::web::observe;
use crate::web::request::{
    SMALL_BODY_BYTES, check_head, check_parameters, limit_upload_stall, read_small_body,
};
use crate::{api, assets, data, forms, health, ingest, live, openapi, pages, work};

/// All routes: those of the views, and the others.
pub static ROUTES: LazyLock<Vec<Route>> =
    LazyLock::new(|| VIEWS.iter().map(page_route).chain(OTHERS.iter().copied()).collect());

/// The route of a view.
fn page_route(view: &'static View) -> Route {
    Route {
        method: "GET",
        path: view.path,
        access: match view.access {
            views::Access::Anyone => Access::Anyone,
            views::Access::SignedIn => Access::Page,
        },
        cost: match view.load {
            views::Load::Free => Cost::Free,
            views::Load::Light => Cost::Light,
            views::Load::Heavy => Cost::Heavy,
        },
        // Leaked once per process.
        parameters: Box::leak(Box::new([Group::Names(view.parameters)])),
        handler: match view.path {
            "/" => || get(pages::home),
            _ => || get(pages::render),
        },
    }
}

/// The OpenAPI document of the routes, which their documentation page shows too.
static DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document::new(&ROUTES));

/// The routes that are not views.
#[rustfmt::skip]
const OTHERS: &[Route] = &[
    route("GET",    "/livez",                                          Access::Anyone,   Cost::Free,  &[], || get(health::livez)),
    route("GET",    "/readyz",                                         Access::Anyone,   Cost::Free,  &[], || get(health::readyz)),
    route("GET",    "/pkg/{build}/{name}",                             Access::Anyone,   Cost::Free,  &[], || get(assets::serve)),

    route("POST",   "/login",                                          Access::Anyone,   Cost::Free,  &[Group::Names(&["next"])], || post(auth::login::form)),
    route("POST",   "/logout",                                         Access::Anyone,   Cost::Free,  &[], || post(auth::login::logout)),
    route("GET",    "/t/{tenant}",                                     Access::Page,     Cost::Free,  &[Group::Names(overview::page::VIEW.parameters)], || get(pages::with_slash)),
    route("GET",    "/t/{tenant}/overview/{file}",                     Access::File,     Cost::Heavy, &[Group::Names(overview::page::VIEW.parameters)], || get(pages::files::overview)),
    route("GET",    "/t/{tenant}/failures/{file}",                     Access::File,     Cost::Heavy, &[Group::Names(failures::page::VIEW.parameters)], || get(pages::files::failures)),
    route("GET",    "/t/{tenant}/measurements/{parameter}/{file}",     Access::File,     Cost::Heavy, &[Group::Names(parameter::page::VIEW.parameters)], || get(pages::files::parameter)),
    route("POST",   "/account/language",                               Access::Person,   Cost::Light, &[], || post(auth::account::change_language)),
    route("POST",   "/account/password",                               Access::Person,   Cost::Free,  &[], || post(auth::account::change_password)),
    route("POST",   "/account/sessions/{id}",                          Access::Person,   Cost::Light, &[], || post(auth::account::end_session)),
    route("POST",   "/account/sign-out",                               Access::Person,   Cost::Light, &[], || post(auth::account::sign_out_everywhere)),
    route("GET",    "/t/{tenant}/explore/{file}",                      Access::File,     Cost::Heavy, &[Group::Names(explore::page::VIEW.parameters)], || get(pages::files::explore)),
    route("POST",   "/t/{tenant}/explore/views",                       Access::Engineer, Cost::Light, &[], || post(forms::views::save)),
    route("POST",   "/t/{tenant}/explore/views/{id}/remove",           Access::Engineer, Cost::Light, &[], || post(forms::views::remove)),
    route("GET",    "/t/{tenant}/units/{serial}/{file}",               Access::File,     Cost::Light, &[SERIAL, Group::Names(&["from"])], || get(pages::files::unit)),
    route("POST",   "/t/{tenant}/units/{serial}/kind",                 Access::Engineer, Cost::Light, &[SERIAL], || post(forms::decide::kind)),
    route("POST",   "/t/{tenant}/units/{serial}/runs/{id}/restore",    Access::Engineer, Cost::Light, &[SERIAL, Group::Names(&["from"])], || post(forms::decide::restore)),
    route("POST",   "/t/{tenant}/units/{serial}/runs/{id}/void",       Access::Engineer, Cost::Light, &[SERIAL, Group::Names(&["from"])], || post(forms::decide::void)),
    route("POST",   "/t/{tenant}/uploads",                             Access::Engineer, Cost::Free,  &[], || post(forms::send::send)),
    route("POST",   "/t/{tenant}/uploads/{id}/replay",                 Access::Engineer, Cost::Free,  &[], || post(forms::replay::replay)),

    // Legacy addresses of pages, without their tenant.
    route("GET",    "/explore",                                        Access::Page,     Cost::Free,  &[Group::Names(explore::page::VIEW.parameters)], || get(pages::moved)),
    route("GET",    "/units",                                          Access::Page,     Cost::Free,  &[Group::Names(units::page::VIEW.parameters)], || get(pages::moved)),
    route("GET",    "/units/{serial}",                                 Access::Page,     Cost::Free,  &[Group::Names(unit::page::VIEW.parameters)], || get(pages::moved)),
    route("GET",    "/uploads",                                        Access::Page,     Cost::Free,  &[Group::Names(uploads::page::VIEW.parameters)], || get(pages::moved)),
    route("GET",    "/uploads/{id}",                                   Access::Page,     Cost::Free,  &[Group::Names(receipt::page::VIEW.parameters)], || get(pages::moved)),

    route("GET",    "/live",                                           Access::Read,     Cost::Free,  &[Group::Names(&["seen"])], || get(live::get)),

    route("GET",    "/api/v1/openapi.json",                            Access::Anyone,   Cost::Free,  &[], || get(openapi::get)),
    route("POST",   "/api/v1/sessions",                                Access::Anyone,   Cost::Free,  &[], || post(auth::login::json)),

    route("POST",   "/api/v1/invites",                                 Access::Anyone,   Cost::Free,  &[], || post(auth::invite::accept)),

    route("GET",    "/api/v1/admin/tenants",                           Access::Admin,    Cost::Light, &[], || get(admin::tenants::list)),
    route("POST",   "/api/v1/admin/tenants",                           Access::Admin,    Cost::Light, &[], || post(admin::tenants::add)),
    route("GET",    "/api/v1/admin/tenants/{tenant}",                  Access::Admin,    Cost::Light, &[], || get(admin::tenants::one)),
    route("PATCH",  "/api/v1/admin/tenants/{tenant}",                  Access::Admin,    Cost::Light, &[], || patch(admin::tenants::change)),
    route("GET",    "/api/v1/admin/tenants/{tenant}/users",            Access::Manager,  Cost::Light, &[], || get(admin::users::list)),
    route("POST",   "/api/v1/admin/tenants/{tenant}/users",            Access::Manager,  Cost::Light, &[], || post(admin::users::add)),
    route("PATCH",  "/api/v1/admin/tenants/{tenant}/users/{email}",    Access::Manager,  Cost::Light, &[], || patch(admin::users::change)),
    route("GET",    "/api/v1/admin/tenants/{tenant}/tokens",           Access::Manager,  Cost::Light, &[], || get(admin::tokens::list)),
    route("POST",   "/api/v1/admin/tenants/{tenant}/tokens",           Access::Manager,  Cost::Light, &[], || post(admin::tokens::add)),
    route("DELETE", "/api/v1/admin/tenants/{tenant}/tokens/{id}",      Access::Manager,  Cost::Light, &[], || delete(admin::tokens::revoke)),
    route("GET",    "/api/v1/admin/tenants/{tenant}/audit",            Access::Manager,  Cost::Light, &[PAGE], || get(admin::audit::list)),

    route("GET",    "/api/v1/jobs",                                    Access::Read,     Cost::Light, &[PAGE], || get(api::jobs::list)),
    route("GET",    "/api/v1/jobs/{id}",                               Access::Read,     Cost::Light, &[], || get(api::jobs::one)),
    route("DELETE", "/api/v1/jobs/{id}",                               Access::Read,     Cost::Light, &[], || delete(api::jobs::cancel)),
    route("GET",    "/api/v1/receipts",                                Access::Receipts, Cost::Light, &[PAGE], || get(api::receipts::list)),
    route("GET",    "/api/v1/receipts/{id}",                           Access::Receipts, Cost::Light, &[PAGE], || get(api::receipts::one)),
    route("GET",    "/api/v1/receipts/{id}/raw",                       Access::Engineer, Cost::Light, &[], || get(api::receipts::raw)),
    route("PUT",    "/api/v1/runs/{id}/void",                          Access::Engineer, Cost::Light, &[], || put(api::runs::void)),
    route("DELETE", "/api/v1/runs/{id}/void",                          Access::Engineer, Cost::Light, &[], || delete(api::runs::unvoid)),
    route("GET",    "/api/v1/capability",                              Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, VALUES, SUBGROUPS], || get(api::quality::capability)),
    route("GET",    "/api/v1/changepoints",                            Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, VALUES, CHANGEPOINTS], || get(api::quality::changepoints)),
    route("GET",    "/api/v1/commonality",                             Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, COMMONALITY], || get(api::quality::commonality)),
    route("GET",    "/api/v1/compare",                                 Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, VALUES, COMPARE], || get(api::quality::compare)),
    route("GET",    "/api/v1/control-chart",                           Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, VALUES, SUBGROUPS, CONTROL_CHART], || get(api::quality::control_chart)),
    route("GET",    "/api/v1/events",                                  Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, EVENTS], || get(api::quality::events)),
    route("POST",   "/api/v1/events",                                  Access::Engineer, Cost::Light, &[], || post(api::quality::record_event)),
    route("GET",    "/api/v1/gage",                                    Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, GAGE_DATA, GAGE], || get(api::quality::gage)),
    route("POST",   "/api/v1/gage",                                    Access::Read,     Cost::Heavy, &[GAGE], || post(api::quality::gage_study)),
    route("GET",    "/api/v1/histogram",                               Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, VALUES], || get(api::quality::histogram)),
    route("GET",    "/api/v1/measurements",                            Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, MEASUREMENTS, PAGE], || get(api::quality::measurements)),
    route("GET",    "/api/v1/pareto",                                  Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, PARETO], || get(api::yields::pareto)),
    route("GET",    "/api/v1/repairs",                                 Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, REPAIRS], || get(api::yields::repairs)),
    route("GET",    "/api/v1/retest",                                  Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, VALUES], || get(api::quality::retest)),
    route("GET",    "/api/v1/rty",                                     Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING], || get(api::yields::rty)),
    route("GET",    "/api/v1/settings/lot-rules",                      Access::Read,     Cost::Light, &[], || get(api::settings::get_lot_rules)),
    route("PUT",    "/api/v1/settings/lot-rules",                      Access::Manager,  Cost::Light, &[], || put(api::settings::set_lot_rules)),
    route("GET",    "/api/v1/yield",                                   Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, GROUP_BY, YIELD], || get(api::yields::yields)),
    route("GET",    "/api/v1/yield/explain",                           Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, GROUP_BY, EXPLAIN, PAGE], || get(api::yields::explain)),
    route("GET",    "/api/v1/units",                                   Access::Read,     Cost::Heavy, &[UNITS, PAGE], || get(api::units::list)),
    route("GET",    "/api/v1/units/{serial}",                          Access::Read,     Cost::Light, &[SERIAL, PAGE], || get(api::units::one)),
    route("DELETE", "/api/v1/units/{serial}/kind",                     Access::Engineer, Cost::Light, &[SERIAL], || delete(api::units::unset_kind)),
    route("PUT",    "/api/v1/units/{serial}/kind",                     Access::Engineer, Cost::Light, &[SERIAL], || put(api::units::set_kind)),

    route("GET",    "/data/v1/runs",                                   Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, FRAME], || get(data::runs)),
    route("GET",    "/data/v1/values",                                 Access::Read,     Cost::Heavy, &[FILTERS, WINDOW, COUNTING, VALUES], || get(data::values)),

    route("POST",   "/ingest/v1/{format}",                             Access::Ingest,   Cost::Free,  &[UPLOAD], || post(ingest::post)),
    route("GET",    "/ingest/v1/{format}/{sha256}",                    Access::Ingest,   Cost::Light, &[UPLOAD], || get(ingest::known::get)),
    route("POST",   "/ingest/v1/receipts/{id}/replay",                 Access::Ingest,   Cost::Free,  &[], || post(ingest::replay)),
];

/// Builds the router with all middleware.
pub fn router(state: AppState) -> Router {
    let mut router = Router::new();
    for route in ROUTES.iter() {
        let handler = (route.handler)();
        let guard = from_fn_with_state((state.clone(), route.access, route.cost), auth::guard);
        let known: Arc<[_]> = route.parameter_names().into();
        let parameters = from_fn_with_state(known, check_parameters);
        // The last layer is the first to see a request. A small body has arrived before the
        // caller takes a share of anything; an upload is read by its handler.
        let handler = match route.takes_uploads() {
            true => handler
                .route_layer(from_fn_with_state(state.limits().upload_stall, limit_upload_stall))
                .route_layer(parameters)
                .route_layer(guard),
            false => handler
                .route_layer(parameters)
                .route_layer(guard)
                .route_layer(from_fn_with_state(state.limits().small_body_time, read_small_body)),
        };
        router = router.route(route.path, handler);
    }
    router
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(Extension(&*DOCUMENT))
        .layer(Extension(DOCUMENT.reference.clone()))
        // Uploads read their bodies themselves, under limits of their own.
        .layer(DefaultBodyLimit::max(SMALL_BODY_BYTES))
        .layer(CsrfLayer::new().with_rejection_response(|_| {
            Problem::forbidden(EN.detail_cross_site()).into_response()
        }))
        .layer(from_fn(check_head))
        .layer(CatchPanicLayer::custom(observe::on_panic))
        .layer(from_fn(pages::errors::render))
        .layer(from_fn_with_state(state.limits().behind_proxy, observe::observe))
        .layer(from_fn_with_state(state.clone(), work::detach))
        .with_state(state)
}

/// Fallback for unknown paths: a page for people, a problem document for programs.
async fn not_found(request: Request) -> Response {
    if is_for_programs(request.uri().path()) {
        return Problem::not_found().into_response();
    }
    let mut response = pages::render_public(request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

async fn method_not_allowed() -> Response {
    Problem::method_not_allowed().into_response()
}
