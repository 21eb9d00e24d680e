//! The catalogue of bad inputs: each a file, what the program says of it, and limits of memory and time that
//! the system enforces. A row that takes more ends with a signal, and no row may.

use std::{path::Path, process::Command};

/// Annotation files.
mod annotation_files;
/// Articles and names of files.
mod articles;

/// What a program may use.
#[derive(Clone, Copy)]
struct Limits {
    /// Processor time in seconds.
    seconds: u32,
    /// Address space in megabytes; a program of two threads reserves some 200 of them before it does anything.
    megabytes: u32,
}

/// For files of ordinary size.
const SMALL: Limits = Limits {
    seconds: 5,
    megabytes: 512,
};
/// For files of a hundred megabytes and more.
const LARGE: Limits = Limits {
    // Five in the program as it is used; without optimisations, on a busy machine, up to four times that.
    seconds: if cfg!(debug_assertions) { 20 } else { 5 },
    megabytes: 1024,
};

/// How a command ended.
struct Ended {
    /// The exit code; a program that was stopped has none.
    exit: i32,
    /// All that it said.
    said: String,
}

/// Runs `sourcemark` with these arguments under `limits`.
#[track_caller]
fn run(limits: Limits, args: &[&str], path: &Path) -> Ended {
    let script = format!(
        "ulimit -v {}; ulimit -t {}; exec \"$@\"",
        u64::from(limits.megabytes) * 1024,
        limits.seconds
    );
    let output = Command::new("sh")
        .args(["-c", &script, "sh", env!("CARGO_BIN_EXE_sourcemark")])
        .args(args)
        .arg(path)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    let exit = output.status.code();
    assert!(exit.is_some(), "{args:?} was stopped: {}", output.status);
    assert!(
        !said.contains("panicked") && exit < Some(100),
        "{args:?}: {said}"
    );
    let steers = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202A}'..='\u{202E}');
    assert!(!said.contains(steers), "not escaped: {said:?}");
    assert!(said.chars().count() < 300_000, "too much was said");
    Ended {
        exit: exit.unwrap(),
        said,
    }
}
