//! What is known about the article, and the encoding it is read in.

mod details;
mod encoding;

use crate::app::{
    base::{
        action::{Menu, Row, cmd},
        form::ModalLook,
    },
    session::event::{DialogKind, Event},
    tools::tool::{Action, Cx, Place, Tool, ViewCx},
};
use egui::{Key, Ui};

/// The dialog about the article that is open.
#[derive(Default)]
pub struct ArticleDialogs {
    dialog: Option<Dialog>,
}

enum Dialog {
    Details(Box<details::View>),
    Encoding,
}

/// Show a dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Title, author, date.
    Details,
    /// Encodings.
    Encoding,
}

impl Tool for ArticleDialogs {
    type Message = Message;
    const NAME: &'static str = "article";
    const ACTIONS: &'static [Action<Self>] = &[
        Action {
            row: Row::new("ArticleDetails", Menu::File, 2, "Article details…")
                .tooltip("Edit the title, author, publisher and date of this article.")
                .keys(&[cmd(Key::I)])
                .order(1),
            message: |_, environment| environment.editable().map(|_| Message::Details),
        },
        Action {
            row: Row::new("Encoding", Menu::File, 2, "Encoding…")
                .tooltip("Reload the article in another character encoding.")
                .order(2),
            message: |_, environment| {
                let article = environment.article.as_ref()?;
                (!article.is_loading).then_some(Message::Encoding)
            },
        },
    ];

    fn update(&mut self, message: Message, cx: &mut Cx<'_, Message>) {
        let Some(article) = cx.session().article() else {
            return;
        };
        self.dialog = Some(match message {
            Message::Details => {
                let view = details::View::new(article.workspace.set(), article.text());
                Dialog::Details(Box::new(view))
            }
            Message::Encoding => Dialog::Encoding,
        });
        cx.open();
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, Message>) {
        match event {
            Event::Asked(DialogKind::ArticleDetails) => self.update(Message::Details, cx),
            Event::Asked(DialogKind::Encoding) => self.update(Message::Encoding, cx),
            _ => {}
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        Some(match self.dialog.as_ref()? {
            Dialog::Details(_) => ModalLook::new("Article details", 480.0),
            Dialog::Encoding => ModalLook::new("Encoding", 360.0),
        })
    }

    fn close(&mut self) {
        self.dialog = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Message>) {
        match (place, &mut self.dialog) {
            (Place::Modal, Some(Dialog::Details(view))) => {
                details::show(ui, cx.scene, view, cx.scene.core);
            }
            (Place::Modal, Some(Dialog::Encoding)) => encoding::show(ui, cx.scene, cx.scene.core),
            _ => {}
        }
    }
}
