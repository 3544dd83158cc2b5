//! `/readyz`: which conditions make a server not ready.

use axum::body::Body;
use server::resources::disk::Disk;
use server::router::router;
use server::state::{AppState, Limits};
use tower::ServiceExt;

use crate::support::program::{Folder, Server, signal, wait_for};
use crate::support::{Answer, House, get};

/// The response of a server whose database is on this disk.
async fn ready(house: &House, disk: Disk) -> (u16, serde_json::Value) {
    let state = AppState::with_disk(disk, house.db.store.clone(), Limits::default());
    let request = get("/readyz").body(Body::empty()).unwrap();
    let answer = Answer::of(router(state).oneshot(request).await.unwrap()).await;
    (answer.status, answer.json)
}

fn local() -> Disk {
    Disk::new(vec![std::env::temp_dir()], 1)
}

#[tokio::test]
async fn a_fault_of_this_server_alone_takes_it_out_of_service() {
    let house = House::new().await;
    let (status, answer) = ready(&house, local()).await;
    assert_eq!((status, &answer["fault"]), (200, &serde_json::Value::Null), "{answer}");

    let full = Disk::new(vec![std::env::temp_dir()], u64::MAX / 2);
    let (status, answer) = ready(&house, full).await;
    assert_eq!((status, answer["fault"].as_str()), (503, Some("disk full")), "{answer}");

    // Simulates a damaged installation: no temporary tables, so no upload.
    let revoke = "do $$ begin
        execute format('revoke temporary on database %I from public', current_database());
    end $$";
    house.db.superuser(revoke).await;
    let (status, answer) = ready(&house, local()).await;
    let fault = Some("broken database installation");
    assert_eq!((status, answer["fault"].as_str()), (503, fault), "{answer}");
    // The disk of a remote database is the same for every server.
    let (status, answer) = ready(&house, Disk::external()).await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn a_schema_that_this_program_does_not_know_takes_it_out_of_service() {
    let house = House::new().await;
    house
        .db
        .superuser(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (9999, 'from the future', true, '', 0)",
        )
        .await;
    let (status, answer) = ready(&house, Disk::external()).await;
    assert_eq!((status, answer["fault"].as_str()), (503, Some("wrong schema version")), "{answer}");
}

#[test]
fn a_server_is_not_ready_before_it_is_and_while_it_drains() {
    let folder = Folder::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let mut server = Server {
        child: folder
            .command()
            .args(["serve", "--demo-runs", "300", "--metrics-addr", "off", "--addr", &address])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap(),
        address,
    };
    let readiness = |server: &Server| server.request("GET /readyz HTTP/1.1", "");
    wait_for("an answer while it starts", || {
        readiness(&server).is_some_and(|answer| {
            answer.starts_with("HTTP/1.1 503") && answer.contains("\"fault\":\"starting\"")
        })
    });
    let answer = server.request("GET / HTTP/1.1", "").unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after"), "{answer}");
    wait_for("the server to be ready", || server.is_ready());

    signal(server.child.id(), "TERM");
    wait_for("a new connection to be answered while it drains", || {
        readiness(&server).is_some_and(|answer| {
            answer.starts_with("HTTP/1.1 503") && answer.contains("\"draining\":true")
        })
    });
    // A second signal skips the time in which load balancers notice.
    signal(server.child.id(), "TERM");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}
