//! Access control of every route: calls with every insufficient credential are refused. A route
//! without a row in this table fails the test.

use std::sync::LazyLock;

use app::views::{Access, VIEWS, View};
use axum::body::Body;
use domain::Role;
use http::{Method, Request, header};
use server::auth::Access as RouteAccess;
use server::router::ROUTES;

use crate::support::{House, ocp_run, text};

/// The expected response.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// Exactly this status.
    Is(u16),
    /// A redirect to the log-in page.
    LogIn,
}
use Answer::{Is, LogIn};

#[derive(Clone, Copy)]
struct Row {
    method: &'static str,
    route: &'static str,
    /// The route with its placeholders filled.
    path: &'static str,
    nobody: Answer,
    /// The response to an expired session or token.
    expired: Answer,
    /// An insufficient credential of the right tenant, and the status of its response.
    wrong_role: Option<(Who, u16)>,
    /// A sufficient credential, and the status. An object in the path belongs to another tenant,
    /// so its status is 404, like that of an object that does not exist.
    right: (Who, u16),
}

#[derive(Debug, Clone, Copy)]
enum Who {
    Viewer,
    Engineer,
    PartnerAdmin,
    Operator,
    Admin,
    IngestToken,
    ReadToken,
    Nobody,
}

#[rustfmt::skip]
const OTHERS: &[Row] = &[
    open("GET", "/livez", "/livez", 200),
    open("GET", "/readyz", "/readyz", 200),
    open("GET", "/pkg/{build}/{name}", "/pkg/x/nothing.js", 404),
    open("POST", "/login", "/login", 303),
    open("POST", "/logout", "/logout", 303),
    open("GET", "/api/v1/openapi.json", "/api/v1/openapi.json", 200),
    open("POST", "/api/v1/sessions", "/api/v1/sessions", 415),
    Row { method: "GET", route: "/t/{tenant}", path: "/t/north", nobody: LogIn, expired: LogIn, wrong_role: Some((Who::ReadToken, 303)), right: (Who::Viewer, 308) },
    Row { method: "GET", route: "/t/{tenant}/overview/{file}", path: "/t/north/overview/failures.csv", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 401)), right: (Who::Viewer, 200) },
    Row { method: "GET", route: "/t/{tenant}/failures/{file}", path: "/t/north/failures/pareto.csv", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 401)), right: (Who::Viewer, 200) },
    Row { method: "GET", route: "/t/{tenant}/measurements/{parameter}/{file}", path: "/t/north/measurements/a%20%2F%20b%20%2F%20c/distribution.csv", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 401)), right: (Who::Viewer, 404) },
    Row { method: "POST", route: "/account/password", path: "/account/password", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 403)), right: (Who::Viewer, 303) },
    Row { method: "POST", route: "/account/sessions/{id}", path: "/account/sessions/{session}", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 403)), right: (Who::Viewer, 404) },
    Row { method: "GET", route: "/explore", path: "/explore", nobody: LogIn, expired: LogIn, wrong_role: Some((Who::ReadToken, 303)), right: (Who::Viewer, 308) },
    Row { method: "GET", route: "/t/{tenant}/explore/{file}", path: "/t/north/explore/station.csv", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 401)), right: (Who::Viewer, 200) },
    person("POST", "/t/{tenant}/explore/views", "/t/north/explore/views", 303),
    person("POST", "/t/{tenant}/explore/views/{id}/remove", "/t/north/explore/views/{view}/remove", 404),
    Row { method: "GET", route: "/units", path: "/units", nobody: LogIn, expired: LogIn, wrong_role: Some((Who::ReadToken, 303)), right: (Who::Viewer, 308) },
    Row { method: "GET", route: "/units/{serial}", path: "/units/SOUTH-1", nobody: LogIn, expired: LogIn, wrong_role: Some((Who::ReadToken, 303)), right: (Who::Viewer, 308) },
    Row { method: "GET", route: "/t/{tenant}/units/{serial}/{file}", path: "/t/north/units/SOUTH-1/timeline.csv", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 401)), right: (Who::Viewer, 404) },
    Row { method: "GET", route: "/uploads", path: "/uploads", nobody: LogIn, expired: LogIn, wrong_role: Some((Who::ReadToken, 303)), right: (Who::Viewer, 308) },
    Row { method: "GET", route: "/uploads/{id}", path: "/uploads/{receipt}", nobody: LogIn, expired: LogIn, wrong_role: Some((Who::ReadToken, 303)), right: (Who::Viewer, 308) },
    person("POST", "/t/{tenant}/uploads", "/t/north/uploads", 415),
    person("POST", "/t/{tenant}/uploads/{id}/replay", "/t/north/uploads/{receipt}/replay", 404),
    person("POST", "/t/{tenant}/units/{serial}/kind", "/t/north/units/SOUTH-1/kind", 404),
    person("POST", "/t/{tenant}/units/{serial}/runs/{id}/void", "/t/north/units/SOUTH-1/runs/{run}/void", 404),
    person("POST", "/t/{tenant}/units/{serial}/runs/{id}/restore", "/t/north/units/SOUTH-1/runs/{run}/restore", 404),
    Row { method: "GET", route: "/live", path: "/live", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    open("POST", "/api/v1/invites", "/api/v1/invites", 415),
    admin("GET", "/api/v1/admin/tenants", "/api/v1/admin/tenants", 200),
    admin("POST", "/api/v1/admin/tenants", "/api/v1/admin/tenants", 415),
    admin("GET", "/api/v1/admin/tenants/{tenant}", "/api/v1/admin/tenants/north", 200),
    admin("PATCH", "/api/v1/admin/tenants/{tenant}", "/api/v1/admin/tenants/north", 415),
    admin("GET", "/api/v1/admin/tenants/{tenant}/users", "/api/v1/admin/tenants/north/users", 200),
    admin("POST", "/api/v1/admin/tenants/{tenant}/users", "/api/v1/admin/tenants/north/users", 415),
    admin("PATCH", "/api/v1/admin/tenants/{tenant}/users/{email}", "/api/v1/admin/tenants/north/users/viewer@south.example", 404),
    admin("GET", "/api/v1/admin/tenants/{tenant}/tokens", "/api/v1/admin/tenants/north/tokens", 200),
    admin("POST", "/api/v1/admin/tenants/{tenant}/tokens", "/api/v1/admin/tenants/north/tokens", 415),
    admin("DELETE", "/api/v1/admin/tenants/{tenant}/tokens/{id}", "/api/v1/admin/tenants/north/tokens/{token}", 404),
    admin("GET", "/api/v1/admin/tenants/{tenant}/audit", "/api/v1/admin/tenants/north/audit", 200),
    Row { method: "GET", route: "/api/v1/jobs", path: "/api/v1/jobs", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "GET", route: "/api/v1/jobs/{id}", path: "/api/v1/jobs/{job}", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 404) },
    Row { method: "DELETE", route: "/api/v1/jobs/{id}", path: "/api/v1/jobs/{job}", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 404) },
    Row { method: "GET", route: "/api/v1/receipts", path: "/api/v1/receipts", nobody: Is(401), expired: Is(401), wrong_role: None, right: (Who::IngestToken, 200) },
    Row { method: "GET", route: "/api/v1/receipts/{id}", path: "/api/v1/receipts/{receipt}", nobody: Is(401), expired: Is(401), wrong_role: None, right: (Who::ReadToken, 404) },
    person("GET", "/api/v1/receipts/{id}/raw", "/api/v1/receipts/{receipt}/raw", 404),
    person("PUT", "/api/v1/runs/{id}/void", "/api/v1/runs/{run}/void", 404),
    person("DELETE", "/api/v1/runs/{id}/void", "/api/v1/runs/{run}/void", 404),
    Row { method: "GET", route: "/api/v1/capability", path: "/api/v1/capability?parameter=nothing", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 400) },
    Row { method: "GET", route: "/api/v1/changepoints", path: "/api/v1/changepoints?parameter=nothing", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 400) },
    Row { method: "GET", route: "/api/v1/compare", path: "/api/v1/compare?parameter=nothing", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 400) },
    Row { method: "GET", route: "/api/v1/control-chart", path: "/api/v1/control-chart?parameter=nothing", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 400) },
    Row { method: "GET", route: "/api/v1/gage", path: "/api/v1/gage?parameter=nothing", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 400) },
    Row { method: "GET", route: "/api/v1/histogram", path: "/api/v1/histogram?parameter=nothing", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 400) },
    Row { method: "GET", route: "/api/v1/retest", path: "/api/v1/retest?parameter=nothing", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 400) },
    Row { method: "GET", route: "/api/v1/commonality", path: "/api/v1/commonality", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "GET", route: "/api/v1/events", path: "/api/v1/events", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "GET", route: "/api/v1/measurements", path: "/api/v1/measurements", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "POST", route: "/api/v1/events", path: "/api/v1/events", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::Viewer, 403)), right: (Who::Engineer, 415) },
    Row { method: "POST", route: "/api/v1/gage", path: "/api/v1/gage", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 415) },
    Row { method: "GET", route: "/api/v1/pareto", path: "/api/v1/pareto", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "GET", route: "/api/v1/repairs", path: "/api/v1/repairs?code=C", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "GET", route: "/api/v1/rty", path: "/api/v1/rty?product=P", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "GET", route: "/api/v1/settings/lot-rules", path: "/api/v1/settings/lot-rules", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "PUT", route: "/api/v1/settings/lot-rules", path: "/api/v1/settings/lot-rules", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::Engineer, 403)), right: (Who::PartnerAdmin, 200) },
    Row { method: "GET", route: "/api/v1/yield", path: "/api/v1/yield", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "GET", route: "/api/v1/yield/explain", path: "/api/v1/yield/explain", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "GET", route: "/api/v1/units", path: "/api/v1/units", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "GET", route: "/api/v1/units/{serial}", path: "/api/v1/units/SOUTH-1", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 404) },
    person("DELETE", "/api/v1/units/{serial}/kind", "/api/v1/units/SOUTH-1/kind", 404),
    person("PUT", "/api/v1/units/{serial}/kind", "/api/v1/units/SOUTH-1/kind", 404),
    Row { method: "GET", route: "/data/v1/values", path: "/data/v1/values", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 400) },
    Row { method: "GET", route: "/data/v1/runs", path: "/data/v1/runs", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::IngestToken, 403)), right: (Who::ReadToken, 200) },
    Row { method: "POST", route: "/ingest/v1/receipts/{id}/replay", path: "/ingest/v1/receipts/{receipt}/replay", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 403)), right: (Who::IngestToken, 404) },
    Row { method: "GET", route: "/ingest/v1/{format}/{sha256}", path: "/ingest/v1/ocptv/{sha256}", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 403)), right: (Who::IngestToken, 404) },
    Row { method: "POST", route: "/ingest/v1/{format}", path: "/ingest/v1/ocptv", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 403)), right: (Who::IngestToken, 422) },
    // The last row: it ends the sessions that the other rows use.
    Row { method: "POST", route: "/account/language", path: "/account/language", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 403)), right: (Who::Viewer, 415) },
    Row { method: "POST", route: "/account/sign-out", path: "/account/sign-out", nobody: Is(401), expired: Is(401), wrong_role: Some((Who::ReadToken, 403)), right: (Who::Viewer, 303) },
];

