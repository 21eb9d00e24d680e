//! Keys: what they are called, who listens when, and that no two clash.

use super::{AppCommand, CommandSender, Environment, UiCommand};
use crate::annotation::{Tag, TagId};
use egui::{Event, Key, KeyboardShortcut, ModifierNames, Modifiers};
use std::sync::Arc;

/// What has the keyboard, as far as shortcuts care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// A text field has it: letters, digits and editing keys are the field's own.
    pub in_text_field: bool,
    /// A button or list that was reached with Tab has it: Enter and the space bar are its own.
    pub on_widget: bool,
    /// A menu or dialog is open: only it listens.
    pub in_popup: bool,
}

/// Consumes the keys that are commands and sends those. `tags` are the tags of the active article.
pub fn listen(
    ctx: &egui::Context,
    keys: Keys,
    environment: &Environment,
    tags: &[Arc<Tag>],
    sender: &CommandSender,
) {
    if keys.in_popup {
        return;
    }
    let mut found: Vec<AppCommand> = Vec::new();
    // The text that a key types comes right behind it. Of a key that is a command it is nobody's.
    let mut is_key_taken = false;
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let is_of_taken_key =
                std::mem::take(&mut is_key_taken) && matches!(event, Event::Text(_));
            if is_of_taken_key {
                return false;
            }
            let command = match event {
                Event::Key {
                    key,
                    physical_key,
                    pressed: true,
                    modifiers,
                    repeat,
                } => {
                    let command = command_of(*key, *modifiers)
                        .filter(|(command, shortcut)| listens(*command, shortcut, keys))
                        .and_then(|(command, _)| command.resolve(environment));
                    command.or_else(|| {
                        let is_plain = !modifiers.command && !modifiers.ctrl && !modifiers.alt;
                        let letter = char_of(*key).or_else(|| {
                            physical_key.and_then(char_of).filter(char::is_ascii_digit)
                        });
                        letter
                            .filter(|_| is_plain && !modifiers.shift && !*repeat)
                            .and_then(|letter| tag_command(letter, keys, environment, tags))
                    })
                }
                // Keys that egui has no name for (é, я) come as text only.
                Event::Text(text) => {
                    let mut letters = text.chars();
                    letters
                        .next()
                        .filter(|letter| letters.next().is_none() && !letter.is_ascii())
                        .and_then(|letter| tag_command(letter, keys, environment, tags))
                }
                _ => None,
            };
            let is_taken = command.is_some();
            is_key_taken = is_taken && matches!(event, Event::Key { .. });
            found.extend(command);
            !is_taken
        });
    });
    for command in found {
        sender.send(command);
    }
}

/// The command of a key, with the shortcut that named it.
fn command_of(key: Key, pressed: Modifiers) -> Option<(UiCommand, KeyboardShortcut)> {
    UiCommand::ALL.iter().find_map(|command| {
        let mut keys = command.row().keys.iter();
        keys.find(|shortcut| shortcut.logical_key == key && fits(shortcut, pressed))
            .map(|shortcut| (*command, *shortcut))
    })
}

/// Whether the pressed modifiers are the shortcut's own. Shift is needed for `+` on some keyboards and not on
/// others, so there it does not count.
fn fits(shortcut: &KeyboardShortcut, pressed: Modifiers) -> bool {
    let mut pressed = pressed;
    if matches!(shortcut.logical_key, Key::Plus | Key::Equals) {
        pressed.shift = shortcut.modifiers.shift;
    }
    pressed.matches_exact(shortcut.modifiers)
}

/// Whether a command listens to its shortcut while the keyboard is elsewhere.
fn listens(command: UiCommand, shortcut: &KeyboardShortcut, keys: Keys) -> bool {
    let is_function_key = shortcut.logical_key >= Key::F1 && shortcut.logical_key <= Key::F12;
    if keys.in_text_field {
        let belongs_to_fields = matches!(
            command,
            UiCommand::Undo
                | UiCommand::Redo
                | UiCommand::Copy
                | UiCommand::SelectAll
                | UiCommand::GrowSelection
                | UiCommand::ShrinkSelection
        );
        return is_function_key
            || (!belongs_to_fields && (shortcut.modifiers.command || shortcut.modifiers.ctrl));
    }
    !(keys.on_widget && shortcut.logical_key == Key::Enter)
}

