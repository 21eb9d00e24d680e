//! Colours and sizes by name, read from `assets/theme/*.ron`: the only place where a colour is made.
//!
//! Tags bring their own colours in their records; here they become a fill light enough to read on and an ink
//! dark enough (on a dark page: light enough) to be read itself.

use crate::{
    annotation::{Pattern, Rgb8, Tag},
    reader::{LineStyle, Look, PageColours},
};
use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Vec2, style,
};
use serde::Deserialize;
use std::sync::Arc;

macro_rules! colours {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The colours of one theme.
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Colours {
            $($(#[$doc])* #[serde(deserialize_with = "read_colour")] pub $name: Color32,)*
        }
    };
}

colours! {
    /// Behind the article.
    page,
    /// The article, and headings of the window.
    text,
    /// Ordinary words of the window.
    muted,
    /// Hints and numbers.
    faint,
    /// Behind panels and bars.
    chrome,
    /// Text fields, cards, menus.
    raised,
    /// Behind what the pointer is on.
    hover,
    /// Behind what is held down or switched on.
    pressed,
    /// Lines between areas.
    border,
    /// Lines around fields.
    strong_border,
    /// The one colour that says "here" and "do this".
    accent,
    /// Words on the accent.
    on_accent,
    /// A quiet ground of the accent: the chosen row.
    accent_ground,
    /// Behind selected text.
    selection,
    /// Behind scroll bars and the map.
    track,
    /// Words that ask for attention.
    warning,
    /// Behind them.
    warning_ground,
    /// Words that say something failed or will be lost.
    danger,
    /// Behind them.
    danger_ground,
    /// All is well.
    good,
    /// Under floating things.
    shadow,
    /// Over the window under a dialog.
    backdrop,
    /// A highlight without tag.
    plain,
    /// The box around what was found.
    hit,
    /// Behind the hit that is shown.
    hit_ground,
}

/// Sizes in points.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sizes {
    /// Words of the window.
    pub body: f32,
    /// Second lines.
    pub small: f32,
    /// Keys and counts.
    pub tiny: f32,
    /// Headings of dialogs.
    pub heading: f32,
    /// The heading of the start page.
    pub title: f32,
    /// Quotations in lists.
    pub quote: f32,
    /// Between things.
    pub gap: f32,
    /// Height of a row in a list.
    pub row: f32,
    /// Height of a row in the list of annotations.
    pub annotation_row: f32,
    /// Corner radius.
    pub radius: u8,
    /// Inside panels.
    pub margin: i8,
    /// Width of the left panel before the person changes it.
    pub left_panel: f32,
    /// Width of the right panel before the person changes it.
    pub right_panel: f32,
    /// Width of a dialog.
    pub dialog: f32,
    /// Width of the card over marks.
    pub tooltip: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    name: String,
    dark: bool,
    fill_share: f32,
    colours: Colours,
}

/// One theme with everything it says.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Its name on screen.
    pub name: String,
    /// Whether the page is dark.
    pub dark: bool,
    /// How much of a tag's colour goes into its fill, 0 to 1.
    pub fill_share: f32,
    /// Its colours.
    pub colours: Colours,
    /// Sizes, the same in every theme.
    pub sizes: Sizes,
}

/// What is wrong with a theme file, and where.
pub type ThemeError = ron::error::SpannedError;

/// The three themes.
#[derive(Clone, Debug)]
pub struct Themes {
    /// Paper by daylight.
    pub light: Arc<Theme>,
    /// Paper under a lamp.
    pub sepia: Arc<Theme>,
    /// A dark room.
    pub dark: Arc<Theme>,
}

impl Themes {
    /// Reads the files that are part of the program.
    ///
    /// # Errors
    /// When one of them is not well-formed; a test makes sure that this does not ship.
    pub fn read() -> Result<Self, ThemeError> {
        let sizes: Sizes = ron::from_str(include_str!("../../../assets/theme/sizes.ron"))?;
        let read = |file: &str| -> Result<Arc<Theme>, ThemeError> {
            let ThemeFile {
                name,
                dark,
                fill_share,
                colours,
            } = ron::from_str(file)?;
            let sizes = sizes.clone();
            Ok(Arc::new(Theme {
                name,
                dark,
                fill_share,
                colours,
                sizes,
            }))
        };
        Ok(Self {
            light: read(include_str!("../../../assets/theme/light.ron"))?,
            sepia: read(include_str!("../../../assets/theme/sepia.ron"))?,
            dark: read(include_str!("../../../assets/theme/dark.ron"))?,
        })
    }
}

fn read_colour<'de, D: serde::Deserializer<'de>>(file: D) -> Result<Color32, D::Error> {
    let written = String::deserialize(file)?;
    Color32::from_hex(&written)
        .map_err(|_| serde::de::Error::custom(format!("`{written}` is no colour")))
}

