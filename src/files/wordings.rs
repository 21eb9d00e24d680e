//! The wordings of an article that a merge may need: the one in the folder, and those in the commits that git merges.

use super::git::ask;
use crate::{
    annotation::{AnnotationSet, Article},
    import::decode,
    text::{Newline, SourceText},
};
use std::{
    ffi::{OsStr, OsString},
    path::Path,
};

/// Returns the wordings of the article of `sets`; none when all were made on one. `beside` gives the one in the
/// folder, and `article` is its path in a commit, as git run in `folder` takes it.
pub fn wordings(
    sets: &[&AnnotationSet],
    beside: impl FnOnce() -> Option<SourceText>,
    (folder, article): (&Path, &OsStr),
) -> Vec<SourceText> {
    let Some(first) = sets.first() else {
        return Vec::new();
    };
    let edition = first.article.edition;
    if sets.iter().all(|set| set.article.edition == edition) {
        return Vec::new();
    }
    let mut texts: Vec<SourceText> = beside()
        .into_iter()
        .chain(committed(folder, article, &first.article))
        .collect();
    // git may have changed the line endings where the other side marked.
    let turned: Vec<SourceText> = texts
        .iter()
        .filter_map(other_line_endings)
        .filter(|text| {
            let edition = text.edition();
            sets.iter().any(|set| set.article.edition == edition)
        })
        .collect();
    texts.extend(turned);
    texts
}

/// Returns the text with LF for CR LF, or the other way round.
fn other_line_endings(text: &SourceText) -> Option<SourceText> {
    let turned = match text.newline() {
        Newline::Lf => text.as_str().replace('\n', "\r\n"),
        Newline::CrLf => text.as_str().replace("\r\n", "\n"),
        Newline::Cr | Newline::Mixed => return None,
    };
    SourceText::new(turned).ok()
}

/// Returns the article as it is in the commits that git merges, and in what they have in common.
fn committed(folder: &Path, path: &OsStr, article: &Article) -> Vec<SourceText> {
    let mut revisions = vec!["HEAD".to_owned()];
    // `git merge` names the commits in its environment; other commands leave files.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        revisions.extend(name.strip_prefix("GITHEAD_").map(str::to_owned));
    }
    for head in ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD"] {
        revisions.push(head.to_owned());
        revisions.push(format!("{head}^"));
    }
    let bases: Vec<String> = revisions
        .iter()
        .skip(1)
        .filter_map(|other| ask(folder, &["merge-base", "HEAD", other]).ok().flatten())
        .map(|said| String::from_utf8_lossy(&said).trim().to_owned())
        .collect();
    revisions.extend(bases);
    revisions.sort();
    revisions.dedup();
    revisions
        .iter()
        .filter_map(|revision| {
            let mut object = OsString::from(format!("{revision}:"));
            object.push(path);
            let args = [OsStr::new("cat-file"), OsStr::new("blob"), &object];
            let bytes = ask(folder, &args).ok().flatten()?;
            let decoded = decode(bytes, Some(&article.encoding)).ok()?;
            SourceText::new(decoded.text).ok()
        })
        .collect()
}
