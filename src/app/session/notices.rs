//! What the person is told: the only place that makes an error into sentences on the screen.

use crate::{
    annotation::AnnotationSet,
    app::{base::short, session::article::ArticleKey},
    edit::EditError,
    text::{TextRange, cut},
};
use std::error::Error;

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Good to know; goes away by itself.
    Info,
    /// Something to look at.
    Warning,
    /// Something did not work.
    Problem,
}

/// What a notification offers to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Save the annotations of this article.
    Save(ArticleKey),
    /// Choose another place for the annotations of this article.
    SaveAs(ArticleKey),
    /// Write over what others have changed.
    SaveOver(ArticleKey),
    /// Show the conflicts of this article.
    Conflicts(ArticleKey),
    /// Take the last step back.
    Undo,
    /// Copy this stretch of the article with what is hidden in it.
    CopyRange(TextRange),
}

impl Offer {
    /// What the button says.
    pub fn text(&self) -> &'static str {
        match self {
            Self::Save(_) => "Save",
            Self::SaveAs(_) => "Save as…",
            Self::SaveOver(_) => "Overwrite the file",
            Self::Conflicts(_) => "Resolve conflicts…",
            Self::Undo => "Undo",
            Self::CopyRange(_) => "Copy with hidden characters",
        }
    }

    fn is_about(&self, key: ArticleKey) -> bool {
        match self {
            Self::Save(known) | Self::SaveAs(known) | Self::SaveOver(known) => *known == key,
            // Conflicts are as open in a file that is saved.
            Self::Conflicts(_) | Self::Undo | Self::CopyRange(_) => false,
        }
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Notification {
    /// Names it.
    pub id: u64,
    /// How much it matters.
    pub weight: Weight,
    /// What happened, in a few words.
    pub title: String,
    /// The whole of it; may be empty.
    pub text: String,
    /// What can be done.
    pub offers: Vec<Offer>,
    /// When it goes away, in seconds of egui's clock; set when it is first seen.
    pub until: Option<f64>,
}

/// Longest title, in code points.
const TITLE_CHARS: usize = 300;
/// Seconds an unimportant message stays.
const INFO_SECONDS: f64 = 6.0;
/// Most messages on the screen; the oldest gives way, unimportant ones before others.
const MAX_SHOWN: usize = 5;

/// All messages that are shown.
#[derive(Clone, Debug, Default)]
pub struct Notifications {
    shown: Vec<Notification>,
    next_id: u64,
}

impl Notifications {
    /// What is shown, oldest first.
    pub fn shown(&self) -> &[Notification] {
        &self.shown
    }

    /// Adds a message. One with the same words takes the place of the one before.
    ///
    /// Names of files and words of errors are part of it: what cannot be seen in them is named.
    pub fn add(&mut self, weight: Weight, title: &str, text: &str, offers: Vec<Offer>) {
        let (title, text) = (&*short::line(title, TITLE_CHARS), &*short::page(text));
        self.shown
            .retain(|known| known.title != title || known.text != text);
        self.next_id += 1;
        self.shown.push(Notification {
            id: self.next_id,
            weight,
            title: title.to_owned(),
            text: text.to_owned(),
            offers,
            until: None,
        });
        if self.shown.len() > MAX_SHOWN {
            // What goes away by itself goes first: a file that was not saved must stay in sight.
            let is_info = |known: &Notification| known.weight == Weight::Info;
            let oldest = self.shown.iter().position(is_info).unwrap_or(0);
            self.shown.remove(oldest);
        }
    }

    /// Good to know.
    pub fn info(&mut self, title: &str, text: &str) {
        self.add(Weight::Info, title, text, Vec::new());
    }

    /// Something to look at.
    pub fn warn(&mut self, title: &str, text: &str) {
        self.add(Weight::Warning, title, text, Vec::new());
    }

    /// Something did not work.
    pub fn problem(&mut self, title: &str, error: &dyn Error, offers: Vec<Offer>) {
        self.add(Weight::Problem, title, &sentence(&chain(error)), offers);
    }

    /// An edit that could not be made, in words for the person.
    pub fn edit_refused(&mut self, error: &EditError, set: &AnnotationSet) {
        let name = |tag| cut(set.tag_name(tag), short::NAME_CHARS).into_owned();
        let text = match error {
            EditError::NothingSelected => {
                "No text is selected. Drag over a passage or double-click a word, then try again."
                    .to_owned()
            }
            EditError::NoSuchAnnotation(_) | EditError::NoSuchSegment { .. } => {
                "The annotation no longer exists.".to_owned()
            }
            EditError::NoSuchTag(tag) => format!("The tag “{}” does not exist.", name(tag)),
            EditError::TagInUse { tag, n_annotations } => format!(
                "{n_annotations} annotations still have the tag “{}”. Remove it from them first.",
                name(tag)
            ),
            EditError::KeyInUse { key, tag } => {
                format!("The key {key} is already used for the tag “{}”.", name(tag))
            }
            EditError::TooLong { .. } => {
                format!("{} Shorten it, then try again.", sentence(&chain(error)))
            }
            EditError::TooMany { what, .. } => format!(
                "{} Remove {what} that are not used, then try again.",
                sentence(&chain(error))
            ),
            EditError::Text(_) | EditError::Settle(_) | EditError::NoTwins { .. } => {
                sentence(&chain(error))
            }
        };
        self.add(
            Weight::Warning,
            "The change was not made",
            &text,
            Vec::new(),
        );
    }

    /// Closes a message.
    pub fn dismiss(&mut self, id: u64) {
        self.shown.retain(|known| known.id != id);
    }

    /// Takes back the messages that offer another way to save this article: it is saved, or closed.
    pub fn withdraw_offers_of(&mut self, key: ArticleKey) {
        self.shown
            .retain(|known| !known.offers.iter().any(|offer| offer.is_about(key)));
    }

    /// Lets old messages go; `now` in seconds. Returns how long the next one stays, to wake up then.
    pub fn age(&mut self, now: f64) -> Option<f64> {
        for known in &mut self.shown {
            if known.weight == Weight::Info && known.until.is_none() {
                known.until = Some(now + INFO_SECONDS);
            }
        }
        self.shown
            .retain(|known| known.until.is_none_or(|until| until > now));
        self.shown
            .iter()
            .filter_map(|known| known.until)
            .map(|until| until - now)
            .min_by(f64::total_cmp)
    }
}

/// An error with all its causes.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        cause = inner.source();
    }
    text
}

/// The same with a capital at its head and a full stop at its end.
pub fn sentence(text: &str) -> String {
    let mut sentence = capital(text.trim());
    if !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

/// The same with a capital at its head.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    first
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unimportant_messages_leave_and_others_stay() {
        let mut notifications = Notifications::default();
        notifications.info("Saved", "");
        notifications.warn("Look", "at this");
        assert_eq!(notifications.age(100.0), Some(INFO_SECONDS));
        assert_eq!(notifications.age(107.0), None);
        assert_eq!(notifications.shown().len(), 1);
        notifications.warn("Look", "at this");
        assert_eq!(notifications.shown().len(), 1, "the same is said once");
    }

    #[test]
    fn errors_become_sentences() {
        assert_eq!(sentence("cannot read `x`"), "Cannot read `x`.");
        assert_eq!(sentence("Why?"), "Why?");
    }
}
