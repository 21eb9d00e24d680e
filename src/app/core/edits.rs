//! Commands that change annotations. All of them go through [`apply`], which goes through the workspace.

use crate::{
    annotation::{AnnotationId, TagId, companion_tags},
    app::{
        core::{
            command::{End, Step},
            go,
        },
        session::{Session, article::OpenArticle},
    },
    edit::{Change, Edit},
    text::{TextRange, boundary},
};
use std::sync::Arc;

/// Carries an edit out on the active article; tells the person when it cannot be.
pub fn apply(state: &mut Session, edit: &Edit) -> Option<Change> {
    let article = state.article()?;
    let key = article.key;
    if article.is_loading {
        state.notifications.info(
            "Please wait",
            "The annotations of this article are still being read.",
        );
        return None;
    }
    if let Some(reason) = article.why_read_only() {
        state
            .notifications
            .warn("This article is read-only", &reason);
        return None;
    }
    match state.apply(key, edit)? {
        Ok(change) => Some(change),
        Err(error) => {
            if let Some(set) = state
                .find(key)
                .map(|article| article.workspace.set().clone())
            {
                state.notifications.edit_refused(&error, &set);
            }
            None
        }
    }
}

/// The annotation that a change added.
fn added(change: &Change) -> Option<AnnotationId> {
    change
        .annotations()
        .find(|slot| slot.before.is_none())
        .map(|slot| slot.key)
}

/// Marks `range` and chooses the new annotation.
fn annotate(state: &mut Session, range: TextRange, tags: Vec<TagId>) {
    let edit = Edit::Annotate {
        segments: vec![range],
        tags,
        note: String::new(),
        speaker: None,
    };
    if let Some(id) = apply(state, &edit).as_ref().and_then(added) {
        go::choose(state, Some(id));
    }
}

/// The annotation that stands on exactly `range` and nowhere else; the chosen one before others.
pub fn standing_on(article: &OpenArticle, range: TextRange) -> Option<AnnotationId> {
    let range = boundary::trim(article.text(), range);
    let marks = article.workspace.marks();
    let mut found: Vec<AnnotationId> = marks
        .index()
        .touching(range)
        .filter(|mark| mark.range == range)
        .map(|mark| mark.id)
        .filter(|id| {
            let annotation = article.workspace.set().annotations.get(id);
            annotation.is_some_and(|annotation| annotation.segments.len() == 1)
        })
        .collect();
    let chosen = found
        .iter()
        .find(|id| Some(**id) == article.chosen)
        .copied();
    chosen.or_else(|| found.pop())
}

/// Tags the selection; without one, gives the chosen annotation the tag or takes it.
pub fn tag(state: &mut Session, tag: &TagId) {
    let Some(article) = state.article() else {
        return;
    };
    let target = match article.reader.selection() {
        Some(range) => match standing_on(article, range) {
            Some(id) => Some(id),
            None => {
                annotate(state, range, vec![tag.clone()]);
                return;
            }
        },
        None => article.chosen,
    };
    let Some(id) = target else {
        if state.marker.is_some() {
            go::take_marker(state, tag.clone());
        }
        return;
    };
    toggle(state, id, tag);
}

fn toggle(state: &mut Session, id: AnnotationId, tag: &TagId) {
    let has_it = state
        .article()
        .and_then(|article| article.workspace.set().annotations.get(&id))
        .is_some_and(|annotation| annotation.has_tag(tag));
    let edit = Edit::Retag {
        ids: vec![id],
        tag: tag.clone(),
        give: !has_it,
    };
    if apply(state, &edit).is_some() {
        go::choose(state, Some(id));
    }
}

/// Highlights the selection without a tag.
pub fn highlight(state: &mut Session) {
    let Some(article) = state.article() else {
        return;
    };
    let Some(range) = article.reader.selection() else {
        return;
    };
    match standing_on(article, range) {
        Some(id) => go::choose(state, Some(id)),
        None => annotate(state, range, Vec::new()),
    }
}

/// With a marker in hand, a finished selection is tagged at once; without one, nothing happens.
pub fn selection_finished(state: &mut Session, range: TextRange) {
    let Some(marker) = state.marker.clone() else {
        return;
    };
    let Some(article) = state.article() else {
        return;
    };
    match (standing_on(article, range), marker) {
        (Some(id), Some(tag)) => {
            let has_it = article
                .workspace
                .set()
                .annotations
                .get(&id)
                .is_some_and(|annotation| annotation.has_tag(&tag));
            if !has_it {
                toggle(state, id, &tag);
            }
        }
        (Some(id), None) => go::choose(state, Some(id)),
        (None, tag) => annotate(state, range, tag.into_iter().collect()),
    }
    if let Some(article) = state.article_mut() {
        // The next drag begins on clean ground.
        article.reader.select(TextRange::empty(range.end()));
    }
}

