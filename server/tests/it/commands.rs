//! Administrative commands on the command line: output, exit codes, and messages about wrong
//! arguments.

use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::TestDb;
use crate::support::program::Folder;

fn run(database: &str, arguments: &[&str]) -> Output {
    let folder = Folder::new();
    folder.command().args(arguments).env("DATABASE_URL", database).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs a command that must succeed, and returns its output.
fn say(database: &str, arguments: &[&str]) -> String {
    let output = run(database, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(database: &str, arguments: &[&str], code: i32) -> String {
    let output = run(database, arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
    assert!(output.stdout.is_empty());
    said(&output)
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_tokens_are_administered() {
    let db = TestDb::new().await;
    let db = db.url("firstpass_login");
    say(&db, &["tenant", "add", "north", "--name", "North"]);
    let email = "q@north.example";
    say(&db, &["user", "add", email, "--tenant", "north", "--role", "viewer"]);
    say(&db, &["user", "set-role", email, "--role", "engineer", "--tenant", "north"]);
    say(&db, &["user", "disable", email]);
    let listed = lines(&say(&db, &["user", "list", "--tenant", "north"]));
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["email"], email);
    assert_eq!(listed[0]["tenant"], "north");
    assert_eq!(listed[0]["role"], "engineer");
    assert!(listed[0]["disabled_at"].is_string());
    say(&db, &["user", "enable", email]);
    assert!(lines(&say(&db, &["user", "list"]))[0]["disabled_at"].is_null());
    assert_eq!(say(&db, &["user", "reset-password", email]).trim().len(), 19);
    assert!(refused(&db, &["user", "disable", "x@y.example"], 2).contains("no user x@y.example"));
    assert!(refused(&db, &["user", "list", "--tenant", "x"], 2).contains("no tenant x"));
    refused(&db, &["user", "set-role", email, "--role", "admin"], 2);

    let token = say(&db, &["token", "add", "--tenant", "north", "--scope", "ingest"]);
    let listed = lines(&say(&db, &["token", "list", "--tenant", "north"]));
    let members =
        ["id", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"];
    let object = listed[0].as_object().unwrap();
    assert!(object.len() == members.len() && members.iter().all(|it| object.contains_key(*it)));
    assert!(token.starts_with(listed[0]["prefix"].as_str().unwrap()));
    let id = listed[0]["id"].as_str().unwrap();
    say(&db, &["token", "revoke", id]);
    let listed = lines(&say(&db, &["token", "list", "--tenant", "north"]));
    assert!(listed[0]["revoked_at"].is_string());
    refused(&db, &["token", "revoke", "00000000-0000-0000-0000-000000000000"], 2);
}

#[test]
fn a_command_that_reads_makes_no_database() {
    let folder = Folder::new();
    let typo = folder.path.join("typo");
    for arguments in [
        &["tenant", "list"][..],
        &["user", "list"],
        &["token", "list", "--tenant", "x"],
        &["verify"],
    ] {
        let output = folder.command().args(arguments).arg("--data").arg(&typo).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("--data"), "{}", said(&output));
        assert!(!typo.exists(), "{arguments:?}");
    }
}

#[test]
fn a_wrong_database_url_names_its_key() {
    for url in ["mysql://x/y", "not-a-url", "postgres://host:port/x"] {
        let said = refused(url, &["tenant", "list"], 2);
        assert!(said.contains("DATABASE_URL") && said.contains("PostgreSQL URL"), "{said}");
        assert!(!said.contains(url), "a URL may hold a password: {said}");
    }
}

#[test]
fn an_unreachable_database_is_reported_once_and_soon() {
    let begun = Instant::now();
    let said = refused("postgres://firstpass_login@127.0.0.1:1/x", &["tenant", "list"], 3);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(said.contains("DATABASE_URL") && !said.contains("pool"), "{said}");
    assert_eq!(said.matches("refused").count(), 1, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_missing_leads_to_migrate() {
    let db = TestDb::new().await;
    let said = refused(&db.url("nobody_made_this_role"), &["tenant", "list"], 2);
    assert!(said.contains("firstpass migrate"), "{said}");
}

#[test]
fn a_blank_name_is_refused() {
    for name in ["", "  ", "a\tb"] {
        let said = refused("not-a-url", &["tenant", "add", "x", "--name", name], 2);
        assert!(said.contains("--name"), "{said}");
    }
}

#[test]
fn the_help_of_upload_has_no_options_of_the_database() {
    let folder = Folder::new();
    for (verb, has) in [(&["upload", "--help"][..], false), (&["tenant", "list", "--help"], true)] {
        let output = folder.command().args(verb).output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        for option in ["--data", "--database-url", "--database-migration-url"] {
            assert_eq!(help.contains(option), has, "{verb:?} {option}: {help}");
        }
    }
}
