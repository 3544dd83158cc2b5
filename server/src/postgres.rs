//! The embedded PostgreSQL: one cluster in the data folder, made, started and stopped
//! by this program with the binaries of the installed server.
//!
//! Several processes may use one cluster at once. Each holds a shared lock on
//! `users.lock` for as long as it does; whoever leaves and can take the lock alone was
//! the last, and stops the server. The kernel gives the lock back when a process is
//! killed, and a server that survived its killer is adopted by the next start.

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

/// PostgreSQL older than this lacks what the schema relies on.
const OLDEST: u32 = 15;
/// Mending itself after a crash takes PostgreSQL a while when much was written.
const START_PATIENCE: Duration = Duration::from_secs(120);
/// Children of a killed server are gone sooner than this many tries take.
const START_FAILURES: u32 = 10;

/// Order by code point, the same on every machine; macOS has no C.UTF-8.
const LOCALE: &str = if cfg!(target_os = "macos") { "C" } else { "C.UTF-8" };

/// A cluster in use by this process.
#[derive(Debug)]
pub struct Postgres {
    bin: PathBuf,
    cluster: PathBuf,
    socket: PathBuf,
    user: Option<OsUser>,
    users: File,
}

/// The operating system's user that the server runs as, when we are root: PostgreSQL
/// refuses to be.
#[derive(Debug, Clone, Copy)]
struct OsUser {
    uid: u32,
    gid: u32,
}

/// How safe the cluster's data are against a crash of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As PostgreSQL does it.
    Full,
    /// Fast and forgetful, for tests.
    Scratch,
}

impl Postgres {
    /// Makes the cluster of the data folder if there is none, starts it if it is not
    /// running, and holds it for this process.
    ///
    /// # Errors
    /// A sentence that says what to install or mend.
    pub fn open(data: &Path, durability: Durability) -> Result<Self> {
        fs::create_dir_all(data)
            .with_context(|| format!("cannot make the data folder {}", data.display()))?;
        let data = data.canonicalize()?;
        let user = server_user()?;
        let home = home_of_cluster(&data, user)?;
        let cluster = home.join("postgres");
        let bin = find_binaries(major_of(&cluster))?;
        let socket = socket_folder(&home, user)?;
        let users = lock_file(&data.join("users.lock"))?;
        // While one starts or stops the server, the others wait.
        let turn = lock_file(&data.join("turn.lock"))?;
        turn.lock().context("cannot lock the data folder")?;
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

    /// Whether the data folder has a cluster; nothing is made.
    #[must_use]
    pub fn exists(data: &Path) -> bool {
        data.join("postgres").join("PG_VERSION").exists()
    }

    /// The address of a database of this cluster, for the given role.
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

    /// The folders that grow, where they really are: the cluster, and its log of changes,
    /// which some keep on another disk.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        vec![self.cluster.clone(), self.cluster.join("pg_wal")]
    }

