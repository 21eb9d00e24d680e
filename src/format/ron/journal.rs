//! The records of a journal as RON: what a journal is about, and one change after the other.
//!
//! A change holds each record it touches before and after, in the disk types of the annotation file, so that
//! fields of a newer version are carried along here too. Both sides are written: what was there before is what
//! tells whether somebody else has changed the record since, when the file has changed.

use super::{
    deciding::DecisionRecord,
    merging::{ConflictRecord, Named, TombstoneRecord},
    read::parse,
    record::{FieldName, FromText, Given, Parsed, Unknown, record},
    v1::{
        AgentRecord, AnnotationRecord, ArticleRecord, ClaimRecord, LinkRecord, SpeakerRecord,
        TagRecord,
    },
    write::Emitter,
};
use crate::{
    anchor::Kept,
    annotation::{
        Agent, Annotation, Article, Claim, Conflict, Decision, Link, Speaker, Tag, Timestamp,
    },
    edit::{Change, Diff, Slot},
    format::{FormatError, FormatErrorKind},
    text::EditionId,
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use std::{fmt, marker::PhantomData, path::PathBuf, sync::Arc};

/// What the first field of every journal says.
pub const FORMAT: &str = "sourcemark-journal";
/// The version this program writes, and the newest major version that it reads.
pub const VERSION: (u16, u16) = (1, 0);

/// How a path is written that is no Unicode: this, and its bytes as hexadecimal digits. No absolute path begins so.
const HEX: &str = "hex:";

/// What a journal is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Name and version of the program that keeps it.
    pub writer: String,
    /// The article.
    pub article: PathBuf,
    /// The annotation file.
    pub annotations: PathBuf,
    /// The annotation file that the changes were made on; `None` when there was none.
    pub base: Option<BaseFile>,
    /// The wording of the article.
    pub edition: EditionId,
    /// Number of the process that keeps it.
    pub pid: u32,
    /// Name of the machine.
    pub host: String,
    /// When the journal was started.
    pub started: Timestamp,
}

/// Which version of a file a journal starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseFile {
    /// Its length in bytes.
    pub len: u64,
    /// BLAKE3 of its bytes.
    pub hash: [u8; 32],
}

/// Returns `header` as text.
pub fn write_header(header: &Header) -> String {
    let mut emitter = Emitter::default();
    emitter.fields(|e| {
        e.text("format", FORMAT);
        e.bare("version", format_args!("({}, {})", VERSION.0, VERSION.1));
        e.text("writer", &header.writer);
        e.text("article", &path_text(&header.article));
        e.text("annotations", &path_text(&header.annotations));
        if let Some(base) = &header.base {
            let hash = blake3::Hash::from_bytes(base.hash).to_hex();
            e.bare("base_bytes", base.len);
            e.shown("base_hash", format_args!("blake3:{hash}"));
        }
        e.shown("edition", header.edition);
        e.bare("pid", header.pid);
        e.text("host", &header.host);
        e.shown("started", header.started);
    });
    emitter.out
}

/// Returns the header in `text`.
///
/// # Errors
/// [`FormatErrorKind::OtherFormat`], [`FormatErrorKind::Version`] for a newer major version, else what does not
/// belong there.
pub fn read_header(text: &str) -> Result<Header, FormatError> {
    let fail = |kind| FormatError::at_byte(kind, text, 0);
    let record = parse(text, PhantomData::<HeaderRecord>)?;
    if record.format != FORMAT {
        return Err(fail(FormatErrorKind::OtherFormat {
            found: crate::format::shown(&record.format, 80),
            expected: FORMAT,
        }));
    }
    if record.version.0 != VERSION.0 {
        let found = record.version;
        return Err(fail(FormatErrorKind::Version { found }));
    }
    let base = record.base_hash.0.map(|hash| BaseFile {
        len: record.base_bytes,
        hash: hash.0.0,
    });
    Ok(Header {
        writer: record.writer,
        article: record.article.0.0,
        annotations: record.annotations.0.0,
        base,
        edition: record.edition.0,
        pid: record.pid,
        host: record.host,
        started: record.started.0,
    })
}

