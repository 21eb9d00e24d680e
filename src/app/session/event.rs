//! What happens in the session that tools may want to know.

use crate::{annotation::TagId, app::session::article::ArticleKey};
use std::path::PathBuf;

/// Something has happened. Each tool is told after the message that made it happen was handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The program has started.
    Started,
    /// A dialog is asked for; the tool that has it shows it.
    Asked(DialogKind),
    /// An article's marks can be shown.
    ArticleReady(ArticleKey),
    /// Somebody else has written the annotations of an article in which something is unsaved.
    Clashed(ArticleKey),
    /// A message was handled: anything may have changed.
    Handled,
}

/// A dialog that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialogKind {
    /// All commands by name.
    Palette,
    /// All keys.
    Help,
    /// What this program is.
    About,
    /// Name, theme, text.
    Preferences,
    /// A new tag.
    NewTag,
    /// A tag's record.
    EditTag(TagId),
    /// When to use a tag.
    Guideline(TagId),
    /// Title, author, date.
    ArticleDetails,
    /// Encodings.
    Encoding,
    /// A path to open.
    OpenPath,
    /// A path to save the annotations of this article at.
    SavePath(ArticleKey),
    /// What to do with unsaved annotations before their articles are closed.
    Unsaved {
        /// The articles.
        keys: Vec<ArticleKey>,
        /// The program is to end after that.
        is_quitting: bool,
    },
    /// What somebody else has saved, beside what is open.
    Theirs(ArticleKey),
    /// A copy of the annotation file, beside what is open.
    Copy(ArticleKey, PathBuf),
    /// What merges have left open.
    Conflicts(ArticleKey),
    /// What can be read of the damaged annotation file.
    Damaged(ArticleKey),
    /// A long text under its title.
    LongText(String, String),
}