    /// The socket folder, for `psql -h`.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Starts the server again if it went away under us; says whether it had.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn revive(&self, durability: Durability) -> Result<bool> {
        if self.is_running()? {
            return Ok(false);
        }
        self.start(durability)?;
        Ok(true)
    }

    fn initialise(&self, durability: Durability) -> Result<()> {
        eprintln!("making a PostgreSQL cluster in {} …", self.cluster.display());
        // A run of initdb that was killed leaves a folder without PG_VERSION or, worse,
        // with one: so it works beside, and the finished folder is moved into place.
        let beside = self.cluster.with_extension("new");
        if beside.exists() {
            fs::remove_dir_all(&beside)?;
        }
        fs::create_dir(&beside)?;
        fs::set_permissions(&beside, Permissions::from_mode(0o700))?;
        self.give(&beside)?;
        let output = self
            .command("initdb")
            .arg("-D")
            .arg(&beside)
            .args(["-U", "postgres", "-E", "UTF8", "-A", "trust"])
            .arg(format!("--locale={LOCALE}"))
            .args((durability == Durability::Scratch).then_some("--no-sync"))
            .output()
            .context("cannot run initdb")?;
        if !output.status.success() {
            bail!("initdb failed:\n{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        fs::rename(&beside, &self.cluster)?;
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
        let give_up = Instant::now() + START_PATIENCE;
        let mut failures = 0;
        while Instant::now() < give_up && failures < START_FAILURES {
            // After a kill -9 of the server its children may hold the shared memory a
            // moment longer, and a server that is mending itself answers late.
            if !self.has_process()? {
                self.command("pg_ctl")
                    .args(["start", "-w", "-s", "-t", "60", "-D"])
                    .arg(&self.cluster)
                    .arg("-l")
                    .arg(&log)
                    .arg("-o")
                    .arg(&settings)
                    // Its children inherit these: a pipe of ours would never end.
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

    /// The process of the pid file may be anything by now: it must say that it is ready
    /// and take a connection.
    fn is_running(&self) -> Result<bool> {
        let pid_file = fs::read_to_string(self.cluster.join("postmaster.pid")).unwrap_or_default();
        let ready = pid_file.lines().nth(7).is_some_and(|status| status.trim() == "ready");
        Ok(ready
            && self.has_process()?
            && UnixStream::connect(self.socket.join(".s.PGSQL.5432")).is_ok())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        // A folder that the other user may enter; a group of its own, so that Ctrl-C
        // reaches us alone and the server outlives our draining.
        command.current_dir("/").process_group(0).env("LC_ALL", LOCALE);
        if let Some(user) = self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    fn give(&self, path: &Path) -> Result<()> {
        give(path, self.user)
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

/// Only the owner may open it: whoever can lock it can keep the server from starting.
fn lock_file(path: &Path) -> Result<File> {
    let cannot = || format!("cannot open {}", path.display());
    let mut options = File::options();
    options.create(true).truncate(false).write(true).mode(0o600);
    let file = options.open(path).with_context(cannot)?;
    // It may be from before, when others could.
    file.set_permissions(Permissions::from_mode(0o600)).with_context(cannot)?;
    Ok(file)
}

fn give(path: &Path, user: Option<OsUser>) -> Result<()> {
    if let Some(user) = user {
        chown(path, Some(user.uid), Some(user.gid))
            .with_context(|| format!("cannot give {} to user postgres", path.display()))?;
    }
    Ok(())
}

/// The major version that made the cluster, if there is one: no other can start it.
fn major_of(cluster: &Path) -> Option<u32> {
    fs::read_to_string(cluster.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// The folder with `initdb` and `pg_ctl`: `FIRSTPASS_PG_BIN`, the `PATH`, or where
/// distributions put the newest; of the major version that the cluster has.
fn find_binaries(major: Option<u32>) -> Result<PathBuf> {
    let named = std::env::var_os("FIRSTPASS_PG_BIN").map(PathBuf::from);
    let on_path = std::env::var_os("PATH");
    // On the path there may be links to single programs: the folder behind them has all.
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
            version(bin).is_some_and(|found| found >= OLDEST && major.is_none_or(|m| m == found))
        }),
    };
    let Some(bin) = found else {
        if let Some(major) = major {
            bail!(
                "the database was made by PostgreSQL {major}, which is not found: install it, name its folder in FIRSTPASS_PG_BIN, or move the data with pg_upgrade"
            );
        }
        bail!(
            "no PostgreSQL {OLDEST} or newer was found: install it (Debian: apt-get install postgresql), name its folder in FIRSTPASS_PG_BIN, or name a database in DATABASE_URL"
        );
    };
    match version(&bin) {
        Some(found) if major.is_some_and(|major| major != found) => bail!(
            "{} has PostgreSQL {found}, and the database was made by another version",
            bin.display()
        ),
        Some(version) if version >= OLDEST => Ok(bin),
        Some(version) => {
            bail!("{} has PostgreSQL {version}; {OLDEST} or newer is needed", bin.display())
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

/// Root starts the server as the user `postgres`; anybody else as themselves.
fn server_user() -> Result<Option<OsUser>> {
    // A process's own folder belongs to its user; where there is no /proc, root does not
    // matter to us.
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

/// The data folder itself or, where the server's user cannot reach it, a folder of its
/// own under /var/lib.
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
    // So that whoever looks into the data folder finds it.
    let link = data.join("postgres");
    if link.symlink_metadata().is_err() {
        symlink(home.join("postgres"), link)?;
    }
    Ok(home)
}

fn open_to_others(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|meta| meta.permissions().mode() & 0o001 != 0)
}

/// Beside the cluster if its path is short enough for a socket, else under /tmp. Closed
/// to everyone but the server's user (and root): it is what guards the database.
fn socket_folder(home: &Path, user: Option<OsUser>) -> Result<PathBuf> {
    /// What `sun_path` holds, less the name that PostgreSQL gives its socket.
    const LONGEST: usize = 103 - "/.s.PGSQL.5432.lock".len();
    let beside = home.join("socket");
    let folder = if beside.as_os_str().len() <= LONGEST {
        beside
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
    // Where anybody may write, somebody may have been here first.
    let found = fs::symlink_metadata(&folder)?;
    let ours = user.map_or(fs::metadata(home)?.uid(), |user| user.uid);
    if !found.is_dir() || (found.uid() != ours && found.uid() != fs::metadata(home)?.uid()) {
        bail!("{} is not a folder of ours: remove it", folder.display());
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o700))?;
    give(&folder, user)?;
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
