//! Forms of pages: they have the same effect as the API, and the next page shows the result.

use axum::body::Body;
use http::{Response, header};

use crate::support::{House, ocp_run, post, text};

impl House {
    pub(crate) async fn fill(&self, cookie: &str, path: &str, form: &str) -> Response<Body> {
        let request = post(path)
            .header(header::COOKIE, cookie)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.call(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// Posts a form as the engineer, and returns the page after the redirect.
    pub(crate) async fn done(&self, path: &str, form: &str) -> String {
        let response = self.fill(&self.north.engineer, path, form).await;
        assert_eq!(response.status(), 303, "{path} {form}: {}", text(response).await);
        let to = response.headers()[header::LOCATION].to_str().unwrap().to_owned();
        let notice = response.headers()[header::SET_COOKIE].to_str().unwrap();
        let notice = notice.split(';').next().unwrap();
        let cookies = format!("{}; {notice}", self.north.engineer);
        text(self.get(to.split('#').next().unwrap(), &cookies).await).await
    }

    async fn first_pass(&self) -> (u64, u64) {
        let answer = self.read(&self.north.read, "/api/v1/yield").await.json;
        let group = &answer["groups"][0];
        (group["passed"].as_u64().unwrap_or(0), group["n"].as_u64().unwrap_or(0))
    }

    async fn two_runs(&self) -> uuid::Uuid {
        let runs = ocp_run("A/1 ü", "L10", "2026-03-01T00:00:00Z", false)
            + &ocp_run("A/1 ü", "L10", "2026-03-01T01:00:00Z", true);
        self.upload(&self.north.ingest, "/ingest/v1/ocptv", runs).await;
        let mut superuser = self.db.connect("postgres").await;
        sqlx::query_scalar("select id from run order by started_at limit 1")
            .fetch_one(&mut superuser)
            .await
            .unwrap()
    }
}

const UNIT: &str = "/units/A%2F1%20%C3%BC";

#[tokio::test]
async fn a_run_that_is_voided_on_the_page_leaves_the_yield_until_it_is_taken_back() {
    let house = House::new().await;
    let run = house.two_runs().await;
    assert_eq!(house.first_pass().await, (0, 1));
    let page =
        house.done(&format!("{UNIT}/runs/{run}/void"), "reason=fixture+%3Cunplugged%3E").await;
    for expected in
        ["The run is voided.", "fixture &lt;unplugged&gt;", "engineer@north.example", "Restore"]
    {
        assert!(page.contains(expected), "{expected} is not in {page}");
    }
    assert_eq!(house.first_pass().await, (1, 1));
    let viewed = text(house.get(UNIT, &house.north.viewer).await).await;
    assert!(viewed.contains("&lt;unplugged&gt;") && !viewed.contains("Restore"));

    let page = house.done(&format!("{UNIT}/runs/{run}/restore"), "reason=").await;
    assert!(page.contains("The run is restored") && !page.contains("unplugged"), "{page}");
    assert_eq!(house.first_pass().await, (0, 1));
    let written = house.db.count("select count(*) from audit where detail ->> 'reason' = 'fixture <unplugged>' and actor = 'engineer@north.example'").await;
    assert_eq!(written, 1);
}

#[tokio::test]
async fn a_run_is_decided_about_at_its_own_unit_alone() {
    let house = House::new().await;
    let run = house.two_runs().await;
    let other = ocp_run("B", "L10", "2026-03-01T00:00:00Z", false);
    house.upload(&house.north.ingest, "/ingest/v1/ocptv", other).await;
    for act in ["void", "restore"] {
        for unit in ["B", "nobody", "%00"] {
            let path = format!("/units/{unit}/runs/{run}/{act}");
            let answer = house.fill(&house.north.engineer, &path, "reason=x").await;
            assert_eq!(answer.status(), 404, "{path}");
        }
    }
    assert_eq!(house.db.count("select count(*) from run_void").await, 0);
    assert_eq!(house.db.count("select count(*) from audit where action ~ 'void'").await, 0);
}

#[tokio::test]
async fn a_unit_is_made_golden_on_the_page_and_left_to_the_data_again() {
    let house = House::new().await;
    house.two_runs().await;
    let path = format!("{UNIT}/kind");
    let page = house.done(&path, "kind=golden&reason=our+reference").await;
    for expected in
        ["Set to golden", "our reference", "excluded from every yield", "Reset to automatic"]
    {
        assert!(page.contains(expected), "{expected} is not in {page}");
    }
    assert_eq!(house.first_pass().await.1, 0);
    let page = house.done(&path, "kind=data&reason=").await;
    assert!(
        page.contains("The unit type is automatic again") && !page.contains("our reference"),
        "{page}"
    );
    assert_eq!(house.first_pass().await, (0, 1));
    // A unit type that was set before decisions were recorded.
    house.db.superuser("update unit set kind_set = 2").await;
    let page = text(house.get(UNIT, &house.north.viewer).await).await;
    assert!(page.contains("by a person"), "{page}");
}

#[tokio::test]
async fn a_refused_form_is_answered_by_a_page_with_the_reason() {
    let house = House::new().await;
    let run = house.two_runs().await;
    let void = format!("{UNIT}/runs/{run}/void");
    let kind = format!("{UNIT}/kind");
    let long = format!("reason={}", "x".repeat(1001));
    for (path, form, status) in [
        (&void, "reason=++", 400),
        (&void, "", 422),
        (&void, "reason=x&who=me", 422),
        (&void, long.as_str(), 400),
        (&kind, "kind=golden&reason=", 400),
        (&kind, "kind=gold&reason=x", 400),
        (&"/units/nobody/kind".to_owned(), "kind=golden&reason=x", 404),
        (&format!("{UNIT}/runs/nothing/void"), "reason=x", 404),
        (&"/uploads/nothing/replay".to_owned(), "", 404),
    ] {
        let page = house.fill(&house.north.engineer, path, form).await;
        let answered = page.status();
        let page = text(page).await;
        let refused = answered == status || (status == 422 && answered.as_u16() == 400);
        assert!(refused, "{path} {form}: {answered} {page}");
        assert!(page.contains("The request was refused"), "{path} {form}: {page}");
    }
    let page = house.fill(&house.north.viewer, &void, "reason=x").await;
    assert_eq!(page.status(), 403);
    assert!(text(page).await.contains("engineer"));
    // An API client receives a problem document.
    let request = post(&void)
        .header(header::COOKIE, &house.north.engineer)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("reason="));
    let answer = house.call(request.unwrap()).await;
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(house.first_pass().await, (0, 1));
}

#[tokio::test]
async fn a_file_is_read_again_with_other_parameters_and_both_receipts_say_so() {
    let house = House::new().await;
    let body = ocp_run("U1", "L10", "2026-03-01T00:00:00Z", true);
    let at = "/ingest/v1/ocptv?unit=WRONG&started_at=2026-03-02T08:00:00%2B08:00&station=ST-1";
    let first = house.upload(&house.north.ingest, at, body).await;
    let first = first.json["receipt_id"].as_str().unwrap().to_owned();
    let receipt = format!("/t/north/uploads/{first}");
    let page = text(house.get(&receipt, &house.north.engineer).await).await;
    for given in ["value=\"WRONG\"", "value=\"2026-03-02T00:00:00.000000Z\"", "value=\"ST-1\""] {
        assert!(page.contains(given), "{given} is not in {page}");
    }
    let again = format!("{receipt}/replay");
    let page = house
        .done(&again, "unit=RIGHT&station=ST-1&started_at=2026-03-02T00%3A00%3A00.000000Z&slot=")
        .await;
    assert!(
        page.contains("The file was reprocessed.") && page.contains(&format!("href=\"{receipt}\"")),
        "{page}"
    );
    let before = text(house.get(&receipt, &house.north.viewer).await).await;
    assert!(
        before.contains("were replaced by") && !before.contains("Reprocess</button>"),
        "{before}"
    );
    let units = house.read(&house.north.read, "/api/v1/units").await.json;
    assert_eq!(units["items"][0]["serial"], "RIGHT");
    assert_eq!(units["items"].as_array().unwrap().len(), 1);
    // A parameter that is unchanged is not recorded as a change.
    let same = house.db.count("select count(*) from audit where action = 'replay a receipt' and detail -> 'parameters' = '{\"unit\": \"RIGHT\"}'").await;
    assert_eq!(same, 1);
    for form in ["unti=x", "unit=x&unit=y", "started_at=soon"] {
        let page = house.fill(&house.north.engineer, &again, form).await;
        assert_eq!(page.status(), 400, "{form}");
    }
}

#[tokio::test]
async fn a_reading_of_which_nothing_comes_says_so_and_leaves_everything() {
    let house = House::new().await;
    let body = ocp_run("U1", "L10", "2026-03-01T00:00:00Z", true)
        .replace(",\"metadata\":{\"unit_serial\":\"U1\"}", "");
    let first = house.upload(&house.north.ingest, "/ingest/v1/ocptv?unit=U1", body).await;
    let receipt = format!("/uploads/{}", first.json["receipt_id"].as_str().unwrap());
    let page = house.done(&format!("{receipt}/replay"), "unit=").await;
    assert!(page.contains("Reprocessing the file gave no usable data"), "{page}");
    assert!(page.contains("serial number of the unit"), "no remedy in {page}");
    assert_eq!(house.first_pass().await, (1, 1));
    let before = text(house.get(&receipt, &house.north.engineer).await).await;
    assert!(!before.contains("were replaced by"), "{before}");
}
