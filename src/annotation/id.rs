//! Ids, which never change: UUIDs (version 7, so they sort by creation) for records, short words for tags.

use std::{fmt, sync::Arc};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Returns a new id from `ids`.
            pub fn new(ids: &mut dyn IdSource) -> Self {
                Self(ids.next_uuid())
            }

            /// Reads the 36-character form; `None` for anything else.
            pub fn parse(written: &str) -> Option<Self> {
                // `Uuid` also reads braces and URNs, which a file never holds.
                (written.len() == 36).then(|| Uuid::try_parse(written).ok().map(Self)).flatten()
            }

            /// Returns the 128 bits, for keys of things that must not know what they are keys of.
            pub fn as_u128(self) -> u128 {
                self.0.as_u128()
            }

            /// Returns the id with these 128 bits.
            pub fn from_u128(bits: u128) -> Self {
                Self(Uuid::from_u128(bits))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

uuid_id! {
    /// Names an annotation.
    AnnotationId
}
uuid_id! {
    /// Names a person or program that annotates.
    AgentId
}
uuid_id! {
    /// Names somebody whose statement is reported.
    SpeakerId
}
uuid_id! {
    /// Names a claim.
    ClaimId
}
uuid_id! {
    /// Names a link between two annotations.
    LinkId
}
uuid_id! {
    /// Names a comment on an annotation.
    CommentId
}
uuid_id! {
    /// Names a conflict.
    ConflictId
}
uuid_id! {
    /// Names a difference between annotators, and with it the decision about it.
    DecisionId
}
uuid_id! {
    /// Names the content of a mark: two marks with the same content have the same id.
    StateId
}

macro_rules! of_content {
    ($($name:ident),*) => {
        $(impl $name {
            /// Returns the id of `content`: a UUID of version 8, made from its BLAKE3 hash.
            pub fn of_content(content: &[u8]) -> Self {
                let hash = blake3::hash(content);
                let mut bytes = [0; 16];
                for (byte, hashed) in bytes.iter_mut().zip(hash.as_bytes()) {
                    *byte = *hashed;
                }
                Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
            }
        })*
    };
}

of_content!(ConflictId, DecisionId, StateId);

/// Names a tag: a short stable word such as `allegation`, whatever the tag is called on screen.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagId(Arc<str>);

impl TagId {
    /// Longest name, in bytes.
    pub const MAX_BYTES: usize = 100;

    /// Takes any word of 1 to 100 bytes without white space or control characters; `None` for anything else.
    pub fn parse(word: &str) -> Option<Self> {
        let fits = (1..=Self::MAX_BYTES).contains(&word.len());
        let clean = !word.chars().any(|c| c.is_whitespace() || c.is_control());
        (fits && clean).then(|| Self(word.into()))
    }

    /// Returns an id made from a name that a person typed: lower case, blanks as hyphens. `None` when nothing is left.
    pub fn from_label(label: &str) -> Option<Self> {
        let words: Vec<String> = label.split_whitespace().map(str::to_lowercase).collect();
        let mut joined = words.join("-");
        joined.retain(|c| !c.is_control());
        let cut = joined.floor_char_boundary(Self::MAX_BYTES);
        Self::parse(joined.get(..cut)?)
    }

    /// Returns the word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TagId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TagId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TagId({})", self.0)
    }
}

/// The source of new ids. The shells use the clock and random bits; tests count.
pub trait IdSource {
    /// Returns a UUID that was never used before, preferably of version 7.
    fn next_uuid(&mut self) -> Uuid;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_words() {
        assert_eq!(
            TagId::from_label(" Expert  opinion ").unwrap().as_str(),
            "expert-opinion"
        );
        assert_eq!(TagId::from_label("反驳").unwrap().as_str(), "反驳");
        assert_eq!(TagId::from_label(" \n"), None);
        assert!(TagId::from_label(&"é".repeat(99)).is_some());
    }

    #[test]
    fn only_the_plain_form_of_a_uuid_is_read() {
        let plain = "01939f3a-7b1c-7000-8000-000000000001";
        assert_eq!(AnnotationId::parse(plain).unwrap().to_string(), plain);
        assert_eq!(AnnotationId::parse(&format!("{{{plain}}}")), None);
        assert_eq!(AnnotationId::parse("7"), None);
    }
}
