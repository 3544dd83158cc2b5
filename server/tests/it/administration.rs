//! Onboarding a partner, and self-service of its administrators.

use domain::Role;
use serde_json::Value;

use crate::support::{House, ocp_run};

async fn onboard(house: &House, body: &str) -> (u16, Value) {
    let answer = house.ask("POST", "/api/v1/admin/tenants", &house.admin, body).await;
    (answer.status, answer.json)
}

async fn get_json(house: &House, path: &str, cookie: &str) -> Value {
    let answer = house.ask("GET", path, cookie, "").await;
    assert_eq!(answer.status, 200, "{path}");
    answer.json
}

async fn log_in(house: &House, email: &str, password: &str) -> u16 {
    let body = format!(r#"{{"email":"{email}","password":"{password}"}}"#);
    house.ask("POST", "/api/v1/sessions", "", &body).await.status
}

#[tokio::test]
async fn one_call_brings_a_partner_on() {
    let house = House::new().await;
    let (status, added) = onboard(
        &house,
        r#"{"slug":"west","name":"West Ltd","timezone":"Asia/Taipei","user":{"email":"lead@west.example"}}"#,
    )
    .await;
    assert_eq!(status, 201, "{added}");
    assert_eq!(added["tenant"]["slug"], "west");

    // Its stations can send at once.
    let token = added["ingest_token"].as_str().unwrap();
    let run = ocp_run("W-1", "L10", "2026-03-01T00:00:00Z", true);
    assert_eq!(house.upload(token, "/ingest/v1/ocptv", run).await.number("accepted"), 1);

    // Its first person chooses a password; the invitation works once.
    let link = added["invite_url"].as_str().unwrap();
    let (_, invite) = link.split_once("/invite?token=").unwrap();
    assert_eq!(log_in(&house, "lead@west.example", "").await, 401);
    let accept = async |password: &str| {
        let body = format!(r#"{{"invite":"{invite}","password":"{password}"}}"#);
        house.ask("POST", "/api/v1/invites", "", &body).await.status
    };
    assert_eq!(accept("short").await, 400);
    assert_eq!(accept("seven rusty anchors").await, 204);
    assert_eq!(accept("eight rusty anchors").await, 404);
    assert_eq!(log_in(&house, "lead@west.example", "seven rusty anchors").await, 201);

    // Onboarding is atomic.
    for taken in [
        r#"{"slug":"west","name":"Again","user":{"email":"new@west.example"}}"#,
        r#"{"slug":"east","name":"East","user":{"email":"admin@maker.example"}}"#,
        r#"{"slug":"east","name":"East","timezone":"Mars/Base"}"#,
        r#"{"slug":"East","name":"East"}"#,
        r#"{"slug":"east","name":"East","user":{"email":"a@b","role":"admin"}}"#,
    ] {
        assert_eq!(onboard(&house, taken).await.0, 400, "{taken}");
    }
    let listed = get_json(&house, "/api/v1/admin/tenants", &house.admin).await;
    let slugs: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|it| it["slug"].as_str().unwrap()).collect();
    assert_eq!(slugs, ["north", "south", "west"]);
    assert_eq!(
        house.db.count("select count(*) from app_user where email = 'new@west.example'").await,
        0
    );
}

#[tokio::test]
async fn a_partner_admin_manages_their_own_people_and_tokens_and_nobody_elses() {
    let house = House::new().await;
    let lead = house.person(house.north.id, "lead@north.example", Role::PartnerAdmin).await;
    let ask = async |method: &str, path: &str, body: &str| {
        let answer = house.ask(method, &format!("/api/v1/admin/tenants/{path}"), &lead, body).await;
        (answer.status, answer.json)
    };
    let (status, invited) =
        ask("POST", "north/users", r#"{"email":"new@north.example","role":"viewer"}"#).await;
    assert_eq!(status, 201, "{invited}");
    assert!(
        invited["invite_url"].as_str().unwrap().starts_with("https://firstpass.example/invite?")
    );
    let disable = r#"{"disabled":true}"#;
    assert_eq!(ask("PATCH", "north/users/viewer@north.example", disable).await.0, 204);
    assert_eq!(house.get("/account", &house.north.viewer).await.status(), 303);

    let (status, made) = ask("POST", "north/tokens", r#"{"scopes":["read"]}"#).await;
    assert_eq!(status, 201);
    let token = made["token"].as_str().unwrap();
    assert_eq!(house.read(token, "/api/v1/yield").await.status, 200);
    let (_, tokens) = ask("GET", "north/tokens", "").await;
    let id = tokens["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(ask("DELETE", &format!("north/tokens/{id}"), "").await.0, 204);
    assert_eq!(house.read(token, "/api/v1/yield").await.status, 401);

    // Objects of another tenant are 404.
    for (method, path, body) in [
        ("GET", "south/users", ""),
        ("GET", "south/tokens", ""),
        ("GET", "south/audit", ""),
        ("POST", "south/tokens", r#"{"scopes":["read"]}"#),
        ("PATCH", "north/users/viewer@south.example", disable),
        ("PATCH", "south/users/viewer@south.example", disable),
    ] {
        assert_eq!(ask(method, path, body).await.0, 404, "{method} {path}");
    }
    for path in ["/api/v1/admin/tenants", "/api/v1/admin/tenants/north"] {
        assert_eq!(house.ask("GET", path, &lead, "").await.status, 403, "{path}");
    }
    let misfit = ask("PATCH", "north/users/engineer@north.example", r#"{"role":"admin"}"#).await;
    assert_eq!(misfit.0, 400);
}

#[tokio::test]
async fn the_audit_of_a_tenant_names_its_managers_and_internal_people_and_nobody_elses_doing() {
    let house = House::new().await;
    let lead = house.person(house.north.id, "lead@north.example", Role::PartnerAdmin).await;
    house.get_as_is("/t/north/units", &house.operator).await;
    house.get_as_is("/t/south/units", &house.operator).await;
    house.ask("POST", "/api/v1/admin/tenants/north/tokens", &lead, r#"{"scopes":["read"]}"#).await;

    let path = "/api/v1/admin/tenants/north/audit";
    let audit = get_json(&house, path, &lead).await;
    let lines: Vec<(&str, &str)> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["actor"].as_str().unwrap(), line["action"].as_str().unwrap()))
        .collect();
    assert_eq!(
        lines,
        [("lead@north.example", "token add --tenant north"), ("operator@maker.example", "look")]
    );
    let first = get_json(&house, &format!("{path}?limit=1"), &lead).await;
    let cursor = first["next"].as_str().unwrap();
    let second = get_json(&house, &format!("{path}?limit=1&cursor={cursor}"), &lead).await;
    assert_eq!(second["items"][0]["action"], "look");
    assert_eq!(second["next"], Value::Null);
}

#[tokio::test]
async fn a_manager_does_not_reset_the_password_of_somebody_who_is_elsewhere_too() {
    use server::commands::CommandError;
    use server::commands::users::{Who, add, reset_password};
    use store::{AuthTx, Principal};

    use crate::support::now;

    let house = House::new().await;
    let store = &house.db.store;
    let lead = house.person(house.north.id, "lead@north.example", Role::PartnerAdmin).await;
    let secret = server::credentials::secret::hash(lead.trim_start_matches("__Host-sid="));
    let mut tx = AuthTx::begin(store).await.unwrap();
    let idle = std::time::Duration::from_secs(60);
    let lead = tx.principal_of_session(&secret, idle, now()).await.unwrap().unwrap();
    drop(tx);
    let lead = lead.for_tenant(house.north.id).unwrap();
    let viewer = Who { email: "viewer@north.example", tenant: Some("north") };
    reset_password(store, &lead, viewer, "hash", now()).await.unwrap();
    let everywhere = Who { tenant: Some("south"), ..viewer };
    add(store, &Principal::console(None), everywhere, Role::Viewer, "", now()).await.unwrap();
    let refused = reset_password(store, &lead, viewer, "hash", now()).await;
    assert!(matches!(refused, Err(CommandError::Refused(_))), "{refused:?}");
}
