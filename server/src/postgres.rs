//! The embedded PostgreSQL: one cluster in the data folder. This program creates, starts and
//! stops it with the binaries of the installed server.
//!
//! Several processes may use one cluster concurrently. Each holds a shared lock on
//! `users.lock` while it uses the cluster; a process that exits and gets the exclusive lock is
//! the last one, and stops the server. The kernel releases the lock when a process is
//! killed; the next start adopts a server that is still running.

use std::fs::{self, File, Permissions, TryLockError};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown, symlink};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// Minimum version: older ones lack features that the schema needs.
const MIN_VERSION: u32 = 15;
/// Timeout of a start: crash recovery takes long after many writes.
const START_TIMEOUT: Duration = Duration::from_secs(120);
/// Maximum number of failed starts: retries until the children of a killed server have exited.
const MAX_START_FAILURES: u32 = 10;

/// Collation by code point, equal on every machine; macOS has no C.UTF-8.
const LOCALE: &str = if cfg!(target_os = "macos") { "C" } else { "C.UTF-8" };

/// A cluster that this process uses.
#[derive(Debug)]
pub struct Postgres {
    bin: PathBuf,
    cluster: PathBuf,
    socket: PathBuf,
    user: Option<OsUser>,
    users: File,
}

/// The user that the server runs as if this process is root: PostgreSQL refuses to run as
/// root.
#[derive(Debug, Clone, Copy)]
struct OsUser {
    uid: u32,
    gid: u32,
}

/// Durability of the cluster's data after a crash of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// PostgreSQL's default.
    Full,
    /// Fast without durability, for tests.
    Scratch,
}

impl Postgres {
    /// Creates the cluster of the data folder if there is none, starts it if it is not
    /// running, and registers this process as a user.
    ///
    /// # Errors
    /// A sentence that says what to install or fix.
    pub fn open(data: &Path, durability: Durability) -> Result<Self> {
        fs::create_dir_all(data)
            .with_context(|| format!("cannot make the data folder {}", data.display()))?;
        let data = data.canonicalize()?;
        let user = server_user()?;
        let home = home_of_cluster(&data, user)?;
        let cluster = home.join("postgres");
        let bin = find_binaries(read_major_version(&cluster))?;
        let socket = socket_folder(&home, user)?;
        let users = lock_file(&data.join("users.lock"))?;
        // Serializes starts of the server.
        let start_lock = lock_file(&data.join("turn.lock"))?;
        start_lock.lock().context("cannot lock the data folder")?;
        users.lock_shared().context("cannot lock the data folder")?;
        let postgres = Self { bin, cluster, socket, user, users };
        if !postgres.cluster.join("PG_VERSION").exists() {
            postgres.initialise(durability)?;
        }
        if !postgres.is_running()? {
            postgres.start(durability)?;
        }
        Ok(postgres)
    }

    /// Whether the data folder has a cluster; creates nothing.
    #[must_use]
    pub fn exists(data: &Path) -> bool {
        data.join("postgres").join("PG_VERSION").exists()
    }

