//! Contract tests of the API against its OpenAPI document: schemathesis generates requests from the
//! document, against a server with the demo's data, with the credentials of a token and of a user.
//! No response may be a server error or violate the document.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::counts::Counts;
use crate::process::{answer, command, on_path, output, run};
use crate::workspace::Workspace;

/// Pinned for reproducibility.
const VERSION: &str = "4.32.5";
/// The maximum number of requests per operation.
const EXAMPLES: &str = "20";
/// The time limit in seconds for the requests of one credential.
const SECONDS: &str = "75";
/// The checks of a response: no server error, and a status, a content type and a body that conform
/// to the document.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/// Prints the cookie of a session.
const SIGN_IN: &str = "import sys, json, urllib.request as u; r = u.urlopen(u.Request(sys.argv[1] + '/api/v1/sessions', json.dumps({'email': sys.argv[2], 'password': sys.argv[3]}).encode(), {'content-type': 'application/json'})); print('; '.join(c.split(';')[0] for c in r.headers.get_all('set-cookie')))";

/// Finds or installs a Python environment with schemathesis in the cache, and returns its folder.
///
/// # Errors
/// When it is not available, such as when the package index is unreachable.
fn find_or_install(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.cache.join(format!("schemathesis-{VERSION}"));
    let programs = folder.join("bin");
    if answer(command(programs.join("schemathesis")).arg("--version")).is_some() {
        return Ok(programs);
    }
    let python = on_path(&["python3", "python"]).context("there is no Python")?;
    fs::create_dir_all(&workspace.cache)?;
    run(command(python).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = command(programs.join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"])
        .args(["--retries=1", "--timeout=20"])
        .arg(format!("schemathesis=={VERSION}"))
        .stdout(std::io::stderr());
    run(&mut pip)?;
    Ok(programs)
}

/// Runs the stage, or returns why it cannot run.
pub(crate) fn test(workspace: &Workspace) -> Result<Result<Counts, String>> {
    let programs = match find_or_install(workspace) {
        Ok(programs) => programs,
        Err(why) => return Ok(Err(format!("{why:#}"))),
    };
    run(workspace.cargo().args(["build", "--workspace", "--bin", "firstpass"]))?;
    let server = Server::start(workspace)?;
    let mut token = program(&server.binary, &server.folder);
    token.args(["token", "add", "--tenant", "northwind", "--scope", "ingest,read"]);
    let token = output(&mut token)?;
    let mut sign_in = command(programs.join("python"));
    sign_in.args(["-c", SIGN_IN, &server.url, &server.engineer.0, &server.engineer.1]);
    let cookie = output(&mut sign_in)?;
    let mut counts = Counts::default();
    for header in
        [format!("Authorization: Bearer {}", token.trim()), format!("Cookie: {}", cookie.trim())]
    {
        let mut requests = command(programs.join("schemathesis"));
        requests
            .args(["run", &format!("{}/api/v1/openapi.json", server.url)])
            .args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing"])
            .args(["--max-examples", EXAMPLES, "--max-time", SECONDS, "--seed", "1"])
            .args(["--no-shrink", "--suppress-health-check", "all", "--warnings", "off"])
            // These end the session of the other requests, or create new ones.
            // A figure over all runs in a build for development, on a machine that does more.
            .args(["--request-timeout", "30"])
            .args(["--exclude-tag", "Sessions"])
            .args(["-H", &header])
            .current_dir(&server.folder);
        match run(&mut requests) {
            Ok(()) => counts.passed += 1,
            Err(why) => {
                eprintln!("error: {why:#}");
                counts.failed += 1;
            }
        }
    }
    Ok(Ok(counts))
}

/// A server with the demo's data in a temporary folder, stopped on drop.
struct Server {
    process: Child,
    binary: PathBuf,
    folder: PathBuf,
    url: String,
    /// E-mail and password of an engineer.
    engineer: (String, String),
}

impl Server {
    fn start(workspace: &Workspace) -> Result<Self> {
        let binary = workspace.target.join("debug").join(format!("firstpass{EXE_SUFFIX}"));
        let folder = workspace.target.join("tmp").join(format!("contract-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let mut serve = program(&binary, &folder);
        serve.args(["serve", "--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0"]);
        serve.args(["--demo-runs", "5000"]).stdout(Stdio::piped());
        let mut process = serve.spawn().context("cannot start the server")?;
        let lines = BufReader::new(process.stdout.take().context("no standard output")?).lines();
        let (mut url, mut engineer) = (None, None);
        for line in lines {
            let line = line?;
            match line.split_whitespace().collect::<Vec<_>>().as_slice() {
                ["demo", email, password, "engineer"] if engineer.is_none() => {
                    engineer = Some(((*email).to_owned(), (*password).to_owned()));
                }
                ["ready", address] => {
                    url = Some((*address).to_owned());
                    break;
                }
                _ => {}
            }
        }
        let server = Self {
            process,
            binary,
            folder,
            url: url.unwrap_or_default(),
            engineer: engineer.unwrap_or_default(),
        };
        ensure!(!server.url.is_empty(), "the server did not become ready");
        ensure!(!server.engineer.0.is_empty(), "the demo has no engineer");
        Ok(server)
    }
}

/// A command that runs the program in that folder.
fn program(binary: &Path, folder: &Path) -> Command {
    let mut program = command(binary);
    for name in ["DATABASE_URL", "DATABASE_MIGRATION_URL"] {
        program.env_remove(name);
    }
    program.env("FIRSTPASS_DATA", folder).stdin(Stdio::null());
    program
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGTERM: a graceful shutdown, which stops its PostgreSQL.
        let _ = command("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
