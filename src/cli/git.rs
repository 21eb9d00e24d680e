//! `git`: lets git merge and show annotation files with this program; and what git calls then.
//!
//! What is installed are a merge driver, a diff program and a text view in the repository's own configuration,
//! and two lines in `.gitattributes`. A collaborator who has not installed it gets git's merge of lines.

use super::{
    CliError, Exit, Output,
    diff::Comparison,
    merge::{Mode, merge_files, report},
    merge_args::{DriverArgs, GitCommand, GitDiffArgs, RepoArgs},
    opened::text_of,
    output,
    record_words::names,
    several::{AnyRecords, OpenFile, save_at},
};
use crate::{
    annotation::{AnnotationSet, Article},
    files::{
        Disk, article_of,
        git::{
            GitError, ask, change_attributes, merge_lines, top_folder, with_lines, without_lines,
        },
        read_bytes,
    },
    import::decode,
    merge::Difference,
    text::{Newline, SourceText},
};
use std::{ffi::OsStr, path::Path};

/// The lines of `.gitattributes`.
const ATTRIBUTES: [&str; 2] = [
    "*.annotations.ron merge=sourcemark diff=sourcemark",
    "collection.ron merge=sourcemark diff=sourcemark",
];

/// Carries out what `command` says.
///
/// # Errors
/// When there is no git or no repository, or a file cannot be read or written.
pub fn run(command: &GitCommand, output: &mut Output<'_>) -> Result<Exit, CliError> {
    match command {
        GitCommand::Install(args) => install(args, output),
        GitCommand::Uninstall(args) => uninstall(args, output),
        GitCommand::Status(args) => status(args, output),
        GitCommand::Merge(args) => merge(args, output),
        GitCommand::Diff(args) => show_diff(args, output),
        GitCommand::Textconv { file } => textconv(file, output),
    }
}

fn folder(args: &RepoArgs) -> &Path {
    args.repo.as_deref().unwrap_or(Path::new("."))
}

/// Keys and values of the configuration.
fn settings() -> Result<Vec<(&'static str, String)>, CliError> {
    let program = std::env::current_exe()?;
    let Some(program) = program.to_str() else {
        return Err(CliError::OddProgramPath {
            path: output::path(&program),
        });
    };
    // git hands the line to a shell, on every system.
    let program = quoted_for_shell(&program.replace('\\', if cfg!(windows) { "/" } else { "\\" }));
    Ok(vec![
        ("merge.sourcemark.name", "Sourcemark annotations".to_owned()),
        (
            "merge.sourcemark.driver",
            // git puts quotation marks around the path and the names itself; a path may begin with a dash.
            format!("{program} git merge -- %O %A %B %P %X %Y"),
        ),
        ("diff.sourcemark.command", format!("{program} git diff --")),
        (
            "diff.sourcemark.textconv",
            format!("{program} git textconv --"),
        ),
    ])
}

