//! Log-in, sessions, and log-out.

use axum::body::Body;
use http::header;

use crate::support::{House, PASSWORD, get, post, text};

async fn log_in(
    house: &House,
    email: &str,
    password: &str,
    next: &str,
) -> (u16, String, Option<String>) {
    let body = format!("email={email}&password={}", password.replace(' ', "+"));
    let request = post(&format!("/login{next}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    let response = house.call(request).await;
    let header =
        |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    (
        response.status().as_u16(),
        header(header::LOCATION).unwrap_or_default(),
        header(header::SET_COOKIE),
    )
}

#[tokio::test]
async fn a_person_logs_in_and_out_again() {
    let house = House::new().await;
    let (status, to, cookie) =
        log_in(&house, "Viewer@North.example", PASSWORD, "?next=/%3Fconfidence=0.99").await;
    assert_eq!((status, to.as_str()), (303, "/?confidence=0.99"));
    let cookie = cookie.unwrap();
    for word in ["__Host-sid=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let session = cookie.split(';').next().unwrap().to_owned();
    assert_eq!(house.get("/t/north/", &session).await.status(), 200);

    let out = house
        .call(post("/logout").header(header::COOKIE, &session).body(Body::empty()).unwrap())
        .await;
    assert_eq!(out.status(), 303);
    assert_eq!(house.get("/t/north/", &session).await.status(), 303);
}

#[tokio::test]
async fn a_failed_log_in_does_not_tell_who_exists() {
    let house = House::new().await;
    let wrong = log_in(&house, "viewer@north.example", "not the password", "").await;
    let nobody = log_in(&house, "nobody@north.example", "not the password", "").await;
    assert_eq!(wrong, nobody);
    assert_eq!(wrong, (303, "/login?next=/&failed=1".to_owned(), None));
}

#[tokio::test]
async fn logging_in_never_leads_off_the_site() {
    let house = House::new().await;
    for next in
        ["?next=//evil.example", "?next=https://evil.example", "?next=/%0d%0aSet-Cookie:a=b"]
    {
        let (_, to, _) = log_in(&house, "viewer@north.example", PASSWORD, next).await;
        assert_eq!(to, "/", "{next}");
    }
}

#[tokio::test]
async fn another_site_cannot_post_with_a_visitors_cookie() {
    let house = House::new().await;
    for path in ["/logout", "/login", "/ingest/v1/ocptv", "/api/v1/sessions"] {
        let request = post(path)
            .header(header::COOKIE, &house.north.engineer)
            .header("sec-fetch-site", "cross-site")
            .body(Body::empty())
            .unwrap();
        assert_eq!(house.call(request).await.status(), 403, "{path}");
    }
    assert_eq!(house.get("/", &house.north.engineer).await.status(), 200);
}

#[tokio::test]
async fn the_json_twin_answers_with_a_session() {
    let house = House::new().await;
    let log_in = |password: &str| {
        let body = serde_json::json!({ "email": "viewer@north.example", "password": password });
        post("/api/v1/sessions")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap()
    };
    let response = house.call(log_in(PASSWORD)).await;
    assert_eq!(response.status(), 201);
    assert!(response.headers().contains_key(header::SET_COOKIE));
    let huge = house.call(log_in(&"x".repeat(1 << 20))).await;
    assert_eq!(huge.status(), 413);
    let refused = house.call(log_in("not the password")).await;
    assert_eq!(refused.status(), 401);
    assert_eq!(refused.headers()[header::CONTENT_TYPE], "application/problem+json");
    let challenge = refused.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().to_owned();
    let problem = text(refused).await;
    assert!(problem.contains("request_id"));
    assert!(!challenge.contains("Bearer") && !problem.contains("Bearer"), "{challenge} {problem}");
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once() {
    let house = House::new().await;
    house
        .db
        .superuser("update app_user set disabled_at = now() where email = 'viewer@north.example'")
        .await;
    assert_eq!(house.get("/", &house.north.viewer).await.status(), 303);
    let page = house.call(get("/").body(Body::empty()).unwrap()).await;
    assert_eq!(page.status(), 303);
}

async fn form(house: &House, path: &str, session: &str, body: &str) -> (u16, String) {
    let request = post(path)
        .header(header::COOKIE, session)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let response = house.call(request).await;
    let to = response.headers().get(header::LOCATION);
    let to = to.map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
    (response.status().as_u16(), to)
}

async fn session(house: &House, password: &str) -> Option<String> {
    let (_, _, cookie) = log_in(house, "viewer@north.example", password, "").await;
    cookie.map(|cookie| cookie.split(';').next().unwrap().to_owned())
}

#[tokio::test]
async fn guessing_takes_longer_and_longer_whether_somebody_has_the_address_or_not() {
    let house = House::new().await;
    for email in ["viewer@north.example", "nobody@north.example"] {
        for _ in 0..5 {
            let (_, to, _) = log_in(&house, email, "not the password", "").await;
            assert_eq!(to, "/login?next=/&failed=1", "{email}");
        }
        // The right password has to wait too.
        let (status, to, cookie) = log_in(&house, email, PASSWORD, "").await;
        assert_eq!((status, to.as_str(), cookie), (303, "/login?next=/&wait=1", None), "{email}");
        let body = format!(r#"{{"email":"{email}","password":"{PASSWORD}"}}"#);
        let answer = house.ask("POST", "/api/v1/sessions", "", &body).await;
        assert_eq!(answer.status, 429, "{answer:?}");
    }
    // Simulates that a quarter of an hour has passed.
    house.db.superuser("update login_failure set last_at = last_at - interval '15 minutes'").await;
    assert!(session(&house, PASSWORD).await.is_some());
}

#[tokio::test]
async fn another_password_ends_every_other_session() {
    let house = House::new().await;
    let (here, there) =
        (session(&house, PASSWORD).await.unwrap(), session(&house, PASSWORD).await.unwrap());
    let change = |current: &str, new: &str| {
        format!("current={}&new={}", current.replace(' ', "+"), new.replace(' ', "+"))
    };
    for (body, told) in [
        (change("not the password", "another password"), "wrong"),
        (change(PASSWORD, "short"), "unfit"),
        (change(PASSWORD, "password1234"), "common"),
        (change(PASSWORD, "            "), "common"),
        ("new=another+password".to_owned(), "unfit"),
    ] {
        let (status, to) = form(&house, "/account/password", &here, &body).await;
        assert_eq!((status, to), (303, format!("/account?password={told}")));
        assert_eq!(house.get("/t/north/", &there).await.status(), 200);
    }
    let (_, to) =
        form(&house, "/account/password", &here, &change(PASSWORD, "another password")).await;
    assert_eq!(to, "/account?password=changed");
    assert_eq!(house.get("/t/north/", &here).await.status(), 200);
    assert_eq!(house.get("/t/north/", &there).await.status(), 303);
    assert!(session(&house, PASSWORD).await.is_none());
    assert!(session(&house, "another password").await.is_some());
}

#[tokio::test]
async fn people_end_their_own_sessions_and_no_others() {
    let house = House::new().await;
    let (here, there) =
        (session(&house, PASSWORD).await.unwrap(), session(&house, PASSWORD).await.unwrap());
    let page = text(house.get("/account", &here).await).await;
    let ids: Vec<&str> = page
        .split("action=\"/account/sessions/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    // The second session, and the one of the house, which is marked as the current one.
    assert_eq!(ids.len(), 2, "{page}");
    assert!(page.contains("This session"));
    for id in &ids {
        let (status, _) =
            form(&house, &format!("/account/sessions/{id}"), &house.engineer_of_south(), "").await;
        assert_eq!(status, 404, "somebody else's");
        let (status, to) = form(&house, &format!("/account/sessions/{id}"), &here, "").await;
        assert_eq!((status, to.as_str()), (303, "/account"));
    }
    assert_eq!(house.get("/t/north/", &there).await.status(), 303);
    let another = session(&house, PASSWORD).await.unwrap();
    assert_eq!(form(&house, "/account/sign-out", &here, "").await, (303, "/login".to_owned()));
    for gone in [here, another] {
        assert_eq!(house.get("/t/north/", &gone).await.status(), 303);
    }
    let audited =
        "select count(*) from audit where action in ('session ended', 'signed out everywhere')";
    assert_eq!(house.db.count(audited).await, 3);
}

#[tokio::test]
async fn a_list_of_sessions_that_is_cut_says_how_many_there_are() {
    let house = House::new().await;
    let here = session(&house, PASSWORD).await.unwrap();
    let page = text(house.get("/account", &here).await).await;
    assert!(!page.contains("sessions used last"), "{page}");
    house
        .db
        .superuser(
            "insert into session (token_hash, user_id, created_at, expires_at, last_seen_at)
             select sha256(n::text::bytea), (select user_id from session order by created_at desc limit 1),
                    now(), now() + interval '1 hour', now() - interval '1 minute'
             from generate_series(1, 150) n",
        )
        .await;
    let page = text(house.get("/account", &here).await).await;
    // The house made one session, and this test one.
    assert!(page.contains("The 100 sessions used last, of 152"), "{page}");
    assert!(page.contains("This session"));
}

impl House {
    fn engineer_of_south(&self) -> String {
        self.south.engineer.clone()
    }
}
