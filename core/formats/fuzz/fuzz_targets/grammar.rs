//! Streams of OCP Test & Validation out of arbitrary bytes: JSON that is
//! nearly right, so that what is behind the JSON is reached.

use std::ops::{Deref, DerefMut};

use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};

/// Lines that producers really wrote, to stand among the invented ones.
const REAL: &[&str] = &[
    include_str!("../../src/ocptv/fixtures/ocptv_run/sample_output_authors_2023.txt"),
    include_str!("../../src/ocptv/fixtures/ocptv_run/demo_create_measurement_series.jsonl"),
    include_str!(
        "../../src/ocptv/fixtures/cpact_run/ocptv_DiagSampleLogRegex1_20251014_213537.jsonl"
    ),
];
/// What may stand where something else is expected.
const JUNK: &[&str] = &[
    "null",
    "true",
    "7",
    "-0.0",
    "1e999",
    "\"\"",
    "\"x\"",
    "\"x\\u0000\"",
    "\"7\"",
    "[]",
    "[1]",
    "[\"x\",1]",
    "{}",
    "{\"a\":[{}]}",
];
const NOISE: &[&str] =
    &["", " \t", "-----", "[pylog] {}", "{", "{\"seq", "null", "[{}]", "\u{feff}{}"];
const STEPS: &[&str] = &["0", "1", "2"];
const WORDS: &[&str] = &["s", "t", "é", ""];

/// Where the choices come from.
struct Source<'u, 'a> {
    bytes: &'u mut Unstructured<'a>,
    /// Whether everything is as it should be, but perhaps for its place.
    tidy: bool,
}

impl<'a> Deref for Source<'_, 'a> {
    type Target = Unstructured<'a>;

    fn deref(&self) -> &Self::Target {
        self.bytes
    }
}

impl DerefMut for Source<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.bytes
    }
}

/// A stream, line by line.
#[derive(Debug)]
pub struct Stream {
    pub lines: Vec<String>,
    /// Decides upon an order of lines.
    pub order: u64,
}

impl<'a> Arbitrary<'a> for Stream {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (order, tidy) = u.arbitrary()?;
        let u = &mut Source { bytes: u, tidy };
        let mut writer = Writer { sequence: 0 };
        let mut lines = Vec::new();
        if u.ratio(7, 8)? {
            let version = version(u)?;
            lines.push(writer.line(u, version)?);
        }
        if u.ratio(7, 8)? {
            let start = run_start(u)?;
            lines.push(writer.line(u, start)?);
        }
        while !u.is_empty() && lines.len() < 60 {
            let earlier = u.arbitrary::<usize>()? % lines.len().max(1);
            match u.int_in_range(0..=31_u8)? {
                5.. if tidy => {
                    let member = if u.ratio(1, 16)? { end(u)? } else { step(u)? };
                    lines.push(writer.line(u, member)?);
                }
                1 if earlier > 1 => lines.swap(earlier - 1, earlier),
                _ if tidy => {}
                0 => lines.extend(lines.get(earlier).cloned()),
                2 => lines.push((*u.choose(NOISE)?).to_owned()),
                3 => {
                    let member = member(u)?;
                    let line = writer.line(u, member)?;
                    let cut = u.choose_index(line.len().max(1))?;
                    lines.push(line.get(..cut).unwrap_or_default().to_owned());
                }
                4 => {
                    let file: Vec<&str> = u.choose(REAL)?.lines().collect();
                    lines.push((*u.choose(&file)?).to_owned());
                }
                _ => {
                    let member = member(u)?;
                    lines.push(writer.line(u, member)?);
                }
            }
        }
        Ok(Self { lines, order })
    }
}

struct Writer {
    sequence: u64,
}

impl Writer {
    fn next(&mut self, stride: u64) -> String {
        self.sequence += stride;
        (self.sequence - 1).to_string()
    }

