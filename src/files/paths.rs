//! Which annotation file belongs to which article: the one beside it with a longer name. And which paths that are
//! written in a file may be followed.

use super::fs::Fs;
use std::{
    ffi::OsString,
    path::{Component, Path, PathBuf},
};

/// What is added to the article's file name, extension and all.
pub const ANNOTATIONS_SUFFIX: &str = ".annotations.ron";

/// Returns the annotation file of `article`: `news.txt` has `news.txt.annotations.ron` beside it.
pub fn annotations_beside(article: &Path) -> PathBuf {
    let mut name = article
        .file_name()
        .map_or_else(OsString::new, OsString::from);
    name.push(ANNOTATIONS_SUFFIX);
    article.with_file_name(name)
}

/// Returns the article of `annotations`; `None` for a path that is no annotation file's.
pub fn article_of(annotations: &Path) -> Option<PathBuf> {
    let name = annotations.file_name()?;
    // Names need not be UTF-8; the suffix is ASCII, so it can be cut off the encoded bytes.
    if let Some(text) = name.to_str() {
        let article = text.strip_suffix(ANNOTATIONS_SUFFIX)?;
        return (!article.is_empty()).then(|| annotations.with_file_name(article));
    }
    #[cfg(unix)]
    {
        use std::os::unix::ffi::{OsStrExt, OsStringExt};
        let article = name
            .as_bytes()
            .strip_suffix(ANNOTATIONS_SUFFIX.as_bytes())?;
        Some(annotations.with_file_name(OsString::from_vec(article.to_vec())))
    }
    #[cfg(not(unix))]
    None
}

/// Returns whether a path is an annotation file's by its name.
pub fn is_annotations(path: &Path) -> bool {
    article_of(path).is_some()
}

/// Returns the path that a file in `folder` names as `written`, with `/`; `None` when it leads out of the folder, be
/// it from the root, upwards or through a link. Such a file may come from anybody, and reading what it names would
/// show them, or overwrite, what is none of theirs.
pub(super) fn inside(fs: &dyn Fs, folder: &Path, written: &str) -> Option<PathBuf> {
    let is_inner = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    let written = Path::new(written);
    if written.as_os_str().is_empty() || !written.components().all(is_inner) {
        return None;
    }
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let path = here.join(written);
    match (fs.canonical(here), fs.canonical(&path)) {
        (Ok(folder), Ok(file)) => file.starts_with(folder).then_some(path),
        // It is not there; opening it says so.
        _ => Some(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::fs::RealFs;

    #[test]
    fn no_path_leads_out_of_its_folder() {
        let room = tempfile::tempdir().unwrap();
        let folder = room.path().join("articles");
        RealFs.create_folder(&folder.join("sub")).unwrap();
        for (written, is_inside) in [
            ("news.txt", true),
            ("./sub/news.txt", true),
            ("a..b", true),
            ("", false),
            ("..", false),
            ("../secret", false),
            ("sub/../../secret", false),
            ("/etc/shadow", false),
        ] {
            assert_eq!(
                inside(&RealFs, &folder, written).is_some(),
                is_inside,
                "{written}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_out_of_its_folder() {
        let room = tempfile::tempdir().unwrap();
        let folder = room.path().join("articles");
        RealFs.create_folder(&folder).unwrap();
        RealFs
            .create_new(&room.path().join("secret"), true)
            .unwrap();
        RealFs.create_new(&folder.join("news"), true).unwrap();
        std::os::unix::fs::symlink(room.path().join("secret"), folder.join("out")).unwrap();
        std::os::unix::fs::symlink(folder.join("news"), folder.join("in")).unwrap();
        assert_eq!(inside(&RealFs, &folder, "out"), None);
        assert!(inside(&RealFs, &folder, "in").is_some());
    }

    #[test]
    fn there_and_back() {
        for article in [
            "/a/news.txt",
            "news",
            "ünïcode 記事.md",
            "a.annotations.ron.txt",
        ] {
            let article = Path::new(article);
            let annotations = annotations_beside(article);
            assert_eq!(article_of(&annotations).as_deref(), Some(article));
            assert!(is_annotations(&annotations) && !is_annotations(article));
        }
        assert_eq!(
            annotations_beside(Path::new("/a/news.txt")),
            Path::new("/a/news.txt.annotations.ron")
        );
        assert_eq!(article_of(Path::new("/a/.annotations.ron")), None);
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8() {
        use std::os::unix::ffi::OsStrExt;
        let article = Path::new(std::ffi::OsStr::from_bytes(b"/a/b\xFFc.txt"));
        assert_eq!(
            article_of(&annotations_beside(article)).as_deref(),
            Some(article)
        );
    }
}
