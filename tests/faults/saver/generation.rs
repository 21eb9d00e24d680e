//! Annotation sets that count: every record of one says which generation it is, and who made it.
//!
//! A file in which two generations are mixed is broken, whatever its last line says.

use clap::Args;
use sourcemark::{
    anchor::describe,
    annotation::{
        AgentId, Annotation, AnnotationId, AnnotationSet, Article, Attribution, Kept, Timestamp,
    },
    files::{AnnotationsFile, FileError, Loaded},
    format::ron::Trailer,
    text::{SourceText, TextRange},
};
use std::{collections::BTreeMap, fmt, sync::Arc};

/// How large a set is.
#[derive(Args, Clone, Debug)]
pub struct Size {
    /// Annotations of the set
    #[arg(long, default_value_t = 60)]
    annotations: usize,
    /// Bytes of each annotation's note
    #[arg(long, default_value_t = 40)]
    note_bytes: usize,
}

/// Which generation a set is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    pub number: u64,
    pub writer: String,
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of one length, so that the length of a file does not tell which one it holds.
        write!(f, "generation {:08} by {}", self.number, self.writer)
    }
}

impl Generation {
    /// The generation that `written` names.
    fn parse(written: &str) -> Option<Self> {
        let (number, writer) = written.strip_prefix("generation ")?.split_once(" by ")?;
        Some(Self {
            number: number.parse().ok()?,
            writer: writer.to_owned(),
        })
    }

    /// The set of this generation, for the article of that name.
    ///
    /// # Errors
    /// When a passage of the article cannot be described, which would be a mistake here.
    pub fn set(&self, article_name: &str, size: &Size) -> Result<AnnotationSet, String> {
        let text = article(size.annotations)?;
        let mut set = AnnotationSet::new(Article::describe(&text, article_name, "UTF-8"));
        set.article.title = self.to_string();
        let mut note = self.to_string();
        note.extend(std::iter::repeat_n('.', size.note_bytes));
        for number in 1..=size.annotations {
            let annotation = annotation(&text, number, note.clone())?;
            set.annotations.insert(annotation.id, Arc::new(annotation));
        }
        Ok(set)
    }

    /// The generation that `file` holds, whole.
    ///
    /// # Errors
    /// What is broken about it.
    pub fn of(file: &AnnotationsFile) -> Result<Self, String> {
        if file.trailer != Trailer::Good {
            return Err(format!("its last line is {:?}", file.trailer));
        }
        let title = &file.set.article.title;
        let generation = Self::parse(title).ok_or_else(|| format!("its title is {title}"))?;
        for annotation in file.set.annotations.values() {
            let note = annotation.note.trim_end_matches('.');
            if note != title {
                return Err(format!("it mixes {title} with {note}"));
            }
        }
        Ok(generation)
    }
}

const LINE: &str = "The ministry denied it.\n";

/// An article of so many lines, all alike.
///
/// # Errors
/// When it is too long.
pub fn article(n_lines: usize) -> Result<SourceText, String> {
    let text = LINE.repeat(n_lines.max(1));
    SourceText::new(text).map_err(|error| error.to_string())
}

/// An annotation in the line with this number, counted from 1, which is its name too.
///
/// # Errors
/// When the article has no such line.
pub fn annotation(text: &SourceText, number: usize, note: String) -> Result<Annotation, String> {
    let start = number.saturating_sub(1) * LINE.len();
    let range = TextRange::from_bytes(start..start + "The ministry".len());
    Ok(Annotation {
        id: AnnotationId::from_u128(number as u128),
        segments: vec![describe(text, range).map_err(|error| error.to_string())?],
        tags: Vec::new(),
        note,
        comments: Vec::new(),
        attribution: Attribution::default(),
        claims: Vec::new(),
        attributes: BTreeMap::new(),
        creator: AgentId::from_u128(1),
        also_by: Vec::new(),
        created: Timestamp::from_unix_seconds(1_770_000_000),
        modified: Timestamp::from_unix_seconds(1_770_000_000),
        kept: Kept::default(),
    })
}

/// What is at a path.
pub enum Found {
    /// No file.
    New,
    /// A whole generation.
    Whole(Generation, Box<AnnotationsFile>),
    /// A file of no whole generation; with what is wrong.
    Broken(String),
    /// A file that cannot be read.
    Unreadable(FileError),
}

impl Found {
    pub fn of(loaded: Loaded) -> Self {
        match loaded {
            Loaded::New => Self::New,
            Loaded::Unreadable(error) => Self::Unreadable(error),
            Loaded::Loaded(file) => match Generation::of(&file) {
                Ok(generation) => Self::Whole(generation, file),
                Err(what) => Self::Broken(what),
            },
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New => f.write_str("new"),
            Self::Whole(generation, _) => write!(f, "{generation}"),
            Self::Broken(what) => write!(f, "broken: {what}"),
            Self::Unreadable(error) => write!(f, "unreadable: {error}"),
        }
    }
}
