//! What the person prefers.

mod view;

use crate::app::{
    base::{
        action::{Menu, Row, cmd},
        form::ModalLook,
    },
    session::event::{DialogKind, Event},
    tools::tool::{Action, Cx, Place, Tool, ViewCx},
};
use egui::{Key, Ui};
use view::View;

/// The form of preferences, while it is open.
#[derive(Default)]
pub struct Settings {
    view: Option<View>,
}

/// Show the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Show;

impl Tool for Settings {
    type Message = Show;
    const NAME: &'static str = "settings";
    const ACTIONS: &'static [Action<Self>] = &[Action {
        row: Row::new("Preferences", Menu::Edit, 3, "Preferences…")
            .tooltip("Change your name, the theme and how articles are shown.")
            .keys(&[cmd(Key::Comma)]),
        message: |_, _| Some(Show),
    }];

    fn update(&mut self, Show: Show, cx: &mut Cx<'_, Show>) {
        self.view = Some(View::new(&cx.session().preferences));
        cx.open();
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, Show>) {
        if matches!(event, Event::Asked(DialogKind::Preferences)) {
            self.update(Show, cx);
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        self.view
            .as_ref()
            .map(|_| ModalLook::new("Preferences", 440.0))
    }

    fn close(&mut self) {
        self.view = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Show>) {
        if let (Place::Modal, Some(view)) = (place, &mut self.view) {
            view::show(ui, cx.scene, view, cx.scene.core);
        }
    }
}
