//! A path, typed: what there is to choose a file where the system shows no file dialog.

use crate::app::{
    base::{
        form::{Pressed, buttons, title},
        short,
        widgets::{MAX_WORDS_CHARS, TextField},
    },
    core::command::AppCommand,
    session::article::ArticleKey,
    tools::{path::Message, tool::ViewCx},
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
    listed: Option<(PathBuf, Vec<Entry>)>,
    /// What was found for the path typed last: a folder may hold a hundred thousand names.
    found: Option<Found>,
    /// The folder whose list was asked for last. A folder on a slow disk may take its time.
    asked: Option<PathBuf>,
    /// Tab was pressed before the list was there.
    tab_waits: bool,
}

/// What is in a folder.
struct Entry {
    /// Its name; of a folder with a slash at the end.
    name: String,
    /// The name in lower case, by which it is found.
    folded: String,
}

/// The entries of a folder that begin with what was typed.
struct Found {
    /// What was typed, as [`expanded`].
    typed: String,
    /// At most [`MAX_SHOWN`] of them, whole paths.
    shown: Vec<String>,
    /// The longest beginning that all of them share.
    common: Option<String>,
    /// Whether what was typed is one of them.
    has_typed: bool,
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
            found: None,
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
            found: None,
            asked: None,
            tab_waits: false,
        }
    }

    /// A folder was listed.
    pub fn listed(&mut self, folder: PathBuf, names: Vec<String>) {
        let entries = names.into_iter().map(|name| Entry {
            folded: name.to_lowercase(),
            name,
        });
        self.listed = Some((folder, entries.collect()));
        self.found = None;
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
    fn completed(&mut self) -> Option<String> {
        let found = self.found();
        let common = found.common.as_ref()?;
        (common.len() > found.typed.len()).then(|| common.clone())
    }

    /// Whether saving here would take the place of another file.
    fn replaces(&mut self) -> bool {
        matches!(self.purpose, Purpose::Save(_))
            && self.found().has_typed
            && Path::new(&expanded(self.path.trim())) != self.present
    }

    /// The entries of the folder typed so far that begin with the words after it; none before it is listed. Looks
    /// through the folder only when something else was typed.
    fn found(&mut self) -> &Found {
        let typed = expanded(&self.path);
        match self.found.take() {
            Some(found) if found.typed == typed => self.found.insert(found),
            _ => {
                let found = self.look_for(typed);
                self.found.insert(found)
            }
        }
    }

    fn look_for(&self, typed: String) -> Found {
        let (_, at) = self.folder();
        let before = typed.get(..at).unwrap_or_default();
        let begin = typed.get(at..).unwrap_or_default().to_lowercase();
        let listed = self.listed.as_ref().filter(|_| self.is_listed());
        let entries = listed.map_or(&[][..], |(_, entries)| entries);
        let names: Vec<&str> = entries
            .iter()
            .filter(|entry| entry.folded.starts_with(&begin))
            .filter(|entry| !entry.folded.starts_with('.') || begin.starts_with('.'))
            .map(|entry| entry.name.as_str())
            .collect();
        let common = common_beginning(&names).map(|common| format!("{before}{common}"));
        let whole = |name: &&str| format!("{before}{name}");
        // What is saved loses the blanks at its end.
        let last = typed.get(at..).unwrap_or_default().trim_end();
        Found {
            shown: names.iter().take(MAX_SHOWN).map(whole).collect(),
            has_typed: entries.iter().any(|entry| entry.name == last),
            common,
            typed,
        }
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
pub fn show(ui: &mut Ui, view: &mut View, cx: &ViewCx<'_, '_, Message>) {
    let theme = cx.scene.theme;
    let (heading, hint) = match view.purpose {
        Purpose::Open => (
            "Open by path",
            "Press Tab to complete. A folder opens all articles in it.",
        ),
        Purpose::Save(_) => ("Save annotations as", "Press Tab to complete."),
    };
    title(ui, heading, theme);
    let is_tab = ui.memory(|memory| memory.has_focus(Id::unique("path field"))) && tab(ui, view);
    let field = TextField::line(Id::unique("path field"), "Path", MAX_WORDS_CHARS);
    let response = field.show_with(ui, &mut view.path, |edit| {
        edit.lock_focus(true).cursor_at_end(true)
    });
    if !std::mem::replace(&mut view.has_focus, true) {
        response.request_focus();
    }
    // After the field, so that letters typed in the same frame count.
    if let Some(folder) = view.ask_for() {
        cx.send(Message::List(folder));
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
    let replaces = view.replaces();
    let (hint, colour) = if replaces {
        (
            "This file already exists. Saving replaces its annotations.",
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
            } else if view.found().shown.is_empty() {
                ui.weak("No file or folder starts with this.");
            }
            let mut chosen = None;
            for path in &view.found().shown {
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
                    chosen = Some(path.clone());
                    response.request_focus();
                }
                entered |= entry.double_clicked() && !is_folder;
            }
            if let Some(path) = chosen {
                view.path = path;
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
    let pressed = buttons(ui, does, is_ready, theme);
    if pressed == Pressed::Cancel {
        cx.close();
    }
    if pressed == Pressed::Done || entered {
        cx.close();
        cx.send_core(match view.purpose {
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
fn common_beginning(paths: &[&str]) -> Option<String> {
    let first = paths.first()?;
    let mut end = first.len();
    for path in paths {
        let same = first
            .get(..end)
            .unwrap_or_default()
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
    use super::*;

    #[test]
    fn tab_goes_as_far_as_all_agree() {
        assert_eq!(
            common_beginning(&["/a/news-1", "/a/news-2"]).unwrap(),
            "/a/news-"
        );
        assert_eq!(common_beginning(&["/é", "/è"]).unwrap(), "/");
        assert_eq!(common_beginning(&[]), None);
    }

    fn typing(view: &mut View, path: &str) -> (Vec<String>, Option<String>) {
        path.clone_into(&mut view.path);
        (view.found().shown.clone(), view.completed())
    }

    #[test]
    fn a_large_folder_is_looked_through_once_for_what_was_typed() {
        let mut view = View::open(None);
        "/many/".clone_into(&mut view.path);
        let folder = view.ask_for().unwrap();
        assert_eq!(view.ask_for(), None, "it is asked for once");
        assert!(typing(&mut view, "/many/").0.is_empty());
        let names = (0..100_000).map(|n| format!("News-{n:05}.txt"));
        let more = [".hidden", "sub/", "Notes.txt"].map(str::to_owned);
        view.listed(folder, names.chain(more).collect());
        assert_eq!(typing(&mut view, "/many/").0.len(), MAX_SHOWN);
        let frame = view.found().shown.as_ptr();
        assert_eq!(view.found().shown.as_ptr(), frame, "nothing was typed");
        assert_eq!(
            typing(&mut view, "/many/n"),
            (typing(&mut view, "/many/").0, None),
        );
        assert_eq!(
            typing(&mut view, "/many/ne").1,
            Some("/many/News-".to_owned())
        );
        assert_eq!(
            typing(&mut view, "/many/news-1234"),
            (
                (0..10).map(|n| format!("/many/News-1234{n}.txt")).collect(),
                None
            )
        );
        assert_eq!(typing(&mut view, "/many/.").0, ["/many/.hidden"]);
        assert_eq!(
            typing(&mut view, "/many/NO"),
            (
                vec!["/many/Notes.txt".to_owned()],
                Some("/many/Notes.txt".to_owned())
            )
        );
        assert!(typing(&mut view, "/other/n").0.is_empty());
        assert!(view.ask_for().is_some(), "another folder is asked for");
    }

    #[test]
    fn a_file_that_is_there_would_be_replaced() {
        let present = Path::new("/a/present.ron");
        for (path, replaces) in [
            ("/a/there.ron", true),
            ("/a/there.ron ", true),
            ("/a/There.ron", false),
            ("/a/there", false),
            ("/a/present.ron", false),
        ] {
            let mut view = View::save(ArticleKey(1), present);
            let names = ["there.ron", "present.ron"].map(str::to_owned);
            view.listed(PathBuf::from("/a/"), names.to_vec());
            path.clone_into(&mut view.path);
            assert_eq!(view.replaces(), replaces, "{path}");
        }
    }
}