fn tag_command(
    letter: char,
    keys: Keys,
    environment: &Environment,
    tags: &[Arc<Tag>],
) -> Option<AppCommand> {
    if keys.in_text_field {
        return None;
    }
    let article = environment.editable()?;
    if !article.has_selection && article.chosen.is_none() && !environment.marker {
        return None;
    }
    tag_of_key(letter, tags).map(AppCommand::Tag)
}

/// The tag that a key gives.
pub fn tag_of_key(letter: char, tags: &[Arc<Tag>]) -> Option<TagId> {
    let lower = |c: char| c.to_lowercase().next();
    tags.iter()
        .find(|tag| tag.key.is_some_and(|key| lower(key) == lower(letter)))
        .map(|tag| tag.id.clone())
}

/// Letters that commands have taken, in lower case: no tag can have them as its key.
pub fn reserved_letters() -> Vec<char> {
    UiCommand::ALL
        .iter()
        .flat_map(|command| command.row().keys)
        .filter(|shortcut| shortcut.modifiers == Modifiers::NONE)
        .filter_map(|shortcut| char_of(shortcut.logical_key))
        .collect()
}

/// The letter or digit on a key.
fn char_of(key: Key) -> Option<char> {
    let mut letters = key.name().chars();
    let letter = letters.next()?;
    (letters.next().is_none() && letter.is_ascii_alphanumeric())
        .then(|| letter.to_ascii_lowercase())
}

impl UiCommand {
    /// Its first key as people write it ("Ctrl+Shift+S"), or empty.
    pub fn key_text(self, is_mac: bool) -> String {
        self.row()
            .keys
            .first()
            .map_or_else(String::new, |shortcut| key_text(shortcut, is_mac))
    }

    /// All its keys as people write them.
    pub fn all_keys_text(self, is_mac: bool) -> Vec<String> {
        self.row()
            .keys
            .iter()
            .map(|shortcut| key_text(shortcut, is_mac))
            .collect()
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::PANE_KEYS;
    use std::collections::BTreeMap;

    /// A shortcut as the keys held down on a keyboard: (alt, shift, ctrl, cmd, key).
    fn held(shortcut: &KeyboardShortcut, is_mac: bool) -> (bool, bool, bool, bool, Key) {
        let Modifiers {
            alt,
            ctrl,
            shift,
            mac_cmd,
            command,
        } = shortcut.modifiers;
        let (ctrl, cmd) = if is_mac {
            (ctrl, mac_cmd || command)
        } else {
            (ctrl || command, false)
        };
        (alt, shift, ctrl, cmd, shortcut.logical_key)
    }

    #[test]
    fn no_two_commands_share_a_key() {
        for is_mac in [false, true] {
            let mut owners: BTreeMap<String, UiCommand> = BTreeMap::new();
            for command in UiCommand::ALL {
                for shortcut in command.row().keys {
                    let name = format!("{:?}", held(shortcut, is_mac));
                    let other = owners.insert(name.clone(), *command);
                    assert_eq!(other, None, "{name} is also {command:?} (mac: {is_mac})");
                }
            }
        }
    }

    #[test]
    fn the_reading_pane_keeps_its_keys() {
        for command in UiCommand::ALL {
            for shortcut in command.row().keys {
                let Modifiers {
                    alt,
                    command: with_command,
                    ctrl,
                    ..
                } = shortcut.modifiers;
                for (key, needs_command, _, what) in PANE_KEYS {
                    // Shift extends the pane's selection; Alt it leaves to the window.
                    let is_same = !alt
                        && needs_command == (with_command || ctrl)
                        && key == shortcut.logical_key;
                    assert!(!is_same, "{command:?} takes a key of the text: {what}");
                }
            }
        }
    }

    #[test]
    fn every_command_has_words_and_needs_are_announced() {
        for command in UiCommand::ALL {
            let row = command.row();
            assert!(row.tooltip.ends_with('.'), "{command:?}");
            assert!(!row.text.is_empty(), "{command:?}");
        }
    }

    #[test]
    fn digits_are_left_to_tags() {
        assert!(
            reserved_letters()
                .iter()
                .all(|letter| !letter.is_ascii_digit())
        );
        assert!(reserved_letters().contains(&'n'));
    }
}
