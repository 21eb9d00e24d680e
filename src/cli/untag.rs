//! `untag`: takes one tag away, or the whole annotation.

use super::{
    CliError, Env, Exit, Output,
    args::UntagArgs,
    opened::{Opened, nobody},
    output, tag_words,
};
use crate::{
    annotation::{Annotation, AnnotationId, TagId},
    edit::{Edit, EditError, Stamp},
    text::{TextRange, boundary},
};

/// Takes away what the arguments name and prints what that was.
///
/// # Errors
/// When no annotation, or more than one, stands there, or a file cannot be read or written.
pub fn run(args: &UntagArgs, output: &mut Output<'_>, env: &mut Env) -> Result<Exit, CliError> {
    let mut opened = Opened::open(&env.disk, &args.article, args.encoding.forced.as_deref())?;
    opened.writable()?;
    let set = opened.workspace.set();
    let tag = args
        .tag
        .as_ref()
        .map(|word| tag_words::find(set, word))
        .transpose()?;
    let id = match &args.id {
        Some(written) => by_id(&opened, written)?,
        None => by_place(&opened, args, tag.as_ref())?,
    };
    let annotation = set.annotations.get(&id).cloned();
    let annotation = annotation.ok_or(EditError::NoSuchAnnotation(id))?;
    let edit = match tag {
        Some(tag) if annotation.has_tag(&tag) => Edit::Retag {
            ids: vec![id],
            tag,
            give: false,
        },
        Some(tag) => return Err(CliError::NotTagged { id, tag }),
        None => Edit::Remove { ids: vec![id] },
    };
    let mut stamp = Stamp {
        now: env.now,
        agent: nobody(),
        ids: &mut *env.ids,
    };
    opened.workspace.apply(&edit, &mut stamp)?;
    opened.remark(output);
    opened.save(&env.disk, output)?;
    let what = match edit {
        Edit::Retag { tag, .. } => format!("no longer {tag}"),
        _ => "removed".to_owned(),
    };
    let quote = output::one_line(&annotation.quote(), 60);
    output.line(format_args!("{id} {what}: {quote}"))?;
    Ok(Exit::Done)
}

fn by_id(opened: &Opened, written: &str) -> Result<AnnotationId, CliError> {
    let known = AnnotationId::parse(written.trim());
    let annotations = &opened.workspace.set().annotations;
    known
        .filter(|id| annotations.contains_key(id))
        .ok_or_else(|| CliError::NoSuchId {
            written: output::one_line(written, 60),
        })
}

/// The one annotation of which each passage named is a segment, and that has `tag` if one is named.
fn by_place(
    opened: &Opened,
    args: &UntagArgs,
    tag: Option<&TagId>,
) -> Result<AnnotationId, CliError> {
    let text = opened.text();
    let mut wanted: Vec<Vec<TextRange>> = Vec::new();
    for place in &args.places.0 {
        let candidates = place.candidates(text)?;
        // As they were when they were marked: without blanks at their ends.
        wanted.push(
            candidates
                .into_iter()
                .map(|range| boundary::trim(text, range))
                .collect(),
        );
    }
    let (set, marks) = (opened.workspace.set(), opened.workspace.marks());
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
                .map(|annotation| describe(opened, annotation))
                .collect(),
        }),
    }
}

fn describe(opened: &Opened, annotation: &Annotation) -> String {
    let placement = opened.workspace.marks().placement(annotation.id);
    let range = placement
        .and_then(|placement| placement.first_range())
        .unwrap_or_default();
    let tags: Vec<&str> = annotation.tags.iter().map(TagId::as_str).collect();
    format!(
        "--id {}  {}  {}  {}",
        annotation.id,
        opened.text().line_col(range.start()),
        output::one_line(&tags.join(", "), 60),
        output::one_line(&annotation.quote(), 60),
    )
}
