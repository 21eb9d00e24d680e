//! The parts of the window. Each is one function `show(ui, &Data, &mut View, &CommandSender)`: a picture of its
//! data. What it wants done it sends; only its own view (scroll place, words being typed) does it write.

pub mod annotation_list;
pub mod annotation_search;
pub mod article_list;
pub mod banner;
pub mod difference;
pub mod drop_hint;
pub mod hits;
pub mod hover_card;
pub mod inspector;
pub mod menu_bar;
pub mod notices;
pub mod reading;
pub mod scene;
pub mod selection_bar;
pub mod start_page;
pub mod status_bar;
pub mod tag_list;
pub mod text_menu;
pub mod tool_bar;

/// What the eye is on, panel by panel.
#[derive(Default)]
pub struct Views {
    /// The list of annotations.
    pub annotations: annotation_list::View,
    /// The status bar.
    pub status: status_bar::View,
}
