//! Which annotation file belongs to which article: the one beside it with a longer name.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// What is added to the article's file name, extension and all.
pub const ANNOTATIONS_SUFFIX: &str = ".annotations.ron";

/// The annotation file of `article`: `news.txt` has `news.txt.annotations.ron` beside it.
pub fn annotations_beside(article: &Path) -> PathBuf {
    let mut name = article
        .file_name()
        .map_or_else(OsString::new, OsString::from);
    name.push(ANNOTATIONS_SUFFIX);
    article.with_file_name(name)
}

/// The article that `annotations` lies beside; `None` for a path that is no annotation file's.
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

/// Whether a path is an annotation file's by its name.
pub fn is_annotations(path: &Path) -> bool {
    article_of(path).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

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
