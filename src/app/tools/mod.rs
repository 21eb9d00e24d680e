//! The tools: capabilities with a screen, a state and jobs of their own, one folder each.
//!
//! [`Tools`] is the list. A tool is added by its folder, by `mod` and by a line in `tools!`; menus, palette, keys, help and
//! tests find its actions there.

pub mod article;
pub mod closing;
pub mod codebook;
pub mod find;
pub mod go_to;
pub mod help;
pub mod palette;
pub mod path;
pub mod reading;
pub mod recovery;
pub mod review;
pub mod salvage;
pub mod settings;
mod tool;

use crate::{
    app::{
        base::{
            action::{ActionId, ActionView},
            form,
            sender::Sender,
            theme::Theme,
        },
        core::{
            command::{AppCommand, CommandSender},
            view::{hits::Shown, scene::Scene},
        },
        session::{Session, article::ArticleKey, event::Event, facts::Environment},
    },
    reader::TextEngine,
};
use egui::Ui;
use std::borrow::Cow;
use tool::{Cx, Tool, ViewCx};

pub use tool::Place;

/// What the window handles, one after the other.
#[derive(Debug)]
pub enum Message {
    /// A command of the core.
    Core(AppCommand),
    /// A message of a tool.
    Tool(ToolMessage),
    /// An action of either, by its row.
    Act(ActionId),
}

macro_rules! tools {
    ($($field:ident: $variant:ident,)*) => {
        /// A message of one of the tools.
        #[derive(Debug)]
        pub enum ToolMessage {
            $(#[doc = concat!("For `", stringify!($field), "`.")]
            $variant(<$field::$variant as Tool>::Message),)*
        }

        /// All tools with their states.
        #[derive(Default)]
        pub struct Tools {
            $($field: $field::$variant,)*
        }

        impl Tools {
            /// Returns the actions of all tools as they are now.
            pub fn actions(&self, environment: &Environment) -> Vec<ActionView> {
                let mut views = Vec::new();
                let mut owner = 0;
                $(
                    owner += 1;
                    views_of(&self.$field, owner, environment, &mut views);
                )*
                views
            }

            /// Returns what an action of a tool does now.
            pub fn resolve(&self, id: ActionId, environment: &Environment) -> Option<ToolMessage> {
                let mut owner = 0;
                $(
                    owner += 1;
                    if owner == id.owner {
                        return message_of(&self.$field, id.idx, environment)
                            .map(ToolMessage::$variant);
                    }
                )*
                None
            }

            /// Handles a message of a tool.
            pub fn update(
                &mut self,
                message: ToolMessage,
                session: &mut Session,
                post: &Sender<Message>,
                core: &CommandSender,
            ) {
                match message {
                    $(ToolMessage::$variant(message) => {
                        let sender = post.narrow(|it| Message::Tool(ToolMessage::$variant(it)));
                        let name = <$field::$variant as Tool>::NAME;
                        let mut cx = Cx::new(name, session, sender, core);
                        self.$field.update(message, &mut cx);
                    })*
                }
            }

            /// Tells all tools what has happened.
            pub fn follow(
                &mut self,
                event: &Event,
                session: &mut Session,
                post: &Sender<Message>,
                core: &CommandSender,
            ) {
                $({
                    let sender = post.narrow(|it| Message::Tool(ToolMessage::$variant(it)));
                    let name = <$field::$variant as Tool>::NAME;
                    let mut cx = Cx::new(name, session, sender, core);
                    self.$field.follow(event, &mut cx);
                })*
            }

            /// Lets all tools write what was typed into the records.
            pub fn commit(
                &mut self,
                session: &mut Session,
                post: &Sender<Message>,
                core: &CommandSender,
            ) {
                $({
                    let sender = post.narrow(|it| Message::Tool(ToolMessage::$variant(it)));
                    let name = <$field::$variant as Tool>::NAME;
                    let mut cx = Cx::new(name, session, sender, core);
                    self.$field.commit(&mut cx);
                })*
            }

            /// Offers Escape to the tools in their order; returns whether one of them took it.
            pub fn cancel(
                &mut self,
                session: &mut Session,
                post: &Sender<Message>,
                core: &CommandSender,
            ) -> bool {
                $({
                    let sender = post.narrow(|it| Message::Tool(ToolMessage::$variant(it)));
                    let name = <$field::$variant as Tool>::NAME;
                    let mut cx = Cx::new(name, session, sender, core);
                    if self.$field.cancel(&mut cx) {
                        return true;
                    }
                })*
                false
            }

            /// Tells the tool called `name` that its dialog is no longer shown.
            pub fn close(&mut self, name: &str) {
                $(if name == <$field::$variant as Tool>::NAME {
                    self.$field.close();
                })*
            }

            /// Draws what the tools have to show at `place`.
            pub fn show(
                &mut self,
                place: Place,
                ui: &mut Ui,
                scene: &Scene<'_>,
                engine: &mut TextEngine,
                post: &Sender<Message>,
            ) {
                $({
                    let sender = post.narrow(|it| Message::Tool(ToolMessage::$variant(it)));
                    let mut cx = ViewCx { scene, engine: &mut *engine, sender };
                    self.$field.show(place, ui, &mut cx);
                })*
            }

            /// Draws the dialog that is open, if one is.
            pub fn show_modal(
                &mut self,
                ctx: &egui::Context,
                scene: &Scene<'_>,
                engine: &mut TextEngine,
                post: &Sender<Message>,
            ) {
                let Some(open) = scene.session.modal else { return };
                $(if open == <$field::$variant as Tool>::NAME {
                    let sender = post.narrow(|it| Message::Tool(ToolMessage::$variant(it)));
                    modal_of(&mut self.$field, ctx, scene, engine, sender);
                })*
            }

            /// Returns what the reading pane paints beside the annotations.
            pub fn hits(&mut self, key: ArticleKey, theme: &Theme) -> Option<Shown<'_>> {
                let mut shown = None;
                $(shown = shown.or_else(|| self.$field.hits(key, theme));)*
                shown
            }
        }

        /// The rows of all tools.
        #[cfg(test)]
        pub fn all_rows() -> Vec<&'static crate::app::base::action::Row> {
            let mut rows = Vec::new();
            $(rows.extend(<$field::$variant as Tool>::ACTIONS.iter().map(|action| &action.row));)*
            rows
        }
    };
}

