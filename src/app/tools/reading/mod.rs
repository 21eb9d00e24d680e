//! Shows a text that is too long for a panel: a note, a comment, a guideline.

mod view;

use crate::app::{
    base::form::ModalLook,
    session::event::{DialogKind, Event},
    tools::tool::{Cx, Place, Tool, ViewCx},
};
use egui::Ui;
use std::convert::Infallible;
use view::View;

/// The text, while it is open.
#[derive(Default)]
pub struct LongText {
    view: Option<Box<View>>,
}

impl Tool for LongText {
    type Message = Infallible;
    const NAME: &'static str = "reading";

    fn update(&mut self, message: Infallible, _: &mut Cx<'_, Infallible>) {
        match message {}
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, Infallible>) {
        let Event::Asked(DialogKind::LongText(title, text)) = event else {
            return;
        };
        match View::new(title, text.clone()) {
            Some(view) => {
                self.view = Some(Box::new(view));
                cx.open();
            }
            None => cx.notices().warn(
                "This text cannot be shown",
                "It is too long for the reading pane.",
            ),
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        self.view
            .as_ref()
            .map(|_| ModalLook::new("Long text", 640.0))
    }

    fn close(&mut self) {
        self.view = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Infallible>) {
        if let (Place::Modal, Some(view)) = (place, &mut self.view) {
            view::show(ui, cx.scene, view, cx.engine, cx.scene.core);
        }
    }
}
