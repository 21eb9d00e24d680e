//! Reads what can be read of a damaged annotation file, and lists the losses.
//!
//! The file itself is never written again from this: what is read here is for a copy under another name, and
//! the damaged original stays for whoever can read more of it. Each record goes through the same typed reader
//! as in a whole file, so nothing comes out of a damaged file that a good one could not hold. What
//! [`read`](super::read()) accepts is read the same here, without losses.

mod decode;
mod loss;
mod reader;
mod records;
mod scan;

pub use loss::{Loss, LossKind};

use super::{
    FORMAT, VERSION, conflict,
    read::{ReadFile, carry_version, is_crlf, read, read_bytes},
};
use crate::{
    annotation::{AnnotationSet, Article, Kept},
    format::{FormatError, FormatErrorKind, shown},
    text::{EditionId, Newline},
};
use loss::Losses;
use reader::{Collected, collect};

/// What was read of a damaged file.
#[derive(Clone, Debug, PartialEq)]
pub struct Salvaged {
    /// The records.
    pub set: AnnotationSet,
    /// The version of the format, major and minor.
    pub version: (u16, u16),
    /// Name and version of the program that wrote it; empty when it does not say.
    pub writer: String,
    /// Whether most lines end with CR LF.
    pub crlf: bool,
    /// What could not be read, or not as written, in the order of the file; at most a thousand.
    pub losses: Vec<Loss>,
    /// How many there are in all.
    pub n_losses: usize,
}

/// Reads what can be read of a file's bytes. Linear in their number, whatever they are.
///
/// # Errors
/// The error of [`read_bytes`](super::read_bytes) when there is nothing of an annotation file in them, and for
/// a damaged file of a version that this program does not read.
pub fn salvage(bytes: &[u8]) -> Result<Salvaged, FormatError> {
    let error = match read_bytes(bytes) {
        Ok(file) => return Ok(whole(file, Losses::default())),
        Err(error) => error,
    };
    let is_hopeless = |error: &FormatError| {
        use FormatErrorKind::{Empty, Version};
        matches!(error.kind, Empty | Version { .. })
    };
    if is_hopeless(&error) {
        return Err(error);
    }
    let mut losses = Losses::default();
    let text = decode::decode(bytes, &mut losses);
    // Perhaps only its bytes were wrong, or the NULs behind it.
    if losses.n_all > 0 {
        match read(&text) {
            Ok(file) => return Ok(whole(file, losses)),
            Err(error) if is_hopeless(&error) => return Err(error),
            Err(_) => {}
        }
    }
    let crlf = is_crlf(&text);
    let text = if crlf {
        text.replace("\r\n", "\n")
    } else {
        text
    };
    for conflict in conflict::conflicts(&text) {
        losses.add((conflict.first, 1), LossKind::Conflict(conflict));
    }
    let [ours, theirs] = conflict::sides(&text);
    let mut collected = Collected::new(unknown_article(), losses);
    collect(&ours, &mut collected);
    if ours != theirs {
        add_side(&theirs, &mut collected);
    }
    finish(collected, crlf, error)
}

fn whole(file: ReadFile, losses: Losses) -> Salvaged {
    Salvaged {
        set: file.set,
        version: file.version,
        writer: file.writer,
        crlf: file.crlf,
        losses: losses.list,
        n_losses: losses.n_all,
    }
}

/// Adds what the other side of a merge has. Of what there can be only one, the first side's stays.
fn add_side(theirs: &str, collected: &mut Collected) {
    let article = collected.set.article.clone();
    let (format, version) = (collected.format.take(), collected.version.take());
    let (writer, unknown) = (
        collected.writer.take(),
        std::mem::take(&mut collected.unknown),
    );
    let had_article = std::mem::take(&mut collected.has_article);
    collect(theirs, collected);
    if had_article {
        if collected.has_article && collected.set.article != article {
            let what = "the record of the article".to_owned();
            collected.losses.add((1, 1), LossKind::SidesDiffer { what });
        }
        collected.set.article = article;
        collected.has_article = true;
    }
    collected.format = format.or(collected.format.take());
    collected.version = version.max(collected.version);
    collected.writer = writer.or(collected.writer.take());
    for name in collected.unknown.take_over(unknown) {
        let what = format!("the field `{}`", shown(&name, 60));
        collected.losses.add((1, 1), LossKind::SidesDiffer { what });
    }
}

fn finish(
    mut collected: Collected,
    crlf: bool,
    error: FormatError,
) -> Result<Salvaged, FormatError> {
    let is_ours = collected.format.as_deref() == Some(FORMAT);
    let has_something = collected.has_article || collected.n_records > 0;
    let is_foreign = matches!(error.kind, FormatErrorKind::NoFormat)
        || (collected.format.is_some() && !is_ours && !collected.has_article);
    if !has_something || is_foreign {
        return Err(error);
    }
    let version = collected.version.unwrap_or(VERSION);
    if version.0 != VERSION.0 {
        let kind = FormatErrorKind::Version { found: version };
        return Err(FormatError::at_byte(kind, "", 0));
    }
    let losses = &mut collected.losses;
    if collected.version.is_none() {
        losses.add((1, 1), LossKind::VersionUnknown { assumed: VERSION });
    }
    if let Some(format) = collected.format.filter(|_| !is_ours) {
        losses.add(
            (1, 1),
            LossKind::Field {
                field: "format".to_owned(),
                record: "the file".to_owned(),
                message: format!("it says `{}`", shown(&format, 60)),
            },
        );
    }
    if !collected.has_article {
        let what = "which text was annotated";
        losses.add((1, 1), LossKind::ArticleUnknown { what });
    }
    losses.list.sort_by_key(|loss| (loss.line, loss.column));
    let mut set = collected.set;
    set.kept = collected.unknown.into_kept();
    if version > VERSION {
        carry_version(&mut set, version);
    }
    Ok(Salvaged {
        set,
        version,
        writer: collected.writer.unwrap_or_default(),
        crlf,
        losses: collected.losses.list,
        n_losses: collected.losses.n_all,
    })
}

/// Returns an article of which nothing is known: its hash is that of no text, so every passage is looked for by its
/// wording.
fn unknown_article() -> Article {
    Article {
        file_name: String::new(),
        edition: EditionId::UNKNOWN,
        n_chars: 0,
        n_bytes: 0,
        encoding: "UTF-8".to_owned(),
        newline: Newline::Lf,
        title: String::new(),
        url: String::new(),
        publisher: String::new(),
        author: String::new(),
        date: String::new(),
        embedded_text: None,
        kept: Kept::default(),
    }
}
