//! The program with its own data folder, and a server process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A temporary data folder.
pub struct Folder {
    pub path: PathBuf,
}

impl Folder {
    pub fn new() -> Self {
        let name = format!("program-{}", uuid::Uuid::now_v7().simple());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self { path }
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_firstpass"));
        command.env_clear();
        for kept in ["PATH", "HOME", "FIRSTPASS_PG_BIN"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.env("FIRSTPASS_DATA", &self.path).stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
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

    /// Runs a command that must succeed, and returns its output.
    pub fn say(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn postmaster(&self) -> Option<u32> {
        self.postmaster_says(0)?.parse().ok()
    }

    /// The folder of the database socket.
    pub fn socket(&self) -> Option<String> {
        self.postmaster_says(4)
    }

    fn postmaster_says(&self, line: usize) -> Option<String> {
        let text = std::fs::read_to_string(self.path.join("postgres/postmaster.pid")).ok()?;
        text.lines().nth(line).map(str::to_owned)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(pid) = self.postmaster() {
            signal(pid, "INT");
            wait_for("PostgreSQL to stop", || self.postmaster().is_none());
        }
        // If the user postgres has no access to the folder, the cluster is a symbolic link.
        let cluster = self.path.join("postgres");
        if cluster.is_symlink()
            && let Ok(elsewhere) = cluster.canonicalize()
            && let Some(home) = elsewhere.parent()
        {
            let _ = std::fs::remove_dir_all(home);
        }
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

pub struct Server {
    pub child: Child,
    pub address: String,
}

impl Drop for Server {
    /// Kills the server, also if the test fails.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub fn start(folder: &Folder) -> Self {
        Self::launch(folder.command().args(["serve", "--empty"]))
    }

    pub fn launch(command: &mut Command) -> Self {
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

    pub fn request(&self, head: &str, body: &str) -> Option<String> {
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

    pub fn is_ready(&self) -> bool {
        self.request("GET /readyz HTTP/1.1", "").is_some_and(|answer| {
            answer.starts_with("HTTP/1.1 200") && answer.contains("\"database\":true")
        })
    }

    /// Stops the server. A second signal skips the time in which load balancers notice.
    pub fn stop(mut self) -> Option<i32> {
        wait_for("the server to end", || {
            signal(self.child.id(), "TERM");
            self.child.try_wait().unwrap().is_some()
        });
        self.child.wait().unwrap().code()
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub fn signal(pid: u32, name: &str) {
    let _ = Command::new("kill").args([format!("-{name}"), pid.to_string()]).status();
}

pub fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let give_up = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < give_up, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
