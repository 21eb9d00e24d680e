//! Attributions: the source, the cue and the chain of reporters, as in attribution corpora (PARC, PolNeAR).

use super::{Kept, SpeakerId};

/// How a statement is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuoteMode {
    /// In quotation marks.
    Direct,
    /// In the reporter's words.
    Indirect,
    /// Partly both.
    Mixed,
    /// A mode of a newer version, as written.
    Kept(String),
}

/// Whose statement a passage is. Everything is optional: tagging stays one key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attribution {
    /// The speaker.
    pub speaker: Option<SpeakerId>,
    /// The words that attribute it ("said", "according to"); empty for none.
    pub cue: String,
    /// Direct, indirect or mixed.
    pub mode: Option<QuoteMode>,
    /// The reporters, from the speaker outwards ("the paper says that officials say").
    pub reported_by: Vec<SpeakerId>,
    /// Fields of a newer version.
    pub kept: Kept,
}

impl Attribution {
    /// Returns whether nothing at all is recorded.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Somebody whose statements are reported: a person, a company, a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The id, which never changes.
    pub id: SpeakerId,
    /// The name as shown.
    pub name: String,
    /// Other names, in any script.
    pub aliases: Vec<String>,
    /// Office, field or affiliation; empty for unknown.
    pub role: String,
    /// The party in the dispute; empty for none.
    pub side: String,
    /// Fields of a newer version.
    pub kept: Kept,
}

impl Speaker {
    /// Returns a speaker of whom nothing but the name is known.
    pub fn named(id: SpeakerId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            aliases: Vec::new(),
            role: String::new(),
            side: String::new(),
            kept: Kept::default(),
        }
    }
}
