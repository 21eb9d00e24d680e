//! One record of a damaged file: read by the ordinary reader, whole or without the fields that are wrong.

use crate::{
    annotation::{
        Agent, AgentId, Annotation, AnnotationId, AnnotationSet, Claim, ClaimId, Conflict,
        ConflictId, Decision, DecisionId, Link, LinkId, Speaker, SpeakerId, Tag, TagId,
    },
    format::ron::{
        deciding::DecisionRecord,
        merging::{ConflictRecord, Named, TombstoneRecord},
        read::{Stop, parse_first},
        record::FieldName,
        v1,
    },
};
use ::ron::value::RawValue;
use imbl::OrdMap;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor},
};
use std::{
    fmt::{self, Debug, Display},
    ops::Range,
    sync::Arc,
};

/// The kinds of records that the file has lists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Agent,
    Tag,
    Speaker,
    Claim,
    Link,
    Annotation,
    Tombstone,
    Conflict,
    Decision,
}

/// A record as the program holds it.
pub(super) enum AnyRecord {
    Agent(Arc<Agent>),
    Tag(Arc<Tag>),
    Speaker(Arc<Speaker>),
    Claim(Arc<Claim>),
    Link(Arc<Link>),
    Annotation(Arc<Annotation>),
    Tombstone(Arc<Named>),
    Conflict(Arc<Conflict>),
    Decision(Arc<Decision>),
}

impl Kind {
    const ALL: [(Self, &'static str, &'static str, &'static str); 9] = [
        (Self::Agent, "agents", "annotator", "Agent"),
        (Self::Tag, "tags", "tag", "Tag"),
        (Self::Speaker, "speakers", "speaker", "Speaker"),
        (Self::Claim, "claims", "claim", "Claim"),
        (Self::Link, "links", "link", "Link"),
        (Self::Annotation, "annotations", "annotation", "Annotation"),
        (Self::Tombstone, "tombstones", "tombstone", "Tombstone"),
        (Self::Conflict, "conflicts", "conflict", "Conflict"),
        (Self::Decision, "decisions", "decision", "Decision"),
    ];

    /// Returns the kind that the list called `name` holds.
    pub(super) fn of_list(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, list, ..)| *list == name);
        found.map(|(kind, ..)| *kind)
    }

    fn row(self) -> (&'static str, &'static str) {
        let found = Self::ALL.iter().find(|(kind, ..)| *kind == self);
        found.map_or(("record", ""), |(_, _, word, written)| (word, written))
    }

    /// Returns what to call one record.
    pub(super) fn word(self) -> &'static str {
        self.row().0
    }

    /// Returns the name that may be before its bracket.
    pub(super) fn written(self) -> &'static str {
        self.row().1
    }

    /// Returns the kind of a record that was met outside its list, by its fields; where those of several kinds may be
    /// called so, `section` decides. `None` for what is part of another record.
    pub(super) fn guess(fields: &[Field<'_>], section: Option<Self>) -> Option<Self> {
        let has = |name: &str| fields.iter().any(|field| field.name == name);
        let has_any = |names: &[&str]| names.iter().any(|name| has(name));
        if !has("id") {
            return None;
        }
        if has("segments") {
            return Some(Self::Annotation);
        }
        if has("sides") {
            return Some(Self::Conflict);
        }
        if has("marks") {
            return Some(Self::Decision);
        }
        if has("when") {
            return Some(Self::Tombstone);
        }
        if has("from") && has("to") {
            return Some(Self::Link);
        }
        // A comment on an annotation, a mark of a decision.
        if has("author") || has("state") {
            return None;
        }
        if has_any(&["colour", "pattern", "guideline", "key"]) {
            return Some(Self::Tag);
        }
        if has_any(&["aliases", "role", "side"]) {
            return Some(Self::Speaker);
        }
        if has_any(&["text", "note"]) {
            return Some(Self::Claim);
        }
        section
    }

    /// Reads the record that `text` begins with, and says how many bytes it takes.
    pub(super) fn parse(self, text: &str) -> Result<(AnyRecord, usize), Stop> {
        fn first<'de, D: Deserialize<'de> + Into<T>, T>(
            text: &'de str,
            wrap: fn(T) -> AnyRecord,
        ) -> Result<(AnyRecord, usize), Stop> {
            let (record, n_bytes) = parse_first(text, std::marker::PhantomData::<D>)?;
            Ok((wrap(record.into()), n_bytes))
        }
        match self {
            Self::Agent => first::<v1::AgentRecord, _>(text, AnyRecord::Agent),
            Self::Tag => first::<v1::TagRecord, _>(text, AnyRecord::Tag),
            Self::Speaker => first::<v1::SpeakerRecord, _>(text, AnyRecord::Speaker),
            Self::Claim => first::<v1::ClaimRecord, _>(text, AnyRecord::Claim),
            Self::Link => first::<v1::LinkRecord, _>(text, AnyRecord::Link),
            Self::Annotation => first::<v1::AnnotationRecord, _>(text, AnyRecord::Annotation),
            Self::Tombstone => first::<TombstoneRecord, _>(text, AnyRecord::Tombstone),
            Self::Conflict => first::<ConflictRecord, _>(text, AnyRecord::Conflict),
            Self::Decision => first::<DecisionRecord, _>(text, AnyRecord::Decision),
        }
    }
}

