//! Commands that move the eye and change how things look. None of them changes an annotation.

use crate::{
    annotation::{AnnotationId, TagId},
    app::{
        base::widgets::count,
        core::{
            command::{CommandSender, Side, Step},
            edits, save_job,
        },
        session::{
            Session, Writing,
            article::{ArticleKey, OpenArticle},
            notices::{Offer, Weight},
            preferences::{MEASURES, Preferences, TEXT_SIZES},
        },
    },
    reader::Reader,
    text::{ByteOffset, SourceText, Survey, TextRange, hidden},
};

/// Does something with the active article's pane.
pub fn with_reader(state: &mut Session, act: impl FnOnce(&mut Reader)) {
    if let Some(article) = state.article_mut() {
        act(&mut article.reader);
    }
}

/// Chooses an annotation, or none.
pub fn choose(state: &mut Session, id: Option<AnnotationId>) {
    if state.article().map(|article| article.chosen) != Some(id) {
        edits::commit_drafts(state);
    }
    if let Some(article) = state.article_mut() {
        article.chosen = id;
        state.list.scroll_to = id;
    }
}

/// Chooses an annotation and brings it into sight.
pub fn go_to(state: &mut Session, id: AnnotationId) {
    choose(state, Some(id));
    let place = state.article().and_then(|article| article.place_of(id));
    if let (Some(range), Some(article)) = (place, state.article_mut()) {
        remember_place(article, range);
        article.reader.select(TextRange::empty(range.start()));
        article.reader.reveal(range);
    }
}

/// Remembers where the eye is before it jumps to `range` out of sight.
fn remember_place(article: &mut OpenArticle, range: TextRange) {
    if !article.reader.visible().contains(range.start()) {
        article.remember(article.reader.place());
    }
}

/// Goes back to where the eye was before the last jump.
pub fn back(state: &mut Session) {
    if let Some(article) = state.article_mut()
        && let Some(place) = article.came_from.pop()
    {
        article.reader.return_to(place);
    }
}

/// Brings a stretch of text into sight.
pub fn reveal(state: &mut Session, range: TextRange) {
    with_reader(state, |reader| reader.reveal(range));
}

/// Selects a stretch of text and brings it into sight.
pub fn select(state: &mut Session, range: TextRange) {
    if let Some(article) = state.article_mut() {
        remember_place(article, range);
    }
    with_reader(state, |reader| {
        reader.select(range);
        reader.reveal(range);
        reader.take_focus();
    });
}

/// A click on marks chooses the innermost; clicking again at the same place goes outwards. A click beside all
/// marks chooses none.
pub fn clicked(state: &mut Session, _at: ByteOffset, ids: &[AnnotationId]) {
    let chosen = state.article().and_then(|article| article.chosen);
    let place = ids.iter().position(|id| Some(*id) == chosen);
    let next = match place {
        Some(place) => ids.get((place + 1) % ids.len().max(1)).copied(),
        None => ids.first().copied(),
    };
    choose(state, next);
}

/// To the next annotation after the chosen one or the caret, round about.
pub fn cycle_annotation(state: &mut Session, step: Step) {
    let Some(article) = state.article() else {
        return;
    };
    let order = article.workspace.marks().order();
    let n_marks = order.len();
    if n_marks == 0 {
        return;
    }
    let chosen_mark = article
        .chosen
        .and_then(|id| article.workspace.marks().order_mark(id));
    let start = match (&chosen_mark, step) {
        (Some(mark), Step::Forward) => order.rank(mark) + 1,
        (Some(mark), Step::Back) => order.rank(mark) + n_marks - 1,
        (None, step) => {
            let caret = article.reader.caret();
            let after = crate::annotation::Mark {
                range: TextRange::empty(caret),
                id: AnnotationId::from_u128(0),
                segment: 0,
            };
            let rank = order.rank(&after);
            match step {
                Step::Forward => rank,
                Step::Back => rank + n_marks - 1,
            }
        }
    };
    let set = article.workspace.set();
    let found = (0..n_marks).find_map(|offset| {
        let rank = match step {
            Step::Forward => start + offset,
            Step::Back => start + n_marks - offset,
        };
        let mark = order.get(rank % n_marks)?;
        let annotation = set.annotations.get(&mark.id)?;
        article.filter.shows(annotation).then_some(mark.id)
    });
    if let Some(id) = found {
        go_to(state, id);
    }
}