    /// The URL of a database of this cluster, for the given role.
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        let mut host = String::new();
        for byte in self.socket.as_os_str().as_encoded_bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                    host.push(char::from(*byte));
                }
                _ => host.push_str(&format!("%{byte:02X}")),
            }
        }
        format!("postgres://{role}@localhost/{database}?host={host}")
    }

    /// The folders that grow: the cluster, and its write-ahead log, which may be on another
    /// disk.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        vec![self.cluster.clone(), self.cluster.join("pg_wal")]
    }

    /// The socket folder, for `psql -h`.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Restarts the server if it has stopped; returns whether it had.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn restart_if_stopped(&self, durability: Durability) -> Result<bool> {
        if self.is_running()? {
            return Ok(false);
        }
        self.start(durability)?;
        Ok(true)
    }

    fn initialise(&self, durability: Durability) -> Result<()> {
        eprintln!("making a PostgreSQL cluster in {} …", self.cluster.display());
        // A killed initdb leaves a partial folder without or, worse, with PG_VERSION:
        // so it writes to a temporary folder, which is renamed when it is complete.
        let temporary = self.cluster.with_extension("new");
        if temporary.exists() {
            fs::remove_dir_all(&temporary)?;
        }
        fs::create_dir(&temporary)?;
        fs::set_permissions(&temporary, Permissions::from_mode(0o700))?;
        self.change_owner(&temporary)?;
        let output = self
            .command("initdb")
            .arg("-D")
            .arg(&temporary)
            .args(["-U", "postgres", "-E", "UTF8", "-A", "trust"])
            .arg(format!("--locale={LOCALE}"))
            .args((durability == Durability::Scratch).then_some("--no-sync"))
            .output()
            .context("cannot run initdb")?;
        if !output.status.success() {
            bail!("initdb failed:\n{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        fs::rename(&temporary, &self.cluster)?;
        Ok(())
    }

    fn start(&self, durability: Durability) -> Result<()> {
        let mut settings = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c unix_socket_permissions=0700 \
             -c max_connections=100 -c shared_buffers=256MB -c max_wal_size=2GB",
            self.socket.display()
        );
        if durability == Durability::Scratch {
            settings.push_str(" -c fsync=off -c synchronous_commit=off -c full_page_writes=off");
        }
        let log = self.cluster.join("server.log");
        let deadline = Instant::now() + START_TIMEOUT;
        let mut failures = 0;
        while Instant::now() < deadline && failures < MAX_START_FAILURES {
            // After a kill -9 of the server its children may hold the shared memory a
            // moment longer, and a server in crash recovery responds late.
            if !self.has_process()? {
                self.command("pg_ctl")
                    .args(["start", "-w", "-s", "-t", "60", "-D"])
                    .arg(&self.cluster)
                    .arg("-l")
                    .arg(&log)
                    .arg("-o")
                    .arg(&settings)
                    // Its children inherit these: a pipe would stay open.
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .status()
                    .context("cannot run pg_ctl")?;
            }
            if self.is_running()? {
                return Ok(());
            }
            failures += u32::from(!self.has_process()?);
            std::thread::sleep(Duration::from_millis(500));
        }
        bail!("PostgreSQL does not start; the end of {}:\n{}", log.display(), tail(&log));
    }

    fn has_process(&self) -> Result<bool> {
        let status = self
            .command("pg_ctl")
            .args(["status", "-s", "-D"])
            .arg(&self.cluster)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("cannot run pg_ctl")?;
        Ok(status.success())
    }

    /// The pid in the pid file may have been reused: the server must be ready
    /// and accept a connection.
    fn is_running(&self) -> Result<bool> {
        let pid_file = fs::read_to_string(self.cluster.join("postmaster.pid")).unwrap_or_default();
        let ready = pid_file.lines().nth(7).is_some_and(|status| status.trim() == "ready");
        Ok(ready
            && self.has_process()?
            && UnixStream::connect(self.socket.join(".s.PGSQL.5432")).is_ok())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        // A working directory that the other user may enter; a process group of its own, so that
        // Ctrl-C only reaches this process and the server keeps running while it drains.
        command.current_dir("/").process_group(0).env("LC_ALL", LOCALE);
        if let Some(user) = self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    fn change_owner(&self, path: &Path) -> Result<()> {
        change_owner(path, self.user)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.users.unlock();
        match self.users.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => return,
        }
        let _ = self
            .command("pg_ctl")
            .args(["stop", "-w", "-s", "-m", "fast", "-t", "30", "-D"])
            .arg(&self.cluster)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// Opens a lock file that only the owner may open: a lock by another user would prevent the
/// start of the server.
fn lock_file(path: &Path) -> Result<File> {
    let cannot = || format!("cannot open {}", path.display());
    let mut options = File::options();
    options.create(true).truncate(false).write(true).mode(0o600);
    let file = options.open(path).with_context(cannot)?;
    // The file may have the permissions of an earlier version.
    file.set_permissions(Permissions::from_mode(0o600)).with_context(cannot)?;
    Ok(file)
}

fn change_owner(path: &Path, user: Option<OsUser>) -> Result<()> {
    if let Some(user) = user {
        chown(path, Some(user.uid), Some(user.gid))
            .with_context(|| format!("cannot give {} to user postgres", path.display()))?;
    }
    Ok(())
}

/// The major version of the cluster, if there is one: only that version can start it.
fn read_major_version(cluster: &Path) -> Option<u32> {
    fs::read_to_string(cluster.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// Finds the folder with `initdb` and `pg_ctl`: `FIRSTPASS_PG_BIN`, the `PATH`, or the newest
/// in the folders of distributions; of the major version of the cluster.
fn find_binaries(major: Option<u32>) -> Result<PathBuf> {
    let named = std::env::var_os("FIRSTPASS_PG_BIN").map(PathBuf::from);
    let on_path = std::env::var_os("PATH");
    // The path may have symbolic links to single programs: the folder of their target has all.
    let on_path = on_path
        .iter()
        .flat_map(std::env::split_paths)
        .filter_map(|folder| folder.join("initdb").canonicalize().ok())
        .filter_map(|initdb| initdb.parent().map(Path::to_owned));
    let mut installed: Vec<PathBuf> =
        ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"]
            .iter()
            .filter_map(|root| fs::read_dir(root).ok())
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .collect();
    installed.sort_by_key(|bin| std::cmp::Reverse(version(bin)));
    let found = match named {
        Some(bin) => Some(bin),
        None => on_path.chain(installed).find(|bin| {
            version(bin)
                .is_some_and(|found| found >= MIN_VERSION && major.is_none_or(|m| m == found))
        }),
    };
    let Some(bin) = found else {
        if let Some(major) = major {
            bail!(
                "the database was made by PostgreSQL {major}, which is not found: install it, name its folder in FIRSTPASS_PG_BIN, or move the data with pg_upgrade"
            );
        }
        bail!(
            "no PostgreSQL {MIN_VERSION} or newer was found: install it (Debian: apt-get install postgresql), name its folder in FIRSTPASS_PG_BIN, or name a database in DATABASE_URL"
        );
    };
    match version(&bin) {
        Some(found) if major.is_some_and(|major| major != found) => bail!(
            "{} has PostgreSQL {found}, and the database was made by another version",
            bin.display()
        ),
        Some(version) if version >= MIN_VERSION => Ok(bin),
        Some(version) => {
            bail!("{} has PostgreSQL {version}; {MIN_VERSION} or newer is needed", bin.display())
        }
        None => bail!("FIRSTPASS_PG_BIN: no PostgreSQL server in {}", bin.display()),
    }
}

fn version(bin: &Path) -> Option<u32> {
    if !bin.join("initdb").exists() {
        return None;
    }
    let output = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    // "postgres (PostgreSQL) 15.18 (Debian …)"
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().nth(2)?.split(['.', 'd', 'b', 'r']).next()?.parse().ok()
}

/// The user of the server: `postgres` if this process is root, otherwise its own user.
fn server_user() -> Result<Option<OsUser>> {
    // /proc/self belongs to the user of the process; systems without /proc do not support
    // running as root.
    if !fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    let entry = passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == "postgres").then_some(())?;
        Some(OsUser { uid: fields.nth(1)?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    });
    match entry {
        Some(user) => Ok(Some(user)),
        None => bail!(
            "PostgreSQL does not run as root and there is no user postgres: make one (useradd --system postgres) or run firstpass as another user"
        ),
    }
}

/// The data folder itself or, if the server's user has no access to it, a folder
/// under /var/lib.
fn home_of_cluster(data: &Path, user: Option<OsUser>) -> Result<PathBuf> {
    if user.is_none() || data.ancestors().all(open_to_others) {
        return Ok(data.to_owned());
    }
    let home = PathBuf::from("/var/lib/firstpass").join(short_hash(data));
    if !home.exists() {
        eprintln!(
            "user postgres cannot reach {}: its cluster is in {}",
            data.display(),
            home.display()
        );
        fs::create_dir_all(&home)?;
    }
    // So that the cluster can be found from the data folder.
    let link = data.join("postgres");
    if link.symlink_metadata().is_err() {
        symlink(home.join("postgres"), link)?;
    }
    Ok(home)
}

fn open_to_others(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|meta| meta.permissions().mode() & 0o001 != 0)
}

/// Creates the socket folder: next to the cluster if its path is short enough for a socket, or
/// under /tmp. Only the server's user (and root) has access: this protects the database.
fn socket_folder(home: &Path, user: Option<OsUser>) -> Result<PathBuf> {
    /// Maximum length: that of `sun_path`, minus PostgreSQL's name of its socket.
    const MAX_PATH_BYTES: usize = 103 - "/.s.PGSQL.5432.lock".len();
    let in_home = home.join("socket");
    let folder = if in_home.as_os_str().len() <= MAX_PATH_BYTES {
        in_home
    } else if user.is_some() {
        let folder = PathBuf::from("/var/lib/firstpass").join(short_hash(home));
        fs::create_dir_all(&folder)?;
        folder.join("socket")
    } else {
        PathBuf::from("/tmp").join(format!("firstpass-{}", short_hash(home)))
    };
    match fs::create_dir(&folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        made => made.with_context(|| format!("cannot make {}", folder.display()))?,
    }
    // In a world-writable folder, another user may have created it.
    let found = fs::symlink_metadata(&folder)?;
    let expected_owner = user.map_or(fs::metadata(home)?.uid(), |user| user.uid);
    if !found.is_dir()
        || (found.uid() != expected_owner && found.uid() != fs::metadata(home)?.uid())
    {
        bail!("{} is not a folder of ours: remove it", folder.display());
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o700))?;
    change_owner(&folder, user)?;
    Ok(folder)
}

fn short_hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

fn tail(log: &Path) -> String {
    let mut text = String::new();
    if let Ok(mut file) = File::open(log) {
        let _ = file.read_to_string(&mut text);
    }
    let lines: Vec<&str> = text.lines().rev().take(8).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
