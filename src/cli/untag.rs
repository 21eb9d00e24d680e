//! `untag`: removes one tag or a whole annotation.

use super::{
    CliError, Env, Exit, Output,
    args::UntagArgs,
    opened::{Opened, nobody},
    output, tag_words, which,
};
use crate::edit::{Edit, EditError, Stamp};

/// Takes away what the arguments name and prints what that was.
///
/// # Errors
/// When no annotation, or more than one, is there, or a file cannot be read or written.
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
        Some(written) => which::by_id(set, written)?,
        None => which::by_place(&opened.workspace, &args.places, tag.as_ref())?,
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
