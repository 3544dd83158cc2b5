//! `cargo xtask check`: formatting, dependencies, escaping, lints. One run reports all findings.

use anyhow::{Result, ensure};

use crate::process::{Steps, run as run_command};
use crate::workspace::Workspace;
use crate::{arrows, markup, messages, modules, sql, words};

/// A check that can be run separately.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Only {
    /// Banned idioms in comments, documents and identifiers
    Words,
    /// Uses between the modules of a package
    Modules,
    /// Texts outside of the message catalogue, unused and untranslated messages
    Messages,
    /// SQL that a database distributed by tenant could not run
    Sql,
}

/// The subcommand.
pub(crate) fn run(workspace: &Workspace, only: Option<Only>) -> Result<()> {
    match only {
        Some(Only::Words) => return words::check(workspace),
        Some(Only::Modules) => return modules::check(workspace),
        Some(Only::Messages) => return messages::check(workspace),
        Some(Only::Sql) => return sql::check(workspace),
        None => {}
    }
    let mut steps = Steps::new(8);
    let mut wrong = 0;
    let mut check = |what, work: &dyn Fn() -> Result<()>| {
        if let Err(why) = steps.run(what, work) {
            eprintln!("error: {why:#}");
            wrong += 1;
        }
    };
    check("format", &|| run_command(workspace.cargo().args(["fmt", "--all", "--check"])));
    check("arrows between packages", &|| arrows::check(workspace));
    check("plain technical English", &|| words::check(workspace));
    check("layers of modules", &|| modules::check(workspace));
    check("markup is escaped", &|| markup::check(workspace));
    check("message catalogue", &|| messages::check(workspace));
    check("SQL for a distributed database", &|| sql::check(workspace));
    check("lints on the host", &|| {
        let what = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        run_command(workspace.cargo().args(what))
    });
    ensure!(wrong == 0, "{wrong} of 8 checks failed");
    Ok(())
}
