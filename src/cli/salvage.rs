//! `salvage`: recovers a damaged annotation file into a copy, and lists the losses.

use super::several::with_articles;
use super::{
    CliError, Env, Exit, Output, args::SalvageArgs, check::annotations_path, opened::save, output,
};
use crate::files::{Expected, SaveOptions};

/// Prints what cannot be read as `file:line:column: message`, and writes the copy if one is asked for.
///
/// # Errors
/// When there is nothing to be read, the copy cannot be written, or the output is closed.
pub fn run(args: &SalvageArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    let path = annotations_path(&env.disk, &args.file);
    let salvaged = env.disk.salvage_annotations(&path)?;
    let name = output::path(&path);
    for loss in &salvaged.losses {
        let (line, column) = (loss.line, loss.column);
        output.line(format_args!("{name}:{line}:{column}: {}", loss.what))?;
    }
    output.finish()?;
    let n_untold = salvaged.n_losses - salvaged.losses.len();
    if n_untold > 0 {
        output.remark(format_args!("and {n_untold} more problems"));
    }
    let set = &salvaged.set;
    let what = if salvaged.n_losses == 0 {
        "nothing lost".to_owned()
    } else {
        output::count(salvaged.n_losses, "problem")
    };
    let n_annotations = output::count(set.annotations.len(), "annotation");
    match &args.output {
        Some(copy) => {
            let options = SaveOptions {
                crlf: salvaged.crlf,
                sources: with_articles([args.file.as_path()]),
                ..SaveOptions::default()
            };
            save(&env.disk, copy, set, &Expected::New, &options, output)?;
            let copy = output::path(copy);
            output.remark(format_args!("{n_annotations} written, {what}: `{copy}`"));
        }
        None => output.remark(format_args!(
            "{n_annotations} can be recovered, {what}; -o COPY writes a copy"
        )),
    }
    Ok(match salvaged.n_losses {
        0 => Exit::Done,
        _ => Exit::Differences,
    })
}
