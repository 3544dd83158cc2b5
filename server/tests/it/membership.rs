//! People of several tenants, suspended tenants, and slugs that change.

use domain::Role;
use http::header;
use server::commands::tenants::{self, TenantChange};
use server::commands::users::{self, Added, Who};
use store::Principal;

use crate::support::{House, now, text};

fn console() -> Principal {
    Principal::console(None)
}

async fn change(house: &House, slug: &str, change: TenantChange<'_>) {
    tenants::change(&house.db.store, &console(), slug, change, now()).await.unwrap();
}

async fn add_to_south(house: &House, role: Role) {
    let who = Who { email: "Engineer@north.example", tenant: Some("south") };
    let added = users::add(&house.db.store, &console(), who, role, "unused", now()).await;
    assert_eq!(added.unwrap(), Added::Membership);
}

#[tokio::test]
async fn a_person_of_two_tenants_has_a_role_in_each_and_names_the_one_that_is_meant() {
    let house = House::new().await;
    let engineer = &house.north.engineer;
    let raw = "/api/v1/receipts/00000000-0000-0000-0000-000000000000/raw";
    assert_eq!(house.ask("GET", raw, engineer, "").await.status, 404);
    add_to_south(&house, Role::Viewer).await;

    assert_eq!(house.ask("GET", raw, engineer, "").await.status, 400, "which tenant?");
    let of = |slug: &str| format!("{raw}?tenant={slug}");
    assert_eq!(house.ask("GET", &of("north"), engineer, "").await.status, 404);
    assert_eq!(house.ask("GET", &of("south"), engineer, "").await.status, 403, "a viewer there");
    assert_eq!(house.ask("GET", &of("west"), engineer, "").await.status, 404);

    let home = house.get_as_is("/", engineer).await;
    assert_eq!(home.status(), 200);
    let home = text(home).await;
    assert!(home.contains("/t/north/") && home.contains("/t/south/"), "{home}");
    assert!(!home.contains("recorded under your name"), "{home}");
    let south = text(house.get_as_is("/t/south/", engineer).await).await;
    assert!(south.contains("south &amp; Sons") && south.contains("All partners"), "{south}");

    // Disabled in one tenant, the person keeps access to the other.
    let south = Who { email: "engineer@north.example", tenant: Some("south") };
    users::disable(&house.db.store, &console(), south, now()).await.unwrap();
    assert_eq!(house.get_as_is("/t/south/", engineer).await.status(), 303, "sessions ended");
    let listed = users::list(&house.db.store, &console(), Some("north"), now()).await.unwrap();
    let engineer = listed.iter().find(|it| it.email == "engineer@north.example").unwrap();
    assert!(engineer.disabled_at.is_none() && engineer.role == "engineer");
}

#[tokio::test]
async fn nobody_becomes_a_member_twice_and_no_internal_person_at_all() {
    let house = House::new().await;
    house.internal(Role::Operator).await;
    let listed = users::list(&house.db.store, &console(), None, now()).await.unwrap();
    let internal = listed.iter().find(|it| it.tenant.is_none()).unwrap();
    for email in ["viewer@south.example", &internal.email] {
        let who = Who { email, tenant: Some("south") };
        let added = users::add(&house.db.store, &console(), who, Role::Viewer, "x", now()).await;
        assert!(added.unwrap_err().to_string().contains("already"), "{email}");
    }
}

#[tokio::test]
async fn a_suspended_tenant_is_closed_at_once_and_open_again_when_resumed() {
    let house = House::new().await;
    let (viewer, read) = (house.north.viewer.clone(), house.north.read.clone());
    let admin = house.internal(Role::Admin).await;
    let suspended = |suspended| TenantChange { suspended: Some(suspended), ..Default::default() };
    change(&house, "north", suspended(true)).await;
    let refused = house.ask("GET", "/api/v1/yield", &viewer, "").await;
    assert_eq!(refused.status, 403);
    assert!(refused.json.to_string().contains("suspended"), "{:?}", refused.json);
    assert_eq!(house.read(&read, "/api/v1/yield").await.status, 401);
    assert_eq!(house.get_as_is("/t/north/units", &viewer).await.status(), 403);
    assert_eq!(house.get_as_is("/account", &viewer).await.status(), 200);
    assert_eq!(house.get_as_is("/t/north/units", &admin).await.status(), 200);
    assert_eq!(house.read(&house.south.read, "/api/v1/yield").await.status, 200);

    change(&house, "north", suspended(false)).await;
    assert_eq!(house.read(&read, "/api/v1/yield").await.status, 200);
    assert_eq!(house.get_as_is("/t/north/units", &viewer).await.status(), 200);
}

#[tokio::test]
async fn a_changed_slug_leads_on_for_its_members_and_is_not_given_to_another() {
    let house = House::new().await;
    let rename = TenantChange { slug: Some("northwest"), ..Default::default() };
    change(&house, "north", rename).await;
    let moved = house.get_as_is("/t/north/units?q=a%26b", &house.north.viewer).await;
    assert_eq!(moved.status(), 308);
    assert_eq!(moved.headers()[header::LOCATION], "/t/northwest/units?q=a%26b");
    let stranger = house.get_as_is("/t/north/units", &house.south.viewer).await;
    assert_eq!(stranger.status(), 404);
    assert_eq!(house.get_as_is("/t/northwest/units", &house.north.viewer).await.status(), 200);

    let steal = TenantChange { slug: Some("north"), ..Default::default() };
    let stolen = tenants::change(&house.db.store, &console(), "south", steal, now()).await;
    assert!(stolen.unwrap_err().to_string().contains("another tenant"));
    // The tenant may take its former slug again.
    change(&house, "northwest", steal).await;
    assert_eq!(house.get_as_is("/t/north/units", &house.north.viewer).await.status(), 200);
}
