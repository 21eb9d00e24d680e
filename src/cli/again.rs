//! Runs a command once more when another program saved the file between reading and saving.

use super::{CliError, Env, Exit, Output};
use crate::files::{Changed, FileError, FileErrorKind};
use std::path::PathBuf;

/// Most often that a command is run. From the second time on it holds the lock of the file, so that only a program
/// which takes no locks can be faster again.
const MAX_TIMES: usize = 5;

/// Runs `command`, and again from the start, on what is there by then, when its save was refused because the file had
/// been changed since it was read. Only the output of the last run is printed.
///
/// # Errors
/// Those of the last run, or that the lock of the file was not to be had.
pub fn run(
    output: &mut Output<'_>,
    env: &mut Env,
    mut command: impl FnMut(&mut Output<'_>, &mut Env) -> Result<Exit, CliError>,
) -> Result<Exit, CliError> {
    let own = env.disk.clone();
    let mut n_times = 1;
    loop {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let result = command(&mut Output::new(&mut out, &mut err), env);
        // Before it is asked for again: a lock cannot be had twice.
        env.disk = own.clone();
        match overtaken(&result) {
            Some(path) if n_times < MAX_TIMES => env.disk = own.locked(&path)?,
            _ => {
                let passed_on = output.pass_on(&out, &err);
                let exit = result?;
                return passed_on.map(|()| exit);
            }
        }
        n_times += 1;
    }
}

/// Returns the file that another program saved first.
fn overtaken(result: &Result<Exit, CliError>) -> Option<PathBuf> {
    match result {
        Err(CliError::File(FileError {
            path,
            kind: FileErrorKind::ChangedOnDisk(Changed::Content | Changed::Appeared),
            ..
        })) => Some(path.clone()),
        _ => None,
    }
}
