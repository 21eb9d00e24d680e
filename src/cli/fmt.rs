//! `fmt`: formats annotation files.

use super::{
    CliError, Env, Exit, Output,
    args::FmtArgs,
    check::annotations_path,
    opened::{load_existing, save},
    output,
};
use crate::{
    files::Expected,
    format::ron::{WriteOptions, write},
};
use std::path::Path;

/// Rewrites the files that differ from what this program would write, and prints their names; with `--check`
/// only prints them.
///
/// # Errors
/// When the output is closed. A file that cannot be read or written is reported, and the others are still formatted.
pub fn run(args: &FmtArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    let mut worst = Exit::Done;
    for file in &args.files {
        let path = annotations_path(&env.disk, file);
        match format_one(&path, args.check, output, env) {
            Ok(false) => {}
            Ok(true) => {
                output.line(format_args!("{}", output::path(&path)))?;
                if args.check {
                    worst = worst.max(Exit::Differences);
                }
            }
            Err(error) => {
                output.remark(format_args!("{error}"));
                worst = worst.max(Exit::Failed);
            }
        }
    }
    Ok(worst)
}

/// Returns whether the file differed.
fn format_one(
    path: &Path,
    only_look: bool,
    output: &mut Output<'_>,
    env: &Env,
) -> Result<bool, CliError> {
    let file = load_existing(&env.disk, path)?;
    if let Some(why) = file.read_only {
        let path = output::path(path);
        return Err(CliError::ReadOnly { path, why });
    }
    // That another version of the program wrote it is no difference.
    let options = WriteOptions {
        crlf: file.crlf,
        writer: &file.writer,
    };
    let save_options = file.save_options();
    let is_same = file.identity.is_of(write(&file.set, options).as_bytes());
    if !is_same && !only_look {
        let expected = Expected::Same(file.identity);
        save(&env.disk, path, &file.set, &expected, &save_options, output)?;
    }
    Ok(!is_same)
}
