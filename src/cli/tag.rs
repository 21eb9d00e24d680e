//! `tag`: marks one passage of one or more segments.

use super::{
    CliError, Env, Exit, Output, args::TagArgs, check::is_ron, opened::Opened, output,
    several::OpenFile, tag_words,
};
use crate::{
    annotation::{AgentId, Annotation, TagId},
    edit::{Edit, Stamp},
    files::is_annotations,
    text::TextRange,
};
use std::path::Path;

/// Adds one annotation and prints its id, place, tags and wording. Where the same person has given the same passage
/// the same tags before, nothing changes: a script that is not sure whether a command succeeded can repeat it.
///
/// # Errors
/// When the passage cannot be found or is not the only one, a tag is not known, or a file cannot be read or
/// written. The annotation file is as it was then.
pub fn run(args: &TagArgs, output: &mut Output<'_>, env: &mut Env) -> Result<Exit, CliError> {
    // With annotations beside it, every other command would have to ask which of the two is meant.
    if is_ron(&args.article)
        && !is_annotations(&args.article)
        && OpenFile::on(&env.disk, &args.article).is_ok()
    {
        return Err(CliError::NotAnArticle {
            path: output::path(&args.article),
        });
    }
    let mut opened = Opened::open(&env.disk, &args.article, args.encoding.forced.as_deref())?;
    opened.writable()?;
    let segments = args.places.segments(opened.text())?;
    let agent = opened.creator(args.creator.as_deref(), output, env)?;
    let creator = agent.id;
    let mut stamp = Stamp {
        now: env.now,
        agent,
        ids: &mut *env.ids,
    };
    let mut tags = Vec::new();
    for word in &args.tags {
        let workspace = &mut opened.workspace;
        tags.push(tag_words::find_or_add(
            workspace,
            word,
            args.new_tag,
            &mut stamp,
        )?);
    }
    if let Some(known) = same(&opened, args, creator, &segments, &tags) {
        let line = line(&opened, known, &args.article);
        opened.remark(output);
        output.remark(format_args!(
            "the passage already has this tag; nothing was changed"
        ));
        output.line(format_args!("{line}"))?;
        return Ok(Exit::Done);
    }
    let edit = Edit::Annotate {
        segments,
        tags,
        note: args.note.clone(),
        speaker: args.speaker.clone(),
    };
    let change = opened.workspace.apply(&edit, &mut stamp)?;
    opened.remark(output);
    let made = change.annotations();
    let lines: Vec<String> = made
        .filter_map(|slot| slot.after.as_deref())
        .map(|annotation| line(&opened, annotation, &args.article))
        .collect();
    opened.save(&env.disk, output)?;
    for line in lines {
        output.line(format_args!("{line}"))?;
    }
    Ok(Exit::Done)
}

/// Returns the annotation by `creator` that the command would make a second time: the same passage, the same tags,
/// and the same note and speaker if the command names any.
fn same<'a>(
    opened: &'a Opened,
    args: &TagArgs,
    creator: AgentId,
    segments: &[TextRange],
    tags: &[TagId],
) -> Option<&'a Annotation> {
    let (set, marks) = (opened.workspace.set(), opened.workspace.marks());
    let mut tags = tags.to_vec();
    tags.sort();
    tags.dedup();
    let speaker = args.speaker.as_deref().map(str::trim);
    let speaker = speaker.filter(|name| !name.is_empty());
    let is_same = |annotation: &Annotation| {
        let placement = marks.placement(annotation.id);
        let ranges = placement.is_some_and(|placement| {
            let found = placement.ranges().map(|(_, range)| range);
            annotation.segments.len() == segments.len() && found.eq(segments.iter().copied())
        });
        let speaks = speaker.is_none_or(|name| {
            let known = set.speaker_named(name).map(|known| known.id);
            known.is_some() && annotation.attribution.speaker == known
        });
        annotation.creator == creator
            && annotation.tags == tags
            && ranges
            && speaks
            && (args.note.is_empty() || args.note == annotation.note)
    };
    let mut all = set.annotations.values().map(|annotation| &**annotation);
    all.find(|annotation| is_same(annotation))
}

/// Returns an annotation in one line: id, file and place, tags, wording.
fn line(opened: &Opened, annotation: &Annotation, article: &Path) -> String {
    let set = opened.workspace.set();
    let placement = opened.workspace.marks().placement(annotation.id);
    let range = placement.and_then(|placement| placement.first_range());
    let place = range.map_or(String::new(), |range| {
        opened.text().line_col(range.start()).to_string()
    });
    let names: Vec<String> = annotation
        .tags
        .iter()
        .map(|tag| output::one_line(set.tag_name(tag), 40))
        .collect();
    format!(
        "{} {}:{place} {}: {}",
        annotation.id,
        output::path(article),
        names.join(", "),
        output::one_line(&annotation.quote(), 60),
    )
}
