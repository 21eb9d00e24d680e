//! Finds any command, and any tag, by its name.

mod found;
mod view;

use crate::app::{
    base::{
        action::{Menu, Row, cmd, cmd_shift},
        form::ModalLook,
    },
    session::event::{DialogKind, Event},
    tools::tool::{Action, Cx, Place, Tool, ViewCx},
};
use egui::{Key, Ui};
use view::View;

/// The palette, while it is open.
#[derive(Default)]
pub struct Palette {
    view: Option<View>,
}

/// Show the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Show;

impl Tool for Palette {
    type Message = Show;
    const NAME: &'static str = "palette";
    const ACTIONS: &'static [Action<Self>] = &[Action {
        row: Row::new("Palette", Menu::Go, 2, "Find a command…")
            .tooltip("Find any command by its name.")
            .keys(&[cmd_shift(Key::P), cmd(Key::K)])
            .order(1),
        message: |_, _| Some(Show),
    }];

    fn update(&mut self, Show: Show, cx: &mut Cx<'_, Show>) {
        self.view = Some(View::default());
        cx.open();
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, Show>) {
        if matches!(event, Event::Asked(DialogKind::Palette)) {
            self.update(Show, cx);
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        self.view.as_ref().map(|_| ModalLook {
            is_list: true,
            ..ModalLook::new("Find a command", 520.0)
        })
    }

    fn close(&mut self) {
        self.view = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Show>) {
        if let (Place::Modal, Some(view)) = (place, &mut self.view) {
            view::show(ui, cx.scene, view);
        }
    }
}
