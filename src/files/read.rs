//! Reads articles and annotation files.

use super::{
    Action, FileError, FileErrorKind, Identity, SaveOptions,
    fs::{Fs, Stat},
    open::{Content, read_file},
};
use crate::{
    annotation::{AnnotationSet, Article},
    format::{
        FormatError,
        ron::{Finding, Salvaged, Trailer, original_suffix, read_bytes, salvage},
        shown,
    },
    import::{decode, sniff},
    text::SourceText,
};
use std::{
    path::{Path, PathBuf},
    thread,
};

/// Largest article that is opened, in bytes.
pub const MAX_ARTICLE_BYTES: u64 = 1 << 30;
/// Largest annotation file that is opened, in bytes: about a million annotations.
pub const MAX_ANNOTATIONS_BYTES: u64 = 512 << 20;
/// Stack of the thread that parses. The parser needs 1 MiB at the depth it is held to, in a debug build.
const PARSER_STACK_BYTES: usize = 8 << 20;

/// An article as read.
#[derive(Clone, Debug)]
pub struct ArticleFile {
    /// Its path.
    pub path: PathBuf,
    /// Its text.
    pub text: SourceText,
    /// WHATWG name of its encoding.
    pub encoding: &'static str,
    /// Whether it began with a byte order mark.
    pub had_bom: bool,
    /// Whether the encoding is certain, and not a guess.
    pub certain: bool,
    /// Malformed sequences that were replaced by U+FFFD.
    pub n_replaced: usize,
    /// What the file system knew of its file; `None` for a text that came out of an annotation file.
    pub stat: Option<Stat>,
}

/// An annotation file as read.
#[derive(Clone, Debug)]
pub struct AnnotationsFile {
    /// Its path.
    pub path: PathBuf,
    /// Its records.
    pub set: AnnotationSet,
    /// Which version of the file was read, for saving over it.
    pub identity: Identity,
    /// Version of the format, major and minor.
    pub version: (u16, u16),
    /// Name and version of the program that wrote it; empty when it does not say.
    pub writer: String,
    /// Whether its lines end with CR LF, and should again.
    pub crlf: bool,
    /// Whether its last line agrees with the rest.
    pub trailer: Trailer,
    /// What is odd but loses nothing.
    pub findings: Vec<Finding>,
    /// Why it must not be written, if so.
    pub read_only: Option<String>,
}

impl AnnotationsFile {
    /// Returns how to write over it: with its line ends, and, when it is of an older version of the format, with the
    /// original kept beside it.
    pub fn save_options(&self) -> SaveOptions {
        SaveOptions {
            crlf: self.crlf,
            keep_original_as: original_suffix(self.version),
            sources: Vec::new(),
        }
    }
}

/// What became of opening an annotation file. Only the first two may be saved over.
#[derive(Debug)]
pub enum Loaded {
    /// There is none.
    New,
    /// The file was read.
    Loaded(Box<AnnotationsFile>),
    /// There is one, and it could not be read: nothing may be written in its place.
    Unreadable(FileError),
}

/// Reads the article at `path`, in the encoding with the label `forced_encoding` or in the one found out.
///
/// # Errors
/// See [`FileErrorKind`]; a file that is no text is called by its name.
pub(super) fn read_article(
    fs: &dyn Fs,
    path: &Path,
    forced_encoding: Option<&str>,
) -> Result<ArticleFile, FileError> {
    let action = Action::OpenArticle;
    let Content { bytes, stat } = read_file(fs, path, MAX_ARTICLE_BYTES, action)?;
    let decoded =
        decode(bytes, forced_encoding).map_err(|error| FileError::new(action, path, error))?;
    let text =
        SourceText::new(decoded.text).map_err(|error| FileError::new(action, path, error))?;
    Ok(ArticleFile {
        path: path.to_owned(),
        text,
        encoding: decoded.encoding,
        had_bom: decoded.had_bom,
        certain: decoded.certain,
        n_replaced: decoded.n_replaced,
        stat: Some(stat),
    })
}

