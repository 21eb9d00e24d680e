//! Real texts in consecutive versions, and passages of them.

use crate::data::Numbers;
use sourcemark::text::{SourceText, TextRange};
use std::path::Path;

/// Two consecutive versions of one text.
pub struct Revision {
    /// The folder it is in: revisions of one text are told apart from those of others.
    pub article: String,
    /// The version before.
    pub old: SourceText,
    /// The version after.
    pub new: SourceText,
}

/// All revisions below `corpus`, in the order of their names. Nothing when the folder cannot be read.
pub fn revisions(corpus: &Path) -> Vec<Revision> {
    let mut found = Vec::new();
    for article in names(corpus) {
        let folder = corpus.join(&article);
        let mut versions = names(&folder);
        versions.retain(|name| name.ends_with(".txt"));
        versions.sort_by_key(|name| name.split('.').next().and_then(|n| n.parse::<u32>().ok()));
        let texts: Vec<SourceText> = versions
            .iter()
            .filter_map(|name| std::fs::read(folder.join(name)).ok())
            .filter_map(|bytes| SourceText::new(String::from_utf8_lossy(&bytes).into_owned()).ok())
            .collect();
        for pair in texts.windows(2) {
            if let [old, new] = pair
                && old.as_str() != new.as_str()
            {
                found.push(Revision {
                    article: article.clone(),
                    old: old.clone(),
                    new: new.clone(),
                });
            }
        }
    }
    found
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A passage of 12 to 240 code points somewhere in `text`, as it falls: in the middle of words too. `None` where
/// the text is too short, or the passage is nothing but blanks.
pub fn passage(text: &SourceText, numbers: &mut Numbers) -> Option<TextRange> {
    let n_chars = 12 + numbers.below(229);
    let start = numbers.below(text.n_chars().checked_sub(n_chars)?);
    let place = |chars: usize| text.to_byte(sourcemark::text::CharOffset::new(chars)).ok();
    let range = TextRange::new(place(start)?, place(start + n_chars)?);
    let is_blank = text.slice(range).ok()?.trim().is_empty();
    (!is_blank).then_some(range)
}