/// Among the annotations that stand over the chosen one (or the caret), the next.
pub fn cycle_overlapping(state: &mut Session) {
    let Some(article) = state.article() else {
        return;
    };
    let caret = article.reader.caret();
    let here = article
        .chosen
        .and_then(|id| article.place_of(id))
        .unwrap_or_else(|| {
            TextRange::new(
                caret,
                crate::text::boundary::next_grapheme(article.text(), caret),
            )
        });
    let ids = article.annotations_at(here);
    let place = ids.iter().position(|id| Some(*id) == article.chosen);
    let next = place.map_or(0, |place| (place + 1) % ids.len().max(1));
    let next = ids.get(next).copied();
    if let Some(id) = next {
        choose(state, Some(id));
        let place = state.article().and_then(|article| article.place_of(id));
        if let Some(range) = place {
            reveal(state, range);
        }
    }
}

/// Selects the whole article.
pub fn select_all(state: &mut Session) {
    with_reader(state, |reader| reader.take_focus());
    if let Some(article) = state.article_mut() {
        let all = article.text().full_range();
        article.reader.select(all);
    }
}

/// Copies the selection without the hidden characters that deceive, and says so when there were any.
pub fn copy(state: &mut Session) {
    let Some(article) = state.article() else {
        return;
    };
    let range = article.reader.range();
    let (kept, n_left_out) = hidden::without_deceptive(article.text().slice_or_empty(range));
    if range.is_empty() {
        return;
    }
    // Where nothing is left there is nothing to put in place of what was copied before.
    state.to_copy = Some(kept.into_owned()).filter(|kept| !kept.is_empty());
    if n_left_out > 0 {
        let plural = if n_left_out == 1 { "" } else { "s" };
        state.notifications.add(
            Weight::Info,
            &format!(
                "Copied without {} hidden character{plural}",
                count(n_left_out)
            ),
            "Deceptive characters were left out of the copy.",
            vec![Offer::CopyRange(range)],
        );
    }
}

/// Copies the selection as it stands in the article.
pub fn copy_exactly(state: &mut Session) {
    let range = state.article().map(|article| article.reader.range());
    if let Some(range) = range {
        copy_range(state, range);
    }
}

/// Copies a stretch of the article as it stands there.
pub fn copy_range(state: &mut Session, range: TextRange) {
    if let Some(article) = state.article()
        && !range.is_empty()
    {
        state.to_copy = Some(article.text().slice_or_empty(range).to_owned());
    }
}

/// An article was looked through for what is hidden in it.
pub fn surveyed(state: &mut Session, key: ArticleKey, text: &SourceText, survey: Survey) {
    // It may have been read again in another encoding meanwhile.
    if let Some(article) = state.find_mut(key)
        && article.text().is_same(text)
    {
        article.survey = survey;
    }
}

/// To the next or previous place where something is hidden, round about.
pub fn cycle_hidden(state: &mut Session, step: Step) {
    let Some(article) = state.article_mut() else {
        return;
    };
    let places = &article.survey.places;
    let here = article.reader.range();
    let n_before = |end: ByteOffset| places.partition_point(|place| place.start() < end);
    let next = match step {
        Step::Forward => n_before(here.end()) % places.len().max(1),
        Step::Back => n_before(here.start())
            .checked_sub(1)
            .unwrap_or(places.len().saturating_sub(1)),
    };
    let Some(range) = places.get(next).copied() else {
        return;
    };
    select(state, range);
}

/// Takes the marker up with the tag last used, or the first; or puts it down.
pub fn toggle_marker(state: &mut Session) {
    if state.marker.take().is_some() {
        return;
    }
    let first = state.article_mut().and_then(|article| {
        article.tags.refresh(article.workspace.set());
        article.tags.all().first().map(|tag| tag.id.clone())
    });
    state.marker = Some(state.last_marker.clone().or(first));
}

