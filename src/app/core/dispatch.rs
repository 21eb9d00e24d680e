//! Carries the commands of the core out.

use crate::app::{
    core::{
        command::{AppCommand, CommandSender},
        edits, failed, go, journal, open, outside, save, tag_all,
    },
    session::Session,
};

/// Carries one command out.
pub fn run(state: &mut Session, command: AppCommand, sender: &CommandSender) {
    match command {
        AppCommand::PickFiles(purpose) => open::pick(state, purpose, sender),
        AppCommand::Picked(purpose, paths) => open::picked(state, purpose, paths, sender),
        AppCommand::OpenPaths(paths) => open::open_paths(state, paths, sender),
        AppCommand::FolderRead(key, folder, articles) => {
            open::folder_read(state, key, &folder, articles, sender);
        }
        AppCommand::ArticleOpened(opened) => open::article_opened(state, *opened, sender),
        AppCommand::MarksFound(found) => open::marks_found(state, *found, sender),
        AppCommand::Surveyed(key, text, survey) => go::surveyed(state, key, &text, *survey),
        AppCommand::MergeLeft(key, words) => outside::merge_left(state, key, words),
        AppCommand::OpenFailed(key, path, error) => {
            open::open_failed(state, key, &path, &error, sender);
        }
        AppCommand::JobFailed(kind, failure) => failed::failed(state, kind, &failure, sender),
        AppCommand::CancelOpening => open::cancel_opening(state),
        AppCommand::Reopen(key, encoding) => open::reopen(state, key, encoding, sender),
        AppCommand::ForgetRecent(path) => open::forget_recent(state, &path, sender),
        AppCommand::Save(key) => save::save(state, key, sender),
        AppCommand::SaveAt(key, path) => save::save_at(state, key, path, sender),
        AppCommand::SaveOver(key) => save::save_over(state, key, sender),
        AppCommand::SaveAll => save::save_all(state, sender),
        AppCommand::Saved(saved) => save::saved(state, *saved, sender),
        AppCommand::Close(key) => save::close(state, key),
        AppCommand::Quit => save::quit(state),
        AppCommand::Terminate => save::terminate(state),
        AppCommand::Touched(paths) => outside::touched(state, &paths, sender),
        AppCommand::LookAtAll => outside::look_at_all(state, sender),
        AppCommand::LookBeforeEdit => outside::look_before_edit(state, sender),
        AppCommand::Seen(seen) => outside::seen(state, *seen, sender),
        AppCommand::TryLock(key) => outside::try_lock(state, key, sender),
        AppCommand::LockTried(key, path, outcome) => {
            outside::lock_tried(state, key, &path, outcome, sender);
        }
        AppCommand::Activate(key) => open::activate(state, key),
        AppCommand::CycleArticle(step) => open::cycle(state, step),
        AppCommand::SettingsWritten(error) => go::settings_written(state, error.as_ref(), sender),

        AppCommand::Undo => edits::undo(state),
        AppCommand::Redo => edits::redo(state),
        AppCommand::Tag(tag) => edits::tag(state, &tag),
        AppCommand::TagAll(passages, tag) => tag_all::tag_all(state, &passages, &tag),
        AppCommand::Highlight => edits::highlight(state),
        AppCommand::SelectionFinished(range) => edits::selection_finished(state, range),
        AppCommand::Edit(edit) => {
            edits::apply(state, &edit);
        }
        AppCommand::Remove(id) => edits::remove(state, id),
        AppCommand::PlaceHere(id) => edits::place_here(state, id),
        AppCommand::MoveEnd(end, step) => edits::move_end(state, end, step),
        AppCommand::AddPart => edits::add_part(state),
        AppCommand::RemovePart => edits::remove_part(state),
        AppCommand::AdoptText => edits::adopt_text(state),
        AppCommand::AddCompanionTags => edits::add_companion_tags(state),
        AppCommand::CommitDrafts => edits::commit_drafts(state),

        AppCommand::Choose(id) => go::choose(state, id),
        AppCommand::Back => go::back(state),
        AppCommand::GoTo(id) => go::go_to(state, id),
        AppCommand::Select(range) => go::select(state, range),
        AppCommand::Clicked(at, ids) => go::clicked(state, at, &ids),
        AppCommand::CycleAnnotation(step) => go::cycle_annotation(state, step),
        AppCommand::CycleHidden(step) => go::cycle_hidden(state, step),
        AppCommand::CycleOverlapping => go::cycle_overlapping(state),
        AppCommand::FocusText => go::with_reader(state, |reader| reader.take_focus()),
        AppCommand::FocusNote => edits::focus_note(state),
        AppCommand::FocusSpeaker => edits::focus_speaker(state),
        AppCommand::GrowSelection => go::with_reader(state, |reader| reader.grow_selection()),
        AppCommand::ShrinkSelection => go::with_reader(state, |reader| reader.shrink_selection()),
        AppCommand::SelectAll => go::select_all(state),
        AppCommand::Copy => go::copy(state),
        AppCommand::CopyExactly => go::copy_exactly(state),
        AppCommand::CopyRange(range) => go::copy_range(state, range),
        AppCommand::ToggleMarker => go::toggle_marker(state),
        AppCommand::TakeMarker(tag) => go::take_marker(state, tag),
        AppCommand::FilterTag(tag) => go::filter_tag(state, &tag),
        AppCommand::ToggleTagShown(tag) => go::toggle_tag_shown(state, &tag),
        AppCommand::TogglePanel(side) => go::toggle_panel(state, side, sender),
        AppCommand::OtherPane => go::other_pane(state),
        AppCommand::Theme(theme) => go::prefer(state, sender, |known| known.theme = theme),
        AppCommand::TextSize(steps) => go::text_size(state, steps, sender),
        AppCommand::Measure(steps) => go::measure(state, steps, sender),
        AppCommand::Face(face) => go::prefer(state, sender, |known| known.face = face),
        AppCommand::Numbering(numbers) => {
            go::prefer(state, sender, |known| known.numbering = numbers);
        }
        AppCommand::Reveal(reveal) => go::prefer(state, sender, |known| known.reveal = reveal),
        AppCommand::SetPreferences(preferences) => {
            go::prefer(state, sender, |known| {
                // What the program itself remembers may have changed since the dialog was opened.
                let before = std::mem::replace(known, *preferences);
                known.recent = before.recent;
                known.headlines = before.headlines;
                known.window = before.window;
            });
        }
        AppCommand::Discard(keys, is_quitting) => save::discard(state, &keys, is_quitting),
        AppCommand::SaveAndClose(keys, is_quitting) => {
            save::save_and_close(state, keys, is_quitting, sender);
        }
        AppCommand::JournalSaid(event) => journal::said(state, &event),
        AppCommand::Cancel => go::cancel(state),
        AppCommand::Show(dialog) => {
            edits::commit_drafts(state);
            state.ask(dialog);
        }
        AppCommand::CloseDialog => {
            state.modal = None;
            go::with_reader(state, |reader| reader.take_focus());
        }
        AppCommand::Dismiss(id) => state.notifications.dismiss(id),
    }
}
