//! Carries commands out: the only place where the state changes.

mod conflicts;
pub(super) mod edits;
mod files;
mod jobs;
mod merging;
mod outside;
mod recovery;
mod salvage;
mod saving;
mod tag_hits;
mod versions;
mod view;

use super::{
    command::{AppCommand, CommandSender, DialogKind},
    dialogs::{self, Dialog},
    find,
    state::AppState,
};
use crate::text::thousands;

/// Watches the files that are open now, no others.
pub fn follow_files(state: &mut AppState, sender: &CommandSender) {
    outside::follow(state, sender);
}

/// Carries one command out.
pub fn run(state: &mut AppState, command: AppCommand, sender: &CommandSender) {
    match command {
        AppCommand::PickFiles(purpose) => files::pick(state, purpose, sender),
        AppCommand::Picked(purpose, paths) => files::picked(state, purpose, paths, sender),
        AppCommand::OpenPaths(paths) => files::open_paths(state, paths, sender),
        AppCommand::FolderRead(key, folder, articles) => {
            files::folder_read(state, key, &folder, articles, sender);
        }
        AppCommand::ListFolder(folder) => state.jobs.list_folder(folder, sender),
        AppCommand::FolderListed(folder, names) => {
            if let Some(Dialog::Path(view)) = &mut state.dialog {
                view.listed(folder, names);
            }
        }
        AppCommand::ArticleOpened(opened) => files::article_opened(state, *opened, sender),
        AppCommand::MarksFound(found) => files::marks_found(state, *found),
        AppCommand::Surveyed(key, text, survey) => view::surveyed(state, key, &text, *survey),
        AppCommand::MergeLeft(key, words) => outside::merge_left(state, key, words),
        AppCommand::OpenFailed(key, path, error) => {
            files::open_failed(state, key, &path, &error, sender);
        }
        AppCommand::JobFailed(kind, failure) => jobs::failed(state, kind, &failure, sender),
        AppCommand::CancelOpening => files::cancel_opening(state),
        AppCommand::Reopen(key, encoding) => files::reopen(state, key, encoding, sender),
        AppCommand::ForgetRecent(path) => files::forget_recent(state, &path, sender),
        AppCommand::Save(key) => saving::save(state, key, sender),
        AppCommand::SaveAt(key, path) => saving::save_at(state, key, path, sender),
        AppCommand::SaveOver(key) => saving::save_over(state, key, sender),
        AppCommand::SaveAll => saving::save_all(state, sender),
        AppCommand::Saved(saved) => saving::saved(state, *saved, sender),
        AppCommand::Close(key) => saving::close(state, key),
        AppCommand::Discard(keys) => saving::discard(state, &keys),
        AppCommand::SaveAndClose(keys) => saving::save_and_close(state, keys, sender),
        AppCommand::Quit => saving::quit(state),
        AppCommand::Terminate => saving::terminate(state),
        AppCommand::Touched(paths) => outside::touched(state, &paths, sender),
        AppCommand::LookAtAll => outside::look_at_all(state, sender),
        AppCommand::LookBeforeEdit => outside::look_before_edit(state, sender),
        AppCommand::Seen(seen) => outside::seen(state, *seen, sender),
        AppCommand::TryLock(key) => outside::try_lock(state, key, sender),
        AppCommand::LockTried(key, path, outcome) => {
            outside::lock_tried(state, key, &path, outcome, sender);
        }
        AppCommand::Compare(key) => outside::compare(state, key),
        AppCommand::KeepMine(comparison) => outside::keep_mine(state, *comparison, sender),
        AppCommand::TakeTheirs(comparison) => outside::take_theirs(state, *comparison),
        AppCommand::MergeBoth(comparison) => merging::start(state, comparison, sender),
        AppCommand::VersionsMerged(merged) => merging::done(state, *merged, sender),
        AppCommand::ShowConflicts(key) => conflicts::show(state, key),
        AppCommand::LookForUnsavedWork => recovery::search(state, sender),
        AppCommand::UnsavedWorkFound(found) => recovery::found(state, *found),
        AppCommand::ShowUnsavedWork => recovery::show(state),
        AppCommand::LookAtUnsavedWork(id) => recovery::look(state, id, sender),
        AppCommand::Recover(id, key, all) => recovery::recover(state, id, key, all),
        AppCommand::DiscardUnsavedWork(id) => recovery::discard(state, id, sender),
        AppCommand::UnsavedWorkDiscarded(None) => {}
        AppCommand::UnsavedWorkDiscarded(Some(error)) => {
            let title = "The unsaved work was not discarded";
            state.notifications.problem(title, &error, Vec::new());
        }
        AppCommand::JournalSaid(event) => recovery::journal_said(state, &event),
        AppCommand::Salvage(key) => salvage::start(state, key, sender),
        AppCommand::Salvaged(key, salvaged) => salvage::done(state, key, salvaged),
        AppCommand::OpenSalvaged(key, salvaged) => salvage::open(state, key, *salvaged),
        AppCommand::ListVersions(key) => versions::list(state, key, sender),
        AppCommand::VersionsListed(key, versions) => versions::listed(state, key, versions),
        AppCommand::LookAtVersion(key, version) => versions::look(state, key, version, sender),
        AppCommand::LookAtCopy(key, path) => versions::look_at_copy(state, key, path, sender),
        AppCommand::OtherRead(key, other, file) => versions::read(state, key, other, file),
        AppCommand::Activate(key) => files::activate(state, key),
        AppCommand::CycleArticle(step) => files::cycle(state, step),
        AppCommand::SettingsWritten(error) => view::settings_written(state, error.as_ref(), sender),

        AppCommand::Undo => edits::undo(state),
        AppCommand::Redo => edits::redo(state),
        AppCommand::Tag(tag) => edits::tag(state, &tag),
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

        AppCommand::Choose(id) => view::choose(state, id),
        AppCommand::Back => view::back(state),
        AppCommand::GoTo(id) => view::go_to(state, id),
        AppCommand::Select(range) => view::select(state, range),
        AppCommand::Clicked(at, ids) => view::clicked(state, at, &ids),
        AppCommand::CycleAnnotation(step) => view::cycle_annotation(state, step),
        AppCommand::CycleHidden(step) => view::cycle_hidden(state, step),
        AppCommand::CycleOverlapping => view::cycle_overlapping(state),
        AppCommand::FocusText => view::with_reader(state, |reader| reader.take_focus()),
        AppCommand::FocusNote => edits::focus_note(state),
        AppCommand::FocusSpeaker => edits::focus_speaker(state),
        AppCommand::GrowSelection => view::with_reader(state, |reader| reader.grow_selection()),
        AppCommand::ShrinkSelection => view::with_reader(state, |reader| reader.shrink_selection()),
        AppCommand::SelectAll => view::select_all(state),
        AppCommand::Copy => view::copy(state),
        AppCommand::CopyExactly => view::copy_exactly(state),
        AppCommand::CopyRange(range) => view::copy_range(state, range),
        AppCommand::ToggleMarker => view::toggle_marker(state),
        AppCommand::TakeMarker(tag) => view::take_marker(state, tag),
        AppCommand::Find(command) => find::run(state, command, sender),
        AppCommand::TagHits(tag) => tag_hits::tag_hits(state, &tag),
        AppCommand::Cancel => {
            if !find::cancel(state) {
                view::cancel(state);
            }
        }
        AppCommand::FilterTag(tag) => view::filter_tag(state, &tag),
        AppCommand::ToggleTagShown(tag) => view::toggle_tag_shown(state, &tag),
        AppCommand::TogglePanel(side) => view::toggle_panel(state, side, sender),
        AppCommand::OtherPane => view::other_pane(state),
        AppCommand::Theme(theme) => view::prefer(state, sender, |known| known.theme = theme),
        AppCommand::TextSize(steps) => view::text_size(state, steps, sender),
        AppCommand::Measure(steps) => view::measure(state, steps, sender),
        AppCommand::Face(face) => view::prefer(state, sender, |known| known.face = face),
        AppCommand::Numbering(numbers) => {
            view::prefer(state, sender, |known| known.numbering = numbers);
        }
        AppCommand::Reveal(reveal) => view::prefer(state, sender, |known| known.reveal = reveal),
        AppCommand::SetPreferences(preferences) => {
            view::prefer(state, sender, |known| {
                // What the program itself remembers may have changed since the dialog was opened.
                let (recent, window) = (std::mem::take(&mut known.recent), known.window);
                *known = *preferences;
                (known.recent, known.window) = (recent, window);
            });
        }
        AppCommand::Show(kind) => show_dialog(state, kind),
        AppCommand::Read(title, text) => read(state, &title, text),
        AppCommand::TellCut(most) => state.notifications.info(
            "Only part of the text was pasted",
            &format!(
                "This field takes at most {} characters. The clipboard still has the whole text.",
                thousands(most)
            ),
        ),
        AppCommand::CloseDialog => {
            state.dialog = None;
            view::with_reader(state, |reader| reader.take_focus());
        }
        AppCommand::Dismiss(id) => state.notifications.dismiss(id),
    }
    find::follow(state, sender);
}

/// Shows a long text in a pane of its own.
fn read(state: &mut AppState, title: &str, text: String) {
    edits::commit_drafts(state);
    match dialogs::reading::View::new(title, text) {
        Some(view) => state.dialog = Some(Dialog::Reading(Box::new(view))),
        None => state.notifications.warn(
            "This text cannot be shown",
            "It is too long for the reading pane.",
        ),
    }
}

fn show_dialog(state: &mut AppState, kind: DialogKind) {
    edits::commit_drafts(state);
    state.dialog = Dialog::new(kind, state);
}
