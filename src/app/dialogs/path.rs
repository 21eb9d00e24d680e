//! A path, typed: what there is to choose a file where the system shows no file dialog.

use super::{Data, buttons, title};
use crate::app::{
    command::{AppCommand, ArticleKey, CommandSender},
    short,
    widgets::{MAX_WORDS_CHARS, TextField},
};
use egui::{FocusDirection, Id, Key, RichText, TextEdit, Ui};
use std::path::{Path, PathBuf};

/// What the path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Open,
    Save(ArticleKey),
}

/// What is being typed.
pub struct View {
    purpose: Purpose,
    path: String,
    /// Where the annotations are saved at present; empty when opening.
    present: PathBuf,
    has_focus: bool,
    /// The folder that was listed, and what is in it.
    listed: Option<(PathBuf, Vec<String>)>,
    /// The folder whose list was asked for last. A folder on a slow disk may take its time.
    asked: Option<PathBuf>,
    /// Tab was pressed before the list was there.
    tab_waits: bool,
}

impl View {
    /// For opening, beginning in the folder of `near`.
    pub fn open(near: Option<PathBuf>) -> Self {
        let folder = near
            .as_deref()
            .and_then(Path::parent)
            .map(Path::to_path_buf)
            .or_else(|| std::env::current_dir().ok());
        let path = folder.map_or_else(String::new, |folder| {
            format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR)
        });
        Self {
            purpose: Purpose::Open,
            path,
            present: PathBuf::new(),
            has_focus: false,
            listed: None,
            asked: None,
            tab_waits: false,
        }
    }

    /// For saving, beginning with the present place.
    pub fn save(key: ArticleKey, present: &Path) -> Self {
        Self {
            purpose: Purpose::Save(key),
            path: present.display().to_string(),
            present: present.to_path_buf(),
            has_focus: false,
            listed: None,
            asked: None,
            tab_waits: false,
        }
    }

    /// A folder was listed.
    pub fn listed(&mut self, folder: PathBuf, entries: Vec<String>) {
        self.listed = Some((folder, entries));
    }

    /// The folder typed so far, and where its name ends in what was typed.
    fn folder(&self) -> (PathBuf, usize) {
        let typed = expanded(&self.path);
        let at = typed
            .rfind(['/', std::path::MAIN_SEPARATOR])
            .map_or(0, |at| at + 1);
        let folder = typed.get(..at).filter(|folder| !folder.is_empty());
        (PathBuf::from(folder.unwrap_or(".")), at)
    }

    /// Whether the folder typed so far is the one that was listed.
    fn is_listed(&self) -> bool {
        let (folder, _) = self.folder();
        self.listed
            .as_ref()
            .is_some_and(|(known, _)| *known == folder)
    }

    /// The folder that is to be listed, once.
    fn ask_for(&mut self) -> Option<PathBuf> {
        let (folder, _) = self.folder();
        let wanted = !self.is_listed() && self.asked.as_ref() != Some(&folder);
        wanted.then(|| {
            self.asked = Some(folder.clone());
            folder
        })
    }

    /// Whether Tab would add something to what was typed.
    fn completed(&self) -> Option<String> {
        let common = common_beginning(&self.completions())?;
        (common.len() > expanded(&self.path).len()).then_some(common)
    }

    /// Whether saving here would take the place of another file.
    fn replaces(&self, completions: &[String]) -> bool {
        let path = expanded(self.path.trim());
        matches!(self.purpose, Purpose::Save(_))
            && completions.contains(&path)
            && Path::new(&path) != self.present
    }

    /// The entries of the folder typed so far that begin with the words after it; none before it is listed.
    fn completions(&self) -> Vec<String> {
        let typed = expanded(&self.path);
        let (_, at) = self.folder();
        let begin = typed.get(at..).unwrap_or_default().to_lowercase();
        let listed = self.listed.iter().filter(|_| self.is_listed());
        let entries = listed.flat_map(|(_, entries)| entries);
        entries
            .filter(|name| name.to_lowercase().starts_with(&begin))
            .filter(|name| !name.starts_with('.') || begin.starts_with('.'))
            .map(|name| format!("{}{name}", typed.get(..at).unwrap_or_default()))
            .collect()
    }
}

/// A leading `~` is the home folder.
fn expanded(path: &str) -> String {
    match (path.strip_prefix('~'), std::env::home_dir()) {
        (Some(rest), Some(home)) => format!("{}{rest}", home.display()),
        _ => path.to_owned(),
    }
}

const MAX_SHOWN: usize = 200;