/// Takes a tag's marker in hand; the same tag again puts it down.
pub fn take_marker(state: &mut Session, tag: TagId) {
    if state.marker == Some(Some(tag.clone())) {
        state.marker = None;
    } else {
        state.last_marker = Some(tag.clone());
        state.marker = Some(Some(tag));
    }
}

/// One step out: marker, then selection, then chosen annotation.
pub fn cancel(state: &mut Session) {
    if state.marker.take().is_some() {
        return;
    }
    edits::commit_drafts(state);
    let Some(article) = state.article_mut() else {
        return;
    };
    article.reader.take_focus();
    if article.reader.selection().is_some() {
        let caret = article.reader.caret();
        article.reader.select(TextRange::empty(caret));
    } else if article.chosen.is_some() {
        article.chosen = None;
    } else {
        article.filter.only = None;
    }
}

/// Shows only this tag, or all again.
pub fn filter_tag(state: &mut Session, tag: &TagId) {
    if let Some(article) = state.article_mut() {
        let is_it = article.filter.only.as_ref() == Some(tag);
        article.filter.only = (!is_it).then(|| tag.clone());
        article.filter.hidden.remove(tag);
    }
}

/// Shows or hides a tag in the text.
pub fn toggle_tag_shown(state: &mut Session, tag: &TagId) {
    if let Some(article) = state.article_mut()
        && !article.filter.hidden.remove(tag)
    {
        article.filter.hidden.insert(tag.clone());
    }
}

/// Shows or hides a panel.
pub fn toggle_panel(state: &mut Session, side: Side, sender: &CommandSender) {
    edits::commit_drafts(state);
    prefer(state, sender, |known| match side {
        Side::Left => known.left_panel = !known.left_panel,
        Side::Right => known.right_panel = !known.right_panel,
    });
}

/// From the text to the list of annotations and back.
pub fn other_pane(state: &mut Session) {
    let is_in_text = state.article().is_some_and(|article| article.has_focus);
    if is_in_text {
        state.preferences.right_panel = true;
        state.list.focus = true;
    } else {
        edits::commit_drafts(state);
        with_reader(state, |reader| reader.take_focus());
    }
}

/// Changes preferences and writes them.
pub fn prefer(state: &mut Session, sender: &CommandSender, change: impl FnOnce(&mut Preferences)) {
    let before = state.preferences.clone();
    change(&mut state.preferences);
    if state.preferences != before && state.keeps_preferences {
        write_preferences(state, sender);
    }
}

fn write_preferences(state: &mut Session, sender: &CommandSender) {
    state.writing = match state.writing {
        Writing::Done => {
            save_job::save_preferences(&state.jobs, &state.preferences, sender);
            Writing::UnderWay
        }
        Writing::UnderWay | Writing::Outdated => Writing::Outdated,
    };
}

/// A job has written the preferences; what changed meanwhile is written next.
pub fn settings_written(
    state: &mut Session,
    error: Option<&crate::files::FileError>,
    sender: &CommandSender,
) {
    let is_outdated = state.writing == Writing::Outdated;
    state.writing = Writing::Done;
    if let Some(error) = error {
        let title = "Preferences were not saved";
        state.notifications.problem(title, error, Vec::new());
    } else if is_outdated {
        write_preferences(state, sender);
    }
}

/// Text size by steps of one point; 0 for the usual.
pub fn text_size(state: &mut Session, steps: i32, sender: &CommandSender) {
    prefer(state, sender, |known| {
        let size = if steps == 0 {
            TEXT_SIZES.1
        } else {
            known.text_size + steps as f32
        };
        known.set_text_size(size);
    });
}

/// Length of lines by steps of four characters.
pub fn measure(state: &mut Session, steps: i32, sender: &CommandSender) {
    prefer(state, sender, |known| {
        let measure = if steps == 0 {
            MEASURES.1
        } else {
            known.measure + 4.0 * steps as f32
        };
        known.set_measure(measure);
    });
}
