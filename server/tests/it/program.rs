//! The program itself: started, killed, started again, and its commands beside it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::{TestDb, ocp_run};

/// A data folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("program-{}", uuid::Uuid::now_v7().simple());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_firstpass"));
        command.env_clear();
        for kept in ["PATH", "HOME", "FIRSTPASS_PG_BIN"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.env("FIRSTPASS_DATA", &self.0).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// What a command that must succeed says.
    fn say(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn postmaster(&self) -> Option<u32> {
        let text = std::fs::read_to_string(self.0.join("postgres/postmaster.pid")).ok()?;
        text.lines().next()?.parse().ok()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(pid) = self.postmaster() {
            signal(pid, "INT");
            wait_for("PostgreSQL to stop", || self.postmaster().is_none());
        }
        // Where user postgres cannot reach the folder, the cluster is a link to elsewhere.
        let cluster = self.0.join("postgres");
        if cluster.is_symlink()
            && let Ok(elsewhere) = cluster.canonicalize()
            && let Some(home) = elsewhere.parent()
        {
            let _ = std::fs::remove_dir_all(home);
        }
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &Folder) -> Self {
        Self::launch(folder.command().args(["serve", "--empty"]))
    }

    fn launch(command: &mut Command) -> Self {
        let mut child = command
            .args(["--addr", "127.0.0.1:0", "--metrics-addr", "off"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready =
            lines.find_map(|line| line.unwrap().strip_prefix("ready http://").map(str::to_owned));
        Self { child, address: ready.expect("the server ended before it was ready") }
    }

    fn request(&self, head: &str, body: &str) -> Option<String> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        let length = body.len();
        write!(
            stream,
            "{head}\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    fn is_ready(&self) -> bool {
        self.request("GET /readyz HTTP/1.1", "")
            .is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    fn stop(mut self) -> Option<i32> {
        signal(self.child.id(), "TERM");
        self.child.wait().unwrap().code()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn signal(pid: u32, name: &str) {
    let _ = Command::new("kill").args([format!("-{name}"), pid.to_string()]).status();
}

fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let give_up = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < give_up, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_killed_server_or_database_does_not_spoil_the_next_start() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    assert!(server.is_ready());
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

    // Both at once.
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
    let launch = || Server::launch(folder.command().arg("serve"));
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(launch);
        let second = scope.spawn(launch);
        (first.join().unwrap(), second.join().unwrap())
    });
    assert_eq!(folder.say(&["tenant", "list"], "").lines().count(), 2);
    let people = folder.0.join("demo-people.json");
    let mode = std::os::unix::fs::PermissionsExt::mode(&people.metadata().unwrap().permissions());
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
fn a_database_out_of_reach_is_its_own_exit_code() {
    let folder = Folder::new();
    let output = folder
        .command()
        .args(["tenant", "list"])
        .env("DATABASE_URL", "postgres://firstpass_login@127.0.0.1:1/firstpass")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
}
