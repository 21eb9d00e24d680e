//! `tag`: marks one passage of one or more segments.

use super::{CliError, Env, Exit, Output, args::TagArgs, opened::Opened, output, tag_words};
use crate::edit::{Edit, Stamp};

/// Adds one annotation and prints its id, place, tags and wording.
///
/// # Errors
/// When the passage cannot be found or is not the only one, a tag is not known, or a file cannot be read or
/// written. The annotation file is as it was then.
pub fn run(args: &TagArgs, output: &mut Output<'_>, env: &mut Env) -> Result<Exit, CliError> {
    let mut opened = Opened::open(&env.disk, &args.article, args.encoding.forced.as_deref())?;
    opened.writable()?;
    let segments = args.places.segments(opened.text())?;
    let agent = opened.creator(args.creator.as_deref(), env)?;
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
    let edit = Edit::Annotate {
        segments,
        tags,
        note: args.note.clone(),
        speaker: args.speaker.clone(),
    };
    let change = opened.workspace.apply(&edit, &mut stamp)?;
    opened.remark(output);
    let set = opened.workspace.set();
    let mut lines = Vec::new();
    for annotation in change
        .annotations()
        .filter_map(|slot| slot.after.as_deref())
    {
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
        lines.push(format!(
            "{} {}:{place} {}: {}",
            annotation.id,
            output::path(&args.article),
            names.join(", "),
            output::one_line(&annotation.quote(), 60),
        ));
    }
    opened.save(&env.disk, output)?;
    for line in lines {
        output.line(format_args!("{line}"))?;
    }
    Ok(Exit::Done)
}
