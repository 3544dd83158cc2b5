use super::*;

/// Writes down what it is given.
#[derive(Default)]
struct Echo;

impl LineFormat for Echo {
    fn name(&self) -> &'static str {
        "echo"
    }

    fn object(&mut self, line: u64, text: &str, out: &mut Out<'_>) -> Result<(), TooMuch> {
        out.warn(line, "object", text);
        Ok(())
    }

    fn bad(&mut self, line: u64, bad: Bad<'_>, out: &mut Out<'_>) {
        let why = format!("{}{}", if bad.brace { "{ " } else { "" }, bad.why.why);
        out.reject(line, bad.why.code.because(why));
    }

    fn end(&mut self, _: &mut Out<'_>) -> Result<(), TooMuch> {
        Ok(())
    }
}

fn limits() -> Limits {
    Limits { line_bytes: 100, depth: 3, ..Limits::default() }
}

fn lines_in_pieces(body: &[u8], piece: usize) -> Result<Vec<(u64, String)>, TooMuch> {
    let mut seen = Vec::new();
    let mut sink = |event| match event {
        Event::Warning { line, why, .. } => seen.push((line, why)),
        Event::Reject { line, reject } => seen.push((line, reject.why)),
        Event::Record { .. } => unreachable!(),
    };
    let mut reader = ByLine::new(Echo, limits());
    for bytes in body.chunks(piece) {
        reader.push(bytes, &mut sink)?;
    }
    reader.finish(&mut sink)?;
    Ok(seen)
}

fn lines(body: impl AsRef<[u8]>) -> Vec<(u64, String)> {
    lines_in_pieces(body.as_ref(), usize::MAX).unwrap()
}

fn line(number: u64, text: &str) -> (u64, String) {
    (number, text.to_owned())
}

#[test]
fn lines_end_in_lf_or_crlf_and_the_last_in_nothing() {
    assert_eq!(lines("{1}\n{2}\r\n{3}"), [line(1, "{1}"), line(2, "{2}"), line(3, "{3}")]);
}

#[test]
fn blank_lines_are_counted_and_ignored() {
    assert_eq!(lines("\n \t\r\n{3}\n\n{5}\n\n"), [line(3, "{3}"), line(5, "{5}")]);
}

#[test]
fn a_byte_order_mark_may_stand_before_each_line_for_files_are_put_together() {
    assert_eq!(lines("\u{feff}{1}\n\u{feff}{2}"), [line(1, "{1}"), line(2, "{2}")]);
}

#[test]
fn utf_16_is_said_once_with_a_mark_and_without() {
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    };
    for text in ["{\"a\":1}\n{\"b\":2}\r\n\n", "\u{feff}{\"a\":1}\n{\"b\":2}"] {
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            for piece in [1, 1000] {
                let read = lines_in_pieces(&utf16(text, bytes), piece).unwrap();
                assert_eq!(
                    read,
                    [line(1, &format!("{{ {}", crate::reject::EN.reject_utf16()))],
                    "{text:?}"
                );
            }
        }
    }
    // What a station leaves that lost its power is not UTF-16.
    let zeros = lines(b"\0\0\0\0\n{2}");
    assert_eq!((zeros.len(), &zeros[1]), (2, &line(2, "{2}")));
}

#[test]
fn files_of_other_kinds_are_said_once() {
    let once = |body: &[u8], part: &str| {
        let read = lines(body);
        assert!(read.len() == 1 && read[0].1.contains(part), "{read:?}");
    };
    let utf32: Vec<u8> =
        "\u{feff}{\"a\":1}\n{\"b\":2}".chars().flat_map(|it| u32::from(it).to_le_bytes()).collect();
    once(&utf32, "is UTF-32");
    once(&utf32[4..], "is UTF-32");
    once(b"<!DOCTYPE html>\n<html>\n{ color: red }\n", "is an HTML");
    once(b"serial,result\nU1,pass\nU2,fail\n", "looks like a CSV");
    once(b"Serial Number,Result,Pr\xc3\xbcfplatz\nU1,pass,3\nU2,fail,3\n", "looks like a CSV");
    once(b"\x89PNG\r\n\x1a\n\0\0\nIHDR\n", "is a PNG image");
    once(b"PK\x03\x04\x14\0\nxl/workbook.xml\n", "is a ZIP archive");
    once(b"\x1f\x8b\x08\0\nx\n", "is compressed with gzip");
    once(b"%PDF-1.7\n1 0 obj\n<<\n", "is a PDF document");
    once(b"[{\"a\":1},{\"b\":2}]\n", "is a JSON list on one line");
    // Longer than a line may be.
    let long = [&b"[{\"a\":1},"[..], &b"{\"a\":1},".repeat(50), b"{}]\n"].concat();
    for piece in [1, 7, 1000] {
        let read = lines_in_pieces(&long, piece).unwrap();
        assert!(read.len() == 1 && read[0].1.contains("is a JSON list"), "{read:?}");
        let noise = [&b"\x89PNG"[..], &[7; 500], b"\n", &[8; 500]].concat();
        assert_eq!(lines_in_pieces(&noise, piece).unwrap().len(), 1);
    }
    // What follows and is whole is read.
    let then = lines(b"<!DOCTYPE html>\n<p>\n{\"a\":1}\nx");
    assert_eq!((then.len(), &then[1]), (3, &line(3, "{\"a\":1}")));
    let then = lines(b"serial;result\nU1;pass\n{3}");
    assert_eq!((then.len(), &then[1]), (2, &line(3, "{3}")));
    let mut among = b"{1}\n".to_vec();
    among.extend("{\"a\":1}\n{\"b\":1}\n".encode_utf16().flat_map(u16::to_le_bytes));
    let read = lines(&among);
    assert_eq!((read.len(), &read[0]), (2, &line(1, "{1}")));
    assert!(read[1].1.contains("is UTF-16"), "{read:?}");
}

