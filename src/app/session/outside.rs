//! What one open article has to do with the world outside the program: other hands on its files.

use crate::{
    annotation::{AnnotationSet, Timestamp},
    files::{AnnotationsFile, ConflictCopy, FileLock, Holder, JournalSender, fs::Stat},
};
use std::{collections::BTreeSet, path::PathBuf};

/// Which files an open article is, by whatever links they were reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnePath {
    /// The article.
    pub article: PathBuf,
    /// Its annotations.
    pub annotations: PathBuf,
}

/// What is known of other hands on one article's files.
#[derive(Default)]
pub struct Outside {
    /// Which files they are.
    pub one_path: OnePath,
    /// What the file system knew of the article when it was read; `None` when it has no file.
    pub stat: Option<Stat>,
    /// The records as they are on the disk, as far as we know.
    pub base: Option<AnnotationSet>,
    /// Ours, while the article is open for writing.
    pub lock: Option<FileLock>,
    /// Where unsaved work is written down, while the article is open for writing.
    pub journal: Option<JournalSender>,
    /// Who has it open in another window, and may write it.
    pub holder: Option<Holder>,
    /// Copies that a synchronising service laid beside the annotation file.
    pub copies: Vec<ConflictCopy>,
    /// What is left to do because git has not merged the annotation file, in words.
    pub merge_left: Option<String>,
    /// A job looks at the files.
    pub is_looking: bool,
    /// Somebody touched the files after that job began.
    pub is_touched: bool,
    /// When they were looked at last.
    pub looked: Option<Timestamp>,
    /// What was told of its saves: the same of every save is told once.
    pub told: BTreeSet<String>,
    /// What somebody else has written, while it is not settled whose version stays.
    pub theirs: Option<Box<AnnotationsFile>>,
}
