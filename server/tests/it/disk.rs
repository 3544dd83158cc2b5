//! A full disk: uploads are refused, nothing of them is kept, and reads still work.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use axum::body::Body;
use http::header;
use rustix::fs::statvfs;
use serde_json::Value;

use crate::support::program::{Folder, Server, wait_for};
use crate::support::{Answer, House, ocp_run, post};

const MIB: u64 = 1 << 20;

/// A small tmpfs, and a data folder at its root.
struct SmallDisk {
    folder: Folder,
    _mount: Mount,
}

/// The mount point; dropping it unmounts.
struct Mount(PathBuf);

impl Drop for Mount {
    fn drop(&mut self) {
        // Processes that are stopping may still use it.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}

impl SmallDisk {
    /// # Errors
    /// The reason why this machine does not allow it.
    fn mount(mebibytes: u64) -> Result<Self, String> {
        let name = format!("firstpass-disk-{}", uuid::Uuid::now_v7().simple());
        // Accessible for the user postgres: otherwise the cluster would be in another folder.
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        let options = format!("size={mebibytes}m,mode=0755");
        let mount = Mount(path.clone());
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(&path)
            .output();
        match mounted {
            Ok(output) if output.status.success() => {
                Ok(Self { folder: Folder { path }, _mount: mount })
            }
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn free(&self) -> u64 {
        let disk = statvfs(&self.folder.path).unwrap();
        disk.f_bavail * disk.f_frsize
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path.join("ballast")
    }

    /// Fills the disk until so many bytes are left. PostgreSQL writes concurrently, so there may
    /// be slightly less.
    fn fill(&self, left: u64) {
        let mut file = File::options().append(true).create(true).open(self.ballast()).unwrap();
        let piece = vec![0; MIB as usize];
        while self.free() > left {
            let length = (self.free() - left).min(MIB) as usize;
            file.write_all(&piece[..length]).unwrap();
        }
    }
}

/// A server on that disk, and the credentials of its clients.
struct Site {
    server: Server,
    token: String,
    cookie: String,
}

impl Site {
    fn new(folder: &Folder, reserve: u64) -> Self {
        let reserve = reserve.to_string();
        let server = Server::launch(folder.command().args([
            "serve",
            "--empty",
            "--reserve-bytes",
            &reserve,
        ]));
        folder.say(&["tenant", "add", "north", "--name", "North", "--timezone", "UTC"], "");
        let token = ["token", "add", "--tenant", "north", "--scope", "ingest,read"];
        let token = folder.say(&token, "").trim().to_owned();
        let user = ["user", "add", "v@north.example", "--tenant", "north", "--role", "viewer"];
        let password = folder.say(&user, "");
        let password = password.lines().last().unwrap();
        let log_in = format!(r#"{{"email":"v@north.example","password":"{password}"}}"#);
        let head = "POST /api/v1/sessions HTTP/1.1\r\nContent-Type: application/json";
        let answer = server.request(head, &log_in).unwrap();
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { server, token, cookie }
    }

    fn ask(&self, method_and_path: &str, body: &str) -> Answer {
        let head = format!("{method_and_path} HTTP/1.1\r\nAuthorization: Bearer {}", self.token);
        let answer = self.server.request(&head, body).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            json: serde_json::from_str(body).unwrap_or(Value::Null),
        }
    }

    fn upload(&self, body: &str) -> Answer {
        self.ask("POST /ingest/v1/ocptv", body)
    }

    /// Reads still work: the list of receipts with so many items, a receipt, and a page.
    fn reads(&self, receipts: usize) {
        assert!(self.server.is_ready());
        let all = self.ask("GET /api/v1/receipts", "");
        assert_eq!(all.status, 200, "{all:?}");
        let items = all.json["items"].as_array().unwrap();
        assert_eq!(items.len(), receipts, "{all:?}");
        let id = items[0]["id"].as_str().or(items[0]["receipt_id"].as_str()).unwrap();
        assert_eq!(self.ask(&format!("GET /api/v1/receipts/{id}"), "").status, 200);
        let page = format!("GET /t/north/ HTTP/1.1\r\nCookie: {}", self.cookie);
        let page = self.server.request(&page, "").unwrap();
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("</html>"), "{page}");
    }
}

fn runs(number: usize, minute: usize) -> String {
    (0..number)
        .map(|unit| {
            ocp_run(&format!("U{unit}"), "L10", &format!("2026-03-01T01:{minute:02}:00Z"), true)
        })
        .collect()
}

#[test]
fn a_full_disk_refuses_uploads_and_still_serves_reads() {
    let disk = match SmallDisk::mount(420) {
        Ok(disk) => disk,
        Err(why) => {
            eprintln!("SKIPPED: a small disk cannot be mounted here (it takes root): {why}");
            return;
        }
    };
    let reserve = 96 * MIB;
    let site = Site::new(&disk.folder, reserve);
    let cluster = disk.folder.path.join("postgres");
    assert!(!cluster.is_symlink(), "the cluster is on the small disk");
    assert_eq!(site.upload(&runs(3, 1)).status, 200);
    site.reads(1);

    // The space suffices for a small upload, but not for a large one.
    disk.fill(reserve + 2 * MIB);
    let large = runs(4000, 2);
    assert!(large.len() as u64 > MIB);
    let refused = site.upload(&large);
    assert_eq!(refused.status, 507, "{refused:?}");
    site.reads(1);

    disk.fill(reserve - MIB);
    let postmaster = disk.folder.postmaster();
    for minute in 3..8 {
        let refused = site.upload(&runs(3, minute));
        assert_eq!(refused.status, 507, "{refused:?}");
        assert_eq!(refused.json["title"], "Disk full");
        assert!(refused.json["receipt_id"].is_null() && refused.json["request_id"].is_string());
        site.reads(1);
    }
    assert_eq!(disk.folder.postmaster(), postmaster, "the database was not restarted");

    fs::remove_file(disk.ballast()).unwrap();
    wait_for("room", || disk.free() > reserve + 16 * MIB);
    let taken = site.upload(&large);
    assert_eq!((taken.status, taken.number("accepted")), (200, 4000), "{:?}", taken.status);
    assert_eq!(site.upload(&runs(3, 3)).status, 200);
    site.reads(3);
    assert_eq!(site.server.stop(), Some(0));
}

/// Fault injection: from now on, storing an upload fails with this PostgreSQL error, when the
/// receipt is written or at the commit.
async fn fail(house: &House, code: &str, committing: bool) {
    let trigger = match committing {
        false => "create trigger failing before insert on receipt",
        true => {
            "create constraint trigger failing after insert on receipt deferrable initially deferred"
        }
    };
    house
        .db
        .superuser(&format!(
            "drop trigger if exists failing on receipt;
             create or replace function failing() returns trigger language plpgsql as $$
             begin raise exception 'as if' using errcode = '{code}'; end $$;
             {trigger} for each row execute function failing()"
        ))
        .await;
}

#[tokio::test]
async fn exhausted_resources_of_the_database_are_reported_and_nothing_is_kept() {
    let house = House::new().await;
    let body = runs(2, 1);
    for (code, committing, status, retry_after) in [
        // Disk full.
        ("53100", false, 507, None),
        ("53100", true, 507, None),
        // Too little memory, too many open files.
        ("53200", false, 503, Some("2")),
        ("53200", true, 503, Some("2")),
        ("53000", false, 503, Some("2")),
        // A disk that fails needs an operator.
        ("58030", false, 500, None),
    ] {
        fail(&house, code, committing).await;
        let request = post("/ingest/v1/ocptv")
            .header(header::AUTHORIZATION, format!("Bearer {}", house.north.ingest))
            .body(Body::from(body.clone()))
            .unwrap();
        let response = house.call(request).await;
        let asked = response.headers().get(header::RETRY_AFTER).cloned();
        assert_eq!(asked.as_ref().map(|value| value.to_str().unwrap()), retry_after, "{code}");
        let answer = Answer::of(response).await;
        assert_eq!(answer.status, status, "{code}: {answer:?}");
        assert!(answer.json["receipt_id"].is_null(), "{code}: {answer:?}");
        assert_eq!(house.left().await, 0, "{code}");
        for path in ["/readyz", "/api/v1/receipts", "/"] {
            assert_eq!(house.get(path, &house.north.viewer).await.status(), 200, "{code} {path}");
        }
    }
    house.db.superuser("drop trigger failing on receipt").await;
    let answer = house.upload(&house.north.ingest, "/ingest/v1/ocptv", body).await;
    assert_eq!((answer.status, answer.number("accepted")), (200, 2), "{answer:?}");
}

#[test]
fn the_disk_that_is_looked_at_is_the_one_that_the_cluster_is_on() {
    let disk = match SmallDisk::mount(8) {
        Ok(disk) => disk,
        Err(why) => {
            eprintln!("SKIPPED: a small disk cannot be mounted here (it takes root): {why}");
            return;
        }
    };
    // Only root has access: the cluster is in another folder, with free space.
    let closed = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(&disk.folder.path, closed).unwrap();
    let site = Site::new(&disk.folder, 16 * MIB);
    assert!(Path::new(&disk.folder.path).join("postgres").is_symlink());
    assert!(disk.free() < 16 * MIB);
    assert_eq!(site.upload(&runs(3, 1)).status, 200);
    assert_eq!(site.server.stop(), Some(0));
}
