//! What is wrong with a collection: files that are not where it says, other texts, marks that are in two files, open
//! conflicts.

use super::{opened::load_existing, output, same_marks::SameMarks};
use crate::{
    annotation::{Collection, Member},
    files::{Disk, FileError},
    format::ron::Trailer,
};
use std::path::Path;

/// Returns one line for each problem of the collection at `path`.
///
/// # Errors
/// When it cannot be read.
pub fn problems(disk: &Disk, path: &Path) -> Result<Vec<String>, FileError> {
    let (read, _) = disk.read_collection(path)?;
    let mut problems = Vec::new();
    if read.trailer == Trailer::Wrong {
        problems.push(
            "the file was changed after Sourcemark wrote it, by hand or by damage".to_owned(),
        );
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let members = read.collection.articles.values();
    let mut same_marks = SameMarks::default();
    problems.extend(members.filter_map(|member| of_member(disk, folder, member, &mut same_marks)));
    let twice = same_marks.found().into_iter();
    problems.extend(
        twice
            .filter(|shared| !shared.of_one_article)
            .map(|shared| format!("`{}`: {}", output::path(&shared.other), shared.in_words())),
    );
    problems.extend(open_conflicts(&read.collection));
    Ok(problems)
}

fn of_member(
    disk: &Disk,
    folder: &Path,
    member: &Member,
    same_marks: &mut SameMarks,
) -> Option<String> {
    let name = output::one_line(member.path.as_str(), 100);
    let Some(path) = disk.inside(folder, &member.annotations) else {
        return Some(format!(
            "`{name}`: the annotation file is outside the folder of the collection and was not opened: `{}`",
            output::one_line(&member.annotations, 100)
        ));
    };
    let loaded = load_existing(disk, &path);
    if let Ok(file) = &loaded {
        same_marks.add(&path, &file.set);
    }
    match loaded {
        Err(error) => Some(format!("`{name}`: {error}")),
        Ok(file) if file.set.article.edition != member.edition => Some(format!(
            "`{name}`: the annotated text differs from the one in the collection; `sourcemark collection` updates it"
        )),
        Ok(_) => None,
    }
}

fn open_conflicts(collection: &Collection) -> Vec<String> {
    let conflicts = collection.conflicts.values();
    conflicts
        .map(|conflict| {
            format!(
                "{}: the sides differ in `{}`; `sourcemark conflicts` shows and settles it",
                output::one_line(&conflict.record.to_string(), 100),
                output::one_line(&conflict.field, 60),
            )
        })
        .collect()
}
