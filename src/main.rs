//! Starts Sourcemark: a command, or the window.

use sourcemark::{
    cli::{self, Env, Exit, Outcome},
    files::survive_size_limits,
};
use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
    process::ExitCode,
};

fn main() -> ExitCode {
    survive_size_limits();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut env = Env::of_this_machine();
    let outcome = cli::run(std::env::args_os(), &mut out, &mut io::stderr(), &mut env);
    // What it still holds after an error has nobody to go to; dropping it would try once more.
    drop(out.into_parts());
    let exit = match outcome {
        Outcome::Exit(exit) => exit,
        Outcome::OpenWindow(paths) => match open_window(paths) {
            Ok(()) => Exit::Done,
            Err(message) => {
                // Without a terminal there is nobody to tell.
                drop(writeln!(io::stderr(), "sourcemark: {message}"));
                Exit::Failed
            }
        },
    };
    ExitCode::from(exit.code())
}

#[cfg(feature = "gui")]
fn open_window(paths: Vec<PathBuf>) -> Result<(), String> {
    use sourcemark::app::window::{Options, run};
    run(Options { paths })
}

#[cfg(not(feature = "gui"))]
fn open_window(_paths: Vec<PathBuf>) -> Result<(), String> {
    Err(cli::CliError::NoWindow.to_string())
}
