//! `firstpass`: the server and the commands beside it.

use std::process::ExitCode;

use clap::Parser;
use server::cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match server::cli::run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("firstpass: {error:#}");
            server::cli::code_of(&error)
        }
    }
}
