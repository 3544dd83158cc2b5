//! Compatibility with real producers: Python programs use the public `ocptv` package as in its
//! own examples, and their output is posted unchanged.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sqlx::Row;

use crate::support::House;

/// The latest version, pinned for reproducible tests.
const OCPTV: &str = "0.1.7";

/// A Python with the package, in a virtual environment that is created once.
///
/// # Errors
/// The reason why this machine has none.
fn python() -> Result<PathBuf, String> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ocptv-{OCPTV}"));
    let lock = File::create(home.with_file_name("ocptv.lock")).unwrap();
    lock.lock().unwrap();
    let python = home.join("bin/python");
    let version = "import importlib.metadata as m, ocptv.output; print(m.version('ocptv'))";
    if said(Command::new(&python).args(["-c", version])) == Ok(format!("{OCPTV}\n")) {
        return Ok(python);
    }
    said(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
    let quiet = ["--disable-pip-version-check", "--no-input", "--retries=1", "--timeout=20"];
    let package = format!("ocptv=={OCPTV}");
    said(Command::new(&python).args(["-m", "pip", "install"]).args(quiet).arg(package))?;
    Ok(python)
}

/// The output of a program, or, if it fails, its error messages.
fn said(command: &mut Command) -> Result<String, String> {
    let Output { status, stdout, stderr } =
        command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    match status.success() {
        true => Ok(text(&stdout)),
        false => Err(format!("{command:?}: {}{}", text(&stdout), text(&stderr))),
    }
}

/// A stored run.
#[derive(Debug, PartialEq)]
struct Kept {
    serial: String,
    operation: String,
    test_name: Option<String>,
    software: Option<String>,
    outcome: i16,
    code: Option<String>,
    /// Failing and all checked measurements, series elements and diagnoses.
    defects: (i64, i64),
    artifacts: i64,
    complete: bool,
    flags: i32,
}

async fn kept(house: &House) -> Vec<Kept> {
    let mut superuser = house.db.connect("postgres").await;
    let rows = sqlx::query(
        "select u.serial, r.*, i.artifacts, i.complete from run r join unit u on u.id = r.unit_id join run_identity i on i.id = r.id order by r.started_at",
    );
    let rows = rows.fetch_all(&mut superuser).await.unwrap();
    let kept = rows.iter().map(|row| Kept {
        serial: row.get("serial"),
        operation: row.get("operation"),
        test_name: row.get("test_name"),
        software: row.get("software"),
        outcome: row.get("outcome"),
        code: row.get("code"),
        defects: (row.get("defects"), row.get("opportunities")),
        artifacts: row.get("artifacts"),
        complete: row.get("complete"),
        flags: row.get("flags"),
    });
    kept.collect()
}

/// A complete run without flags, as expected from the scripts.
fn run(serial: &str, name: &str, software: &str, outcome: i16, code: Option<&str>) -> Kept {
    Kept {
        serial: serial.to_owned(),
        operation: name.to_owned(),
        test_name: Some(name.to_owned()),
        software: Some(software.to_owned()),
        outcome,
        code: code.map(str::to_owned),
        defects: (0, 0),
        artifacts: 0,
        complete: true,
        flags: 0,
    }
}

#[tokio::test]
async fn what_the_ocptv_package_writes_is_taken_as_it_is() {
    let python = match python() {
        Ok(python) => python,
        Err(why) => {
            eprintln!("SKIPPED: no Python with ocptv {OCPTV} on this machine: {why}");
            return;
        }
    };
    let (passed, failed, error, skipped) = (0, 1, 2, 5);
    // Counted by hand in the scripts: one line for each artifact, including the schemaVersion.
    let expected = [
        (
            "passing.py",
            "?unit=U1",
            vec![Kept {
                defects: (0, 8), // four measurements, three elements, a diagnosis
                artifacts: 19,
                ..run("U1", "burn-in", "1.4.2", passed, None)
            }],
        ),
        (
            "failing.py",
            "?unit=U1",
            vec![Kept {
                defects: (2, 2),
                artifacts: 11,
                ..run("U1", "memory", "1.0", failed, Some("hbm-ecc"))
            }],
        ),
        (
            // The stream names the unit itself.
            "inventory.py",
            "",
            vec![Kept {
                defects: (0, 2),
                artifacts: 10,
                ..run("SN-0042", "gpu-check", "3.0", passed, None)
            }],
        ),
        (
            "skipped.py",
            "?unit=U1",
            vec![
                Kept { artifacts: 5, ..run("U1", "nvlink", "1.0", skipped, None) },
                Kept { artifacts: 4, ..run("U1", "nvlink-loop", "1.0", error, Some("error")) },
            ],
        ),
    ];
    for (script, query, runs) in expected {
        let house = House::new().await;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/producers").join(script);
        let written = said(Command::new(&python).arg(path)).unwrap();
        let lines = written.lines().count() as i64;
        assert_eq!(lines, runs.iter().map(|run| run.artifacts).sum::<i64>(), "{written}");
        let address = format!("/ingest/v1/ocptv{query}");
        let answer = house.upload(&house.north.ingest, &address, written).await;
        assert_eq!(answer.status, 200, "{script}: {answer:?}");
        let counts = ["accepted", "updated", "duplicates", "rejected_total", "warnings_total"];
        let counts = counts.map(|name| answer.number(name));
        assert_eq!(counts, [runs.len() as u64, 0, 0, 0, 0], "{script}: {answer:?}");
        assert_eq!(kept(&house).await, runs, "{script}");
    }
}