record! {
    /// [`Header`] in the file.
    #[expect(dead_code, reason = "what a newer version adds to a header is not written again")]
    HeaderRecord as "Journal" {
        required {
            format: String,
            version: (u16, u16),
            article: Parsed<AbsolutePath>,
            annotations: Parsed<AbsolutePath>,
            edition: Parsed<EditionId>,
            started: Parsed<Timestamp>,
        }
        optional {
            writer: String,
            base_bytes: u64,
            base_hash: Given<Parsed<Blake3>>,
            pid: u32,
            host: String,
        }
    }
}

record! {
    /// What a newer version wrote beside the records of a set.
    KeptRecord as "Kept" {
        required {}
        optional {}
    }
}

pub(super) struct Blake3([u8; 32]);

impl FromText for Blake3 {
    const EXPECTED: &'static str = "`blake3:` and 64 hexadecimal digits";

    fn from_text(text: &str) -> Option<Self> {
        let hash = blake3::Hash::from_hex(text.strip_prefix("blake3:")?).ok()?;
        Some(Self(*hash.as_bytes()))
    }
}

pub(super) struct AbsolutePath(PathBuf);

impl FromText for AbsolutePath {
    const EXPECTED: &'static str = "a path from the root";

    fn from_text(text: &str) -> Option<Self> {
        let path = match text.strip_prefix(HEX) {
            Some(digits) => path_of_hex(digits)?,
            None => PathBuf::from(text),
        };
        let has_nul = path.as_os_str().as_encoded_bytes().contains(&0);
        (path.is_absolute() && !has_nul).then_some(Self(path))
    }
}

fn path_text(path: &std::path::Path) -> String {
    match path.to_str() {
        Some(text) => text.to_owned(),
        None => {
            let bytes = path.as_os_str().as_encoded_bytes();
            let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
            HEX.chars()
                .chain(digits.collect::<String>().chars())
                .collect()
        }
    }
}

/// Returns the path whose bytes are written as `digits`; only Unix has paths of any bytes.
fn path_of_hex(digits: &str) -> Option<PathBuf> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let bytes: Option<Vec<u8>> = digits
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        Some(PathBuf::from(std::ffi::OsString::from_vec(bytes?)))
    }
    #[cfg(not(unix))]
    {
        let _unused = digits;
        None
    }
}

/// Returns `change` as text.
pub fn write_change(change: &Change) -> String {
    let mut emitter = Emitter::default();
    emitter.out.push_str("[\n");
    for diff in &change.diffs {
        match diff {
            Diff::Annotation(slot) => emitter.slot("Annotation", slot, Emitter::annotation),
            Diff::Tag(slot) => emitter.slot("Tag", slot, Emitter::tag),
            Diff::Agent(slot) => emitter.slot("Agent", slot, Emitter::agent),
            Diff::Speaker(slot) => emitter.slot("Speaker", slot, Emitter::speaker),
            Diff::Claim(slot) => emitter.slot("Claim", slot, Emitter::claim),
            Diff::Link(slot) => emitter.slot("Link", slot, Emitter::link),
            Diff::Conflict(slot) => emitter.slot("Conflict", slot, Emitter::conflict),
            Diff::Decision(slot) => emitter.slot("Decision", slot, Emitter::decision),
            Diff::Tombstone(slot) => emitter.slot("Tombstone", slot, |e, tombstone| {
                e.tombstone((&slot.key, tombstone));
            }),
            Diff::Article { before, after } => {
                let (before, after) = (Some(&**before), Some(&**after));
                emitter.sides("Article", before, after, Emitter::article);
            }
            Diff::Kept { before, after } => {
                emitter.sides("Kept", Some(before), Some(after), |e, kept| {
                    e.kept(kept, "")
                });
            }
        }
    }
    emitter.out.push(']');
    emitter.out
}

impl Emitter {
    fn slot<K, V>(&mut self, kind: &str, slot: &Slot<K, V>, fields: impl Fn(&mut Self, &V)) {
        self.sides(kind, slot.before.as_deref(), slot.after.as_deref(), fields);
    }

