//! Finds the conflict copies that synchronising programs make when two people change a file at once, and makes
//! such a copy of a version that came out of the file in the moment of a save.
//!
//! Each of them puts a mark of its own into the name of one of the two files, before one of its dots. A file that
//! belongs to an article of its own is none of these, whatever it is called.

use super::{
    annotations_beside, article_of,
    compare::folder_of,
    fs::{Fs, RealFs},
};
use crate::annotation::Timestamp;
use std::{
    collections::BTreeSet,
    ffi::OsString,
    io,
    path::{Path, PathBuf},
};

/// Conflict copies that one file may get in one second.
const MAX_IN_A_SECOND: usize = 100;

/// Whose manner the name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictKind {
    /// `(conflicted copy …)`: Dropbox, Nextcloud, ownCloud, Seafile.
    Conflicted,
    /// `.sync-conflict-20260301-120000-ABCDEFG`: Syncthing.
    Syncthing,
    /// `-NAME-OF-COMPUTER`: OneDrive.
    Computer,
    /// `(1)` or `2`: Google Drive, iCloud, and downloads.
    Numbered,
}

/// A file beside an annotation file that seems to be another version of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictCopy {
    /// Its path.
    pub path: PathBuf,
    /// What its name looks like.
    pub kind: ConflictKind,
}

/// Returns the conflict copies of the annotation file at `path` on this machine's disk, by name. None when the folder
/// cannot be listed.
pub fn conflict_copies(path: &Path) -> Vec<ConflictCopy> {
    find(&RealFs, path)
}

/// Returns the same on any disk.
pub(super) fn find(fs: &dyn Fs, path: &Path) -> Vec<ConflictCopy> {
    let Some(own) = path.file_name().and_then(|name| name.to_str()) else {
        return Vec::new();
    };
    let folder = folder_of(path);
    let Ok(listed) = fs.list(folder) else {
        return Vec::new();
    };
    let names: BTreeSet<OsString> = listed
        .iter()
        .filter_map(|path| Some(path.file_name()?.to_owned()))
        .collect();
    let has_article = |name: &str| {
        let article = article_of(Path::new(name));
        article.is_some_and(|article| names.contains(article.as_os_str()))
    };
    let copies = names.iter().filter_map(|name| {
        let name = name.to_str()?;
        let kind = kind_of(own, name).filter(|_| !has_article(name))?;
        let path = folder.join(name);
        Some(ConflictCopy { path, kind })
    });
    copies.collect()
}

