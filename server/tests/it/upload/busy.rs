//! A busy server, simulated by scripted responses, because a real one cannot be made to be busy
//! deterministically.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use super::{CommandOutput, runs, upload};
use crate::support::program::Folder;

/// Mock server: sends one of the scripted responses to each request, and returns the methods of
/// the requests. An empty response closes the connection.
fn play(answers: &'static [&'static str]) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let player = std::thread::spawn(move || {
        let asked = answers.iter().map(|answer| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                assert!(reader.read_line(&mut head).unwrap() > 0, "{head}");
            }
            let method = head.split(' ').next().unwrap().to_owned();
            // A client that is refused does not send the body.
            let wanted = answer.is_empty() || answer.starts_with("200");
            if method == "POST" && wanted {
                assert!(head.to_lowercase().contains("expect: 100-continue"), "{head}");
                write!(stream, "HTTP/1.1 100 Continue\r\n\r\n").unwrap();
                let lower = head.to_lowercase();
                let length = lower.split("content-length: ").nth(1).unwrap();
                let length: u64 = length.split("\r\n").next().unwrap().parse().unwrap();
                let mut body = Vec::new();
                reader.by_ref().take(length).read_to_end(&mut body).unwrap();
                assert!(
                    zstd::decode_all(body.as_slice()).unwrap().starts_with(b"{\"schemaVersion")
                );
            }
            if let Some((head, body)) = answer.split_once('|') {
                let length = body.len();
                let reply = format!(
                    "HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
                );
                stream.write_all(reply.as_bytes()).unwrap();
            }
            method
        });
        asked.collect()
    });
    (address, player)
}

fn sent(address: &str, patience: &str) -> CommandOutput {
    let folder = Folder::new();
    let file = folder.path.join("results.jsonl");
    std::fs::write(&file, runs(2)).unwrap();
    let mut command = upload(&folder, address, "fpt_0");
    CommandOutput::of(command.arg(patience).arg(&file).output().unwrap())
}

const TAKEN: &str =
    r#"200 OK|{"receipt_id":"r1","accepted":2,"updated":0,"duplicates":0,"rejected_total":0}"#;

#[test]
fn a_busy_server_is_waited_for() {
    let (address, player) = play(&[
        "404 Not Found|",
        "429 Too Many Requests\r\nRetry-After: 1|{\"detail\":\"Too many uploads are in progress.\"}",
        "503 Service Unavailable|",
        "404 Not Found|",
        "507 Insufficient Storage|",
        "404 Not Found|",
        TAKEN,
    ]);
    let said = sent(&address, "--patience=60");
    assert_eq!(said.code, Some(0), "{said:#?}");
    assert!(said.results.contains("\t2 accepted\t"), "{said:#?}");
    let told = "answers 429: Too many uploads are in progress; trying again in 1.0 s";
    assert!(said.progress.contains(told), "{said:#?}");
    assert_eq!(player.join().unwrap(), ["GET", "POST", "GET", "GET", "POST", "GET", "POST"]);
}

#[test]
fn what_was_sent_and_not_answered_is_asked_for_before_it_is_sent_again() {
    let (address, player) = play(&["404 Not Found|", "", TAKEN]);
    let said = sent(&address, "--patience=60");
    assert_eq!(said.code, Some(0), "{said:#?}");
    assert!(said.results.contains("\t2 accepted\t"), "it was this command that sent it: {said:#?}");
    assert_eq!(player.join().unwrap(), ["GET", "POST", "GET"]);
}

#[test]
fn patience_ends_also_with_a_server_that_asks_for_more() {
    let (address, player) = play(&["503 Service Unavailable\r\nRetry-After: 3600|"]);
    let said = sent(&address, "--patience=60");
    assert_eq!(said.code, Some(3), "{said:#?}");
    player.join().unwrap();
}

#[test]
fn what_is_no_such_server_is_not_asked_twice() {
    for (answers, named) in [
        (&["404 Not Found|", "404 Not Found|<html>"][..], "Check --url and --format"),
        (&["308 Permanent Redirect\r\nLocation: https://elsewhere.example/|"], "answers 308"),
        (&["200 OK|<html>"], "is it a Firstpass server?"),
        (&["404 Not Found|", "200 OK|{}"], "is it a Firstpass server?"),
    ] {
        let (address, player) = play(answers);
        let said = sent(&address, "--patience=60");
        assert_eq!(said.code, Some(2), "{named}: {said:#?}");
        assert!(said.progress.contains(named), "{named}: {said:#?}");
        player.join().unwrap();
    }
}
