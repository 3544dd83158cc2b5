//! End-to-end tests of `firstpass upload` against a server.

mod busy;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::support::program::{Folder, Server, signal, wait_for};
use crate::support::{House, ocp_run};

/// Two partners, a server with their database, and a station of the partner north.
struct Site {
    house: House,
    folder: Folder,
    server: Server,
}

impl Site {
    async fn new() -> Self {
        let house = House::new().await;
        let folder = Folder::new();
        let server = serve(&house, &folder);
        Self { house, folder, server }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn command(&self, arguments: &[&str], files: &[&Path]) -> Command {
        let mut command = upload(&self.folder, &self.server.address, &self.house.north.ingest);
        command.args(arguments).args(files);
        command
    }

    fn upload(&self, arguments: &[&str], files: &[&Path]) -> CommandOutput {
        CommandOutput::of(self.command(arguments, files).output().unwrap())
    }

    async fn receipts(&self) -> i64 {
        self.house.db.count("select count(*) from receipt").await
    }

    async fn runs(&self) -> i64 {
        self.house.db.count("select count(*) from run").await
    }

    /// Blocks until there are so many receipts.
    fn wait_for_receipts(&self, number: i64) {
        let handle = tokio::runtime::Handle::current();
        tokio::task::block_in_place(|| {
            wait_for("receipts", || handle.block_on(self.receipts()) >= number);
        });
    }
}

fn serve(house: &House, folder: &Folder) -> Server {
    let url = house.db.url("firstpass_login");
    Server::launch(folder.command().args(["serve", "--empty"]).env("DATABASE_URL", url))
}

/// The command with a token, small pieces and a patience of zero.
fn upload(folder: &Folder, address: &str, token: &str) -> Command {
    let mut command = folder.command();
    command
        .env("FIRSTPASS_URL", format!("http://{address}"))
        .env("FIRSTPASS_TOKEN", token)
        .env("FIRSTPASS_PATIENCE", "0")
        .args(["upload", "--format=ocptv", "--piece-bytes=1500"]);
    command
}

/// The exit code and the output of a command.
#[derive(Debug)]
struct CommandOutput {
    code: Option<i32>,
    results: String,
    progress: String,
}

impl CommandOutput {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            results: String::from_utf8(output.stdout).unwrap(),
            progress: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The counts of a file's line of the results, in the order of the columns.
    #[track_caller]
    fn counts(&self, name: &Path) -> [u64; 5] {
        let name = name.display().to_string();
        let line = self.results.lines().find(|line| line.split('\t').next() == Some(&name));
        let line = line.unwrap_or_else(|| panic!("no line of {name}: {self:#?}"));
        let words: Vec<_> =
            line.split('\t').skip(1).map(|cell| cell.split_once(' ').unwrap()).collect();
        let names: Vec<_> = words.iter().map(|(_, name)| *name).collect();
        assert_eq!(names, ["accepted", "updated", "duplicates", "rejected", "receipts"]);
        let counts: Vec<u64> = words.iter().map(|(number, _)| number.parse().unwrap()).collect();
        counts.try_into().unwrap()
    }
}

fn runs(number: usize) -> String {
    (0..number)
        .map(|unit| ocp_run(&format!("U{unit}"), "L10", "2026-03-01T00:00:00Z", true))
        .collect()
}

fn begin(command: &mut Command) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_sent_in_pieces_and_a_second_time_not_at_all() {
    let site = Site::new().await;
    let file = site.file("long.jsonl", runs(20));
    let first = site.upload(&["--station", "ST 1+2/ü&x=y"], &[&file]);
    assert_eq!(first.code, Some(0), "{first:#?}");
    let [accepted, updated, duplicates, rejected, receipts] = first.counts(&file);
    assert_eq!([accepted, updated, duplicates, rejected], [20, 0, 0, 0]);
    assert!(receipts > 3, "{first:#?}");
    assert_eq!(site.receipts().await, receipts as i64);
    assert_eq!(first.progress.lines().count() as u64, receipts, "a line a piece: {first:#?}");
    let there = "select count(*) from run where station = 'ST 1+2/ü&x=y'";
    assert_eq!(site.house.db.count(there).await, 20);

    let second = site.upload(&["--station", "ST 1+2/ü&x=y"], &[&file]);
    assert_eq!(second.code, Some(0), "{second:#?}");
    assert_eq!(second.counts(&file), [0, 0, 20, 0, receipts]);
    assert!(second.progress.lines().all(|line| line.contains("already received")), "{second:#?}");
    assert_eq!(site.receipts().await, receipts as i64, "nothing was sent");

    // With other parameters it is another upload.
    assert_eq!(site.upload(&[], &[&file]).code, Some(0));
    assert_eq!(site.receipts().await, 2 * receipts as i64);
    let left = std::fs::read_dir(&site.folder.path).unwrap().count();
    assert_eq!(left, 1, "the command leaves nothing in the data folder");
}

#[tokio::test(flavor = "multi_thread")]
async fn standard_input_and_compressed_files_are_the_same_as_plain_ones() {
    let site = Site::new().await;
    let text = runs(12);
    let mut input = begin(&mut site.command(&["-"], &[]));
    input.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let said = CommandOutput::of(input.wait_with_output().unwrap());
    let [accepted, .., receipts] = said.counts(Path::new("-"));
    assert_eq!((said.code, accepted), (Some(0), 12), "{said:#?}");

    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    // Detected by their first bytes, independently of the file names.
    let gzip = site.file("a.jsonl", gzip.finish().unwrap());
    let zstd = site.file("b.jsonl.zst", zstd::bulk::compress(text.as_bytes(), 3).unwrap());
    let plain = site.file("c.jsonl", &text);
    let said = site.upload(&[], &[&gzip, &zstd, &plain]);
    assert_eq!(said.code, Some(0), "{said:#?}");
    for file in [&gzip, &zstd, &plain] {
        assert_eq!(said.counts(file), [0, 0, 12, 0, receipts]);
    }
    assert_eq!(said.counts(Path::new("total")), [0, 0, 36, 0, 3 * receipts]);
    assert_eq!(site.receipts().await, receipts as i64);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_before_the_server_was_killed_is_not_sent_again() {
    let Site { house, folder, server } = Site::new().await;
    let text = runs(20);
    let (half, rest) = text.split_at(text.find(r#""U10""#).unwrap());
    let mut input = begin(upload(&folder, &server.address, &house.north.ingest).arg("-"));
    let mut stdin = input.stdin.take().unwrap();
    stdin.write_all(half.as_bytes()).unwrap();
    let site = Site { house, folder, server };
    site.wait_for_receipts(2);
    let Site { house, folder, server } = site;
    server.kill();
    stdin.write_all(rest.as_bytes()).unwrap();
    drop(stdin);
    let said = CommandOutput::of(input.wait_with_output().unwrap());
    assert_eq!(said.code, Some(3), "{said:#?}");
    assert!(said.progress.contains("the same command resumes"), "{said:#?}");

    let server = serve(&house, &folder);
    let site = Site { house, folder, server };
    let sent = site.receipts().await;
    let runs = site.runs().await;
    assert!((2..20).contains(&runs), "{runs}");
    let file = site.file("long.jsonl", &text);
    let said = site.upload(&[], &[&file]);
    let [accepted, _, duplicates, _, receipts] = said.counts(&file);
    assert_eq!((accepted as i64, duplicates as i64), (20 - runs, runs), "{said:#?}");
    assert_eq!((site.runs().await, site.receipts().await), (20, receipts as i64));
    let again = said.progress.lines().filter(|line| line.contains("already received")).count();
    assert_eq!(again as i64, sent, "{said:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_upload_is_resumed_later() {
    let site = Site::new().await;
    let text = runs(8);
    let mut input = begin(&mut site.command(&["-"], &[]));
    let mut stdin = input.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    site.wait_for_receipts(1);
    // Standard input stays open: the command waits for more data.
    signal(input.id(), "INT");
    let said = CommandOutput::of(input.wait_with_output().unwrap());
    drop(stdin);
    assert_eq!(said.code, Some(1), "{said:#?}");
    assert!(said.progress.contains("stopped"), "{said:#?}");
    let file = site.file("long.jsonl", &text);
    assert_eq!(site.upload(&[], &[&file]).code, Some(0));
    assert_eq!(site.runs().await, 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_have_the_line_numbers_of_the_file() {
    let site = Site::new().await;
    let text = format!("{}lost\n{}", runs(9), ocp_run("V1", "L10", "2026-03-01T00:00:00Z", true));
    let file = site.file("damaged.jsonl", format!("{text}{}", "noise\n".repeat(25)));
    let good = site.file("good.jsonl", ocp_run("W1", "L10", "2026-03-01T00:00:00Z", true));
    let said = site.upload(&[], &[&file, &good]);
    assert_eq!(said.code, Some(1), "{said:#?}");
    let [accepted, _, _, rejected, receipts] = said.counts(&file);
    assert!((accepted, rejected) == (10, 26) && receipts > 1, "{said:#?}");
    assert_eq!(said.counts(&good)[0], 1, "the next file is sent all the same");
    let told = |line: usize| format!("{}:{line}: is not a JSON object", file.display());
    assert!(said.progress.contains(&format!("{}: `lost`", told(28))), "{said:#?}");
    assert!(said.progress.contains(&told(32)) && said.progress.contains(&told(50)), "{said:#?}");
    assert!(!said.progress.contains(&told(51)), "twenty are enough: {said:#?}");
    let receipt = said.progress.lines().find(|line| line.contains("and 6 more"));
    assert!(receipt.is_some_and(|line| line.contains("; receipt 0")), "{said:#?}");

    let again = site.upload(&[], &[&file]);
    assert_eq!(again.code, Some(1), "they are as bad as before");
    assert_eq!(again.counts(&file), [0, 0, 10, 26, receipts]);
    assert!(again.progress.contains(&told(32)), "read again, for they may do now: {again:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_that_does_not_do_ends_it_at_once() {
    let Site { house, folder, server } = Site::new().await;
    let file = folder.path.join("results.jsonl");
    std::fs::write(&file, runs(3)).unwrap();
    for (token, named) in [
        ("fpt_0", "answers 401: the token is wrong, revoked or expired"),
        (&house.north.expired_token, "answers 401"),
        (&house.north.read, "answers 403: Uploading needs a token with the scope `ingest`"),
        ("", "FIRSTPASS_TOKEN"),
        ("a\u{7}b", "a character that is not allowed in tokens"),
    ] {
        let mut command = upload(&folder, &server.address, token);
        let said = CommandOutput::of(command.arg(&file).args(["--patience=60"]).output().unwrap());
        assert_eq!(said.code, Some(2), "{named}: {said:#?}");
        assert!(said.progress.contains(named), "{named}: {said:#?}");
        if named.starts_with("answers") {
            let place = format!("{}: lines 1 to 9: ", file.display());
            assert!(said.progress.contains(&place), "{said:#?}");
        }
        assert!(token.is_empty() || !said.progress.contains(token), "the token stays secret");
        assert_eq!(said.results, "");
    }
    assert_eq!(house.db.count("select count(*) from receipt").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_before_anything_is_sent() {
    let site = Site::new().await;
    let good = site.file("good.jsonl", runs(1));
    let (missing, folder) = (Path::new("/nowhere.jsonl"), site.folder.path.as_path());
    for (arguments, files, named) in [
        (&[][..], &[good.as_path(), missing, folder][..], "/nowhere.jsonl: No such file"),
        (&[], &[&good, folder], "is a directory"),
        (&["--started-at=yesterday"], &[&good], "--started-at is not an ISO 8601 time"),
        (&["--unit="], &[&good], "--unit is empty"),
        (&["--patience=soon"], &[&good], "--patience"),
        (&["--url=portal.example"], &[&good], "--url portal.example is not an address"),
        (&[], &[], "FILE"),
    ] {
        let said = site.upload(arguments, files);
        assert_eq!(said.code, Some(2), "{named}: {said:#?}");
        assert!(said.progress.contains(named), "{named}: {said:#?}");
    }
    assert_eq!(site.receipts().await, 0);

    let empty = site.file("empty.jsonl", "\n\n");
    let said = site.upload(&[], &[&empty]);
    assert_eq!(said.code, Some(1), "{said:#?}");
    assert!(said.progress.contains("is empty"), "{said:#?}");

    let mut broken = zstd::bulk::compress(runs(500).as_bytes(), 3).unwrap();
    broken.truncate(broken.len() - 10);
    let broken = site.file("broken.zst", broken);
    let said = site.upload(&[], &[&broken]);
    assert_eq!(said.code, Some(2), "{said:#?}");
    assert!(said.progress.contains("broken.zst: the upload was interrupted"), "{said:#?}");

    let long =
        site.file("long.jsonl", format!("{}{{\"x\":\"{}\"}}\n", runs(9), "y".repeat(2 << 20)));
    let said = site.upload(&[], &[&long]);
    assert_eq!(said.code, Some(2), "{said:#?}");
    assert!(said.progress.contains("answers 413") && said.progress.contains("to 28"), "{said:#?}");
}

#[test]
fn nobody_listening_is_its_own_exit_code() {
    let folder = Folder::new();
    let file = folder.path.join("results.jsonl");
    std::fs::write(&file, runs(1)).unwrap();
    let mut command = upload(&folder, "127.0.0.1:1", "fpt_0");
    let said = CommandOutput::of(command.args(["--patience=1"]).arg(&file).output().unwrap());
    assert_eq!(said.code, Some(3), "{said:#?}");
    assert!(said.progress.contains("does not answer (Connection refused"), "{said:#?}");
    assert!(said.progress.contains("trying again in 0.5 s"), "{said:#?}");
    assert!(said.progress.contains("gave up after --patience 1"), "{said:#?}");
}