/// Gives the file at `from`, a version of the one at `target` in the same folder that somebody else wrote, the name of
/// a conflict copy, and returns that. Nothing is replaced.
pub(super) fn set_aside(
    fs: &dyn Fs,
    from: &Path,
    target: &Path,
    now: Timestamp,
) -> io::Result<PathBuf> {
    let (stem, end) = (target.file_stem(), target.extension());
    let moment: String = now.to_string().replace([':', 'Z'], "").replace('T', " ");
    for n in 1..=MAX_IN_A_SECOND {
        let mut name = stem.unwrap_or_default().to_owned();
        name.push(format!(" (conflicted copy {moment}"));
        if n > 1 {
            name.push(format!(" {n}"));
        }
        name.push(")");
        if let Some(end) = end {
            name.push(".");
            name.push(end);
        }
        let to = target.with_file_name(name);
        let renamed = match fs.rename_new(from, &to) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                rename_where_free(fs, from, &to)
            }
            result => result,
        };
        match renamed {
            Ok(()) => return Ok(to),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Does what [`Fs::rename_new`] does on file systems without it: by a second name, or by claiming the name.
fn rename_where_free(fs: &dyn Fs, from: &Path, to: &Path) -> io::Result<()> {
    match fs.hard_link(from, to) {
        Ok(()) => return fs.remove(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
        Err(_) => {}
    }
    drop(fs.create_new(to, true)?);
    fs.rename(from, to).inspect_err(|_| {
        fs.remove(to).ok();
    })
}

/// Returns what kind of copy of the file called `own` the name `other` is; `None` for none.
fn kind_of(own: &str, other: &str) -> Option<ConflictKind> {
    if !other.ends_with(".ron") {
        return None;
    }
    let n_added = other.len().checked_sub(own.len()).filter(|n| *n > 0)?;
    let dots = own.match_indices('.').map(|(at, _)| at);
    dots.filter(|at| *at > 0).find_map(|at| {
        let (before, after) = own.split_at_checked(at)?;
        let added = other.strip_prefix(before)?.strip_suffix(after)?;
        // Where the mark begins like what follows it, cutting elsewhere would find half a mark.
        (added.len() == n_added).then_some(())?;
        kind_of_mark(added, after)
    })
}

/// Returns what `mark`, which is before `after`, says.
fn kind_of_mark(mark: &str, after: &str) -> Option<ConflictKind> {
    if let Some(rest) = mark.strip_prefix(".sync-conflict-") {
        let parts: Vec<&str> = rest.split('-').collect();
        let is_digits = |part: &str, n| part.len() == n && part.chars().all(|c| c.is_ascii_digit());
        return match parts.as_slice() {
            [date, time, device] if is_digits(date, 8) && is_digits(time, 6) => {
                let is_device = device.chars().all(|c| c.is_ascii_alphanumeric());
                is_device.then_some(ConflictKind::Syncthing)
            }
            _ => None,
        };
    }
    if mark.starts_with("_conflict-") {
        return Some(ConflictKind::Conflicted);
    }
    let inner = mark
        .trim_start()
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    if let Some(inner) = inner {
        if is_number(inner) {
            return Some(ConflictKind::Numbered);
        }
        return says_conflict(inner).then_some(ConflictKind::Conflicted);
    }
    // The rest look like what people call files themselves, so only where no article's name can end.
    let is_behind_article =
        annotations_beside(Path::new("")).to_str() == Some(after) || after == ".ron";
    if !is_behind_article {
        return None;
    }
    if mark.strip_prefix(' ').is_some_and(is_number) {
        return Some(ConflictKind::Numbered);
    }
    let computer = mark.strip_prefix('-')?;
    let is_name = (1..=20).contains(&computer.len())
        && computer.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && computer.chars().any(|c| c.is_ascii_alphabetic())
        // `-backup` and `-old` are people's own.
        && computer.chars().any(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    is_name.then_some(ConflictKind::Computer)
}

fn is_number(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit())
}

/// Returns the words of Dropbox in some languages, and of Seafile.
fn says_conflict(text: &str) -> bool {
    const WORDS: [&str; 8] = [
        "conflicted copy",
        "conflict copy",
        "in konflikt stehende kopie",
        "copia en conflicto",
        "copie en conflit",
        "cópia em conflito",
        "copia in conflitto",
        "sfconflict ",
    ];
    let text = text.to_lowercase();
    WORDS.iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(other: &str, expected: Option<ConflictKind>) {
        let kind = kind_of("news.txt.annotations.ron", other);
        assert_eq!(kind, expected, "{other}");
    }

    #[test]
    fn names_as_the_programs_give_them() {
        use ConflictKind::{Computer, Conflicted, Numbered, Syncthing};
        for (other, kind) in [
            (
                "news.txt.annotations (conflicted copy 2026-03-01).ron",
                Conflicted,
            ),
            (
                "news.txt (conflicted copy 2026-03-01).annotations.ron",
                Conflicted,
            ),
            (
                "news (Ana's conflicted copy 2026-03-01).txt.annotations.ron",
                Conflicted,
            ),
            (
                "news.txt.annotations (Ana’s conflicted copy 2026-03-01 (2)).ron",
                Conflicted,
            ),
            (
                "news.txt.annotations (DESKTOP-1's Conflicted Copy 2026-03-01).ron",
                Conflicted,
            ),
            (
                "news.txt.annotations (conflicted copy 2026-03-01 120000).ron",
                Conflicted,
            ),
            (
                "news.txt.annotations (Copie en conflit de Ana 2026-03-01).ron",
                Conflicted,
            ),
            (
                "news.txt.annotations (SFConflict ana@example.org 2026-03-01-12-00-00).ron",
                Conflicted,
            ),
            (
                "news.txt.annotations_conflict-20260301-120000.ron",
                Conflicted,
            ),
            (
                "news.txt.annotations.sync-conflict-20260301-120000-ABCDEFG.ron",
                Syncthing,
            ),
            (
                "news.sync-conflict-20260301-120000-ABCDEFG.txt.annotations.ron",
                Syncthing,
            ),
            (
                "news.txt.sync-conflict-20260301-120000-ABCDEFG.annotations.ron",
                Syncthing,
            ),
            ("news.txt.annotations-DESKTOP-AB12CD3.ron", Computer),
            ("news.txt.annotations-Anas-MacBook.ron", Computer),
            ("news.txt.annotations-DESKTOP-AB12CD3-2.ron", Computer),
            ("news.txt.annotations (1).ron", Numbered),
            ("news.txt (1).annotations.ron", Numbered),
            ("news (12).txt.annotations.ron", Numbered),
            ("news.txt.annotations 2.ron", Numbered),
            ("news.txt.annotations(1).ron", Numbered),
        ] {
            check(other, Some(kind));
        }
    }

    #[test]
    fn our_own_names_are_known() {
        check(
            "news.txt.annotations (conflicted copy 2026-03-01 120000).ron",
            Some(ConflictKind::Conflicted),
        );
        check(
            "news.txt.annotations (conflicted copy 2026-03-01 120000 2).ron",
            Some(ConflictKind::Conflicted),
        );
        let kind = kind_of(
            "collection.ron",
            "collection (conflicted copy 2026-03-01 120000).ron",
        );
        assert_eq!(kind, Some(ConflictKind::Conflicted));
    }

    #[test]
    fn names_that_people_give() {
        for other in [
            "news.txt.annotations.ron",
            "news.txt",
            "news.txt.annotations.ron.v1.bak",
            "news.txt.annotations (1).ron.bak",
            "news.txt.annotations-backup.ron",
            "news.txt.annotations-old.ron",
            "news-2.txt.annotations.ron",
            "news 2.txt.annotations.ron",
            "news (final).txt.annotations.ron",
            "news (conflict of interest).txt.annotations.ron",
            "news (2026).txt.annotations.ron",
            "newspaper (1).txt.annotations.ron",
            "other (1).txt.annotations.ron",
            "news.sync-conflict-yesterday.txt.annotations.ron",
            "news.txt.annotations.sync-conflict-2026-120000-A.ron",
            "(1).txt.annotations.ron",
        ] {
            check(other, None);
        }
    }
}