tools! {
    find: Find,
    go_to: GoTo,
    path: PathBox,
    article: ArticleDialogs,
    closing: Closing,
    recovery: Recovery,
    salvage: Salvage,
    review: Review,
    codebook: Codebook,
    settings: Settings,
    palette: Palette,
    help: Help,
    reading: LongText,
}

impl Tools {
    /// What is looked for in the text.
    pub fn find(&self) -> &find::Find {
        &self.find
    }
}

fn views_of<T: Tool>(tool: &T, owner: u8, environment: &Environment, views: &mut Vec<ActionView>) {
    let all = (0_u8..).zip(T::ACTIONS);
    views.extend(all.map(|(idx, action)| ActionView {
        id: ActionId { owner, idx },
        row: &action.row,
        label: Cow::Borrowed(action.row.text),
        is_enabled: (action.message)(tool, environment).is_some(),
        is_on: None,
    }));
}

fn message_of<T: Tool>(tool: &T, idx: u8, environment: &Environment) -> Option<T::Message> {
    let action = T::ACTIONS.get(usize::from(idx))?;
    (action.message)(tool, environment)
}

fn modal_of<T: Tool>(
    tool: &mut T,
    ctx: &egui::Context,
    scene: &Scene<'_>,
    engine: &mut TextEngine,
    sender: Sender<T::Message>,
) {
    let Some(look) = tool.modal() else { return };
    let mut cx = ViewCx {
        scene,
        engine,
        sender,
    };
    let should_close = form::modal(ctx, look, scene.theme, |ui| {
        tool.show(Place::Modal, ui, &mut cx);
    });
    if should_close {
        cx.close();
    }
}

#[cfg(test)]
mod tests {
    use super::all_rows;
    use crate::{
        app::{
            base::action::{ActionId, ActionView, Actions, Row},
            core::table::UiCommand,
        },
        reader::PANE_KEYS,
    };
    use egui::{Key, KeyboardShortcut, Modifiers};
    use std::{borrow::Cow, collections::BTreeMap};

    /// The rows of the core and of all tools.
    fn rows() -> Vec<&'static Row> {
        let mut rows: Vec<_> = UiCommand::ALL.iter().map(|command| command.row()).collect();
        rows.extend(all_rows());
        rows
    }

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
    fn no_two_actions_share_a_key_or_a_name() {
        for is_mac in [false, true] {
            let mut owners: BTreeMap<String, &str> = BTreeMap::new();
            for row in rows() {
                let keys = row.keys.iter();
                let keys = keys.map(|shortcut| format!("{:?}", held(shortcut, is_mac)));
                for key in keys.chain([row.name.to_owned()]) {
                    let other = owners.insert(key.clone(), row.name);
                    assert_eq!(other, None, "{key} is also {} (mac: {is_mac})", row.name);
                }
            }
        }
    }

    #[test]
    fn the_reading_pane_keeps_its_keys() {
        for row in rows() {
            for shortcut in row.keys {
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
                    assert!(!is_same, "{} takes a key of the text: {what}", row.name);
                }
            }
        }
    }

    #[test]
    fn every_action_has_words() {
        for row in rows() {
            assert!(row.tooltip.ends_with('.'), "{}", row.name);
            assert!(!row.text.is_empty(), "{}", row.name);
        }
    }

    #[test]
    fn digits_are_left_to_tags() {
        let views = rows().into_iter().map(|row| ActionView {
            id: ActionId { owner: 0, idx: 0 },
            row,
            label: Cow::Borrowed(row.text),
            is_enabled: true,
            is_on: None,
        });
        let reserved = Actions::new(views.collect()).reserved_letters();
        assert!(reserved.iter().all(|letter| !letter.is_ascii_digit()));
        assert!(reserved.contains(&'n'));
    }
}