/// Reads the article at `path` in the encoding that its annotation file records, if that gives the very text
/// that was annotated. For articles whose encoding is only a guess.
pub(super) fn read_as_recorded(
    fs: &dyn Fs,
    path: &Path,
    recorded: &Article,
) -> Option<ArticleFile> {
    let article = read_article(fs, path, Some(&recorded.encoding)).ok()?;
    (article.text.edition() == recorded.edition).then_some(article)
}

/// Reads the annotation file at `path`.
pub(super) fn read_annotations(fs: &dyn Fs, path: &Path) -> Loaded {
    match try_read(fs, path, Action::OpenAnnotations) {
        Ok(file) => Loaded::Loaded(Box::new(file)),
        Err(error) if matches!(error.kind, FileErrorKind::NotFound) => Loaded::New,
        Err(error) => Loaded::Unreadable(error),
    }
}

/// Returns the annotation file at `path`, which is read for `action`.
pub(super) fn try_read(
    fs: &dyn Fs,
    path: &Path,
    action: Action,
) -> Result<AnnotationsFile, FileError> {
    let Content { bytes, stat } = read_file(fs, path, MAX_ANNOTATIONS_BYTES, action)?;
    let (file, identity) = parse(&bytes, read_bytes, || Identity::of(&bytes, &stat))
        .map_err(|kind| FileError::new(action, path, kind))?;
    let read_only = file.newer_major.then(|| {
        format!(
            "the file is of version {}.{} of the format, made by {}; this program can show it but would lose parts when writing it",
            file.version.0,
            file.version.1,
            if file.writer.is_empty() {
                "a newer program".to_owned()
            } else {
                shown(&file.writer, 60)
            },
        )
    });
    Ok(AnnotationsFile {
        path: path.to_owned(),
        set: file.set,
        identity,
        version: file.version,
        writer: file.writer,
        crlf: file.crlf,
        trailer: file.trailer,
        findings: file.findings,
        read_only,
    })
}

/// Returns what can still be read of the damaged annotation file at `path`.
pub(super) fn salvage_annotations(fs: &dyn Fs, path: &Path) -> Result<Salvaged, FileError> {
    let action = Action::OpenAnnotations;
    let Content { bytes, .. } = read_file(fs, path, MAX_ANNOTATIONS_BYTES, action)?;
    let (salvaged, ()) =
        parse(&bytes, salvage, || ()).map_err(|kind| FileError::new(action, path, kind))?;
    Ok(salvaged)
}

/// Parses on a thread of its own, whose stack is known to be large enough, and does `meanwhile` on this one.
fn parse<P: Send, T>(
    bytes: &[u8],
    parser: fn(&[u8]) -> Result<P, FormatError>,
    meanwhile: impl FnOnce() -> T,
) -> Result<(P, T), FileErrorKind> {
    if let Some(foreign) = sniff(bytes) {
        return Err(FileErrorKind::Format(FormatError::foreign(foreign.what)));
    }
    let (result, done) = on_parser_stack(|| parser(bytes), meanwhile)?;
    Ok((result?, done))
}

/// Does `work` on a thread whose stack is known to be large enough for the parser, and `meanwhile` on this one.
///
/// # Errors
/// When the thread cannot be started; [`FileErrorKind::Crashed`] when `work` panics.
pub(super) fn on_parser_stack<T: Send, U>(
    work: impl FnOnce() -> T + Send,
    meanwhile: impl FnOnce() -> U,
) -> Result<(T, U), FileErrorKind> {
    thread::scope(|scope| {
        let parsing = thread::Builder::new()
            .name("parser".to_owned())
            .stack_size(PARSER_STACK_BYTES)
            .spawn_scoped(scope, work)?;
        let done = meanwhile();
        let result = parsing.join().map_err(|_| FileErrorKind::Crashed)?;
        Ok((result, done))
    })
}
