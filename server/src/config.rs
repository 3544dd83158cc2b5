//! Configuration. Precedence: flag, environment variable, TOML file, default. The keys of the
//! file are the flags' names; an unknown key is an error.

mod limits;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Deserialize;

pub use self::limits::LimitOptions;

/// Options of the database, for every command.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DatabaseOptions {
    /// Folder of the embedded PostgreSQL and other state [default: ./firstpass-data]
    #[arg(long, env = "FIRSTPASS_DATA", value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,

    /// A PostgreSQL 15 or newer to use instead of the embedded one, as its role firstpass_login;
    /// a pooler in front of it must be in session mode (PgBouncer's transaction mode is not
    /// supported)
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// The same database as its owner, who migrates it
    #[arg(
        long,
        env = "DATABASE_MIGRATION_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub database_migration_url: Option<String>,
}

/// Options of `serve`.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServeOptions {
    /// Address to serve on [default: 127.0.0.1:3000]
    #[arg(long, env = "FIRSTPASS_ADDR")]
    pub addr: Option<SocketAddr>,

    /// Address of /metrics, or `off` [default: 127.0.0.1:9464]
    #[arg(long, env = "FIRSTPASS_METRICS_ADDR")]
    pub metrics_addr: Option<MetricsAddr>,

    /// Leave an empty database empty instead of loading the demo factory
    #[arg(long, env = "FIRSTPASS_EMPTY")]
    pub empty: bool,

    /// About how many runs the demo factory has [default: 60000]
    #[arg(long, env = "FIRSTPASS_DEMO_RUNS", value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub demo_runs: Option<u64>,

    /// A proxy in front of this server terminates TLS
    #[arg(long, env = "FIRSTPASS_BEHIND_PROXY")]
    pub behind_proxy: bool,

    /// PEM file with the certificate chain
    #[arg(long, env = "FIRSTPASS_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// PEM file with the certificate's private key
    #[arg(long, env = "FIRSTPASS_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// `text` or `json` [default: text on a terminal, else json]
    #[arg(long, env = "FIRSTPASS_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,

    /// What to log, such as `info` or `server=debug` [default: info]
    #[arg(long, env = "FIRSTPASS_LOG")]
    pub log: Option<String>,

    /// Maximum number of database connections [default: 19]
    #[arg(long, env = "FIRSTPASS_CONNECTIONS", value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub connections: Option<u32>,

    /// Limits of uploads; a section of its own in the file
    #[command(flatten)]
    #[serde(skip)]
    pub limits: LimitOptions,
}

/// The address of the metrics endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum MetricsAddr {
    /// Not served.
    Off,
    /// Served on this address.
    At(SocketAddr),
}

/// Format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

impl std::str::FromStr for MetricsAddr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::Off);
        }
        text.parse()
            .map(Self::At)
            .map_err(|_| "neither `off` nor an address like 127.0.0.1:9464".into())
    }
}

impl TryFrom<String> for MetricsAddr {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// The TOML file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ConfigFile {
    database: DatabaseOptions,
    serve: ServeOptions,
    limits: LimitOptions,
}

/// Fills in options that neither a flag nor the environment sets from the TOML file.
///
/// # Errors
/// When the file cannot be read, or has an unknown key or an invalid value;
/// the error names the file, the line and the key.
pub fn apply_config_file(
    file: Option<&Path>,
    mut database: DatabaseOptions,
    mut serve: ServeOptions,
) -> Result<(DatabaseOptions, ServeOptions)> {
    let Some(path) = file else { return Ok((database, serve)) };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the configuration {}", path.display()))?;
    let file: ConfigFile =
        toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
    database.data = database.data.or(file.database.data);
    database.database_url = database.database_url.or(file.database.database_url);
    database.database_migration_url =
        database.database_migration_url.or(file.database.database_migration_url);
    serve.addr = serve.addr.or(file.serve.addr);
    serve.metrics_addr = serve.metrics_addr.or(file.serve.metrics_addr);
    serve.empty |= file.serve.empty;
    serve.demo_runs = serve.demo_runs.or(file.serve.demo_runs);
    serve.behind_proxy |= file.serve.behind_proxy;
    serve.tls_cert = serve.tls_cert.or(file.serve.tls_cert);
    serve.tls_key = serve.tls_key.or(file.serve.tls_key);
    serve.log_format = serve.log_format.or(file.serve.log_format);
    serve.log = serve.log.or(file.serve.log);
    serve.connections = serve.connections.or(file.serve.connections);
    serve.limits = serve.limits.or(file.limits);
    Ok((database, serve))
}