/// WCAG 2 contrast of two opaque colours, 1 to 21.
pub fn contrast(one: Color32, other: Color32) -> f32 {
    let luminance = |colour: Color32| {
        let linear = egui::Rgba::from(colour);
        0.2126 * linear.r() + 0.7152 * linear.g() + 0.0722 * linear.b()
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Least contrast of an ink against what it stands on, as for running text (WCAG 2, AA).
const INK_CONTRAST: f32 = 4.5;

impl Theme {
    /// A tag's colour as it is.
    pub fn swatch(&self, rgb: Rgb8) -> Color32 {
        Color32::from_rgb(rgb.red, rgb.green, rgb.blue)
    }

    /// What names of tags and other words stand on, in the page, in panels, in cards, on rows that are chosen or pointed at.
    fn grounds(&self) -> [Color32; 6] {
        let colours = &self.colours;
        [
            colours.page,
            colours.chrome,
            colours.raised,
            colours.hover,
            colours.accent_ground,
            colours.track,
        ]
    }

    /// A tag's colour for words and lines: moved towards the text colour until it can be read on every ground.
    pub fn ink(&self, rgb: Rgb8) -> Color32 {
        let colour = self.swatch(rgb);
        (0..=20)
            .map(|step| colour.lerp_to_gamma(self.colours.text, step as f32 / 20.0))
            .find(|ink| {
                let grounds = self.grounds();
                grounds
                    .iter()
                    .all(|ground| contrast(*ink, *ground) >= INK_CONTRAST)
            })
            .unwrap_or(self.colours.text)
    }

    /// A tag's colour behind text: translucent, so that overlapping fills show each other.
    pub fn fill(&self, rgb: Rgb8) -> Color32 {
        self.swatch(rgb).gamma_multiply(self.fill_share)
    }

    /// How passages with this tag look.
    pub fn look(&self, tag: &Tag) -> Look {
        Look {
            fill: self.fill(tag.colour),
            ink: self.ink(tag.colour),
            line: line_style(&tag.pattern),
            label: crate::app::base::short::name(&tag.name).into_owned(),
        }
    }

    /// How a highlight without tag looks.
    pub fn plain_look(&self) -> Look {
        Look {
            fill: self.colours.plain.gamma_multiply(self.fill_share),
            ink: self.colours.plain,
            line: LineStyle::Solid,
            label: String::new(),
        }
    }

    /// Colours of the reading pane.
    pub fn page_colours(&self) -> PageColours {
        let colours = &self.colours;
        PageColours {
            page: colours.page,
            text: colours.text,
            faint: colours.faint,
            selection: colours.selection,
            accent: colours.accent,
            track: colours.track,
            warning: colours.warning,
            warning_ground: colours.warning_ground,
        }
    }

    /// Words of the given size in the half-bold face.
    pub fn bold(size: f32) -> FontId {
        FontId::new(size, FontFamily::Name(crate::app::base::fonts::BOLD.into()))
    }

    /// Makes egui look like this theme from now on.
    pub fn apply(&self, ctx: &egui::Context) {
        let egui_theme = if self.dark {
            egui::Theme::Dark
        } else {
            egui::Theme::Light
        };
        ctx.set_theme(egui_theme);
        let mut style = egui::Style {
            visuals: self.visuals(),
            ..egui::Style::default()
        };
        let sizes = &self.sizes;
        style.text_styles = [
            (TextStyle::Body, FontId::proportional(sizes.body)),
            (TextStyle::Button, FontId::proportional(sizes.body)),
            (TextStyle::Small, FontId::proportional(sizes.small)),
            (TextStyle::Heading, Self::bold(sizes.heading)),
            (TextStyle::Monospace, FontId::monospace(sizes.body)),
        ]
        .into();
        style.spacing.item_spacing = Vec2::new(8.0, 4.0);
        style.spacing.button_padding = Vec2::new(8.0, 4.0);
        style.spacing.interact_size = Vec2::new(28.0, sizes.row);
        style.spacing.menu_margin = Margin::same(6);
        style.spacing.window_margin = Margin::same(sizes.margin);
        style.spacing.tooltip_width = sizes.tooltip;
        style.spacing.menu_width = 320.0;
        style.spacing.icon_width = 16.0;
        style.spacing.scroll = style::ScrollStyle {
            bar_width: 8.0,
            floating_width: 4.0,
            ..style::ScrollStyle::floating()
        };
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = 0.4;
        style.animation_time = 0.0;
        style.url_in_tooltip = true;
        ctx.set_style_of(egui_theme, style);
    }

    fn visuals(&self) -> egui::Visuals {
        let colours = &self.colours;
        let radius = CornerRadius::same(self.sizes.radius);
        let mut visuals = if self.dark {
            egui::Visuals::dark()
        } else {
            egui::Visuals::light()
        };
        let widget = |ground: Color32, line: Color32, words: Color32| style::WidgetVisuals {
            bg_fill: ground,
            weak_bg_fill: ground,
            bg_stroke: Stroke::new(1.0, line),
            corner_radius: radius,
            fg_stroke: Stroke::new(1.0, words),
            expansion: 0.0,
        };
        visuals.widgets = style::Widgets {
            noninteractive: widget(colours.chrome, colours.border, colours.muted),
            inactive: style::WidgetVisuals {
                // Rails of sliders must be seen on the ground of a dialog.
                bg_fill: colours.pressed,
                ..widget(colours.raised, colours.strong_border, colours.muted)
            },
            hovered: widget(colours.hover, colours.strong_border, colours.text),
            active: widget(colours.pressed, colours.strong_border, colours.text),
            open: widget(colours.pressed, colours.strong_border, colours.text),
        };
        visuals.selection = style::Selection {
            bg_fill: colours.selection,
            stroke: Stroke::new(1.0, colours.accent),
        };
        visuals.weak_text_color = Some(colours.faint);
        visuals.hyperlink_color = colours.accent;
        visuals.faint_bg_color = colours.hover;
        visuals.extreme_bg_color = colours.raised;
        visuals.code_bg_color = colours.hover;
        visuals.warn_fg_color = colours.warning;
        visuals.error_fg_color = colours.danger;
        visuals.window_corner_radius = CornerRadius::same(self.sizes.radius + 4);
        visuals.menu_corner_radius = CornerRadius::same(self.sizes.radius + 2);
        visuals.window_fill = colours.raised;
        visuals.window_stroke = Stroke::new(1.0, colours.border);
        visuals.panel_fill = colours.chrome;
        let shadow = Shadow {
            offset: [0, 6],
            blur: 20,
            spread: 0,
            color: colours.shadow,
        };
        visuals.window_shadow = shadow;
        visuals.popup_shadow = shadow;
        visuals.text_cursor.blink = false;
        visuals.text_cursor.stroke = Stroke::new(2.0, colours.accent);
        visuals.striped = false;
        visuals.indent_has_left_vline = false;
        visuals
    }
}

/// The line that draws a tag's pattern.
pub fn line_style(pattern: &Pattern) -> LineStyle {
    match pattern {
        Pattern::Solid | Pattern::Kept(_) => LineStyle::Solid,
        Pattern::Double => LineStyle::Double,
        Pattern::Dashed => LineStyle::Dashed,
        Pattern::Dotted => LineStyle::Dotted,
        Pattern::Wavy => LineStyle::Wavy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::{companion_tags, standard_tags};

    #[test]
    fn every_theme_can_be_read() {
        let themes = Themes::read().unwrap();
        for theme in [&themes.light, &themes.sepia, &themes.dark] {
            let colours = &theme.colours;
            let check = |what: &str, one: Color32, other: Color32, least: f32| {
                let found = contrast(one, other);
                assert!(
                    found >= least,
                    "{}: {what} {found:.2} < {least}",
                    theme.name
                );
            };
            for ground in theme.grounds() {
                check("text", colours.text, ground, 7.0);
                check("muted", colours.muted, ground, 4.5);
                check("faint", colours.faint, ground, 4.5);
                check("accent", colours.accent, ground, 4.5);
                check("danger", colours.danger, ground, 4.5);
            }
            for ground in [colours.page, colours.chrome, colours.raised] {
                check("good", colours.good, ground, 4.5);
                check("warning", colours.warning, ground, 4.5);
                // Edges of buttons, fields and key caps.
                check("edge", colours.strong_border, ground, 3.0);
            }
            check(
                "edge of a button that is pointed at",
                colours.strong_border,
                colours.hover,
                3.0,
            );
            check("on accent", colours.on_accent, colours.accent, 4.5);
            check("selection", colours.text, colours.selection, 7.0);
            check(
                "edge of a selection",
                colours.accent,
                colours.selection,
                3.0,
            );
            check(
                "words on what is pressed",
                colours.text,
                colours.pressed,
                7.0,
            );
            check("warning", colours.warning, colours.warning_ground, 4.5);
            check(
                "text of a warning",
                colours.text,
                colours.warning_ground,
                7.0,
            );
            check("danger", colours.danger, colours.danger_ground, 4.5);
            check("plain", colours.plain, colours.page, 3.0);
            check("hit", colours.hit, colours.page, 4.5);
            check("hit on a map", colours.hit, colours.track, 4.5);
            check("hit that is shown", colours.text, colours.hit_ground, 7.0);
            for tag in standard_tags().iter().chain(&companion_tags()) {
                let ink = theme.ink(tag.colour);
                for ground in theme.grounds() {
                    check(&tag.name, ink, ground, 4.5);
                }
                let fill = colours.page.blend(theme.fill(tag.colour));
                check(&tag.name, colours.text, fill, 7.0);
                check(
                    &format!("selection on {}", tag.name),
                    colours.accent,
                    fill,
                    3.0,
                );
                check(&format!("line under {}", tag.name), ink, fill, 3.0);
            }
        }
    }
}
