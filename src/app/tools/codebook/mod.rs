//! Tags: their records and their guidelines.

mod guideline;
mod tag;

use crate::{
    annotation::TagId,
    app::{
        base::{
            action::{Menu, Row, cmd, cmd_shift},
            form::ModalLook,
        },
        session::event::{DialogKind, Event},
        tools::tool::{Action, Cx, Place, Tool, ViewCx},
    },
};
use egui::{Key, Ui};

/// The dialog about a tag that is open.
#[derive(Default)]
pub struct Codebook {
    dialog: Option<Dialog>,
}

enum Dialog {
    Tag(Box<tag::View>),
    Guideline(TagId),
}

/// Show a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A new tag.
    New,
    /// A tag's record.
    Edit(TagId),
    /// When to use a tag.
    Guideline(TagId),
}

impl Tool for Codebook {
    type Message = Message;
    const NAME: &'static str = "codebook";
    const ACTIONS: &'static [Action<Self>] = &[
        Action {
            row: Row::new("NewTag", Menu::Annotate, 3, "New tag…")
                .tooltip("Add a tag of your own.")
                .keys(&[cmd(Key::T)])
                .order(1),
            message: |_, environment| environment.editable().map(|_| Message::New),
        },
        Action {
            row: Row::new("Guideline", Menu::Annotate, 3, "Tag guideline")
                .tooltip("Show when to use the tag of the selected annotation.")
                .keys(&[cmd_shift(Key::G)])
                .order(90),
            message: |_, environment| {
                let article = environment.article.as_ref()?;
                article.chosen_tag.clone().map(Message::Guideline)
            },
        },
    ];

    fn update(&mut self, message: Message, cx: &mut Cx<'_, Message>) {
        let Some(article) = cx.session().article() else {
            return;
        };
        let set = article.workspace.set();
        let dialog = match message {
            Message::New => Some(Dialog::Tag(Box::new(tag::View::new_tag(set)))),
            Message::Edit(id) => {
                let view = tag::View::edit(set, &id);
                view.map(|view| Dialog::Tag(Box::new(view)))
            }
            Message::Guideline(id) => set.tag(&id).is_some().then_some(Dialog::Guideline(id)),
        };
        if dialog.is_some() {
            self.dialog = dialog;
            cx.open();
        }
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, Message>) {
        match event {
            Event::Asked(DialogKind::NewTag) => self.update(Message::New, cx),
            Event::Asked(DialogKind::EditTag(id)) => self.update(Message::Edit(id.clone()), cx),
            Event::Asked(DialogKind::Guideline(id)) => {
                self.update(Message::Guideline(id.clone()), cx);
            }
            _ => {}
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        Some(match self.dialog.as_ref()? {
            Dialog::Tag(_) => ModalLook::new("Tag", 460.0),
            Dialog::Guideline(_) => ModalLook::new("Guideline", 520.0),
        })
    }

    fn close(&mut self) {
        self.dialog = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Message>) {
        match (place, &mut self.dialog) {
            (Place::Modal, Some(Dialog::Tag(view))) => {
                tag::show(ui, cx.scene, view, cx.scene.core);
            }
            (Place::Modal, Some(Dialog::Guideline(id))) => {
                guideline::show(ui, cx.scene, id, cx.scene.core);
            }
            _ => {}
        }
    }
}
