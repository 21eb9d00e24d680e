//! How to begin, all keys, and what this program is.

mod about;
mod keys;

use crate::app::{
    base::{
        action::{Menu, Row, plain},
        form::ModalLook,
    },
    session::event::{DialogKind, Event},
    tools::tool::{Action, Cx, Place, Tool, ViewCx},
};
use egui::{Key, Ui};

/// The page that is shown.
#[derive(Default)]
pub struct Help {
    page: Option<Page>,
    keys: keys::View,
}

/// A page of help; as a message: show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// First steps and keys.
    Keys,
    /// What this program is.
    About,
}

impl Tool for Help {
    type Message = Page;
    const NAME: &'static str = "help";
    const ACTIONS: &'static [Action<Self>] = &[
        Action {
            row: Row::new("Help", Menu::Help, 0, "Keys and help")
                .tooltip("Show all keyboard shortcuts and how to start.")
                .keys(&[plain(Key::F1)]),
            message: |_, _| Some(Page::Keys),
        },
        Action {
            row: Row::new("About", Menu::Help, 0, "About Sourcemark")
                .tooltip("Show the version, licence and credits."),
            message: |_, _| Some(Page::About),
        },
    ];

    fn update(&mut self, page: Page, cx: &mut Cx<'_, Page>) {
        self.page = Some(page);
        self.keys = keys::View::default();
        cx.open();
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, Page>) {
        match event {
            Event::Asked(DialogKind::Help) => self.update(Page::Keys, cx),
            Event::Asked(DialogKind::About) => self.update(Page::About, cx),
            _ => {}
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        Some(match self.page? {
            Page::Keys => ModalLook::new("Keys and help", 840.0),
            Page::About => ModalLook::new("About Sourcemark", 420.0),
        })
    }

    fn close(&mut self) {
        self.page = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Page>) {
        match (place, self.page) {
            (Place::Modal, Some(Page::Keys)) => {
                keys::show(ui, cx.scene, &mut self.keys, cx.scene.core);
            }
            (Place::Modal, Some(Page::About)) => about::show(ui, cx.scene, cx.scene.core),
            _ => {}
        }
    }
}
