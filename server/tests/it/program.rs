//! The program: start, kill, restart, and commands while it runs.

use std::os::unix::fs::PermissionsExt;

use crate::support::program::{Folder, Server, signal, wait_for};
use crate::support::{TestDb, ocp_run};

#[test]
fn a_killed_server_or_database_does_not_spoil_the_next_start() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    assert!(server.is_ready());
    for lock in ["users.lock", "turn.lock"] {
        let permissions = folder.path.join(lock).metadata().unwrap().permissions();
        assert_eq!(permissions.mode() & 0o777, 0o600, "{lock}");
    }
    let survivor = folder.postmaster().unwrap();
    server.kill();
    assert_eq!(folder.postmaster(), Some(survivor), "the database outlives its server");

    let server = Server::start(&folder);
    assert_eq!(folder.postmaster(), Some(survivor), "and is adopted by the next");
    signal(survivor, "KILL");
    wait_for("the database to be started again", || {
        folder.postmaster().is_some_and(|pid| pid != survivor) && server.is_ready()
    });
    let second = folder.postmaster().unwrap();

    // Both at the same time.
    server.kill();
    signal(second, "KILL");
    let server = Server::start(&folder);
    assert!(server.is_ready());
    assert_eq!(server.stop(), Some(0));
    assert_eq!(folder.postmaster(), None, "the last to leave stops the database");
}

#[test]
fn the_commands_work_while_it_serves_and_while_it_does_not() {
    let folder = Folder::new();
    folder.say(&["tenant", "add", "north", "--name", "North", "--timezone", "Asia/Taipei"], "");
    assert_eq!(folder.postmaster(), None, "the command stopped what it had started");

    let server = Server::start(&folder);
    assert_eq!(folder.say(&["tenant", "list"], ""), "north\tAsia/Taipei\tNorth\n");
    let add = ["user", "add", "q@north.example", "--tenant", "north", "--role", "engineer"];
    let generated = folder.say(&add, "");
    assert_eq!(generated.lines().last().unwrap().len(), 19);
    let taken = folder.run(&add, "");
    assert_eq!(taken.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&taken.stderr).contains("q@north.example already"));
    folder.say(
        &["user", "add", "a@maker.example", "--internal", "admin", "--password-stdin"],
        "a long password\n",
    );
    let token = folder.say(
        &["token", "add", "--tenant", "north", "--scope", "ingest,read", "--expires", "30d"],
        "",
    );

    let head = format!("POST /ingest/v1/ocptv HTTP/1.1\r\nAuthorization: Bearer {}", token.trim());
    let answer =
        server.request(&head, &ocp_run("U1", "L10", "2026-03-01T00:00:00Z", true)).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"accepted\":1"), "{answer}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn two_servers_share_a_database_and_one_demo() {
    let folder = Folder::new();
    let launch = || Server::launch(folder.command().args(["serve", "--demo-runs", "300"]));
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(launch);
        let second = scope.spawn(launch);
        (first.join().unwrap(), second.join().unwrap())
    });
    assert_eq!(folder.say(&["tenant", "list"], "").lines().count(), 3);
    let kept = folder.path.join("demo.json");
    let mode = kept.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    assert_eq!(first.stop(), Some(0));
    assert!(second.is_ready(), "the database stays while somebody uses it");
    assert_eq!(second.stop(), Some(0));
    assert_eq!(folder.postmaster(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_ones_own_is_used_as_the_unprivileged_login() {
    let db = TestDb::new().await;
    let folder = Folder::new();
    let login = db.url("firstpass_login");
    let server =
        Server::launch(folder.command().args(["serve", "--empty"]).env("DATABASE_URL", &login));
    assert!(server.is_ready());
    assert_eq!(folder.postmaster(), None, "no database of our own beside it");
    assert_eq!(server.stop(), Some(0));

    let privileged = db.url("postgres");
    let refused = folder
        .command()
        .args(["serve", "--empty", "--addr", "127.0.0.1:0", "--metrics-addr", "off"])
        .env("DATABASE_URL", &privileged)
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("superuser"));
}

#[test]
fn what_is_wrong_with_a_command_is_named() {
    let folder = Folder::new();
    for (arguments, named) in [
        (&["serve", "--addr", "here"][..], "--addr"),
        (&["serve", "--addr", "0.0.0.0:0"], "--behind-proxy"),
        (&["serve", "--config", "/nowhere.toml"], "/nowhere.toml"),
        (&["serve", "--line-depth", "128"], "line-depth is a number from 1 to 127"),
        (&["serve", "--upload-rate", "0"], "upload-rate is a number from 1"),
        (&["serve", "--upload-bytes", "64MiB"], "--upload-bytes"),
        (&["tenant", "add", "a b", "--name", "x"], "a b"),
        (&["tenant", "add", "x", "--name", "x", "--timezone", "Mars"], "--timezone"),
        (&["user", "add", "x@y.example", "--tenant", "nobody", "--role", "viewer"], "nobody"),
        (&["user", "add", "x@y.example", "--internal", "viewer"], "--internal"),
        (&["token", "add", "--tenant", "x", "--scope", "everything"], "--scope"),
    ] {
        let output = folder.run(arguments, "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(named), "{arguments:?}: {said}");
    }
}

#[test]
fn an_unreachable_database_has_its_own_exit_code() {
    let folder = Folder::new();
    let output = folder
        .command()
        .args(["tenant", "list"])
        .env("DATABASE_URL", "postgres://firstpass_login@127.0.0.1:1/firstpass")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
}
