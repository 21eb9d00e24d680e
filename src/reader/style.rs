//! How the page looks: sizes in points (logical pixels), colours from the caller's theme.

use crate::text::hidden::Reveal;
use egui::Color32;

/// The two faces an article can be read in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Face {
    /// Literata.
    #[default]
    Serif,
    /// Inter.
    Sans,
}

/// What the left margin counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbering {
    /// Nothing.
    None,
    /// Paragraphs: lines of the file that are not blank.
    #[default]
    Paragraphs,
    /// Every line of the file.
    Lines,
}

/// Colours of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageColours {
    /// Behind everything.
    pub page: Color32,
    /// The article.
    pub text: Color32,
    /// Numbers and other small print in the margins.
    pub faint: Color32,
    /// Behind selected text.
    pub selection: Color32,
    /// The caret, the handles, the frame of the selected annotation.
    pub accent: Color32,
    /// Scroll bar and map background.
    pub track: Color32,
    /// Names of hidden characters, lines under mixed words.
    pub warning: Color32,
    /// Behind the names of hidden characters.
    pub warning_ground: Color32,
}

/// How an article is set.
#[derive(Clone, Debug, PartialEq)]
pub struct PageStyle {
    /// Text size in points.
    pub size: f32,
    /// Line height as a multiple of the size.
    pub leading: f32,
    /// Width of the column in average characters.
    pub measure_chars: f32,
    /// Serif or sans.
    pub face: Face,
    /// What the margin counts.
    pub numbering: Numbering,
    /// Whether tag labels are in the right margin where there is room.
    pub margin_labels: bool,
    /// Which hidden characters are shown.
    pub reveal: Reveal,
    /// Colours.
    pub colours: PageColours,
}