fn quoted_for_shell(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn install(args: &RepoArgs, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let top = top_folder(folder(args))?;
    let mut changed = change_attributes(&top, |text| with_lines(text, &ATTRIBUTES))?;
    for (key, value) in settings()? {
        if configured(&top, key)?.as_deref() != Some(&value) {
            ask(&top, &["config", "--local", "--replace-all", key, &value])?;
            changed = true;
        }
    }
    let said = if changed {
        "installed"
    } else {
        "was installed already"
    };
    output.line(format_args!("{said} in {}", output::path(&top)))?;
    if changed {
        output.remark(format_args!(
            "commit .gitattributes; collaborators run `sourcemark git install` in their own clones"
        ));
    }
    Ok(Exit::Done)
}

fn uninstall(args: &RepoArgs, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let top = top_folder(folder(args))?;
    let mut changed = change_attributes(&top, |text| without_lines(text, &ATTRIBUTES))?;
    for section in ["merge.sourcemark", "diff.sourcemark"] {
        let pattern = format!("^{}\\.", section.replace('.', "\\."));
        if ask(&top, &["config", "--local", "--get-regexp", &pattern])?.is_some() {
            ask(&top, &["config", "--local", "--remove-section", section])?;
            changed = true;
        }
    }
    let said = if changed {
        "taken out"
    } else {
        "was not installed"
    };
    output.line(format_args!("{said} in {}", output::path(&top)))?;
    Ok(Exit::Done)
}

/// Done when everything is as `install` makes it.
fn status(args: &RepoArgs, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let top = top_folder(folder(args))?;
    let mut exit = Exit::Done;
    for (key, value) in settings()? {
        let found = configured(&top, key)?;
        let said = match &found {
            Some(found) if *found == value => "as it should be".to_owned(),
            Some(found) => format!("another program: {}", output::one_line(found, 200)),
            None => "not installed".to_owned(),
        };
        if found.as_deref() != Some(&value) {
            exit = Exit::Differences;
        }
        output.line(format_args!("{key}: {said}"))?;
    }
    for (file, line) in ["x.annotations.ron", "collection.ron"]
        .into_iter()
        .zip(ATTRIBUTES)
    {
        let said = ask(&top, &["check-attr", "merge", "diff", "--", file])?.unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let n_right = said
            .lines()
            .filter(|line| line.ends_with(": sourcemark"))
            .count();
        let pattern = line.split(' ').next().unwrap_or_default();
        let state = if n_right == 2 {
            "as it should be"
        } else {
            "not installed"
        };
        if n_right != 2 {
            exit = Exit::Differences;
        }
        output.line(format_args!("attributes of {pattern}: {state}"))?;
    }
    Ok(exit)
}

fn configured(top: &Path, key: &str) -> Result<Option<String>, GitError> {
    let said = ask(top, &["config", "--local", "--get", key])?;
    Ok(said.map(|said| {
        String::from_utf8_lossy(&said)
            .trim_end_matches(['\n', '\r'])
            .to_owned()
    }))
}

/// What git calls to merge. Where a side cannot be read, git's own merge of lines takes its place, so that
/// neither side is lost.
fn merge(args: &DriverArgs, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let names = [
        named(&args.our_name, "ours"),
        named(&args.their_name, "theirs"),
    ];
    match try_merge(args, &names, output) {
        Ok(exit) => Ok(exit),
        Err(error) => {
            let path = output::path(&args.path);
            output.remark(format_args!("{error}"));
            output.remark(format_args!("merged line by line instead: `{path}`"));
            let [ours, theirs] = &names;
            let here = Path::new(".");
            let has_markers =
                merge_lines(here, [ours, theirs], &args.ours, &args.base, &args.theirs)?;
            // Lines that fit together need not make a file that does.
            let whole = !has_markers && OpenFile::at(&args.ours).is_ok();
            Ok(if whole { Exit::Done } else { Exit::Differences })
        }
    }
}

/// Before version 2.44 git hands over the placeholders themselves.
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
    let is_empty = read_bytes(&args.base)?.is_empty();
    let mut files = Vec::new();
    if !is_empty {
        files.push(OpenFile::at(&args.base)?);
    }
    files.push(OpenFile::at(&args.ours)?);
    files.push(OpenFile::at(&args.theirs)?);
    files.iter().try_for_each(OpenFile::writable)?;
    let texts = texts(&args.path, &files);
    let mode = Mode {
        three: !is_empty,
        layers: false,
    };
    let merged = merge_files(&files, names, mode, &texts)?;
    let (records, exit) = report(merged, output)?;
    // git's own passing file: no earlier versions, no locks.
    save_at(&Disk::plain(), &args.ours, records, false, output)?;
    if exit == Exit::Differences {
        let path = output::typed(&args.path);
        output.remark(format_args!(
            "settle them with `sourcemark conflicts {path}`, then `git add` it"
        ));
    }
    Ok(exit)
}

/// The wordings of the article that are at hand: in the folder, and in the commits that are merged.
fn texts(path: &Path, files: &[OpenFile]) -> Vec<SourceText> {
    let sets: Vec<&AnnotationSet> = files
        .iter()
        .filter_map(|file| match &file.records {
            AnyRecords::Annotations(set) => Some(&**set),
            AnyRecords::Collection(_) => None,
        })
        .collect();
    let Some(first) = sets.first() else {
        return Vec::new();
    };
    let edition = first.article.edition;
    if sets.iter().all(|set| set.article.edition == edition) {
        return Vec::new();
    }
    let beside = text_of(path, first).ok().flatten();
    let mut texts: Vec<SourceText> = beside
        .into_iter()
        .chain(committed(path, &first.article))
        .collect();
    // git may have changed the line endings where the other side marked.
    let turned: Vec<SourceText> = texts
        .iter()
        .filter_map(other_line_endings)
        .filter(|text| {
            let edition = text.edition();
            sets.iter().any(|set| set.article.edition == edition)
        })
        .collect();
    texts.extend(turned);
    texts
}

/// The text with LF for CR LF, or the other way round.
fn other_line_endings(text: &SourceText) -> Option<SourceText> {
    let turned = match text.newline() {
        Newline::Lf => text.as_str().replace('\n', "\r\n"),
        Newline::CrLf => text.as_str().replace("\r\n", "\n"),
        Newline::Cr | Newline::Mixed => return None,
    };
    SourceText::new(turned).ok()
}