/// The rows. Those of the views come first, because the last of the others ends sessions.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let others = OTHERS.iter().copied();
    VIEWS.iter().map(view).chain(others).collect()
});

/// The row of a view, derived from the registry: an open view answers anyone, the others
/// redirect to the log-in page, and a view of an object is called with one of another tenant.
fn view(view: &'static View) -> Row {
    let path = view
        .path
        .replace("{tenant}", "north")
        .replace("{serial}", "SOUTH-1")
        .replace("/uploads/{id}", "/uploads/{receipt}");
    let names_a_thing = view.path.replace("{tenant}", "").contains('{');
    let row = open("GET", view.path, path.leak(), 200);
    match view.access {
        Access::Anyone => row,
        Access::SignedIn => Row {
            nobody: LogIn,
            expired: LogIn,
            wrong_role: Some((Who::ReadToken, 303)),
            right: match view.path {
                // People of a partner are redirected to their own pages.
                "/" => (Who::Operator, 200),
                _ if names_a_thing => (Who::Viewer, 404),
                _ => (Who::Viewer, 200),
            },
            ..row
        },
    }
}

/// A request of a row.
pub(crate) struct Attempt {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    headers: Vec<(header::HeaderName, String)>,
    pub(crate) body: &'static str,
}

impl Attempt {
    /// The request for a router.
    fn request(self) -> Request<Body> {
        let method: Method = self.method.parse().unwrap();
        let request = Request::builder().method(method).uri(self.path);
        let request =
            self.headers.into_iter().fold(request, |it, (name, text)| it.header(name, text));
        request.body(Body::from(self.body)).unwrap()
    }

