//! Tags as they are typed: by id, or by name without regard to case.

use super::{CliError, columns, output::one_line};
use crate::{
    annotation::{AnnotationSet, Kept, Pattern, Rgb8, Tag, TagId, companion_tags},
    edit::{Edit, Stamp, Workspace},
};

/// Returns the tag called `word` among those of the set.
///
/// # Errors
/// When none is; the error lists them.
pub fn find(set: &AnnotationSet, word: &str) -> Result<TagId, CliError> {
    known(set, word).ok_or_else(|| unknown(set, word, false))
}

/// Returns the tag called `word` for giving: one of the set, else one of the codebook's further ones, which is added
/// to the set; else, if `may_be_new`, a new one.
///
/// # Errors
/// When there is none and none may be made; the error lists those there are.
pub fn find_or_add(
    workspace: &mut Workspace,
    word: &str,
    may_be_new: bool,
    stamp: &mut Stamp<'_>,
) -> Result<TagId, CliError> {
    let set = workspace.set();
    if let Some(known) = known(set, word) {
        return Ok(known);
    }
    let companion = companion_tags()
        .into_iter()
        .find(|tag| is_called(tag, word));
    let mut tag = match companion {
        Some(tag) => tag,
        None if may_be_new => new_tag(set, word)?,
        None => return Err(unknown(set, word, true)),
    };
    if set.tags.values().any(|other| other.key == tag.key) {
        tag.key = None;
    }
    let id = tag.id.clone();
    workspace.apply(&Edit::DefineTag(tag), stamp)?;
    Ok(id)
}

fn known(set: &AnnotationSet, word: &str) -> Option<TagId> {
    // The label's id too, so that a new tag never takes the place of one that is there.
    let mut ids = TagId::parse(word)
        .into_iter()
        .chain(TagId::from_label(word));
    let by_id = ids.find(|id| set.tags.contains_key(id));
    let by_name = || set.tags.values().find(|tag| is_called(tag, word));
    by_id.or_else(|| by_name().map(|tag| tag.id.clone()))
}

fn is_called(tag: &Tag, word: &str) -> bool {
    let word = word.trim().to_lowercase();
    tag.id.as_str() == word || tag.name.trim().to_lowercase() == word
}

fn unknown(set: &AnnotationSet, word: &str, with_companions: bool) -> CliError {
    let further = if with_companions {
        companion_tags()
    } else {
        Vec::new()
    };
    let further = further.iter().filter(|tag| !set.tags.contains_key(&tag.id));
    let in_order = set.tags_in_order();
    let known = in_order.iter().map(|tag| &**tag).chain(further);
    let rows: Vec<Vec<String>> = known
        .map(|tag| [tag.id.as_str(), &tag.name].map(|cell| one_line(cell, 60)))
        .map(Vec::from)
        .collect();
    CliError::UnknownTag {
        word: one_line(word, 60),
        may_be_made: with_companions,
        known: columns::table(&rows),
    }
}

/// Colours for new tags, in this order (Paul Tol's "muted", less those too near to a shipped one).
const NEW_COLOURS: [[u8; 3]; 6] = [
    [136, 34, 85],
    [51, 34, 136],
    [153, 153, 51],
    [204, 102, 119],
    [17, 119, 51],
    [68, 170, 153],
];

fn new_tag(set: &AnnotationSet, word: &str) -> Result<Tag, CliError> {
    let name = word.trim();
    let bad = || CliError::BadTag {
        word: one_line(word, 60),
    };
    let id = TagId::from_label(name).ok_or_else(bad)?;
    let n_made = set.tags.len() % NEW_COLOURS.len();
    let colours = NEW_COLOURS.map(|[red, green, blue]| Rgb8 { red, green, blue });
    let is_free = |colour: &&Rgb8| !set.tags.values().any(|tag| tag.colour == **colour);
    let colour = colours
        .iter()
        .find(is_free)
        .or(colours.get(n_made))
        .copied();
    Ok(Tag {
        id,
        name: name.to_owned(),
        colour: colour.ok_or_else(bad)?,
        pattern: Pattern::ALL
            .get(n_made % Pattern::ALL.len())
            .cloned()
            .unwrap_or(Pattern::Solid),
        key: None,
        guideline: String::new(),
        kept: Kept::default(),
    })
}