    /// An artifact in its envelope, seldom two.
    fn line(&mut self, u: &mut Source<'_, '_>, artifact: String) -> Result<String> {
        let sequence = match u.int_in_range(0..=15_u8)? {
            0..=2 if u.tidy => self.next(1),
            0 => u
                .choose(&["null", "-1", "1.5", "\"3\"", "1e300", "18446744073709551615"])?
                .to_string(),
            1 => format!("{}.0", self.sequence),
            2 => u.int_in_range(0..=20_u8)?.to_string(),
            3 => self.next(2),
            _ => self.next(1),
        };
        let at = time(u, self.sequence)?;
        let mut members =
            vec![artifact, field(u, "sequenceNumber", sequence)?, field(u, "timestamp", at)?];
        if !u.tidy && u.ratio(1, 32)? {
            members.push(member(u)?);
        }
        if !u.tidy && u.ratio(1, 16)? {
            let name =
                u.choose(&["schemaVersion", "testRunArtifact", "testStepArtifact", "other"])?;
            members.push(format!("\"{name}\":null"));
        }
        object(u, members)
    }
}

fn time(u: &mut Source<'_, '_>, second: u64) -> Result<String> {
    let second = second % 60;
    Ok(match u.int_in_range(0..=15_u8)? {
        0 => format!("\"2026-03-01T00:00:{second:02}\""),
        1 => format!("\"2026-03-01T08:00:{second:02}.5+08:00\""),
        2 if !u.tidy => u
            .choose(&["\"noon\"", "\"\"", "\"0001-01-01T00:00:00Z\"", "\"2016-12-31T23:59:60Z\""])?
            .to_string(),
        _ => format!("\"2026-03-01T00:00:{second:02}Z\""),
    })
}

/// A member of an object: mostly as it should be, else null, absent or junk.
fn field(u: &mut Source<'_, '_>, name: &str, value: impl Into<String>) -> Result<String> {
    Ok(match u.int_in_range(0..=31_u8)? {
        1..=3 if u.tidy => format!("\"{name}\":{}", value.into()),
        1 => format!("\"{name}\":null"),
        2 => String::new(),
        3 => format!("\"{name}\":{}", u.choose(JUNK)?),
        _ => format!("\"{name}\":{}", value.into()),
    })
}

/// An object with its members in some order.
fn object(u: &mut Source<'_, '_>, mut members: Vec<String>) -> Result<String> {
    members.retain(|member| !member.is_empty());
    if !members.is_empty() {
        let first = u.choose_index(members.len())?;
        members.rotate_left(first);
    }
    Ok(format!("{{{}}}", members.join(",")))
}

fn text(u: &mut Source<'_, '_>, choice: &[&str]) -> Result<String> {
    Ok(format!("\"{}\"", u.choose(choice)?))
}

/// A field with one of some texts.
fn word(u: &mut Source<'_, '_>, name: &str, choice: &[&str]) -> Result<String> {
    let value = text(u, choice)?;
    field(u, name, value)
}

fn holding(u: &mut Source<'_, '_>, name: &str, members: Vec<String>) -> Result<String> {
    let value = object(u, members)?;
    field(u, name, value)
}

fn member(u: &mut Source<'_, '_>) -> Result<String> {
    match u.int_in_range(0..=15_u8)? {
        0 => version(u),
        1 => run_start(u),
        2 | 3 => end(u),
        4 => of_run(u, "log", vec![]),
        5 => {
            let error = error(u)?;
            of_run(u, "error", error)
        }
        _ => step(u),
    }
}

fn version(u: &mut Source<'_, '_>) -> Result<String> {
    let major = if !u.tidy && u.ratio(1, 16)? { "3" } else { "2" };
    let members = vec![field(u, "major", major)?, field(u, "minor", "0")?];
    holding(u, "schemaVersion", members)
}

fn of_run(u: &mut Source<'_, '_>, name: &str, members: Vec<String>) -> Result<String> {
    let artifact = holding(u, name, members)?;
    holding(u, "testRunArtifact", vec![artifact])
}

fn run_start(u: &mut Source<'_, '_>) -> Result<String> {
    let mut parts = Vec::new();
    for _ in 0..u.int_in_range(0..=3_u8)? {
        let members = vec![
            word(u, "hardwareInfoId", STEPS)?,
            word(u, "name", WORDS)?,
            word(u, "location", WORDS)?,
            word(u, "serialNumber", &["U1", "G1", "G2", " "])?,
            word(u, "partType", &["CHASSIS", "chassis ", "GPU"])?,
            word(u, "partNumber", WORDS)?,
        ];
        parts.push(object(u, members)?);
    }
    let infos = field(u, "hardwareInfos", format!("[{}]", parts.join(",")))?;
    let serial = word(u, "unit_serial", &["U1", "U2", ""])?;
    let metadata = holding(u, "metadata", vec![serial])?;
    let dut = holding(u, "dutInfo", vec![infos, metadata.clone()])?;
    let members = vec![word(u, "name", WORDS)?, word(u, "version", WORDS)?, dut, metadata];
    of_run(u, "testRunStart", members)
}