/// Draws field and entries.
pub fn show(ui: &mut Ui, data: &Data<'_>, view: &mut View, sender: &CommandSender) {
    let theme = data.theme;
    let (heading, hint) = match view.purpose {
        Purpose::Open => (
            "Open by path",
            "Tab completes. A folder opens the articles in it.",
        ),
        Purpose::Save(_) => ("Save annotations as", "Tab completes."),
    };
    title(ui, heading, theme);
    let is_tab = ui.memory(|memory| memory.has_focus(Id::unique("path field"))) && tab(ui, view);
    let field = TextField::line(Id::unique("path field"), "Path", MAX_WORDS_CHARS);
    let response = field.show_with(ui, &mut view.path, sender, |edit| {
        edit.lock_focus(true).cursor_at_end(true)
    });
    if !std::mem::replace(&mut view.has_focus, true) {
        response.request_focus();
    }
    // After the field, so that letters typed in the same frame count.
    if let Some(folder) = view.ask_for() {
        sender.send(AppCommand::ListFolder(folder));
    }
    let is_tab = is_tab || view.tab_waits;
    view.tab_waits = is_tab && !view.is_listed();
    if is_tab && let Some(common) = view.completed() {
        view.path = common;
        let id = Id::unique("path field");
        let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
        let end = egui::text::CCursor::new(view.path.chars().count());
        state
            .cursor
            .set_char_range(Some(egui::text::CCursorRange::one(end)));
        TextEdit::store_state(ui.ctx(), id, state);
    }
    let completions = view.completions();
    let replaces = view.replaces(&completions);
    let (hint, colour) = if replaces {
        (
            "There is a file of this name. Its annotations would be replaced.",
            theme.colours.danger,
        )
    } else {
        (hint, theme.colours.muted)
    };
    ui.add_space(4.0);
    ui.label(RichText::new(hint).size(theme.sizes.small).color(colour));
    ui.add_space(4.0);
    let mut entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    egui::ScrollArea::vertical()
        .max_height(260.0)
        .auto_shrink([false, false])
        .show(ui, |ui| {
            if !view.is_listed() {
                ui.weak("Looking…");
            } else if completions.is_empty() {
                ui.weak("Nothing here begins like this.");
            }
            for path in completions.iter().take(MAX_SHOWN) {
                let name = path
                    .trim_end_matches('/')
                    .rsplit('/')
                    .next()
                    .unwrap_or(path);
                let is_folder = path.ends_with('/');
                let name = if is_folder {
                    format!("{name}/")
                } else {
                    name.to_owned()
                };
                let entry = egui::Button::selectable(false, &*short::name(&name))
                    .min_size(egui::vec2(ui.available_width(), theme.sizes.row));
                let entry = ui.add(entry);
                if entry.clicked() {
                    view.path.clone_from(path);
                    response.request_focus();
                }
                entered |= entry.double_clicked() && !is_folder;
            }
        });
    let path = expanded(view.path.trim());
    let does = match view.purpose {
        Purpose::Open => "Open",
        Purpose::Save(_) if replaces => "Replace",
        Purpose::Save(_) => "Save",
    };
    // What is there is replaced by the button that says so, not by Enter or a double click.
    // Before the folder is listed, nobody knows whether something would be replaced.
    let is_ready = !path.is_empty() && (view.purpose == Purpose::Open || view.is_listed());
    let entered = entered && is_ready && !replaces;
    if buttons(ui, does, is_ready, theme, sender) || entered {
        sender.send(AppCommand::CloseDialog);
        sender.send(match view.purpose {
            Purpose::Open => AppCommand::OpenPaths(vec![PathBuf::from(path)]),
            Purpose::Save(key) => AppCommand::SaveAt(key, PathBuf::from(path)),
        });
    }
}

/// Whether the field is to complete: Tab was pressed. Where there is nothing to complete, and with Shift, the
/// key goes to the next or previous widget instead, so that entries and buttons can be reached with it.
fn tab(ui: &Ui, view: &mut View) -> bool {
    // Shift first: without it, the key would be taken whatever is held with it.
    let is_back = ui.input_mut(|input| input.consume_key(egui::Modifiers::SHIFT, Key::Tab));
    let is_tab = ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Tab));
    let is_typing = ui.input(|input| {
        let mut events = input.events.iter();
        events.any(|event| matches!(event, egui::Event::Text(_) | egui::Event::Paste(_)))
    });
    let completes = is_typing || view.completed().is_some();
    if is_back {
        ui.memory_mut(|memory| memory.move_focus(FocusDirection::Previous));
    } else if is_tab && !completes {
        ui.memory_mut(|memory| memory.move_focus(FocusDirection::Next));
    }
    is_tab && completes
}

/// The longest beginning that all of `paths` share.
fn common_beginning(paths: &[String]) -> Option<String> {
    let first = paths.first()?;
    let mut end = first.len();
    for path in paths {
        let same = first
            .char_indices()
            .zip(path.chars())
            .take_while(|((_, one), other)| one == other)
            .map(|((at, letter), _)| at + letter.len_utf8())
            .last()
            .unwrap_or(0);
        end = end.min(same);
    }
    first.get(..end).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::common_beginning;

    #[test]
    fn tab_goes_as_far_as_all_agree() {
        let paths = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            common_beginning(&paths(&["/a/news-1", "/a/news-2"])).unwrap(),
            "/a/news-"
        );
        assert_eq!(common_beginning(&paths(&["/é", "/è"])).unwrap(), "/");
        assert_eq!(common_beginning(&[]), None);
    }
}
