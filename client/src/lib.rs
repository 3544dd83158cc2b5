//! `firstpass upload`: uploads test results to a server, over HTTP alone.
//!
//! A file is split into pieces at record borders (`pieces`). Each piece is looked up by its
//! hash and sent if the server does not have it (`client`), so repeating the command resumes an
//! interrupted upload, of a file and of standard input alike.

mod client;
mod pieces;
mod progress;
mod source;
mod tally;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use formats::{FORMATS, Format, ParamError, Params};
use messages::Locale;

use self::client::Client;
use self::pieces::Pieces;
use self::progress::Progress;
use self::source::Source;
use self::tally::Tally;

/// The language of the command line.
pub(crate) const EN: Locale = Locale::En;

/// The options of `upload`.
#[derive(Debug, Args)]
pub struct UploadOptions {
    /// What the files are in
    #[arg(long, value_parser = PossibleValuesParser::new(FORMATS.iter().map(named)))]
    format: String,

    /// The server
    #[arg(long, env = "FIRSTPASS_URL", default_value = "http://127.0.0.1:3000")]
    url: String,

    /// A token with the scope `ingest`; the environment keeps it off the list of processes
    #[arg(long, env = "FIRSTPASS_TOKEN", hide_env_values = true)]
    token: Option<Token>,

    #[command(flatten)]
    supplied: Supplied,

    /// How long to try again when the server is away or busy
    #[arg(long, env = "FIRSTPASS_PATIENCE", value_name = "SECONDS", default_value_t = 60)]
    patience: u64,

    /// Decoded bytes after which a piece ends at the next border
    #[arg(long, hide = true, default_value_t = pieces::BYTES)]
    piece_bytes: u64,

    /// Files, plain or compressed with gzip or zstd; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

fn named(format: &Format) -> PossibleValue {
    PossibleValue::new(format.name).help((format.about)(EN))
}

/// Values for fields missing from the files: the parameters of an upload.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What the data do not say, or should")]
struct Supplied {
    /// Serial number of the unit
    #[arg(long)]
    unit: Option<String>,
    /// production, golden or reference
    #[arg(long)]
    unit_kind: Option<String>,
    /// Part number of the product
    #[arg(long)]
    product: Option<String>,
    /// Revision of the product
    #[arg(long)]
    revision: Option<String>,
    /// The step of the route
    #[arg(long)]
    operation: Option<String>,
    /// Level of assembly
    #[arg(long)]
    level: Option<String>,
    /// Where it ran
    #[arg(long)]
    station: Option<String>,
    /// In which fixture
    #[arg(long)]
    fixture: Option<String>,
    /// In which slot of it
    #[arg(long)]
    slot: Option<String>,
    /// Operator
    #[arg(long)]
    operator: Option<String>,
    /// Version of the test program
    #[arg(long)]
    software: Option<String>,
    /// When it began, such as 2026-03-01T08:00:00+08:00
    #[arg(long)]
    started_at: Option<String>,
}

impl Supplied {
    /// The given parameters, by their names in the query.
    fn pairs(self) -> Vec<(&'static str, String)> {
        let all = [
            ("unit", self.unit),
            ("unit_kind", self.unit_kind),
            ("product", self.product),
            ("revision", self.revision),
            ("operation", self.operation),
            ("level", self.level),
            ("station", self.station),
            ("fixture", self.fixture),
            ("slot", self.slot),
            ("operator", self.operator),
            ("software", self.software),
            ("started_at", self.started_at),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// A secret, which `Debug` does not print.
#[derive(Clone)]
struct Token(String);

impl From<String> for Token {
    fn from(text: String) -> Self {
        Self(text.trim().to_owned())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// An error in the options that is only detected after parsing.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// A server that is unreachable or rejected the request.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// Whether every record was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All records, now or in an earlier upload.
    Complete,
    /// Some records were rejected; each was printed with its reason.
    SomeRejected,
}

/// Uploads the files and prints a line of counts for each. Blocking and resumable: the process can
/// be ended at any time, and the same command resumes.
///
/// # Errors
/// A message for people; [`Usage`] for wrong options, [`Unreachable`] when the retries failed.
pub fn upload(options: UploadOptions) -> Result<Outcome> {
    let UploadOptions { format, url, token, supplied, patience, piece_bytes, files } = options;
    let format = Format::named(&format).context(EN.client_no_format())?;
    let token = token.map(|Token(token)| token).filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| Usage(EN.client_no_token().into()))?;
    let supplied = supplied.pairs();
    check(&supplied)?;
    let client = Client::new(&url, format, supplied, &token, Duration::from_secs(patience))?;
    // Finds all files before the first is sent: a mistyped name does not interrupt an upload.
    let sources = source::find(&files)?;

    if client.exposes_token() {
        eprintln!("{}", EN.client_unencrypted(&url));
    }

    let mut stdout = std::io::stdout();
    let (mut total, several) = (Tally::default(), sources.len() > 1);
    for source in sources {
        let name = source.name.clone();
        let tally = send(&client, format, piece_bytes, source)?;
        writeln!(stdout, "{name}\t{tally}")?;
        total.add(&tally);
    }
    if several {
        writeln!(stdout, "{}\t{total}", EN.client_total())?;
    }
    Ok(if total.is_complete() { Outcome::Complete } else { Outcome::SomeRejected })
}

/// Validates parameters as the server does, before the files are opened.
fn check(supplied: &[(&str, String)]) -> Result<(), Usage> {
    let mut params = Params::default();
    for (name, value) in supplied {
        params.set(name, value).map_err(|ParamError { parameter, why }| {
            Usage(EN.client_option(parameter.replace('_', "-"), why))
        })?;
    }
    Ok(())
}

fn send(client: &Client, format: &'static Format, bytes: u64, source: Source) -> Result<Tally> {
    let name = source.name.clone();
    let progress = Progress::new(&source);
    let mut tally = Tally::default();
    let input = source.open(&progress).with_context(|| EN.client_unreadable(&name))?;
    for piece in Pieces::new(input, format, bytes) {
        let piece = piece.with_context(|| EN.client_broke_off(&name))?;
        let place = piece.place(&name);
        let sent = client.upload(&piece, &place, &|text| progress.say(text))?;
        tally.count(&sent, &piece, &name, &|text| progress.say(text));
        progress.piece(&place, &sent, tally.runs());
    }
    progress.end();
    if tally.is_empty() {
        progress.say(&EN.client_empty(&name));
    }
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Upload {
        #[command(flatten)]
        options: UploadOptions,
    }

    #[test]
    fn every_parameter_of_an_upload_has_its_flag() {
        let mut arguments = vec!["upload".to_owned(), "--format=ocptv".to_owned()];
        arguments
            .extend(Params::NAMES.iter().map(|name| format!("--{}=x", name.replace('_', "-"))));
        arguments.push("-".to_owned());
        let Upload { options } = Upload::parse_from(arguments);
        let given: Vec<_> = options.supplied.pairs().into_iter().map(|(name, _)| name).collect();
        assert_eq!(given, Params::NAMES);
    }

    #[test]
    fn a_token_is_not_printed() {
        let Upload { options } =
            Upload::parse_from(["upload", "--format=ocptv", "--token=fpt_0", "-"]);
        assert!(!format!("{options:?}").contains("fpt_0"));
    }

    #[test]
    fn an_invalid_parameter_is_reported_by_its_flag() {
        let refused = check(&[("started_at", "yesterday".to_owned())]).unwrap_err();
        assert!(refused.to_string().starts_with("--started-at is not an ISO 8601"), "{refused}");
    }
}
