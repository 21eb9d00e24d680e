//! What all panels and tools are given to draw.

use crate::app::{
    base::{
        action::{ActionId, Actions},
        sender::Sender,
        theme::Theme,
        widgets::TagRow,
    },
    core::command::CommandSender,
    session::{Session, article::OpenArticle, facts::Environment, tags::Tags},
};
use egui::{Frame, Margin};

/// What there is to show in one frame.
pub struct Scene<'a> {
    /// What is open.
    pub session: &'a Session,
    /// What is possible now.
    pub environment: &'a Environment,
    /// The first of the active article's tags: as many as fit a bar or a menu.
    pub tags: &'a [TagRow],
    /// All actions, as they are now.
    pub actions: &'a Actions,
    /// Where an action that is asked for goes.
    pub act: &'a Sender<ActionId>,
    /// Where commands of the core go.
    pub core: &'a CommandSender,
    /// Whether keys are named as on a Mac.
    pub is_mac: bool,
    /// Theme.
    pub theme: &'a Theme,
}

impl<'a> Scene<'a> {
    /// Returns all tags of the active article; `None` when none is open.
    pub fn all_tags(&self) -> Option<Tags<'a>> {
        let article: Option<&'a OpenArticle> = self.session.article();
        article.map(|article| Tags::new(article, self.theme))
    }

    /// Returns how many tags the active article has.
    pub fn n_tags(&self) -> usize {
        let article = self.session.article();
        article.map_or(0, |article| article.tags.all().len())
    }

    /// The ground of bars and panels.
    pub fn chrome(&self, margin: Margin) -> Frame {
        Frame::NONE
            .fill(self.theme.colours.chrome)
            .inner_margin(margin)
    }
}