/// The article as it is in the commits that git merges, and in what they have in common.
fn committed(path: &Path, article: &Article) -> Vec<SourceText> {
    let here = Path::new(".");
    let Some(article_path) = article_of(path) else {
        return Vec::new();
    };
    let mut revisions = vec!["HEAD".to_owned()];
    // `git merge` names the commits in its environment; other commands leave files.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        revisions.extend(name.strip_prefix("GITHEAD_").map(str::to_owned));
    }
    for head in ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD"] {
        revisions.push(head.to_owned());
        revisions.push(format!("{head}^"));
    }
    let bases: Vec<String> = revisions
        .iter()
        .skip(1)
        .filter_map(|other| ask(here, &["merge-base", "HEAD", other]).ok().flatten())
        .map(|said| String::from_utf8_lossy(&said).trim().to_owned())
        .collect();
    revisions.extend(bases);
    revisions.sort();
    revisions.dedup();
    revisions
        .iter()
        .filter_map(|revision| {
            let object = format!("{revision}:{}", article_path.to_str()?);
            let bytes = ask(here, &["cat-file", "blob", &object]).ok().flatten()?;
            let decoded = decode(bytes, Some(&article.encoding)).ok()?;
            SourceText::new(decoded.text).ok()
        })
        .collect()
}

/// What git calls to compare: the differences in words.
fn show_diff(args: &GitDiffArgs, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let Some(path) = args.parts.get(RENAMED_TO).or(args.parts.first()) else {
        return Ok(Exit::Usage);
    };
    output.line(format_args!("{}", output::path(path)))?;
    let [_, old, _, _, new, ..] = args.parts.as_slice() else {
        // Of a file that is not merged yet git hands over the path alone.
        output.line(format_args!(
            "  not settled yet; see `git status` and `sourcemark conflicts`"
        ))?;
        return Ok(Exit::Done);
    };
    let comparison = read_two(old, new).and_then(|two| match two {
        Some((old, new)) => Comparison::of(&old, &new).map(Some),
        None => Ok(None),
    });
    match comparison {
        Ok(comparison) => {
            for sentence in comparison.iter().flat_map(Comparison::sentences) {
                output.line(format_args!("  {sentence}"))?;
            }
        }
        Err(error) => {
            output.line(format_args!("  {error}"))?;
            output.line(format_args!("  `git diff --no-ext-diff` shows the lines"))?;
        }
    }
    Ok(Exit::Done)
}

/// Where git puts the new path of a renamed file.
const RENAMED_TO: usize = 7;

/// Two files that git hands over; one that is not there is one with nothing in it. `None` when neither is.
fn read_two(old: &Path, new: &Path) -> Result<Option<(AnyRecords, AnyRecords)>, CliError> {
    Ok(match (read(old)?, read(new)?) {
        (Some(old), Some(new)) => Some((old, new)),
        (Some(old), None) => {
            let new = old.nothing_like()?;
            Some((old, new))
        }
        (None, Some(new)) => Some((new.nothing_like()?, new)),
        (None, None) => None,
    })
}

/// The records of a file that git hands over; `None` for one that is not there, or empty.
fn read(path: &Path) -> Result<Option<AnyRecords>, CliError> {
    let is_nothing = path == Path::new("/dev/null") || path == Path::new("nul");
    if is_nothing || read_bytes(path)?.is_empty() {
        return Ok(None);
    }
    Ok(Some(OpenFile::at(path)?.records))
}

/// What git calls to show a file as text, line by line: the annotations in the order of the article. A file
/// that cannot be read is shown as it is.
fn textconv(file: &Path, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let records = match read(file) {
        Ok(Some(records)) => records,
        Ok(None) => return Ok(Exit::Done),
        Err(_) => {
            let bytes = read_bytes(file)?;
            output.text(&String::from_utf8_lossy(&bytes))?;
            return Ok(Exit::Done);
        }
    };
    let known = records.names()?;
    let names = names(Some(&known));
    let comparison = Comparison::of(&records.nothing_like()?, &records)?;
    for (difference, sentence) in comparison.found.iter().zip(comparison.sentences()) {
        if let Difference::Conflict { .. } = difference {
            output.line(format_args!("{sentence}"))?;
            continue;
        }
        let fields = difference.fields();
        output.line(format_args!(
            "{}",
            names.record(difference.record(), fields)
        ))?;
        for (field, value) in fields {
            let value = names.value(field, Some(value));
            if field != "segments" {
                output.line(format_args!("    {}: {value}", names.field(field)))?;
            }
        }
    }
    Ok(Exit::Done)
}
