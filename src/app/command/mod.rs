//! What can be done, once: [`UiCommand`] is the table that menus, palette, keyboard, help and tests read.
//!
//! A key or menu entry names a `UiCommand`; [`UiCommand::resolve`] looks at the [`Environment`] and gives the
//! [`AppCommand`] with its payload, or nothing when it would make no sense now (the menu entry is grey for the
//! same reason, from the same function). `dispatch` is the only place that carries an `AppCommand` out.

mod app_command;
mod environment;
mod resolve;
mod sender;
mod shortcuts;
mod table;

pub use app_command::{
    AppCommand, ArticleKey, ArticleOpened, DialogKind, End, MarksFound, PickPurpose, Salvage,
    Saved, Side, Step,
};
pub use environment::{ArticleEnvironment, Environment};
pub use sender::CommandSender;
pub use shortcuts::{Keys, listen, pane_key_text, reserved_letters};
pub use table::{Menu, UiCommand};