/// One field of a record as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

impl Field<'_> {
    /// Returns the value of a string without escapes, such as an id.
    pub(super) fn unquoted(&self) -> Option<&str> {
        self.value.trim().strip_prefix('"')?.strip_suffix('"')
    }
}

/// Collects the fields of a record, whatever they are; those before a mistake are there when it fails.
pub(super) struct Fields<'a, 'de> {
    pub(super) written: &'static str,
    pub(super) found: &'a mut Vec<Field<'de>>,
}

impl<'de> DeserializeSeed<'de> for Fields<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // A record has twenty fields and may keep 64 more.
        const MAX_FIELDS: usize = 100;

        struct Into<'a, 'de>(&'a mut Vec<Field<'de>>);
        impl<'de> Visitor<'de> for Into<'_, 'de> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
                while let Some(FieldName(name)) = map.next_key()? {
                    if self.0.len() >= MAX_FIELDS {
                        map.next_value::<IgnoredAny>()?;
                        return Err(A::Error::custom("there are too many fields"));
                    }
                    let value: &RawValue = map.next_value()?;
                    let value = value.get_ron();
                    self.0.push(Field { name, value });
                }
                Ok(())
            }
        }
        deserializer.deserialize_struct(self.written, &[], Into(self.found))
    }
}

/// A field that was left out, and why.
pub(super) struct Dropped<'a> {
    pub(super) field: Field<'a>,
    pub(super) message: String,
}

/// What was read of a record, and which of its fields were not.
pub(super) struct Repaired<'a, T> {
    pub(super) record: T,
    pub(super) dropped: Vec<Dropped<'a>>,
    /// Bytes that were parsed on the way.
    pub(super) effort: usize,
}

/// Reads a record from its fields, leaving out one after the other that `parse` stops at. The `Stop` is the
/// one that nothing can be done about: a field that must be there is missing, or more than `limit` bytes were
/// parsed.
pub(super) fn repair<'a, T>(
    mut fields: Vec<Field<'a>>,
    limit: usize,
    parse: impl Fn(&str) -> Result<T, Stop>,
) -> Result<Repaired<'a, T>, Stop> {
    let (mut dropped, mut effort) = (Vec::new(), 0);
    loop {
        let (text, spans) = join(&fields);
        effort += text.len();
        match parse(&text) {
            Ok(record) => {
                return Ok(Repaired {
                    record,
                    dropped,
                    effort,
                });
            }
            Err(stop) => {
                let wrong = spans.iter().position(|span| span.contains(&stop.at));
                let Some(idx) = wrong.filter(|_| effort <= limit) else {
                    return Err(stop);
                };
                let field = fields.remove(idx);
                dropped.push(Dropped {
                    field,
                    message: stop.message,
                });
            }
        }
    }
}

/// Returns the record with these fields, and the place of each in it.
fn join(fields: &[Field<'_>]) -> (String, Vec<Range<usize>>) {
    let mut text = "(\n".to_owned();
    let mut spans = Vec::new();
    for Field { name, value } in fields {
        let start = text.len();
        let is_plain = name.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_numeric());
        text.push_str(if is_plain { "" } else { "r#" });
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        // The value may end with a comment up to the end of its line.
        text.push('\n');
        spans.push(start..text.len());
        text.push_str(",\n");
    }
    text.push(')');
    (text, spans)
}

