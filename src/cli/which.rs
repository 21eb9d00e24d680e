//! Finds the annotation that a person names by its id or by its passages.

use super::{CliError, output, places::Places};
use crate::{
    annotation::{Annotation, AnnotationId, AnnotationSet, TagId},
    edit::Workspace,
    text::{TextRange, boundary},
};

/// Returns the annotation whose id is, or begins with, `written`.
///
/// # Errors
/// When there is none, or more than one.
pub fn by_id(set: &AnnotationSet, written: &str) -> Result<AnnotationId, CliError> {
    let prefix = written.trim().to_lowercase();
    if let Some(id) = AnnotationId::parse(&prefix).filter(|id| set.annotations.contains_key(id)) {
        return Ok(id);
    }
    let ids = set.annotations.keys().copied();
    let found: Vec<AnnotationId> = ids
        .filter(|id| !prefix.is_empty() && id.to_string().starts_with(&prefix))
        .collect();
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(CliError::NoSuchId {
            written: output::one_line(written, 60),
        }),
        several => Err(CliError::WhichAnnotation {
            written: output::one_line(written, 60),
            n_found: several.len(),
        }),
    }
}

/// Returns the one annotation of which each of `places` is a segment, and that has `tag` if one is named.
///
/// # Errors
/// When there is none, or more than one, or a passage is not in the article.
pub fn by_place(
    workspace: &Workspace,
    places: &Places,
    tag: Option<&TagId>,
) -> Result<AnnotationId, CliError> {
    let text = workspace.text();
    let mut wanted: Vec<Vec<TextRange>> = Vec::new();
    for place in &places.0 {
        let candidates = place.candidates(text)?;
        // As they were when they were marked: without blanks at their ends.
        wanted.push(
            candidates
                .into_iter()
                .map(|range| boundary::trim(text, range))
                .collect(),
        );
    }
    let (set, marks) = (workspace.set(), workspace.marks());
    let stands_there = |annotation: &&Annotation| {
        let segments: Vec<TextRange> = marks
            .placement(annotation.id)
            .map(|placement| placement.ranges().map(|(_, range)| range).collect())
            .unwrap_or_default();
        wanted
            .iter()
            .all(|places| segments.iter().any(|segment| places.contains(segment)))
            && tag.is_none_or(|tag| annotation.has_tag(tag))
    };
    let annotations = set.annotations.values().map(|annotation| &**annotation);
    let found: Vec<&Annotation> = annotations.filter(stands_there).collect();
    match found.as_slice() {
        [only] => Ok(only.id),
        [] => Err(CliError::NothingThere { tag: tag.cloned() }),
        several => Err(CliError::SeveralThere {
            found: several
                .iter()
                .map(|annotation| describe(workspace, annotation))
                .collect(),
        }),
    }
}

fn describe(workspace: &Workspace, annotation: &Annotation) -> String {
    let placement = workspace.marks().placement(annotation.id);
    let range = placement
        .and_then(|placement| placement.first_range())
        .unwrap_or_default();
    let tags: Vec<&str> = annotation.tags.iter().map(TagId::as_str).collect();
    format!(
        "--id {}  {}  {}  {}",
        annotation.id,
        workspace.text().line_col(range.start()),
        output::one_line(&tags.join(", "), 60),
        output::one_line(&annotation.quote(), 60),
    )
}
