//! Runs other programs, and prints progress.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};

/// A command without the environment variables that `cargo run` and rustup set for this program.
///
/// `CARGO_PKG_*` and `CARGO_MANIFEST_*` would rerun some build scripts every time, and
/// `LD_LIBRARY_PATH` would load the libraries of another toolchain.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    for name in ["CARGO", "LD_LIBRARY_PATH"] {
        command.env_remove(name);
    }
    command
}

/// Runs a command and waits; a failure is an error with the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    ensure!(status.success(), "`{}` ended with {status}", shown(command));
    Ok(())
}

/// Runs a command and returns its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    ensure!(output.status.success(), "`{}` ended with {}", shown(command), output.status);
    String::from_utf8(output.stdout).with_context(|| format!("`{}` wrote no UTF-8", shown(command)))
}

/// Runs a command and returns its standard output; `None` if it is missing or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command with a time limit; true if it succeeded in time.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<bool> {
    let began = Instant::now();
    let mut child = command.spawn().with_context(|| format!("cannot start {}", shown(command)))?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if began.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Runs a command and forwards its output; returns standard output followed by standard error, and
/// whether it succeeded.
pub(crate) fn run_and_read(command: &mut Command) -> Result<(bool, String)> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (out, err) = thread::scope(|scope| {
        let err = scope.spawn(|| pass_on(stderr, std::io::stderr()));
        (pass_on(stdout, std::io::stdout()), err.join())
    });
    let err = err.map_err(|_| anyhow!("the thread that reads standard error died"))?;
    Ok((child.wait()?.success(), out? + &err?))
}

fn pass_on(from: Option<impl Read>, mut to: impl Write) -> Result<String> {
    let mut text = String::new();
    let Some(from) = from else { return Ok(text) };
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        to.flush()?;
        text.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(text)
}

/// The command line, without environment variables.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// The first program with one of these names on the search path.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let mut places = names.iter().flat_map(|name| folders.iter().map(move |dir| dir.join(name)));
    places.find(|place| place.is_file())
}

/// Numbered steps, each printed when it begins and timed when it ends.
pub(crate) struct Steps {
    done: usize,
    total: usize,
}

impl Steps {
    /// A counter up to `total`.
    pub(crate) fn new(total: usize) -> Self {
        Self { done: 0, total }
    }

    /// Runs one step.
    pub(crate) fn run<T>(&mut self, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.done += 1;
        let label = format!("[{}/{}] {what}", self.done, self.total);
        eprintln!("{label} …");
        let began = Instant::now();
        let result = work();
        let how = if result.is_ok() { "done" } else { "failed" };
        eprintln!("{label}: {how} in {:.1} s", began.elapsed().as_secs_f64());
        result.with_context(|| format!("{what} failed"))
    }
}