    /// The serialized request for a socket.
    pub(crate) fn wire(&self) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n{}", self.body.len(), self.body));
        text.into_bytes()
    }
}

impl Row {
    /// The request of the row with a credential.
    fn attempt(
        &self,
        theirs: &Theirs,
        credential: Option<(header::HeaderName, String)>,
    ) -> Attempt {
        let is_post = self.method == "POST";
        let form = match self.path {
            path if is_post
                && path.ends_with("/replay")
                && path.starts_with("/t/north/uploads") =>
            {
                Some("unit=U1")
            }
            path if is_post && path.ends_with("/kind") => Some("kind=golden&reason=a+try"),
            "/t/north/explore/views" => Some("name=Mine&state=days%3Dall"),
            path if path.ends_with("/remove") => Some("state="),
            path if path.ends_with("/restore") => Some("reason="),
            path if is_post && path.ends_with("/void") => Some("reason=a+try"),
            _ => None,
        };
        let json = match self.path {
            path if self.method == "PUT" && path.ends_with("/kind") => {
                Some(r#"{"kind":"golden","reason":"a try"}"#)
            }
            path if path.contains("/users/") => Some(r#"{"role":"viewer"}"#),
            path if path.ends_with("/lot-rules") && self.method == "PUT" => {
                Some(r#"[{"part":"P","pattern":"^(..)"}]"#)
            }
            _ if self.method == "PUT" => Some(r#"{"reason":"a try"}"#),
            _ => None,
        };
        let mut headers = vec![(header::HOST, "firstpass.example".to_owned())];
        if form.is_some() {
            headers.push((header::CONTENT_TYPE, "application/x-www-form-urlencoded".to_owned()));
        }
        if json.is_some() {
            headers.push((header::CONTENT_TYPE, "application/json".to_owned()));
        }
        headers.extend(credential);
        let body = form.or(json).unwrap_or_default();
        Attempt { method: self.method, path: theirs.fill(self.path), headers, body }
    }
}

/// A request of every route with a sufficient credential, except those that end sessions.
pub(crate) async fn attempts(house: &House) -> Vec<Attempt> {
    let theirs = house.theirs().await;
    ROWS.iter()
        .filter(|row| !["/account/sign-out", "/logout"].contains(&row.path))
        .map(|row| row.attempt(&theirs, house.credential(&theirs, row.right.0)))
        .collect()
}

/// A route without access control.
const fn open(method: &'static str, route: &'static str, path: &'static str, status: u16) -> Row {
    Row {
        method,
        route,
        path,
        nobody: Is(status),
        expired: Is(status),
        wrong_role: None,
        right: (Who::Nobody, status),
    }
}

/// A route for an engineer with a session: tokens and viewers are refused.
const fn person(method: &'static str, route: &'static str, path: &'static str, status: u16) -> Row {
    Row {
        method,
        route,
        path,
        nobody: Is(401),
        expired: Is(401),
        wrong_role: Some((Who::Viewer, 403)),
        right: (Who::Engineer, status),
    }
}

/// A route for an internal administrator with a session.
const fn admin(method: &'static str, route: &'static str, path: &'static str, status: u16) -> Row {
    Row { right: (Who::Admin, status), ..person(method, route, path, status) }
}

/// Ids for the placeholders of paths: objects of another tenant.
struct Theirs {
    receipt: String,
    run: String,
    sha256: String,
    session: String,
    view: String,
    token: String,
    job: String,
    /// The session of an administrator of another tenant.
    partner_admin: String,
}

impl Theirs {
    fn fill(&self, path: &str) -> String {
        [
            ("{receipt}", &self.receipt),
            ("{run}", &self.run),
            ("{sha256}", &self.sha256),
            ("{session}", &self.session),
            ("{view}", &self.view),
            ("{token}", &self.token),
            ("{job}", &self.job),
        ]
        .iter()
        .fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    }
}

impl House {
    async fn theirs(&self) -> Theirs {
        let body = ocp_run("SOUTH-1", "L10", "2026-03-01T00:00:00Z", true);
        let answer = self.upload(&self.south.ingest, "/ingest/v1/ocptv", body).await;
        let mut superuser = self.db.connect("postgres").await;
        let run: uuid::Uuid =
            sqlx::query_scalar("select id from run").fetch_one(&mut superuser).await.unwrap();
        let receipt = answer.json["receipt_id"].as_str().unwrap().to_owned();
        let sha256: Vec<u8> = sqlx::query_scalar("select sha256 from raw_upload")
            .fetch_one(&mut superuser)
            .await
            .unwrap();
        let session: uuid::Uuid = sqlx::query_scalar(
            "select s.id from session s join app_user u on u.id = s.user_id where u.email like '%south%' limit 1",
        )
        .fetch_one(&mut superuser)
        .await
        .unwrap();
        let token: uuid::Uuid = sqlx::query_scalar(
            "select k.id from api_token k join tenant t on t.id = k.tenant_id where t.slug = 'south' limit 1",
        )
        .fetch_one(&mut superuser)
        .await
        .unwrap();
        let view: uuid::Uuid = sqlx::query_scalar(
            "insert into saved_view (tenant_id, id, name, state, saved_by, saved_at)
             select id, gen_random_uuid(), 'Theirs', '', 'engineer@south.example', now() from tenant where slug = 'south' returning id",
        )
        .fetch_one(&mut superuser)
        .await
        .unwrap();
        let job: uuid::Uuid = sqlx::query_scalar(
            "insert into job (id, tenant_id, kind, asked_by_kind, asked_by)
             select gen_random_uuid(), id, 'theirs', 'server', 'console' from tenant where slug = 'south' returning id",
        )
        .fetch_one(&mut superuser)
        .await
        .unwrap();
        let partner_admin =
            self.person(self.north.id, "admin@north.example", Role::PartnerAdmin).await;
        Theirs {
            job: job.to_string(),
            partner_admin,
            view: view.to_string(),
            token: token.to_string(),
            session: session.to_string(),
            receipt,
            run: run.to_string(),
            sha256: hex::encode(sha256),
        }
    }

    async fn try_as(
        &self,
        theirs: &Theirs,
        row: &Row,
        credential: Option<(header::HeaderName, String)>,
    ) -> (u16, String) {
        let response = self.call_as_is(row.attempt(theirs, credential).request()).await;
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        (response.status().as_u16(), to.unwrap_or_default())
    }

    fn credential(&self, theirs: &Theirs, who: Who) -> Option<(header::HeaderName, String)> {
        let bearer = |token: &str| Some((header::AUTHORIZATION, format!("Bearer {token}")));
        match who {
            Who::Nobody => None,
            Who::Viewer => Some((header::COOKIE, self.north.viewer.clone())),
            Who::Engineer => Some((header::COOKIE, self.north.engineer.clone())),
            Who::PartnerAdmin => Some((header::COOKIE, theirs.partner_admin.clone())),
            Who::Operator => Some((header::COOKIE, self.operator.clone())),
            Who::Admin => Some((header::COOKIE, self.admin.clone())),
            Who::IngestToken => bearer(&self.north.ingest),
            Who::ReadToken => bearer(&self.north.read),
        }
    }
}

fn check(what: &str, row: &Row, expected: Answer, (status, to): (u16, String)) {
    let right = match expected {
        Is(expected) => status == expected,
        LogIn => status == 303 && to.starts_with("/login"),
    };
    assert!(right, "{} {} as {what}: {status} {to}, not {expected:?}", row.method, row.route);
}

#[tokio::test]
async fn every_route_refuses_callers_without_access() {
    let house = House::new().await;
    let theirs = house.theirs().await;
    house.db.superuser("update api_token set revoked_at = now() where tenant_id = (select id from tenant where slug = 'south')").await;
    house.db.superuser("update session set last_seen_at = now() - interval '13 hours' where user_id = (select id from app_user where email = 'engineer@south.example')").await;
    for row in ROWS.iter() {
        check("nobody", row, row.nobody, house.try_as(&theirs, row, None).await);
        let session = (header::COOKIE, house.north.expired_session.clone());
        check("expired session", row, row.expired, house.try_as(&theirs, row, Some(session)).await);
        let token = (header::AUTHORIZATION, format!("Bearer {}", house.north.expired_token));
        check("expired token", row, row.expired, house.try_as(&theirs, row, Some(token)).await);
        for (what, token) in
            [("made-up token", "fpt_0"), ("revoked token", house.south.ingest.as_str())]
        {
            let token = (header::AUTHORIZATION, format!("Bearer {token}"));
            check(what, row, row.expired, house.try_as(&theirs, row, Some(token)).await);
        }
        let idle = (header::COOKIE, house.south.engineer.clone());
        check("idle session", row, row.expired, house.try_as(&theirs, row, Some(idle)).await);
        if let Some((who, status)) = row.wrong_role {
            check(
                "wrong role",
                row,
                Is(status),
                house.try_as(&theirs, row, house.credential(&theirs, who)).await,
            );
        }
        let (who, status) = row.right;
        check(
            "the right one",
            row,
            Is(status),
            house.try_as(&theirs, row, house.credential(&theirs, who)).await,
        );
    }
}

#[tokio::test]
async fn every_route_refuses_a_query_parameter_that_it_does_not_take() {
    let house = House::new().await;
    let theirs = house.theirs().await;
    for row in ROWS.iter() {
        let mut attempt = row.attempt(&theirs, house.credential(&theirs, row.right.0));
        let separator = if attempt.path.contains('?') { '&' } else { '?' };
        attempt.path = format!("{}{separator}no-such=1", attempt.path);
        let path = attempt.path.clone();
        let response = house.call_as_is(attempt.request()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = text(response).await;
        assert_eq!(status, 400, "{} {path}: {body}", row.method);
        let kind = headers[header::CONTENT_TYPE].to_str().unwrap();
        let is_page = ROUTES
            .iter()
            .any(|route| (route.method, route.path) == (row.method, row.route) && route.is_page());
        if is_page {
            assert!(kind.starts_with("text/html"), "{path}: {kind}");
            assert!(body.contains("Unknown query parameters: no-such."), "{body}");
        } else {
            let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!(problem["errors"][0]["parameter"], "no-such", "{path}: {body}");
        }
    }
}

#[test]
fn every_route_has_its_row() {
    let rows: Vec<_> = ROWS.iter().map(|row| (row.method, row.route)).collect();
    for route in ROUTES.iter() {
        assert!(
            rows.contains(&(route.method, route.path)),
            "no row for {} {}",
            route.method,
            route.path
        );
    }
    assert_eq!(ROUTES.len(), ROWS.len(), "rows of routes that are gone");
}

#[test]
fn whatever_is_not_open_to_anyone_is_tried_in_a_wrong_role() {
    // Every credential of the tenant may read receipts.
    let all = [RouteAccess::Anyone, RouteAccess::Receipts];
    for route in ROUTES.iter().filter(|route| !all.contains(&route.access)) {
        let row =
            ROWS.iter().find(|row| (row.method, row.route) == (route.method, route.path)).unwrap();
        assert!(row.wrong_role.is_some(), "{} {}", row.method, row.route);
    }
}

#[test]
fn a_route_that_names_a_thing_of_a_tenant_is_tried_with_one_of_another() {
    // An address without a tenant is redirected without checking that the object exists.
    for row in ROWS.iter().filter(|row| row.right.1 != 308) {
        for name in row.route.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            let of_nobody = ["format", "build", "name", "file", "tenant"].contains(&name);
            assert!(of_nobody || row.right.1 == 404, "{} {}", row.method, row.route);
        }
    }
}
