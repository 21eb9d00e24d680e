//! Single values of the file: names, times and colours in strings, words, and what a missing field is.

use super::record::{FromText, FromWord, Parsed, Word};
use crate::{
    annotation::{
        AgentId, AgentKind, AnnotationId, ArticlePath, ClaimId, CommentId, ConflictId, DecisionId,
        Fingerprint, LinkId, Pattern, Rgb8, SpeakerId, StateId, TagId, Timestamp, Vocabulary,
    },
    text::{EditionId, Newline},
};

// What an optional field is when it is missing, where that is not simply empty.

impl Default for Word<AgentKind> {
    fn default() -> Self {
        Self(AgentKind::Person)
    }
}

impl Default for Word<Pattern> {
    fn default() -> Self {
        Self(Pattern::Solid)
    }
}

impl Default for Parsed<Newline> {
    fn default() -> Self {
        Self(Newline::Lf)
    }
}

impl Default for Parsed<Rgb8> {
    fn default() -> Self {
        Self(Rgb8 {
            red: 128,
            green: 128,
            blue: 128,
        })
    }
}

impl From<Parsed<Self>> for TagId {
    fn from(parsed: Parsed<Self>) -> Self {
        parsed.0
    }
}

impl From<Parsed<Self>> for AgentId {
    fn from(parsed: Parsed<Self>) -> Self {
        parsed.0
    }
}

impl From<Parsed<Self>> for Fingerprint {
    fn from(parsed: Parsed<Self>) -> Self {
        parsed.0
    }
}

impl From<Parsed<Self>> for SpeakerId {
    fn from(parsed: Parsed<Self>) -> Self {
        parsed.0
    }
}

/// A key of the keyboard: one character.
pub(super) struct Key(pub(super) char);

impl FromText for Key {
    const EXPECTED: &'static str = "one character";

    fn from_text(text: &str) -> Option<Self> {
        let mut chars = text.chars();
        let first = chars.next()?;
        chars.next().is_none().then_some(Self(first))
    }
}

macro_rules! from_text {
    ($($type:ty: $expected:literal,)*) => {
        $(impl FromText for $type {
            const EXPECTED: &'static str = $expected;

            fn from_text(text: &str) -> Option<Self> {
                Self::parse(text)
            }
        })*
    };
}

from_text! {
    AgentId: "a UUID such as \"01939f3a-7b1c-7000-8000-000000000001\"",
    ArticlePath: "the path of a file",
    AnnotationId: "a UUID such as \"01939f3a-7b1c-7000-8000-000000000001\"",
    ClaimId: "a UUID such as \"01939f3a-7b1c-7000-8000-000000000001\"",
    CommentId: "a UUID such as \"01939f3a-7b1c-7000-8000-000000000001\"",
    ConflictId: "a UUID such as \"01939f3a-7b1c-7000-8000-000000000001\"",
    DecisionId: "a UUID such as \"01939f3a-7b1c-7000-8000-000000000001\"",
    LinkId: "a UUID such as \"01939f3a-7b1c-7000-8000-000000000001\"",
    StateId: "a UUID such as \"01939f3a-7b1c-7000-8000-000000000001\"",
    SpeakerId: "a UUID such as \"01939f3a-7b1c-7000-8000-000000000001\"",
    Fingerprint: "`blake3:` and 64 hexadecimal digits",
    EditionId: "`blake3:` and 64 hexadecimal digits",
    Newline: "one of \"LF\", \"CRLF\", \"CR\" and \"mixed\"",
    Rgb8: "a colour such as \"#d55e00\"",
    TagId: "a tag's id: 1 to 100 bytes without blanks",
    Timestamp: "a time such as \"2026-03-01T12:00:00Z\"",
}

impl<T: Vocabulary> FromWord for T {
    fn known(word: &str) -> Option<Self> {
        Vocabulary::known(word)
    }

    fn kept(written: String) -> Self {
        Vocabulary::kept(written)
    }
}
