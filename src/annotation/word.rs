//! Vocabularies of words that a newer version may extend.

use super::{AgentKind, LinkKind, Pattern, QuoteMode, RecordKind, Stance};

/// A kind, pattern, mode or stance as one word. An unknown word of a newer version is kept as written.
pub trait Vocabulary: Sized {
    /// Returns the value of a word that this version knows.
    fn known(word: &str) -> Option<Self>;

    /// Returns the value that keeps an unknown word, with its content, as written.
    fn kept(written: String) -> Self;

    /// Returns the word.
    fn written(&self) -> &str;

    /// Returns the value of any word.
    fn of_word(word: &str) -> Self {
        Self::known(word).unwrap_or_else(|| Self::kept(word.to_owned()))
    }
}

macro_rules! words {
    ($($type:ident { $($word:ident),* })*) => {
        $(impl Vocabulary for $type {
            fn known(word: &str) -> Option<Self> {
                match word {
                    $(stringify!($word) => Some(Self::$word),)*
                    _ => None,
                }
            }

            fn kept(written: String) -> Self {
                Self::Kept(written)
            }

            fn written(&self) -> &str {
                match self {
                    $(Self::$word => stringify!($word),)*
                    Self::Kept(written) => written,
                }
            }
        })*
    };
}

words! {
    AgentKind { Person, Software }
    LinkKind { RespondsTo, Supports, SameStatement }
    Pattern { Solid, Double, Dashed, Dotted, Wavy }
    QuoteMode { Direct, Indirect, Mixed }
    RecordKind { File, Article, Annotation, Comment, Tag, Agent, Speaker, Claim, Link, Conflict, Decision }
    Stance { Supports, Denies, Queries, Comments }
}