/// Removes an annotation and chooses none.
pub fn remove(state: &mut Session, id: AnnotationId) {
    state.drafts.forget();
    if apply(state, &Edit::Remove { ids: vec![id] }).is_some()
        && let Some(article) = state.article_mut()
        && article.chosen == Some(id)
    {
        article.chosen = None;
    }
}

/// Places an annotation's lost segment at the selection.
pub fn place_here(state: &mut Session, id: AnnotationId) {
    let Some(article) = state.article() else {
        return;
    };
    let Some(range) = article.reader.selection() else {
        state.notifications.info(
            "Select a passage first",
            "Select the annotation’s passage in the text, then press “Place here”.",
        );
        return;
    };
    let segment = article
        .workspace
        .marks()
        .placement(id)
        .and_then(|placement| {
            placement
                .segments
                .iter()
                .position(|segment| segment.range().is_none())
        })
        .unwrap_or(0);
    if apply(state, &Edit::Retarget { id, segment, range }).is_some() {
        go::choose(state, Some(id));
    }
}

/// Moves one end of the chosen annotation's last (or first) segment by a word.
pub fn move_end(state: &mut Session, end: End, step: Step) {
    let Some(article) = state.article() else {
        return;
    };
    let Some(id) = article.chosen else {
        return;
    };
    let Some(placement) = article.workspace.marks().placement(id) else {
        return;
    };
    let placed = match end {
        End::Start => placement.ranges().min_by_key(|(_, range)| range.start()),
        End::End => placement.ranges().max_by_key(|(_, range)| range.end()),
    };
    let Some((segment, range)) = placed else {
        return;
    };
    let text = article.text();
    let moved = match (end, step) {
        (End::End, Step::Forward) => (range.start(), boundary::next_word_end(text, range.end())),
        (End::End, Step::Back) => (range.start(), last_word_end_before(article, range)),
        (End::Start, Step::Forward) => (boundary::next_word(text, range.start()), range.end()),
        (End::Start, Step::Back) => (boundary::prev_word(text, range.start()), range.end()),
    };
    if moved.0 >= moved.1 {
        return;
    }
    let range = TextRange::new(moved.0, moved.1);
    if apply(state, &Edit::Retarget { id, segment, range }).is_some() {
        go::reveal(
            state,
            TextRange::empty(match end {
                End::Start => range.start(),
                End::End => range.end(),
            }),
        );
    }
}

/// Lets the chosen annotation go on at the selection.
pub fn add_part(state: &mut Session) {
    let Some(article) = state.article() else {
        return;
    };
    let (Some(id), Some(range)) = (article.chosen, article.reader.selection()) else {
        return;
    };
    let stands_there = article
        .workspace
        .marks()
        .index()
        .touching(range)
        .any(|mark| mark.id == id);
    if stands_there {
        state.notifications.info(
            "The annotation already covers that text",
            "Select text that it does not cover, or drag its handles to move its ends.",
        );
        return;
    }
    apply(state, &Edit::AddSegment { id, range });
}

/// Takes from the chosen annotation the part at the caret, or its last one when the caret is elsewhere.
pub fn remove_part(state: &mut Session) {
    let Some(article) = state.article() else {
        return;
    };
    let Some(id) = article.chosen else {
        return;
    };
    let Some(placement) = article.workspace.marks().placement(id) else {
        return;
    };
    let caret = article.reader.caret();
    let at_caret = placement
        .ranges()
        .find(|(_, range)| range.contains(caret) || range.end() == caret)
        .map(|(segment, _)| segment);
    let last = placement.segments.len().saturating_sub(1);
    let segment = at_caret.unwrap_or(last);
    apply(state, &Edit::RemoveSegment { id, segment });
}

/// Where `range` ends when its last word is left off.
fn last_word_end_before(article: &OpenArticle, range: TextRange) -> crate::text::ByteOffset {
    let text = article.text();
    let last_word = boundary::prev_word(text, range.end());
    let shorter = TextRange::new(range.start(), last_word.max(range.start()));
    boundary::trim(text, shorter).end()
}

