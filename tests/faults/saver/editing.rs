//! Edits that are kept in a journal, and what is recovered of them after a sudden end.

use crate::{
    generation::{annotation, article},
    session::disk,
};
use clap::Args;
use sourcemark::{
    annotation::{AnnotationSet, Article},
    edit::difference,
    files::{
        Disk, Expected, Identity, JournalSender, JournalStart, Journals, Loaded, SaveOptions,
        annotations_beside,
    },
    text::SourceText,
};
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A session of editing.
#[derive(Args, Debug)]
pub struct EditArgs {
    /// The article, which need not be there
    article: PathBuf,
    /// Folder for what is under way
    #[arg(long)]
    state: PathBuf,
    /// Edits to make
    #[arg(long, default_value_t = 4_000)]
    edits: usize,
    /// Time between two edits, in milliseconds
    #[arg(long, default_value_t = 5)]
    pause_ms: u64,
    /// Saves after each so many edits; never if 0
    #[arg(long, default_value_t = 0)]
    save_every: usize,
    /// Keeps no journal
    #[arg(long)]
    no_journal: bool,
}

/// Makes one edit after the other. Prints `edit NUMBER MILLISECONDS` when one is accepted, with the time since
/// 1970, and `ack NUMBER` when all up to that one are saved.
///
/// # Errors
/// When the output fails, or the journal cannot be begun.
pub fn edit(args: &EditArgs, out: &mut dyn Write) -> io::Result<()> {
    let disk = disk(Some(&args.state));
    let Some((journals, writer)) = disk.journals() else {
        return Err(io::Error::other("there is no folder for journals"));
    };
    thread::scope(|scope| {
        thread::Builder::new().spawn_scoped(scope, || writer.run(|_| ()))?;
        // The writer ends when nobody can tell it anything any more.
        make_edits(args, &disk, journals, out)
    })
}

fn make_edits(
    args: &EditArgs,
    disk: &Disk,
    journals: Journals,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = article(args.edits).map_err(io::Error::other)?;
    let (set, identity) = load(disk, &args.article, &text)?;
    let start = JournalStart {
        article: args.article.clone(),
        annotations: annotations_beside(&args.article),
        identity: identity.clone(),
        set: set.clone(),
    };
    let mut desk = Desk {
        args,
        disk,
        text: &text,
        set,
        identity,
        journal: (!args.no_journal).then(|| journals.begin(start)),
    };
    for number in 1..=args.edits {
        desk.edit(number, out)?;
        if args.save_every > 0 && number % args.save_every == 0 {
            desk.save(number, out)?;
        }
        thread::sleep(Duration::from_millis(args.pause_ms));
    }
    Ok(())
}

/// Prints `recovered NUMBER` of edits that are there when what was unsaved is recovered, with how the file stood to
/// each journal; or `broken: …`.
///
/// # Errors
/// When the output fails.
pub fn recover(article: &Path, state: &Path, out: &mut dyn Write) -> io::Result<()> {
    let disk = disk(Some(state));
    let text = self::article(1).map_err(io::Error::other)?;
    let (mut set, _) = load(&disk, article, &text)?;
    let recoverable = disk.recoverable_for(article);
    let mut bases = Vec::new();
    for recovery in &recoverable.found {
        let recovered = recovery.apply_to(&set);
        if !recovered.left_out.is_empty() {
            writeln!(out, "broken: records were left out")?;
        }
        set = recovered.set;
        bases.push(format!("{:?}", recovery.base));
    }
    for problem in &recoverable.problems {
        writeln!(out, "broken: {problem}")?;
    }
    let numbers = set.annotations.keys().map(|id| id.as_u128());
    match numbers
        .zip(1..)
        .find(|(number, expected)| number != expected)
    {
        Some((number, expected)) => {
            writeln!(out, "broken: edit {expected} is missing before {number}")
        }
        None => writeln!(
            out,
            "recovered {} {}",
            set.annotations.len(),
            bases.join(" ")
        ),
    }
}

fn load(
    disk: &Disk,
    path: &Path,
    text: &SourceText,
) -> io::Result<(AnnotationSet, Option<Identity>)> {
    match disk.read_annotations(&annotations_beside(path)) {
        Loaded::New => {
            let article = Article::describe(text, "news", "UTF-8");
            Ok((AnnotationSet::new(article), None))
        }
        Loaded::Loaded(file) => Ok((file.set, Some(file.identity))),
        Loaded::Unreadable(error) => Err(io::Error::other(error)),
    }
}

struct Desk<'a> {
    args: &'a EditArgs,
    disk: &'a Disk,
    text: &'a SourceText,
    set: AnnotationSet,
    identity: Option<Identity>,
    journal: Option<JournalSender>,
}

impl Desk<'_> {
    fn edit(&mut self, number: usize, out: &mut dyn Write) -> io::Result<()> {
        let annotation = annotation(self.text, number, format!("edit {number}"));
        let annotation = annotation.map_err(io::Error::other)?;
        let before = self.set.clone();
        let id = annotation.id;
        self.set.annotations.insert(id, Arc::new(annotation));
        if let Some(journal) = &self.journal {
            journal.append(&difference(&before, &self.set));
        }
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        let now_ms = since_1970.map_err(io::Error::other)?.as_millis();
        writeln!(out, "edit {number} {now_ms}")
    }

    fn save(&mut self, number: usize, out: &mut dyn Write) -> io::Result<()> {
        let path = annotations_beside(&self.args.article);
        let expected = self.identity.clone().map_or(Expected::New, Expected::Same);
        let options = SaveOptions::default();
        let saved = self
            .disk
            .save_annotations(&path, &self.set, &expected, &options)
            .map_err(io::Error::other)?;
        self.identity = Some(saved.identity.clone());
        if let Some(journal) = &self.journal {
            journal.saved(&path, saved.identity, self.set.clone());
        }
        writeln!(out, "ack {number}")
    }
}