    /// Writes `Kind((before: Some((…)), after: Some((…)))),`.
    fn sides<V>(
        &mut self,
        kind: &str,
        before: Option<&V>,
        after: Option<&V>,
        fields: impl Fn(&mut Self, &V),
    ) {
        self.out.push_str(kind);
        self.out.push('(');
        self.fields(|e| {
            for (name, side) in [("before", before), ("after", after)] {
                if let Some(side) = side {
                    e.name(name);
                    e.out.push_str("Some(");
                    e.fields(|e| fields(e, side));
                    e.out.push_str("),\n");
                }
            }
        });
        self.out.push_str("),\n");
    }
}

/// Returns the change in `text`.
///
/// # Errors
/// What does not belong there; also a record with neither side, or with two sides of different names.
pub fn read_change(text: &str) -> Result<Change, FormatError> {
    let records = parse(text, PhantomData::<Vec<DiffRecord>>)?;
    let diffs: Option<Vec<Diff>> = records.into_iter().map(DiffRecord::into_diff).collect();
    diffs.map(|diffs| Change { diffs }).ok_or_else(|| {
        let message = "a record has no side, or its two sides have different names".to_owned();
        FormatError::at_byte(FormatErrorKind::Syntax { message }, text, 0)
    })
}

#[derive(Deserialize)]
enum DiffRecord {
    Annotation(Sides<AnnotationRecord>),
    Tag(Sides<TagRecord>),
    Agent(Sides<AgentRecord>),
    Speaker(Sides<SpeakerRecord>),
    Claim(Sides<ClaimRecord>),
    Link(Sides<LinkRecord>),
    Tombstone(Sides<TombstoneRecord>),
    Conflict(Sides<ConflictRecord>),
    Decision(Sides<DecisionRecord>),
    Article(Sides<ArticleRecord>),
    Kept(Sides<KeptRecord>),
}

impl DiffRecord {
    fn into_diff(self) -> Option<Diff> {
        Some(match self {
            Self::Annotation(sides) => Diff::Annotation(slot(sides, |it: &Annotation| it.id)?),
            Self::Tag(sides) => Diff::Tag(slot(sides, |it: &Tag| it.id.clone())?),
            Self::Agent(sides) => Diff::Agent(slot(sides, |it: &Agent| it.id)?),
            Self::Speaker(sides) => Diff::Speaker(slot(sides, |it: &Speaker| it.id)?),
            Self::Claim(sides) => Diff::Claim(slot(sides, |it: &Claim| it.id)?),
            Self::Link(sides) => Diff::Link(slot(sides, |it: &Link| it.id)?),
            Self::Conflict(sides) => Diff::Conflict(slot(sides, |it: &Conflict| it.id)?),
            Self::Decision(sides) => Diff::Decision(slot(sides, |it: &Decision| it.id)?),
            Self::Tombstone(sides) => {
                let named: Slot<_, Named> = slot(sides, |it: &Named| it.record.clone())?;
                let tombstone = |side: Arc<Named>| Arc::new(side.tombstone.clone());
                Diff::Tombstone(Slot {
                    key: named.key,
                    before: named.before.map(tombstone),
                    after: named.after.map(tombstone),
                })
            }
            Self::Article(sides) => Diff::Article {
                before: Arc::new(Article::from(sides.before?)),
                after: Arc::new(Article::from(sides.after?)),
            },
            Self::Kept(sides) => Diff::Kept {
                before: sides.before?.kept,
                after: sides.after?.kept,
            },
        })
    }
}

/// Returns the slot of a record whose sides are `sides`; `None` when there is none, or they are of two records.
fn slot<D: Into<Arc<V>>, K: PartialEq, V>(
    sides: Sides<D>,
    key: impl Fn(&V) -> K,
) -> Option<Slot<K, V>> {
    let (before, after) = (sides.before.map(Into::into), sides.after.map(Into::into));
    let keys = (before.as_deref().map(&key), after.as_deref().map(&key));
    let key = match keys {
        (Some(one), Some(other)) if one == other => one,
        (Some(only), None) | (None, Some(only)) => only,
        _ => return None,
    };
    Some(Slot { key, before, after })
}

/// One record before and after.
#[derive(Deserialize)]
struct Sides<D> {
    before: Option<D>,
    after: Option<D>,
}
