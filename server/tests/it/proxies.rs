//! The program behind reverse proxies: nginx and HAProxy with the configuration of
//! `docs/deployment.md`, and a connection pooler in front of the database.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::program::{Folder, Server, wait_for};
use crate::support::{TestDb, ocp_run};

/// The path of an installed Debian program; `None` if it is missing, which is printed.
fn installed(name: &str) -> Option<PathBuf> {
    let found = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|program| program.exists());
    if found.is_none() {
        eprintln!("SKIPPED: {name} is not installed");
    }
    found
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// The first code block of a language in docs/deployment.md.
fn documented(language: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/deployment.md");
    let text = fs::read_to_string(path).unwrap();
    let begun = text.split_once(&format!("```{language}\n")).unwrap().1;
    begun.split_once("```").unwrap().0.to_owned()
}

/// A temporary folder that any user may read.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let name = format!("firstpass-proxy-{}", uuid::Uuid::now_v7().simple());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A proxy process, stopped after the test.
struct Proxy {
    child: Child,
    address: String,
    _scratch: Scratch,
}

impl Proxy {
    fn start(command: &mut Command, address: String, scratch: Scratch) -> Self {
        let log = fs::File::create(scratch.0.join("log")).unwrap();
        let child = command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut proxy = Self { child: child.spawn().unwrap(), address, _scratch: scratch };
        wait_for("the proxy to listen", || {
            if let Some(status) = proxy.child.try_wait().unwrap() {
                let log = fs::read_to_string(proxy._scratch.0.join("log")).unwrap();
                panic!("the proxy ended with {status}: {log}");
            }
            TcpStream::connect(&proxy.address).is_ok()
        });
        proxy
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // SIGTERM, because the workers of nginx end with their parent only if it is not killed.
        crate::support::program::signal(self.child.id(), "TERM");
        let _ = self.child.wait();
    }
}

struct Site {
    _server: Server,
    ingest: String,
    read: String,
    address: String,
    _folder: Folder,
}

fn site() -> Site {
    let folder = Folder::new();
    let server = Server::launch(folder.command().args(["serve", "--empty", "--behind-proxy"]));
    folder.say(&["tenant", "add", "north", "--name", "North"], "");
    let token = |scope: &str| {
        let token = folder.say(&["token", "add", "--tenant", "north", "--scope", scope], "");
        token.trim().to_owned()
    };
    let (ingest, read) = (token("ingest"), token("read"));
    Site { address: server.address.clone(), _server: server, ingest, read, _folder: folder }
}

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Sends a complete request and reads the complete response.
fn ask(address: &str, head: &str, body: &[u8]) -> String {
    let mut stream = connect(address);
    let length = body.len();
    write!(
        stream,
        "{head}\r\nHost: portal.example\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    )
    .unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The lines of an event stream.
fn live(address: &str, token: &str) -> impl Iterator<Item = String> {
    let mut stream = connect(address);
    let head = "GET /live HTTP/1.1\r\nHost: portal.example\r\n";
    write!(stream, "{head}Authorization: Bearer {token}\r\n\r\n").unwrap();
    BufReader::new(stream).lines().map(|line| line.expect("the stream stalls"))
}

fn works_through(proxy: &Proxy, site: &Site) {
    let page = ask(&proxy.address, "GET /login HTTP/1.1", b"");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("Sign in"), "{page}");

    let mut events = live(&proxy.address, &site.read);
    let mut event = || events.find(|line| line.starts_with("data: ")).unwrap();
    let first = event();

    // Larger than the buffers of the proxies.
    let mut body = ocp_run("U1", "L10", "2026-03-01T00:00:00Z", true).into_bytes();
    body.resize(3 << 20, b'\n');
    let head = format!("POST /ingest/v1/ocptv HTTP/1.1\r\nAuthorization: Bearer {}", site.ingest);
    let answer = ask(&proxy.address, &head, &body);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"accepted\":1"), "{answer}");
    assert_ne!(event(), first, "what was uploaded is told on the stream");

    let head = "POST /ingest/v1/ocptv HTTP/1.1\r\nAuthorization: Bearer fpt_0";
    let answer = ask(&proxy.address, head, &vec![b'x'; 5 << 20]);
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");

    // A form post of a browser without Sec-Fetch-Site.
    let head = "POST /login HTTP/1.1\r\nOrigin: https://portal.example\r\n\
                Content-Type: application/x-www-form-urlencoded";
    let answer = ask(&proxy.address, head, b"email=a%40b.example&password=x");
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
}

