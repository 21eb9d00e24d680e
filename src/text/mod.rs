//! Floor 1, text: the article as it was read, and places in it.
//!
//! The text never changes while it is open, so it is one immutable, indexed value that is cheap to clone.
//! Inside the program a place is a [`ByteOffset`]; at the border of a file it is a [`CharOffset`] (Unicode
//! code points, as the W3C Web Annotation model counts). The two are different types and only a
//! [`SourceText`] can turn one into the other.
//!
//! The text floor knows nothing of annotations, files or screens.

pub mod boundary;
mod chars;
mod cut;
mod edition;
mod error;
mod fold;
pub mod hidden;
mod lines;
pub mod lookalike;
mod offset;
mod paragraphs;
mod range;
mod source;
mod survey;
mod thousands;
mod words;

pub use chars::CharIndex;
pub use cut::{beginning, cut, is_longer};
pub use edition::EditionId;
pub use error::TextError;
pub use fold::{
    Folded, Folding, ascii_form, fold, is_ignored, is_presentation_form, is_set_without_blanks,
};
pub use lines::{LineIndex, Newline};
pub use offset::{ByteOffset, CharOffset};
pub use paragraphs::ParagraphCount;
pub use range::TextRange;
pub use source::{LineCol, SourceText};
pub use survey::Survey;
pub use thousands::thousands;
pub use words::count_words;
