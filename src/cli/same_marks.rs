//! The same marks in several files: one article that two people have renamed differently, or copies of one file.

use super::output;
use crate::{
    annotation::{AnnotationId, AnnotationSet},
    files::article_of,
};
use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

/// The marks of all files that were looked at.
#[derive(Default)]
pub struct SameMarks {
    files: Vec<MarkedFile>,
    first: HashMap<AnnotationId, usize>,
    /// How many marks two files have in common, by their numbers.
    shared: BTreeMap<(usize, usize), usize>,
}

struct MarkedFile {
    path: PathBuf,
    article: PathBuf,
    has_article: bool,
}

/// Two files with the same marks.
pub struct Shared {
    /// The one to keep: the one whose article is there, or the first by its path.
    pub keep: PathBuf,
    /// The other.
    pub other: PathBuf,
    /// How many marks.
    pub n_marks: usize,
    /// Whether they are on one article, as copies of several annotators are.
    pub of_one_article: bool,
}

impl SameMarks {
    /// Looks at the marks of the file at `path`.
    pub fn add(&mut self, path: &Path, set: &AnnotationSet) {
        if self.files.iter().any(|file| file.path == path) {
            return;
        }
        let number = self.files.len();
        let beside = article_of(path);
        let recorded = Path::new(&set.article.file_name).file_name();
        let recorded = recorded.map(|name| path.with_file_name(name));
        let there = [&beside, &recorded];
        let there = there
            .into_iter()
            .flatten()
            .find(|article| article.is_file());
        let article = there.or(beside.as_ref()).cloned();
        self.files.push(MarkedFile {
            path: path.to_owned(),
            article: article.unwrap_or_else(|| path.to_owned()),
            has_article: there.is_some(),
        });
        for id in set.annotations.keys() {
            let first = *self.first.entry(*id).or_insert(number);
            if first != number {
                *self.shared.entry((first, number)).or_default() += 1;
            }
        }
    }

    /// Returns the files that have marks of another, each with the first that has them.
    pub fn found(&self) -> Vec<Shared> {
        let pairs = self.shared.iter().filter_map(|((a, b), n_marks)| {
            let (a, b) = (self.files.get(*a)?, self.files.get(*b)?);
            let (keep, other) = match (!a.has_article, &a.path) <= (!b.has_article, &b.path) {
                true => (a, b),
                false => (b, a),
            };
            Some(Shared {
                keep: keep.path.clone(),
                other: other.path.clone(),
                n_marks: *n_marks,
                of_one_article: a.article == b.article,
            })
        });
        pairs.collect()
    }
}

impl Shared {
    /// Returns what was found in the file that is to go, and what to do.
    pub fn in_words(&self) -> String {
        let marks = match self.n_marks {
            1 => "1 mark of this file is".to_owned(),
            n => format!("{n} marks of this file are"),
        };
        let keep = output::path(&self.keep);
        match self.of_one_article {
            true => format!(
                "{marks} also in `{keep}`, on the same article; merge copies of one file with `{}`",
                self.command()
            ),
            false => format!(
                "{marks} also in `{keep}`, as after renaming one article in two ways; merge both files with `{}`, then remove this one and its article",
                self.command()
            ),
        }
    }

    fn command(&self) -> String {
        let (keep, other) = (output::typed(&self.keep), output::typed(&self.other));
        format!("sourcemark merge --no-base {keep} {other} -o {keep}")
    }
}