#[test]
fn objects_over_several_lines_are_said_once_up_to_the_next_whole_one() {
    let run = r#"{"type":"run","unit":{"serial":"U1"},"operation":"L10","started_at":"2026-03-01T00:00:00Z","outcome":"pass"}"#;
    let read = |body: String| {
        let heard = crate::tests::read("firstpass", &crate::Params::default(), body);
        let runs: Vec<u64> = heard.runs.iter().map(|(line, _)| *line).collect();
        (runs, heard.rejects)
    };
    let spread = "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n";
    let told = "is not JSON Lines: the object spans several lines; write each object on one line. Nothing is read up to the next object on one line";
    assert_eq!(read(spread.repeat(50)), (vec![], vec![line(1, told)]));
    let between = read(format!("{run}\n{spread}{run}\nx"));
    let text = line(8, "is not a JSON object: `x`");
    assert_eq!(between, (vec![1, 7], vec![line(2, told), text]));
    let (runs, rejects) = read(format!("[\n{run},\n{run}\n]"));
    assert!(rejects[0].1.contains("an array begins here"), "{rejects:?}");
    assert_eq!((runs, &rejects[1..]), (vec![3], &[line(4, "is not a JSON object: `]`")][..]));
    // One that was cut off, even behind a comma, and the next: each by itself.
    let cut = "is not JSON: the object does not end on its line";
    assert_eq!(read(format!("{{\"a\":1,\n\n{run}")), (vec![3], vec![line(1, cut)]));
    assert_eq!(read(format!("{run}\n{{")), (vec![1], vec![line(2, cut)]));
    assert_eq!(read(format!("{{\"a\n{run}")), (vec![2], vec![line(1, cut)]));
}

#[test]
fn a_line_that_is_not_an_object_says_so() {
    let dashes = "-".repeat(80);
    let quoted = format!("is not a JSON object: `{}…`", "-".repeat(60));
    assert_eq!(lines(&dashes), [line(1, &quoted)]);
    assert_eq!(lines("[1,2]"), [line(1, "is not a JSON object: `[1,2]`")]);
    assert_eq!(lines(r#"["{a"]"#), [line(1, "{ is JSON, but not an object")]);
    assert_eq!(lines(r#""a{b""#), [line(1, "{ is JSON, but not an object")]);
}

#[test]
fn something_before_the_brace_is_named() {
    assert_eq!(
        lines(r#"[pylog] {"a":1}"#),
        [line(1, "{ has text before the opening brace: `[pylog] `")]
    );
    assert_eq!(lines("  {\"a\":1}"), [line(1, "  {\"a\":1}")]);
}

#[test]
fn what_is_not_utf_8_is_rejected_with_its_byte_offset() {
    assert_eq!(
        lines(b"{\"a\":\"\xff\"}"),
        [line(1, "{ is not UTF-8, at byte offset 6 of the line")]
    );
    assert_eq!(
        lines(b"\xef\xbb\xbf{\xff"),
        [line(1, "{ is not UTF-8, at byte offset 4 of the line")]
    );
    assert_eq!(
        lines(b"\xff\n{2}"),
        [line(1, "is not UTF-8, at byte offset 0 of the line"), line(2, "{2}")]
    );
}

#[test]
fn a_line_over_the_limit_is_too_much_wherever_the_pushes_cut_it() {
    let long = format!("{{1}}\n{{{}\n", " ".repeat(100));
    let longest = format!("{{{}\r\n", " ".repeat(98));
    for piece in [1, 7, 100, 1000] {
        assert_eq!(
            lines_in_pieces(long.as_bytes(), piece),
            Err(TooMuch::Line { line: 2, limit: 100 })
        );
        assert!(lines_in_pieces(longest.as_bytes(), piece).is_ok());
    }
}

#[test]
fn brackets_nested_too_deeply_are_too_much_but_not_those_in_strings() {
    assert!(lines_in_pieces(br#"{"a":[{"b":"[[[[{{{{\"[[["}]}"#, 9).is_ok());
    assert_eq!(
        lines_in_pieces(br#"{"a":[{"b":[]}]}"#, 9),
        Err(TooMuch::Depth { line: 1, limit: 3 })
    );
    assert!(lines_in_pieces(b"[[[[[[[", 9).is_ok(), "a line that is no object is only rejected");
}

#[test]
fn a_file_in_another_of_our_formats_is_said_once_up_to_the_first_other_line() {
    let run = r#"{"type":"run","unit":{"serial":"U1"},"operation":"L10","started_at":"2026-03-01T00:00:00Z","outcome":"pass"}"#;
    let version = r#"{"schemaVersion":{"major":2,"minor":0},"sequenceNumber":0,"timestamp":"2026-03-01T00:00:00Z"}"#;
    let step = r#"{"testStepArtifact":{},"sequenceNumber":1,"timestamp":"2026-03-01T00:00:00Z"}"#;
    let none = crate::Params::default();
    let heard = crate::tests::read(
        "firstpass",
        &none,
        format!("\n{version}\n{step}\n\n{step}\n{run}\n{step}"),
    );
    assert_eq!(heard.runs.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [6]);
    let lines: Vec<u64> = heard.rejects.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 7]);
    assert!(heard.rejects[0].1.starts_with("is in the format `ocptv`"), "{heard:?}");
    let heard = crate::tests::read("ocptv", &none, format!("{run}\n{run}\n"));
    assert_eq!(heard.rejects.len(), 1);
    assert!(heard.rejects[0].1.contains("/ingest/v1/firstpass"), "{heard:?}");
}
