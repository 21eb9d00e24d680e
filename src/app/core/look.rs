//! Jobs that look at what other hands have done to open files, and read it.

use crate::{
    annotation::{AnnotationSet, Marks},
    app::{
        base::jobs::Jobs,
        core::{
            command::{AppCommand, CommandSender},
            job_kind::JobKind,
            unmerged::merge_left,
        },
        session::{article::ArticleKey, shown::TagMap},
    },
    edit::{Change, difference},
    files::{
        AnnotationsFile, ArticleFile, FileError, FileErrorKind, Identity, Loaded, Look, fs::Stat,
    },
    text::{SourceText, count_words},
};
use std::path::PathBuf;

/// What the window knows of one article's files.
pub struct Known {
    /// The article.
    pub key: ArticleKey,
    /// Where its text is.
    pub path: PathBuf,
    /// What the file system knew of it when it was read; `None` for a text that has no file.
    pub stat: Option<Stat>,
    /// The text as it is here.
    pub text: SourceText,
    /// Its encoding.
    pub encoding: &'static str,
    /// Where its annotations are.
    pub annotations_path: PathBuf,
    /// What was loaded or saved there; `None` when nothing was.
    pub identity: Option<Identity>,
    /// The records as they are here, for finding them in a changed text.
    pub set: AnnotationSet,
    /// The revision of the workspace that has them.
    pub revision: u64,
    /// Whether git had not merged the annotation file.
    pub has_merge_left: bool,
}

/// What was found. Nothing where nothing differs.
#[derive(Debug)]
pub struct Seen {
    /// The article.
    pub key: ArticleKey,
    /// What the window took for granted while this was found out.
    pub identity: Option<Identity>,
    /// The revision of the workspace whose records were compared.
    pub revision: u64,
    /// What became of the annotation file.
    pub annotations: Option<Theirs>,
    /// What became of the article's text.
    pub text: Option<NewText>,
}

/// An annotation file that is not what was loaded or saved last.
#[derive(Debug)]
pub enum Theirs {
    /// Somebody wrote it: what leads from the records here to those in it.
    Written(Box<(AnnotationsFile, Change)>),
    /// The file cannot be read.
    Unreadable(FileError),
    /// The file is missing.
    Gone,
}

/// An article whose file changed.
#[derive(Debug)]
pub enum NewText {
    /// The file was written again, with the same words.
    Same(Stat),
    /// The file has other words; the marks were searched in them.
    Changed {
        /// What was read.
        file: Box<ArticleFile>,
        /// Where the records stand.
        marks: Box<Marks>,
        /// Ticks of the map, counted.
        map: TagMap,
        /// Words of it.
        n_words: usize,
    },
    /// The file is missing.
    Gone,
    /// The file cannot be read.
    Unreadable(FileError),
}

/// Looks at both files of an article and reads what changed.
pub fn look(jobs: &Jobs, known: Known, sender: &CommandSender) {
    let disk = jobs.disk().clone();
    jobs.run(JobKind::Look(known.key), sender, move |sender| {
        let annotations = match disk.look(&known.annotations_path, known.identity.as_ref()) {
            // A drive that is away for a moment: saving will tell.
            Look::Same | Look::Unknown(_) => None,
            Look::Changed(_) => match disk.read_annotations(&known.annotations_path) {
                Loaded::New => known.identity.is_some().then_some(Theirs::Gone),
                Loaded::Loaded(file) => {
                    let change = difference(&known.set, &file.set);
                    Some(Theirs::Written(Box::new((*file, change))))
                }
                Loaded::Unreadable(error) => Some(Theirs::Unreadable(error)),
            },
        };
        let text = known.stat.as_ref().and_then(|stat| {
            let now = disk.article_stat(&known.path);
            if now.as_ref().is_ok_and(|now| now == stat) {
                return None;
            }
            match disk.read_article(&known.path, Some(known.encoding)) {
                Ok(file) if file.text.edition() == known.text.edition() => {
                    file.stat.map(NewText::Same)
                }
                Ok(file) => {
                    // With the old text at hand nothing has to be guessed.
                    let is_base = known.text.edition() == known.set.article.edition;
                    let old = is_base.then_some(&known.text);
                    let marks = Marks::find_with(&file.text, &known.set, old, &|_| true)?;
                    Some(NewText::Changed {
                        map: TagMap::new(&known.set, &marks),
                        n_words: count_words(file.text.as_str()),
                        marks: Box::new(marks),
                        file: Box::new(file),
                    })
                }
                Err(error) if matches!(error.kind, FileErrorKind::NotFound) => Some(NewText::Gone),
                Err(error) => Some(NewText::Unreadable(error)),
            }
        });
        let is_to_be_asked = known.has_merge_left || annotations.is_some();
        sender.send(AppCommand::Seen(Box::new(Seen {
            key: known.key,
            identity: known.identity,
            revision: known.revision,
            annotations,
            text,
        })));
        // After what was found, because git takes its time.
        if is_to_be_asked {
            let words = merge_left(&disk, &known.annotations_path, &known.text);
            sender.send(AppCommand::MergeLeft(known.key, words));
        }
    });
}
