//! Asks what to do with unsaved annotations before their articles are closed.

mod view;

use crate::app::{
    base::form::ModalLook,
    session::{
        article::ArticleKey,
        event::{DialogKind, Event},
    },
    tools::tool::{Cx, Place, Tool, ViewCx},
};
use egui::Ui;
use std::convert::Infallible;

/// The question, while it is open.
#[derive(Default)]
pub struct Closing {
    question: Option<Question>,
}

struct Question {
    keys: Vec<ArticleKey>,
    /// The program is to end after that.
    is_quitting: bool,
}

impl Tool for Closing {
    type Message = Infallible;
    const NAME: &'static str = "closing";

    fn update(&mut self, message: Infallible, _: &mut Cx<'_, Infallible>) {
        match message {}
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, Infallible>) {
        if let Event::Asked(DialogKind::Unsaved { keys, is_quitting }) = event {
            self.question = Some(Question {
                keys: keys.clone(),
                is_quitting: *is_quitting,
            });
            cx.open();
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        self.question
            .as_ref()
            .map(|_| ModalLook::new("Unsaved annotations", 440.0))
    }

    fn close(&mut self) {
        self.question = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Infallible>) {
        if let (Place::Modal, Some(question)) = (place, &self.question) {
            let (keys, is_quitting) = (&question.keys, question.is_quitting);
            view::show(ui, cx.scene, keys, is_quitting, cx.scene.core);
        }
    }
}