/// A page, an upload that is larger than what proxies buffer, and a refusal. (nginx 1.22 loses
/// an answer that comes before the end of a large body over HTTP/2.)
fn works_over_http2(address: &str, site: &Site) {
    let Some(curl) = installed("curl") else { return };
    let scratch = Scratch::new();
    let mut body = ocp_run("U2", "L10", "2026-03-01T00:00:00Z", true).into_bytes();
    body.resize(3 << 20, b'\n');
    let file = scratch.0.join("body");
    fs::write(&file, body).unwrap();
    let ask = |path: &str, token: Option<&str>| {
        let mut command = Command::new(&curl);
        command.args(["-sS", "--http2-prior-knowledge", "-w", "\n%{http_version} %{http_code}"]);
        if let Some(token) = token {
            command.arg("-H").arg(format!("Authorization: Bearer {token}"));
            let large = format!("@{}", file.display());
            command.arg("--data-binary").arg(if token == "fpt_0" { "x" } else { &large });
        }
        let done = command.arg(format!("http://{address}{path}")).output().unwrap();
        format!(
            "{}{}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        )
    };
    let page = ask("/login", None);
    assert!(page.ends_with("2 200") && page.contains("Sign in"), "{page}");
    let answer = ask("/ingest/v1/ocptv", Some(&site.ingest));
    assert!(answer.ends_with("2 200") && answer.contains("\"accepted\":1"), "{answer}");
    let answer = ask("/ingest/v1/ocptv", Some("fpt_0"));
    assert!(answer.ends_with("2 401"), "{answer}");
}

#[test]
fn everything_passes_through_nginx() {
    let Some(nginx) = installed("nginx") else { return };
    let site = site();
    let (scratch, address, second) = (Scratch::new(), free_address(), free_address());
    let server: String = documented("nginx")
        .replace("127.0.0.1:3000", &site.address)
        .replace("listen 443 ssl;", &format!("listen {address};\nlisten {second} http2;"))
        .lines()
        .filter(|line| !line.contains("ssl_certificate"))
        .fold(String::new(), |text, line| text + line + "\n");
    let paths: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};\n", scratch.0.display()))
        .concat();
    let user = if is_root() { "user root;\n" } else { "" };
    let folder = scratch.0.display();
    let config = scratch.write(
        "nginx.conf",
        &format!(
            "{user}daemon off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}{server}}}\n"
        ),
    );
    let mut command = Command::new(nginx);
    command.arg("-p").arg(&scratch.0).arg("-c").arg(config);
    let proxy = Proxy::start(&mut command, address, scratch);
    works_through(&proxy, &site);
    works_over_http2(&second, &site);
}

#[test]
fn everything_passes_through_haproxy() {
    let Some(haproxy) = installed("haproxy") else { return };
    let site = site();
    let (scratch, address) = (Scratch::new(), free_address());
    let config = documented("haproxy")
        .replace("127.0.0.1:3000", &site.address)
        .replace(":443 ssl crt /etc/ssl/portal.pem", &address);
    let config = scratch.write("haproxy.cfg", &config);
    let mut command = Command::new(haproxy);
    command.arg("-db").arg("-f").arg(config);
    let proxy = Proxy::start(&mut command, address, scratch);
    works_through(&proxy, &site);
}

/// PgBouncer in front of the cluster of a test database.
fn pooler(pgbouncer: &Path, db: &TestDb, mode: &str, settings: &str) -> Proxy {
    let (name, socket) = db.place();
    let (scratch, address) = (Scratch::new(), free_address());
    let (host, port) = address.split_once(':').unwrap();
    let users = ["firstpass_login", "postgres"].map(|user| format!("\"{user}\" \"\"\n"));
    scratch.write("users", &users.concat());
    let folder = scratch.0.display().to_string();
    let config = scratch.write(
        "pgbouncer.ini",
        &format!(
            "[databases]\n{name} = host={socket} dbname={name}\n[pgbouncer]\nlisten_addr = {host}\nlisten_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {folder}/users\npool_mode = {mode}\n{settings}"
        ),
    );
    let mut command = Command::new(pgbouncer);
    if is_root() {
        // It refuses to run as root, and the socket is user postgres's.
        command.args(["-u", "postgres"]);
    }
    command.arg(config);
    Proxy::start(&mut command, address, scratch)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_by_session_serves() {
    let Some(pgbouncer) = installed("pgbouncer") else { return };
    let db = TestDb::new().await;
    let (name, _) = db.place();
    let settings = "ignore_startup_parameters = extra_float_digits, options\n";
    let pooler = pooler(&pgbouncer, &db, "session", settings);
    let url = format!("postgres://firstpass_login@{}/{name}", pooler.address);
    let folder = Folder::new();
    let command = || {
        let mut command = folder.command();
        command.env("DATABASE_URL", &url).env_remove("DATABASE_MIGRATION_URL");
        command
    };
    let said = |arguments: &[&str]| {
        let done = command().args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    };
    said(&["tenant", "add", "north", "--name", "North"]);
    let token = said(&["token", "add", "--tenant", "north", "--scope", "ingest"]);
    let server = Server::launch(command().args(["serve", "--empty"]));
    let head = format!("POST /ingest/v1/ocptv HTTP/1.1\r\nAuthorization: Bearer {token}");
    for hour in 0..3 {
        let run = ocp_run("U1", "L10", &format!("2026-03-01T0{hour}:00:00Z"), true);
        let answer = ask(&server.address, &head, run.as_bytes());
        assert!(answer.contains("\"accepted\":1"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_by_transaction_is_refused_by_name() {
    let Some(pgbouncer) = installed("pgbouncer") else { return };
    let db = TestDb::new().await;
    let (name, _) = db.place();
    for (ignored, said) in [
        ("", "unsupported startup parameter"),
        ("ignore_startup_parameters = extra_float_digits, options\n", "transaction"),
    ] {
        let pooler = pooler(&pgbouncer, &db, "transaction", ignored);
        let refused = Folder::new()
            .command()
            .args(["serve", "--empty", "--addr", "127.0.0.1:0", "--metrics-addr", "off"])
            .env("DATABASE_URL", format!("postgres://firstpass_login@{}/{name}", pooler.address))
            .output()
            .unwrap();
        let why = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{why}");
        assert!(why.contains("connection pooler") && why.contains(said), "{why}");
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