fn end(u: &mut Source<'_, '_>) -> Result<String> {
    let status = word(u, "status", &["COMPLETE", "ERROR", "SKIP", "DONE"])?;
    let result = word(u, "result", &["PASS", "FAIL", "NOT_APPLICABLE"])?;
    of_run(u, "testRunEnd", vec![status, result])
}

fn error(u: &mut Source<'_, '_>) -> Result<Vec<String>> {
    Ok(vec![word(u, "symptom", WORDS)?, word(u, "message", WORDS)?])
}

fn step(u: &mut Source<'_, '_>) -> Result<String> {
    let series = word(u, "measurementSeriesId", STEPS)?;
    let (name, members) = match u.int_in_range(0..=9_u8)? {
        0 => ("testStepStart", vec![word(u, "name", WORDS)?]),
        1 => ("testStepEnd", vec![word(u, "status", &["COMPLETE", "ERROR", "SKIP", "DONE"])?]),
        2 | 3 => ("measurement", {
            let value = value(u)?;
            [vec![field(u, "value", value)?], measured(u)?].concat()
        }),
        4 => ("measurementSeriesStart", [vec![series], measured(u)?].concat()),
        5 => ("measurementSeriesElement", {
            let (value, index) = (value(u)?, u.int_in_range(0..=3_u8)?.to_string());
            let at = time(u, 0)?;
            vec![
                series,
                field(u, "value", value)?,
                field(u, "index", index)?,
                field(u, "timestamp", at)?,
            ]
        }),
        6 => ("measurementSeriesEnd", {
            let total = u.int_in_range(0..=3_u8)?.to_string();
            vec![series, field(u, "totalCount", total)?]
        }),
        7 => ("diagnosis", {
            let kind = word(u, "type", &["PASS", "FAIL", "UNKNOWN", "MAYBE"])?;
            vec![word(u, "verdict", WORDS)?, kind, word(u, "hardwareInfoId", STEPS)?]
        }),
        8 => ("error", error(u)?),
        _ => (*u.choose(&["log", "file", "extension"])?, vec![]),
    };
    let members = vec![word(u, "testStepId", STEPS)?, holding(u, name, members)?];
    holding(u, "testStepArtifact", members)
}

fn value(u: &mut Source<'_, '_>) -> Result<String> {
    Ok(u.choose(&["1", "2.5", "-0.0", "1e300", "\"1\"", "\"abc\"", "\"\\u0000\"", "true"])?
        .to_string())
}

/// The fields of a measurement but for its value.
fn measured(u: &mut Source<'_, '_>) -> Result<Vec<String>> {
    const KINDS: &[&str] = &[
        "EQUAL",
        "NOT_EQUAL",
        "LESS_THAN",
        "LESS_THAN_OR_EQUAL",
        "GREATER_THAN",
        "GREATER_THAN_OR_EQUAL",
        "REGEX_MATCH",
        "REGEX_NO_MATCH",
        "IN_SET",
        "NOT_IN_SET",
        "ALMOST",
    ];
    let mut checks = Vec::new();
    for _ in 0..u.int_in_range(0..=2_u8)? {
        let one = value(u)?;
        let operand = match u.int_in_range(0..=3_u8)? {
            0 => format!("[{one},{}]", value(u)?),
            1 => u.choose(&["[]", "\"b\"", "\"(\"", "[\"(\",\"a\"]", "\"^(a+)+$\""])?.to_string(),
            _ => one,
        };
        let members =
            vec![word(u, "type", KINDS)?, field(u, "value", operand)?, word(u, "name", WORDS)?];
        checks.push(object(u, members)?);
    }
    let inner = word(u, "name", WORDS)?;
    Ok(vec![
        word(u, "name", WORDS)?,
        word(u, "unit", WORDS)?,
        field(u, "validators", format!("[{}]", checks.join(",")))?,
        word(u, "hardwareInfoId", STEPS)?,
        holding(u, "subcomponent", vec![inner])?,
    ])
}