impl DatabaseOptions {
    /// The data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| PathBuf::from("firstpass-data"))
    }
}

impl ServeOptions {
    /// The address to serve on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 3000)))
    }

    /// The address of the metrics.
    #[must_use]
    pub fn metrics_addr(&self) -> MetricsAddr {
        self.metrics_addr.unwrap_or(MetricsAddr::At(SocketAddr::from(([127, 0, 0, 1], 9464))))
    }

    /// Checks that the options are consistent. Browsers send the session cookie over TLS or to
    /// loopback only.
    ///
    /// # Errors
    /// When people could reach the server but never log in, or a setting is incomplete.
    pub fn check(&self) -> Result<()> {
        if self.tls_cert.is_some() != self.tls_key.is_some() {
            bail!("tls-cert and tls-key are given together or not at all");
        }
        if self.connections.is_some_and(|number| !(2..=1000).contains(&number)) {
            bail!("connections is a number from 2 to 1000");
        }
        self.limits.check()?;
        let reachable = !self.addr().ip().is_loopback();
        if reachable && !self.behind_proxy && self.tls_cert.is_none() {
            bail!(
                "--addr {} is not on loopback, and browsers refuse secure cookies on plain http: give --tls-cert and --tls-key, or --behind-proxy if a proxy in front does TLS",
                self.addr()
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<ServeOptions> {
        let file =
            std::env::temp_dir().join(format!("firstpass-config-{}.toml", uuid::Uuid::now_v7()));
        std::fs::write(&file, toml).unwrap();
        let filled =
            apply_config_file(Some(&file), DatabaseOptions::default(), ServeOptions::default());
        std::fs::remove_file(&file).unwrap();
        filled.map(|(_, serve)| serve)
    }

    #[test]
    fn the_file_fills_in_what_was_not_said() {
        let serve = read("[serve]\naddr = '127.0.0.1:4000'\nmetrics-addr = 'off'\n").unwrap();
        assert_eq!(serve.addr().port(), 4000);
        assert_eq!(serve.metrics_addr(), MetricsAddr::Off);
    }

    #[test]
    fn limits_are_a_section_of_the_file() {
        let serve = read("[limits]\nupload-runs = 5\n").unwrap();
        assert_eq!(serve.limits.limits().upload_runs, 5);
        let beyond = read("[limits]\nline-depth = 500\n").unwrap().check().unwrap_err();
        assert!(beyond.to_string().contains("line-depth"), "{beyond}");
    }

    #[test]
    fn an_error_in_the_file_names_the_key() {
        let unknown = format!("{:#}", read("[serve]\nadr = '127.0.0.1:4000'\n").unwrap_err());
        assert!(unknown.contains("adr") && unknown.contains("line 2"), "{unknown}");
        let invalid = format!("{:#}", read("[serve]\naddr = 'here'\n").unwrap_err());
        assert!(invalid.contains("addr") && invalid.contains("line 2"), "{invalid}");
        let limit = format!("{:#}", read("[limits]\nupload-byte = 1\n").unwrap_err());
        assert!(limit.contains("upload-byte") && limit.contains("line 2"), "{limit}");
        let text = format!("{:#}", read("[limits]\nline-depth = '9'\n").unwrap_err());
        assert!(text.contains("line-depth") && text.contains("line 2"), "{text}");
    }

    #[test]
    fn an_address_off_loopback_needs_tls_or_a_proxy() {
        let mut serve = ServeOptions { addr: "0.0.0.0:3000".parse().ok(), ..Default::default() };
        assert!(serve.check().unwrap_err().to_string().contains("--behind-proxy"));
        serve.behind_proxy = true;
        serve.check().unwrap();
    }
}
