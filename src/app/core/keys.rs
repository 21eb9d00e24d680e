//! Keys: who listens when, and that no two clash.

use crate::{
    annotation::{Tag, TagId},
    app::{
        base::{
            action::{ActionId, ActionView, Actions, char_of},
            short,
        },
        session::facts::Environment,
    },
};
use egui::{Event, Key, KeyboardShortcut, Modifiers};
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

/// What keys asked for.
pub struct Heard<M> {
    /// The messages of actions and tags, in the order of the keys.
    pub messages: Vec<M>,
    /// What a key needs that did nothing.
    pub hint: Option<String>,
}

/// Who a key may be meant for.
pub struct Listeners<'a> {
    /// All actions, as they are now.
    pub actions: &'a Actions,
    /// What is possible now.
    pub environment: &'a Environment,
    /// The tags of the active article.
    pub tags: &'a [Arc<Tag>],
}

/// Consumes the keys that are commands, and returns those, in their order: `resolve` gives the message of an action
/// that is possible now, `tag` the message for a tag.
pub fn listen<M>(
    ctx: &egui::Context,
    keys: Keys,
    listeners: &Listeners<'_>,
    resolve: impl Fn(ActionId) -> Option<M>,
    tag: impl Fn(TagId) -> M,
) -> Heard<M> {
    let mut found: Vec<M> = Vec::new();
    let mut hint = None;
    if keys.in_popup {
        return Heard {
            messages: found,
            hint,
        };
    }
    let tag_of = |letter| tag_of_letter(letter, keys, listeners).map(&tag);
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
                    let command = action_of(listeners.actions, *key, *modifiers)
                        .filter(|(action, shortcut)| listens(action, shortcut, keys))
                        .and_then(|(action, _)| resolve(action.id));
                    command.or_else(|| {
                        let is_plain = !modifiers.command && !modifiers.ctrl && !modifiers.alt;
                        let letter = char_of(*key).or_else(|| {
                            physical_key.and_then(char_of).filter(char::is_ascii_digit)
                        });
                        letter
                            .filter(|_| is_plain && !modifiers.shift && !*repeat)
                            .and_then(tag_of)
                    })
                }
                // Keys that egui has no name for (é, я) come as text only.
                Event::Text(text) => {
                    let mut letters = text.chars();
                    letters
                        .next()
                        .filter(|letter| letters.next().is_none() && !letter.is_ascii())
                        .and_then(tag_of)
                }
                _ => None,
            };
            if command.is_none() {
                hint = hint_for(event, keys, listeners).or(hint.take());
            }
            let is_taken = command.is_some();
            is_key_taken = is_taken && matches!(event, Event::Key { .. });
            found.extend(command);
            !is_taken
        });
    });
    Heard {
        messages: found,
        hint,
    }
}

/// What a key alone would need to do something, if it is the key of an action or a tag.
fn hint_for(event: &Event, keys: Keys, listeners: &Listeners<'_>) -> Option<String> {
    let Event::Key {
        key,
        pressed: true,
        modifiers,
        repeat: false,
        ..
    } = event
    else {
        return None;
    };
    listeners.environment.editable()?;
    let is_free = !keys.in_text_field && !keys.on_widget;
    if !is_free || modifiers.any() && !modifiers.alt {
        return None;
    }
    let action = action_of(listeners.actions, *key, *modifiers);
    if let Some((action, _)) = action {
        let needs = action.row.needs;
        return (!action.is_enabled && !needs.is_empty()).then(|| needs.to_owned());
    }
    let letter = char_of(*key).filter(|_| modifiers.is_none())?;
    let tag = tag_of_key(letter, listeners.tags)?;
    let tag = listeners.tags.iter().find(|it| it.id == tag)?;
    let name = short::name(&tag.name);
    Some(format!(
        "Select a passage first, then press {} for {name}.",
        letter.to_ascii_uppercase()
    ))
}

/// The action of a key, with the shortcut that named it.
fn action_of(
    actions: &Actions,
    key: Key,
    pressed: Modifiers,
) -> Option<(&ActionView, KeyboardShortcut)> {
    actions.all().iter().find_map(|action| {
        let mut keys = action.row.keys.iter();
        keys.find(|shortcut| shortcut.logical_key == key && fits(shortcut, pressed))
            .map(|shortcut| (action, *shortcut))
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

/// Actions whose keys a text field has for itself.
const OF_FIELDS: [&str; 6] = [
    "Undo",
    "Redo",
    "Copy",
    "SelectAll",
    "GrowSelection",
    "ShrinkSelection",
];

/// Whether an action listens to its shortcut while the keyboard is elsewhere.
fn listens(action: &ActionView, shortcut: &KeyboardShortcut, keys: Keys) -> bool {
    let is_function_key = shortcut.logical_key >= Key::F1 && shortcut.logical_key <= Key::F12;
    if keys.in_text_field {
        let is_of_fields = OF_FIELDS.contains(&action.row.name);
        return is_function_key
            || (!is_of_fields && (shortcut.modifiers.command || shortcut.modifiers.ctrl));
    }
    !(keys.on_widget && shortcut.logical_key == Key::Enter)
}

fn tag_of_letter(letter: char, keys: Keys, listeners: &Listeners<'_>) -> Option<TagId> {
    if keys.in_text_field {
        return None;
    }
    let environment = listeners.environment;
    let article = environment.editable()?;
    if !article.has_selection && article.chosen.is_none() && !environment.marker {
        return None;
    }
    tag_of_key(letter, listeners.tags)
}

/// The tag that a key gives.
pub fn tag_of_key(letter: char, tags: &[Arc<Tag>]) -> Option<TagId> {
    let lower = |c: char| c.to_lowercase().next();
    tags.iter()
        .find(|tag| tag.key.is_some_and(|key| lower(key) == lower(letter)))
        .map(|tag| tag.id.clone())
}