/// A record that had to be given another id: what it is, its id, its new id.
pub(super) type Renamed = (&'static str, String, String);

/// Puts a record into `set`. One that is there already, the very same, is passed over; one with the id of
/// another gets an id of its own.
pub(super) fn absorb(set: &mut AnnotationSet, record: AnyRecord) -> Option<Renamed> {
    macro_rules! put {
        ($list:ident, $record:ident, $kind:ident, $new_id:expr) => {{
            let renamed = put(
                &mut set.$list,
                $record.id.clone(),
                $record,
                |it, id| it.id = id,
                $new_id,
            );
            renamed.map(|(old, new)| (Kind::$kind.word(), old, new))
        }};
    }
    match record {
        AnyRecord::Agent(it) => put!(agents, it, Agent, |_, seed| AgentId::from_u128(uuid(seed))),
        AnyRecord::Tag(it) => put!(tags, it, Tag, next_tag_id),
        AnyRecord::Speaker(it) => {
            put!(speakers, it, Speaker, |_, seed| SpeakerId::from_u128(uuid(
                seed
            )))
        }
        AnyRecord::Claim(it) => put!(claims, it, Claim, |_, seed| ClaimId::from_u128(uuid(seed))),
        AnyRecord::Link(it) => put!(links, it, Link, |_, seed| LinkId::from_u128(uuid(seed))),
        // Of two about one record the later is right, and both say that it was removed.
        AnyRecord::Tombstone(it) => {
            let known = set.tombstones.get(&it.record);
            let all = known.map_or_else(
                || it.tombstone.clone(),
                |known| known.together(&it.tombstone),
            );
            set.tombstones.insert(it.record.clone(), Arc::new(all));
            None
        }
        AnyRecord::Conflict(it) => put!(conflicts, it, Conflict, |_, seed| {
            ConflictId::from_u128(uuid(seed))
        }),
        AnyRecord::Decision(it) => put!(decisions, it, Decision, |_, seed| {
            DecisionId::from_u128(uuid(seed))
        }),
        AnyRecord::Annotation(it) => put!(annotations, it, Annotation, |_, seed| {
            AnnotationId::from_u128(uuid(seed))
        }),
    }
}

fn put<K: Ord + Clone + Display, V: Clone + PartialEq + Debug>(
    list: &mut OrdMap<K, Arc<V>>,
    id: K,
    record: Arc<V>,
    rename: impl Fn(&mut V, K),
    new_id: impl Fn(&K, (&str, usize)) -> K,
) -> Option<(String, String)> {
    let Some(first) = list.get(&id) else {
        list.insert(id, record);
        return None;
    };
    if *first == record {
        return None;
    }
    let content = format!("{record:?}");
    let mut twin = record;
    let mut nth = 2;
    loop {
        let other_id = new_id(&id, (&content, nth));
        rename(Arc::make_mut(&mut twin), other_id.clone());
        match list.get(&other_id) {
            // The same twin, on the other side of a merge.
            Some(known) if *known == twin => return None,
            Some(_) => nth += 1,
            None => {
                let renamed = (id.to_string(), other_id.to_string());
                list.insert(other_id, twin);
                return Some(renamed);
            }
        }
    }
}

/// Returns a UUID (version 8, of one's own making) that follows from the content of a record: reading the same
/// damaged file again gives the same one.
fn uuid((content, nth): (&str, usize)) -> u128 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(content.as_bytes());
    hasher.update(&nth.to_le_bytes());
    let mut bits = [0; 16];
    hasher.finalize_xof().fill(&mut bits);
    let bits = u128::from_be_bytes(bits);
    let versioned = bits & !(0xF << 76) | (0x8 << 76);
    versioned & !(0x3 << 62) | (0x2 << 62)
}

/// Returns `denial-2` after `denial`; after some of those, a name that follows from the content, so that a million
/// tags of one name do not take a million tries each.
fn next_tag_id(id: &TagId, seed: (&str, usize)) -> TagId {
    let ending = match seed.1 {
        nth @ 0..10 => format!("-{nth}"),
        _ => format!("-{:x}", uuid(seed)),
    };
    let cut = id
        .as_str()
        .floor_char_boundary(TagId::MAX_BYTES - ending.len());
    let start = id.as_str().get(..cut).unwrap_or_default();
    // Always a word: the start of one with ASCII behind it.
    TagId::parse(&format!("{start}{ending}")).unwrap_or_else(|| id.clone())
}
