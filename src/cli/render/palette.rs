//! The window's colours, read from the same files, for pictures that look like it.
//!
//! Only what a page needs is read. The rules for a tag's fill and ink are those of the window's theme, which
//! this floor may not name.

use crate::{
    annotation::{Pattern, Rgb8, Tag},
    cli::{CliError, args::ThemeName},
    reader::{LineStyle, Look, PageColours},
    text::hidden::visible_name,
};
use egui::Color32;
use serde::{Deserialize, Deserializer, de::Error};

/// Least contrast of an ink against the page, as for running text (WCAG 2, AA).
const INK_CONTRAST: f32 = 4.5;

/// The colours of a page.
#[derive(Deserialize)]
pub struct Palette {
    /// How much of a tag's colour goes into its fill, 0 to 1.
    fill_share: f32,
    colours: Colours,
}

#[derive(Deserialize)]
struct Colours {
    page: Colour,
    text: Colour,
    faint: Colour,
    raised: Colour,
    selection: Colour,
    accent: Colour,
    track: Colour,
    warning: Colour,
    warning_ground: Colour,
    border: Colour,
    plain: Colour,
}

struct Colour(Color32);

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(file: D) -> Result<Self, D::Error> {
        let written = String::deserialize(file)?;
        let colour = Color32::from_hex(&written);
        colour
            .map(Self)
            .map_err(|_| D::Error::custom(format!("`{written}` is not a colour")))
    }
}

impl Palette {
    /// Returns the colours of the theme called `name`.
    ///
    /// # Errors
    /// When its file is not well-formed; a test makes sure that this does not ship.
    pub fn read(name: ThemeName) -> Result<Self, CliError> {
        let file = match name {
            ThemeName::Light => include_str!("../../../assets/theme/light.ron"),
            ThemeName::Dark => include_str!("../../../assets/theme/dark.ron"),
            ThemeName::Sepia => include_str!("../../../assets/theme/sepia.ron"),
        };
        ron::from_str(file).map_err(|error| CliError::Picture(Box::new(error)))
    }

    /// Colours of the reading pane.
    pub fn page_colours(&self) -> PageColours {
        let colours = &self.colours;
        PageColours {
            page: colours.page.0,
            text: colours.text.0,
            faint: colours.faint.0,
            selection: colours.selection.0,
            accent: colours.accent.0,
            track: colours.track.0,
            warning: colours.warning.0,
            warning_ground: colours.warning_ground.0,
        }
    }

    /// Returns the line between the article and its legend.
    pub fn rule(&self) -> Color32 {
        self.colours.border.0
    }

    /// Returns how passages with this tag look.
    pub fn look(&self, tag: &Tag) -> Look {
        let Rgb8 { red, green, blue } = tag.colour;
        let colour = Color32::from_rgb(red, green, blue);
        Look {
            fill: colour.gamma_multiply(self.fill_share),
            ink: self.ink(colour),
            line: match &tag.pattern {
                Pattern::Solid | Pattern::Kept(_) => LineStyle::Solid,
                Pattern::Double => LineStyle::Double,
                Pattern::Dashed => LineStyle::Dashed,
                Pattern::Dotted => LineStyle::Dotted,
                Pattern::Wavy => LineStyle::Wavy,
            },
            label: visible_name(&tag.name).into_owned(),
        }
    }

    /// Returns how a highlight without tag looks.
    pub fn plain(&self) -> Look {
        let colour = self.colours.plain.0;
        Look {
            fill: colour.gamma_multiply(self.fill_share),
            ink: colour,
            line: LineStyle::Solid,
            label: String::new(),
        }
    }

    /// Returns `colour` for words and lines: moved towards the text's colour until it can be read on the page.
    fn ink(&self, colour: Color32) -> Color32 {
        let Colours {
            page, text, raised, ..
        } = &self.colours;
        let is_legible = |ink: &Color32| {
            contrast(*ink, page.0) >= INK_CONTRAST && contrast(*ink, raised.0) >= INK_CONTRAST
        };
        (0..=20)
            .map(|step| colour.lerp_to_gamma(text.0, step as f32 / 20.0))
            .find(is_legible)
            .unwrap_or(text.0)
    }
}

/// Returns the WCAG 2 contrast of two opaque colours, 1 to 21.
fn contrast(one: Color32, other: Color32) -> f32 {
    let luminance = |colour: Color32| {
        let linear = egui::Rgba::from(colour);
        0.2126 * linear.r() + 0.7152 * linear.g() + 0.0722 * linear.b()
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::standard_tags;

    #[test]
    fn every_theme_can_be_read() {
        for name in [ThemeName::Light, ThemeName::Dark, ThemeName::Sepia] {
            let palette = Palette::read(name).unwrap();
            for tag in standard_tags() {
                let ink = palette.look(&tag).ink;
                assert!(contrast(ink, palette.colours.page.0) >= INK_CONTRAST);
            }
        }
    }
}
