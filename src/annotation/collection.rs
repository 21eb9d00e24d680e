//! A folder of annotated articles with the records that they share.
//!
//! Each annotation file is complete and has copies of the records it uses; a collection says which files belong
//! together and which tags, speakers and claims are meant for all of them.

use super::{
    Agent, AgentId, Aliases, AnnotationSet, Claim, ClaimId, Conflict, ConflictId, FieldValue,
    Fields, Kept, Misfit, Record, RecordKind, RecordRef, Records, Speaker, SpeakerId, Tag, TagId,
    Timestamp, Tombstone,
    fields::{KEPT, Taker, put_kept, put_text},
    kept_of,
    records::{no_record, put_into, records},
};
use crate::text::EditionId;
use imbl::OrdMap;
use std::{fmt, sync::Arc};

/// Names an article of a collection: the path of its file from the collection's folder, with `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticlePath(Arc<str>);

impl ArticlePath {
    /// Takes any path that is not empty.
    pub fn parse(written: &str) -> Option<Self> {
        (!written.is_empty()).then(|| Self(written.into()))
    }

    /// Returns the path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArticlePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One article of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The file of the article.
    pub path: ArticlePath,
    /// The wording that was annotated.
    pub edition: EditionId,
    /// The path of its annotation file, with `/`.
    pub annotations: String,
    /// The headline; empty if unknown.
    pub title: String,
    /// Fields of a newer version.
    pub kept: Kept,
}

/// Articles and the records they share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collection {
    /// The name of the collection.
    pub name: String,
    /// The articles.
    pub articles: OrdMap<ArticlePath, Arc<Member>>,
    /// The tags for all of them.
    pub tags: OrdMap<TagId, Arc<Tag>>,
    /// The annotators.
    pub agents: OrdMap<AgentId, Arc<Agent>>,
    /// The speakers.
    pub speakers: OrdMap<SpeakerId, Arc<Speaker>>,
    /// The claims.
    pub claims: OrdMap<ClaimId, Arc<Claim>>,
    /// The tombstones.
    pub tombstones: OrdMap<RecordRef, Arc<Tombstone>>,
    /// The open conflicts.
    pub conflicts: OrdMap<ConflictId, Arc<Conflict>>,
    /// Fields of a newer version.
    pub kept: Kept,
}

impl Collection {
    /// Returns the collection of one article: what `set`, kept in the file `annotations`, has to share.
    pub fn of_one(set: &AnnotationSet, path: ArticlePath, annotations: &str) -> Self {
        let member = Member {
            path: path.clone(),
            edition: set.article.edition,
            annotations: annotations.to_owned(),
            title: set.article.title.clone(),
            kept: Kept::default(),
        };
        Self {
            articles: OrdMap::unit(path, Arc::new(member)),
            tags: set.tags.clone(),
            agents: set.agents.clone(),
            speakers: set.speakers.clone(),
            claims: set.claims.clone(),
            ..Self::default()
        }
    }

    fn single_fields(&self, kind: &RecordKind) -> Option<Fields> {
        if *kind != RecordKind::File {
            return None;
        }
        let mut fields = Fields::new();
        put_text(&mut fields, "name", &self.name);
        put_kept(&mut fields, KEPT, &self.kept);
        Some(fields)
    }

    fn put_single(&mut self, kind: &RecordKind, mut fields: Fields) -> Result<(), Misfit> {
        if *kind != RecordKind::File {
            return Err(no_record());
        }
        let name = match fields.remove("name") {
            None => String::new(),
            Some(FieldValue::Text(name)) => name,
            Some(_) => return Err(no_record()),
        };
        self.kept = kept_of(fields)?;
        self.name = name;
        Ok(())
    }

    /// Does nothing: nothing in a collection refers to its records.
    fn redirect_references(&mut self, _aliases: &Aliases, _now: Timestamp) {}
}

impl Record for Member {
    type Id = ArticlePath;

    fn reference(id: &ArticlePath) -> RecordRef {
        RecordRef {
            kind: RecordKind::Article,
            id: id.as_str().into(),
        }
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        put_text(&mut fields, "hash", &self.edition.to_string());
        put_text(&mut fields, "annotations", &self.annotations);
        put_text(&mut fields, "title", &self.title);
        put_kept(&mut fields, KEPT, &self.kept);
        fields
    }

    fn with_fields(&self, fields: Fields) -> Result<Self, Misfit> {
        let mut taker = Taker(fields);
        let member = Self {
            path: self.path.clone(),
            edition: taker.parsed("hash", EditionId::parse)?,
            annotations: taker.text("annotations")?,
            title: taker.text("title")?,
            kept: taker.kept(KEPT)?,
        };
        taker.end()?;
        Ok(member)
    }
}

records! {
    Collection {
        Article: articles by ArticlePath,
        Tag: tags by TagId,
        Agent: agents by AgentId,
        Speaker: speakers by SpeakerId,
        Claim: claims by ClaimId,
    }
}