/// Takes the text as it is now as the one the annotations stand on.
pub fn adopt_text(state: &mut Session) {
    let Some(article) = state.article() else {
        return;
    };
    let set = article.workspace.set();
    let file_name = article.file_name();
    let adopted = set
        .article
        .reworded(article.text(), &file_name, article.encoding);
    let marks = article.workspace.marks();
    let found = set
        .annotations
        .keys()
        .filter_map(|id| Some((*id, marks.placement(*id)?)))
        .flat_map(|(id, placement)| {
            placement
                .ranges()
                .map(move |(segment, range)| (id, segment, range))
        })
        .collect();
    let edit = Edit::AdoptText {
        article: Box::new(adopted),
        found,
    };
    if apply(state, &edit).is_some() {
        if let Some(article) = state.article_mut() {
            article.n_moved = 0;
        }
        state.notifications.info(
            "The annotations now use this version",
            "Save to keep them attached to the article as it is now.",
        );
    }
}

/// Adds the codebook's further tags; those whose key is taken come without a key.
pub fn add_companion_tags(state: &mut Session) {
    let Some(article) = state.article() else {
        return;
    };
    let known = &article.workspace.set().tags;
    let mut tags = companion_tags();
    tags.retain(|tag| !known.contains_key(&tag.id));
    for tag in &mut tags {
        if known.values().any(|other| other.key == tag.key) {
            tag.key = None;
        }
    }
    let n_added = tags.len();
    if n_added > 0 && apply(state, &Edit::AddTags(tags)).is_some() {
        state.notifications.info(
            &format!("{n_added} tags were added"),
            "They are in the tag list with their keys. Undo removes them.",
        );
    }
}

/// Makes sure that there is a chosen annotation to write about, then asks for the note field.
pub fn focus_note(state: &mut Session) {
    if write_about(state) {
        state.drafts.wants_note = true;
    }
}

/// The same for the speaker field.
pub fn focus_speaker(state: &mut Session) {
    if write_about(state) {
        state.drafts.wants_speaker = true;
    }
}

fn write_about(state: &mut Session) -> bool {
    let Some(article) = state.article() else {
        return false;
    };
    if let Some(range) = article.reader.selection() {
        let chosen_is_it =
            article.chosen.is_some() && standing_on(article, range) == article.chosen;
        if !chosen_is_it {
            highlight(state);
        }
    }
    let has_chosen = state
        .article()
        .is_some_and(|article| article.chosen.is_some());
    if has_chosen {
        state.preferences.right_panel = true;
    }
    has_chosen
}

/// Writes what was typed in the inspector but not yet taken over.
pub fn commit_drafts(state: &mut Session) {
    let Some(id) = state.drafts.about else {
        return;
    };
    let Some(article) = state.article() else {
        return;
    };
    let set = article.workspace.set();
    let Some(annotation) = set.annotations.get(&id) else {
        return;
    };
    let note = state.drafts.note.clone();
    let speaker = state.drafts.speaker.trim().to_owned();
    let new_note = (state.drafts.note_is_draft && annotation.note != note).then_some(note);
    let new_speaker = (state.drafts.speaker_is_draft && set.speaker_name(annotation) != speaker)
        .then_some(speaker);
    let comment = std::mem::take(&mut state.drafts.comment);
    state.drafts.note_is_draft = false;
    state.drafts.speaker_is_draft = false;
    if let Some(note) = new_note {
        apply(state, &Edit::SetNote { id, note });
    }
    if let Some(speaker) = new_speaker {
        apply(state, &Edit::SetSpeaker { id, speaker });
    }
    if !comment.trim().is_empty() {
        apply(state, &Edit::AddComment { id, text: comment });
    }
}

/// Takes the last step back.
pub fn undo(state: &mut Session) {
    commit_drafts(state);
    step(state, |article| article.workspace.undo());
}

/// Carries it out again.
pub fn redo(state: &mut Session) {
    step(state, |article| article.workspace.redo());
}

fn step(state: &mut Session, go: impl FnOnce(&mut OpenArticle) -> Option<Change>) {
    let Some(article) = state.article_mut() else {
        return;
    };
    let Some(change) = go(article) else {
        return;
    };
    article.note(&change);
    if change.of_article() {
        // Adopting a text lets every passage stand where it was found; taken back, they have moved again.
        article.n_moved = article.workspace.marks().n_moved(article.workspace.set());
    }
    let touched = change.annotations().last().cloned();
    let annotations = &article.workspace.set().annotations;
    if article
        .chosen
        .is_some_and(|id| !annotations.contains_key(&id))
    {
        article.chosen = None;
    }
    if let Some(slot) = touched
        && slot.after.as_ref().map(Arc::as_ref).is_some()
    {
        go::choose(state, Some(slot.key));
        let place = state
            .article()
            .and_then(|article| article.place_of(slot.key));
        if let Some(range) = place {
            go::reveal(state, range);
        }
    }
}
