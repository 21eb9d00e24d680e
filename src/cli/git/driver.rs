//! The merge driver that git calls for one file.

use super::super::{
    CliError, Exit, Output,
    merge::{Mode, merge_files, report},
    merge_args::DriverArgs,
    opened::text_of,
    output,
    several::{AnyRecords, OpenFile, save_at},
};
use crate::{
    annotation::AnnotationSet,
    files::{Disk, FileErrorKind, SaveOptions, article_of, git::merge_lines, read_bytes, wordings},
    text::SourceText,
};
use std::{ffi::OsStr, path::Path};

/// How long git's markers are where it does not say.
const MARKER_LEN: usize = 7;

/// Merges the three files that git passes. Where a side cannot be read, git's own merge of lines takes its place,
/// so that neither side is lost.
///
/// # Errors
/// When git cannot do even that.
pub fn run(args: &DriverArgs, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let names = [
        named(&args.our_name, "ours"),
        named(&args.their_name, "theirs"),
    ];
    match try_merge(args, &names, output) {
        Ok(exit) => Ok(exit),
        Err(error) => {
            let path = output::path(&args.path);
            output.remark(format_args!("{error}"));
            output.remark(format_args!(
                "git's merge by lines is used instead: `{path}`"
            ));
            let [ours, theirs] = &names;
            let marker_len = args.marker_len.parse().unwrap_or(MARKER_LEN);
            let files = [&*args.ours, &*args.base, &*args.theirs];
            let has_markers = merge_lines(Path::new("."), [ours, theirs], marker_len, files)?;
            // Lines that fit together need not make a file that does.
            let whole = !has_markers && OpenFile::at(&args.ours).is_ok();
            Ok(if whole { Exit::Done } else { Exit::Differences })
        }
    }
}

/// Returns the name that git gives a side, or `otherwise`: before version 2.44 git passes the placeholders themselves.
fn named(name: &OsStr, otherwise: &str) -> String {
    // Made of branch names and titles of commits, which need not be UTF-8.
    let name = name.to_string_lossy();
    match &*name {
        "" | "%X" | "%Y" => otherwise.to_owned(),
        name => name.to_owned(),
    }
}

fn try_merge(
    args: &DriverArgs,
    names: &[String; 2],
    output: &mut Output<'_>,
) -> Result<Exit, CliError> {
    let mut files = Vec::new();
    let base = base(args, output)?;
    let three = base.is_some();
    files.extend(base);
    files.push(OpenFile::at(&args.ours)?);
    files.push(OpenFile::at(&args.theirs)?);
    files.iter().try_for_each(OpenFile::writable)?;
    let texts = texts(&args.path, &files);
    let mode = Mode {
        three,
        layers: false,
    };
    let merged = merge_files(&files, names, mode, &texts)?;
    let (records, exit) = report(merged, output)?;
    // git's own passing file: no earlier versions, no locks.
    let options = SaveOptions::default();
    save_at(&Disk::plain(), &args.ours, records, &options, output)?;
    if exit == Exit::Differences {
        let path = output::typed(&args.path);
        output.remark(format_args!(
            "settle the conflicts with `sourcemark conflicts {path}`, then run `git add {path}`"
        ));
    }
    Ok(exit)
}

/// Returns the common version. There is none when both sides have made the file, and none that helps where it cannot
/// be read: after lines that crossed it is what git made of two common versions, with markers where a clone without
/// the driver has merged them. What was removed is known from the sides then, and what differs is a conflict.
fn base(args: &DriverArgs, output: &mut Output<'_>) -> Result<Option<OpenFile>, CliError> {
    if read_bytes(&args.base)?.is_empty() {
        return Ok(None);
    }
    match OpenFile::at(&args.base) {
        Ok(file) => Ok(Some(file)),
        Err(error) if matches!(error.kind, FileErrorKind::Format(_)) => {
            let path = output::path(&args.path);
            output.remark(format_args!(
                "the common version cannot be read, so both sides were merged without it: `{path}`"
            ));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns the wordings of the article that exist: in the folder, and in the commits that are merged.
fn texts(path: &Path, files: &[OpenFile]) -> Vec<SourceText> {
    let sets: Vec<&AnnotationSet> = files
        .iter()
        .filter_map(|file| match &file.records {
            AnyRecords::Annotations(set) => Some(&**set),
            AnyRecords::Collection(_) => None,
        })
        .collect();
    let (Some(first), Some(article)) = (sets.first(), article_of(path)) else {
        return Vec::new();
    };
    let beside = || text_of(path, first).ok().flatten();
    // git runs this in the top folder and gives the path from there.
    wordings(&sets, beside, (Path::new("."), article.as_os_str()))
}
