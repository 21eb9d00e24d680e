//! Starts Sourcemark.

use std::process::ExitCode;

#[cfg(feature = "gui")]
fn main() -> ExitCode {
    use sourcemark::app::window::{Options, run};
    use std::{io::Write, path::PathBuf};

    let paths = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match run(Options { paths }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Without a terminal there is nobody to tell.
            drop(writeln!(std::io::stderr(), "sourcemark: {message}"));
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(feature = "gui"))]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}
