//! What a person can ask for: the rows of the table that menus, palette, keys, help and tests read.

use egui::{Key, KeyboardShortcut, ModifierNames, Modifiers};
use std::borrow::Cow;

/// Where a command stands in the menu bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Menu {
    /// Files and the program.
    File,
    /// History and clipboard.
    Edit,
    /// Marks.
    Annotate,
    /// How it looks.
    View,
    /// Where the eye goes.
    Go,
    /// Explanations.
    Help,
}

impl Menu {
    /// All menus from left to right.
    pub const ALL: [Self; 6] = [
        Self::File,
        Self::Edit,
        Self::Annotate,
        Self::View,
        Self::Go,
        Self::Help,
    ];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::Annotate => "Annotate",
            Self::View => "View",
            Self::Go => "Go",
            Self::Help => "Help",
        }
    }
}

/// What the table says of one action.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Names it in the code and in tests; nobody reads it in the window.
    pub name: &'static str,
    /// The menu it is in.
    pub menu: Menu,
    /// The submenu, or empty.
    pub submenu: &'static str,
    /// Actions of one group stand together; a line separates them from the next.
    pub group: u8,
    /// Its place in the group: lower numbers come first, equal ones in the order of the lists.
    pub order: u8,
    /// What it is called.
    pub text: &'static str,
    /// What it does, in one sentence.
    pub tooltip: &'static str,
    /// Its keys, the one to show first.
    pub keys: &'static [KeyboardShortcut],
    /// What has to be done first where it makes no sense, in a sentence; empty when that goes without saying.
    pub needs: &'static str,
}

/// Where rows of the core stand in their group; rows of tools choose a lower number or a higher one.
pub const MIDDLE: u8 = 50;

impl Row {
    /// A row in a menu, in no submenu and without keys.
    pub const fn new(name: &'static str, menu: Menu, group: u8, text: &'static str) -> Self {
        Self {
            name,
            menu,
            submenu: "",
            group,
            order: MIDDLE,
            text,
            tooltip: "",
            keys: &[],
            needs: "",
        }
    }

    /// Returns the row with what it does, in one sentence.
    pub const fn tooltip(self, tooltip: &'static str) -> Self {
        Self { tooltip, ..self }
    }

    /// Returns the row with its keys, the one to show first.
    pub const fn keys(self, keys: &'static [KeyboardShortcut]) -> Self {
        Self { keys, ..self }
    }

    /// Returns the row at another place in its group.
    pub const fn order(self, order: u8) -> Self {
        Self { order, ..self }
    }

    /// Returns its first key as people write it, or nothing.
    pub fn key_text(&self, is_mac: bool) -> String {
        let first = self.keys.first();
        first.map_or_else(String::new, |shortcut| key_text(shortcut, is_mac))
    }

    /// Returns all its keys as people write them.
    pub fn key_texts(&self, is_mac: bool) -> Vec<String> {
        let keys = self.keys.iter();
        keys.map(|shortcut| key_text(shortcut, is_mac)).collect()
    }
}

/// Names an action while the program runs: whose it is, and which of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionId {
    /// 0 is the core, 1 the first tool.
    pub owner: u8,
    /// From 0.
    pub idx: u8,
}

/// An action as it is now.
#[derive(Clone, Debug)]
pub struct ActionView {
    /// Names it.
    pub id: ActionId,
    /// Its row.
    pub row: &'static Row,
    /// What it is called now: "Undo: tag as denial".
    pub label: Cow<'static, str>,
    /// Whether it is possible now.
    pub is_enabled: bool,
    /// Whether it is switched on; `None` for actions that are no switch.
    pub is_on: Option<bool>,
}

/// All actions in the order of the menus.
#[derive(Clone, Debug, Default)]
pub struct Actions(Vec<ActionView>);

impl Actions {
    /// Sorts `views` by menu, group and place in the group.
    pub fn new(mut views: Vec<ActionView>) -> Self {
        views.sort_by_key(|view| (view.row.menu, view.row.group, view.row.order));
        Self(views)
    }

    /// Returns all of them.
    pub fn all(&self) -> &[ActionView] {
        &self.0
    }

    /// Returns the action whose row has this name.
    pub fn get(&self, name: &str) -> Option<&ActionView> {
        self.0.iter().find(|view| view.row.name == name)
    }

    /// Returns the letters that are keys of actions, in lower case: no tag can have them.
    pub fn reserved_letters(&self) -> Vec<char> {
        self.0
            .iter()
            .flat_map(|view| view.row.keys)
            .filter(|shortcut| shortcut.modifiers == Modifiers::NONE)
            .filter_map(|shortcut| char_of(shortcut.logical_key))
            .collect()
    }
}

/// Returns the letter or digit on a key, in lower case.
pub fn char_of(key: Key) -> Option<char> {
    let mut letters = key.name().chars();
    let letter = letters.next()?;
    (letters.next().is_none() && letter.is_ascii_alphanumeric())
        .then(|| letter.to_ascii_lowercase())
}

/// A key alone.
pub const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

/// A key with Shift.
pub const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

/// A key with Ctrl, or Command on a Mac.
pub const fn cmd(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

/// A key with Ctrl (Command) and Shift.
pub const fn cmd_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

/// A key with Ctrl (Command) and Alt.
pub const fn cmd_alt(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::ALT), key)
}

/// A key with Ctrl, on a Mac too.
pub const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::CTRL, key)
}

/// A key with Ctrl and Shift, on a Mac too.
pub const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::CTRL.plus(Modifiers::SHIFT), key)
}

/// A key with Alt.
pub const fn alt(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::ALT, key)
}

/// A key with Alt and Shift.
pub const fn alt_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::ALT.plus(Modifiers::SHIFT), key)
}

/// A key of the reading pane as people write it.
pub fn pane_key_text(key: Key, with_command: bool, is_mac: bool) -> String {
    let modifiers = if with_command {
        Modifiers::COMMAND
    } else {
        Modifiers::NONE
    };
    key_text(&KeyboardShortcut::new(modifiers, key), is_mac)
}

/// A shortcut as people write it: names for modifiers, signs for arrows.
fn key_text(shortcut: &KeyboardShortcut, is_mac: bool) -> String {
    let names = ModifierNames::NAMES;
    let key = match shortcut.logical_key {
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::ArrowUp => "↑",
        Key::ArrowDown => "↓",
        Key::Escape => "Esc",
        Key::Equals => "=",
        Key::Minus => "−",
        Key::Plus => "+",
        Key::Comma => ",",
        Key::OpenBracket => "[",
        Key::CloseBracket => "]",
        key => key.name(),
    };
    let modifiers = names.format(&shortcut.modifiers, is_mac);
    if modifiers.is_empty() {
        key.to_owned()
    } else {
        format!("{modifiers}{}{key}", names.concat)
    }
}
