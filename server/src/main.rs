//! `firstpass`: the server and its command line.

use std::process::ExitCode;

use server::cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::from_args();
    match server::cli::run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("firstpass: {error:#}");
            server::cli::code_of(&error)
        }
    }
}
