//! `collection.ron`: which annotation files belong together and what they share. The rules are those of annotation
//! files, and so are the records.

use super::{
    merging::{ConflictRecord, Named, TombstoneRecord},
    read::{
        Trailer, check_trailer, is_crlf, parse, read_header, recognise, second_id, version_error,
    },
    record::{FieldName, Parsed, Table, Text, Unknown, record},
    tells_what_was_seen,
    v1::{AgentRecord, ClaimRecord, SpeakerRecord, TagRecord},
    write::{Emitter, WriteOptions},
};
use crate::{
    anchor::Kept,
    annotation::{Agent, ArticlePath, Claim, Collection, Conflict, Member, Record, Speaker, Tag},
    format::{FormatError, FormatErrorKind},
    text::EditionId,
};
use imbl::OrdMap;
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use std::{borrow::Cow, fmt, sync::Arc};

/// What the first field of a collection says.
pub const COLLECTION_FORMAT: &str = "sourcemark-collection";
/// The version of collections that use nothing newer.
const FIRST_VERSION: (u16, u16) = (1, 0);
/// The newest version, in which removals say what they saw.
const VERSION: (u16, u16) = (1, 1);

record! {
    /// The whole file.
    #[expect(dead_code, reason = "format and version are read with the header, before the records")]
    File as "Collection" {
        required { format: String, version: (u16, u16), }
        optional {
            writer: Text,
            name: Text,
            articles: Table<MemberRecord, Arc<Member>>,
            agents: Table<AgentRecord, Arc<Agent>>,
            tags: Table<TagRecord, Arc<Tag>>,
            speakers: Table<SpeakerRecord, Arc<Speaker>>,
            claims: Table<ClaimRecord, Arc<Claim>>,
            tombstones: Table<TombstoneRecord, Named>,
            conflicts: Table<ConflictRecord, Arc<Conflict>>,
        }
    }
}

record! {
    /// One article.
    MemberRecord as "Article" {
        required { file_name: Parsed<ArticlePath>, hash: Parsed<EditionId>, annotations: Text, }
        optional { title: Text, }
    }
}

impl From<MemberRecord> for Arc<Member> {
    fn from(record: MemberRecord) -> Self {
        Self::new(Member {
            path: record.file_name.0,
            edition: record.hash.0,
            annotations: record.annotations.0,
            title: record.title.0,
            kept: record.kept,
        })
    }
}

/// What was in a collection's file.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadCollection {
    /// The records.
    pub collection: Collection,
    /// Whether most lines end with CR LF, and should again.
    pub crlf: bool,
    /// Whether the last line agrees with the rest.
    pub trailer: Trailer,
}

/// Reads a collection's text.
///
/// # Errors
/// As for annotation files; a file of any newer version is an error, for there is none yet.
pub fn read_collection(text: &str) -> Result<ReadCollection, FormatError> {
    read_text(text).map_err(|error| error.unquoted_unless_ours(text.as_bytes()))
}

fn read_text(text: &str) -> Result<ReadCollection, FormatError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    recognise(text)?;
    let crlf = is_crlf(text);
    let plain = match crlf {
        true => Cow::Owned(text.replace("\r\n", "\n")),
        false => Cow::Borrowed(text),
    };
    let text = &*plain;
    let header = read_header(text, COLLECTION_FORMAT)?;
    if ![FIRST_VERSION, VERSION].contains(&header.version) {
        return Err(version_error(text, header.version));
    }
    let file = parse(text, std::marker::PhantomData::<File>)?;
    let mut tombstones = OrdMap::new();
    for Named { record, tombstone } in file.tombstones.0 {
        let id = record.to_string();
        if tombstones.insert(record, Arc::new(tombstone)).is_some() {
            return Err(duplicate(text, "tombstones", id));
        }
    }
    let mut conflicts = OrdMap::new();
    for conflict in file.conflicts.0 {
        let id = conflict.id;
        if conflicts.insert(id, conflict).is_some() {
            return Err(duplicate(text, "conflicts", id.to_string()));
        }
    }
    let collection = Collection {
        name: file.name.0,
        articles: by_id(text, "articles", file.articles.0, |it| it.path.clone())?,
        agents: by_id(text, "agents", file.agents.0, |it| it.id)?,
        tags: by_id(text, "tags", file.tags.0, |it| it.id.clone())?,
        speakers: by_id(text, "speakers", file.speakers.0, |it| it.id)?,
        claims: by_id(text, "claims", file.claims.0, |it| it.id)?,
        tombstones,
        conflicts,
        kept: file.kept,
    };
    Ok(ReadCollection {
        collection,
        crlf,
        trailer: check_trailer(text),
    })
}

fn by_id<R: Record>(
    text: &str,
    what: &'static str,
    records: Vec<Arc<R>>,
    id: impl Fn(&R) -> R::Id,
) -> Result<OrdMap<R::Id, Arc<R>>, FormatError> {
    let mut map = OrdMap::new();
    for record in records {
        let id = id(&record);
        let name = R::reference(&id).id;
        if map.insert(id, record).is_some() {
            return Err(duplicate(text, what, name.into()));
        }
    }
    Ok(map)
}

fn duplicate(text: &str, what: &'static str, id: String) -> FormatError {
    let at = second_id(text, &id).unwrap_or(0);
    FormatError::at_byte(FormatErrorKind::DuplicateId { what, id }, text, at)
}

/// Returns the file's text: the same bytes for the same content.
pub fn write_collection(collection: &Collection, options: WriteOptions<'_>) -> String {
    let mut emitter = Emitter::new(16_384);
    let is_newer = tells_what_was_seen(&collection.tombstones, &collection.conflicts);
    let version = if is_newer { VERSION } else { FIRST_VERSION };
    emitter.whole((COLLECTION_FORMAT, version), options.writer, |e| {
        e.text_if_any("name", &collection.name);
        e.list("articles", collection.articles.values(), |e, it| {
            e.member(it)
        });
        e.list("agents", collection.agents.values(), |e, it| e.agent(it));
        e.list("tags", collection.tags.values(), |e, it| e.tag(it));
        e.list("speakers", collection.speakers.values(), |e, it| {
            e.speaker(it)
        });
        e.list("claims", collection.claims.values(), |e, it| e.claim(it));
        let tombstones = collection.tombstones.iter();
        e.list(
            "tombstones",
            tombstones.map(|(record, it)| (record, &**it)),
            Emitter::tombstone,
        );
        e.list("conflicts", collection.conflicts.values(), |e, it| {
            e.conflict(it)
        });
        e.kept(&collection.kept, "");
    });
    emitter.finish(options.crlf)
}

impl Emitter {
    fn member(&mut self, member: &Member) {
        self.text("file_name", member.path.as_str());
        self.shown("hash", member.edition);
        self.text("annotations", &member.annotations);
        self.text_if_any("title", &member.title);
        self.kept(&member.kept, "");
    }
}
