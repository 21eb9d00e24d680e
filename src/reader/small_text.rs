//! Short texts in any script: margin numbers and labels of the pane, and labels for lists and tooltips, where
//! egui's own would set Arabic and Hebrew in the wrong order.

use super::{
    engine::{Setting, TextEngine, TextLayout},
    quad::{Quad, QuadMesh},
    style::Face,
};
use crate::text::{cut, hidden::Reveal};
use egui::{Color32, Response, Role, Sense, Ui, Vec2, WidgetInfo};
use std::{collections::HashMap, rc::Rc};

/// Short texts that are kept laid out; when there are more, all are thrown away and made again.
const MAX_KEPT: usize = 1500;
/// The same for the quads of all of them: some 10 MB.
const MAX_KEPT_QUADS: usize = 200_000;
/// Longest text that is examined, in code points: more never fits a label.
const MAX_CHARS: usize = 1000;

/// A short text ready to paint, in physical pixels.
pub struct SmallText {
    pub quads: Vec<Quad>,
    pub size: Vec2,
    /// Baseline of the first line, from the top.
    pub baseline: f32,
    /// Whether it reads from the right.
    pub rtl: bool,
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    text: String,
    size: u32,
    width: u32,
    n_lines: usize,
}

/// Short texts by what they say and how they are set, of one atlas generation.
#[derive(Default)]
pub struct SmallTexts {
    generation: u64,
    kept: HashMap<Key, Rc<SmallText>>,
    n_quads: usize,
}

impl TextEngine {
    /// Returns a short text set in the sans face at `size` pixels, at most `width` pixels wide and `n_lines` high.
    pub(super) fn small(
        &mut self,
        text: &str,
        size: f32,
        width: f32,
        n_lines: usize,
    ) -> Rc<SmallText> {
        let generation = self.atlas.generation();
        let known = &self.small_texts;
        let is_full = known.kept.len() > MAX_KEPT || known.n_quads > MAX_KEPT_QUADS;
        if known.generation != generation || is_full {
            self.small_texts = SmallTexts {
                generation,
                ..SmallTexts::default()
            };
        }
        let text = &*cut(text, MAX_CHARS);
        let key = Key {
            text: text.to_owned(),
            size: size.to_bits(),
            width: width.to_bits(),
            n_lines,
        };
        if let Some(found) = self.small_texts.kept.get(&key) {
            return Rc::clone(found);
        }
        let setting = Setting {
            size,
            leading: 1.35,
            face: Face::Sans,
            width,
            language: None,
            reveal: Reveal::Nothing,
        };
        let layout = self.elided(text, &setting, n_lines);
        let made = Rc::new(SmallText {
            quads: self.quads(&layout),
            size: Vec2::new(layout.width(), layout.height()),
            baseline: layout
                .lines()
                .next()
                .map_or(size, |line| line.metrics().baseline),
            rtl: layout.is_rtl(),
        });
        self.small_texts.n_quads += made.quads.len();
        self.small_texts.kept.insert(key, Rc::clone(&made));
        made
    }

    /// Lays out as much of `text` as fits `n_lines`, with `…` where something is left out.
    fn elided(&mut self, text: &str, setting: &Setting, n_lines: usize) -> TextLayout {
        let mut kept: String = cut(text, MAX_CHARS)
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let mut layout = self.layout(&kept, setting);
        while layout.len() > n_lines {
            let end = layout
                .get(n_lines.saturating_sub(1))
                .map_or(kept.len(), |line| line.text_range().end);
            let fits = kept
                .get(..end)
                .unwrap_or(&kept)
                .trim_end()
                .trim_end_matches('…');
            // Room for the dots: what they push over the edge goes, one or two characters each time.
            let shorter = fits.char_indices().rev().nth(1).map_or(0, |(at, _)| at);
            let stem = fits.get(..shorter).unwrap_or_default().trim_end();
            if stem.is_empty() {
                break;
            }
            kept = format!("{stem}…");
            layout = self.layout(&kept, setting);
        }
        layout
    }

    /// Shows `text` as a label as wide as the space there is and at most `n_lines` high, right in every script;
    /// `size` in points. Its response senses nothing but the pointer above it.
    pub fn label(
        &mut self,
        ui: &mut Ui,
        text: &str,
        size: f32,
        colour: Color32,
        n_lines: usize,
    ) -> Response {
        self.begin_pass(ui.ctx());
        let scale = ui.ctx().pixels_per_point();
        let width = (ui.available_width() * scale).floor().max(8.0);
        let small = self.small(text, (size * scale).round(), width, n_lines);
        let taken = Vec2::new(
            if small.rtl {
                width
            } else {
                small.size.x.ceil()
            },
            small.size.y.ceil(),
        ) / scale;
        let (rect, response) = ui.allocate_exact_size(taken, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, cut(text, MAX_CHARS)));
        if ui.is_rect_visible(rect) {
            let texture = self.atlas.upload(ui.ctx());
            let mut mesh = QuadMesh::new(texture, scale, self.atlas.size());
            let origin = Vec2::new((rect.min.x * scale).round(), (rect.min.y * scale).round());
            mesh.add(&small.quads, origin, colour);
            mesh.paint(ui.painter());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_ends_in_dots_within_its_lines() {
        let mut engine = TextEngine::new(false);
        let setting = Setting {
            size: 12.0,
            leading: 1.3,
            face: Face::Sans,
            width: 120.0,
            language: None,
            reveal: Reveal::Nothing,
        };
        for text in [
            "one two three four five six seven eight nine ten",
            "unbreakableunbreakableunbreakableunbreakable",
        ] {
            let layout = engine.elided(text, &setting, 2);
            assert_eq!(layout.len(), 2, "{text}");
        }
        assert_eq!(engine.elided("short", &setting, 2).len(), 1);
        assert!(engine.elided(&"x".repeat(100_000), &setting, 1).len() == 1);
    }

    #[test]
    fn a_pass_in_which_the_atlas_grew_or_was_full_is_done_again() {
        let (ctx, mut engine) = (egui::Context::default(), TextEngine::new(false));
        let mut n_passes = |text: &str, size: f32| {
            let mut n = 0;
            let all = egui::Rect::from_min_size(egui::Pos2::ZERO, Vec2::splat(90_000.0));
            let input = egui::RawInput {
                screen_rect: Some(all),
                ..egui::RawInput::default()
            };
            let mut output = ctx.run_ui(input, |ui| {
                n += 1;
                for letter in text.chars() {
                    engine.label(ui, &letter.to_string(), size, Color32::BLACK, 1);
                }
            });
            output.textures_delta.clear();
            n
        };
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        n_passes("a", 10.0);
        assert_eq!(n_passes("b", 10.0), 1);
        assert_eq!(n_passes(letters, 300.0), 2, "grown");
        assert_eq!(n_passes(letters, 300.0), 1, "nothing new");
        assert_eq!(n_passes(&letters.repeat(2), 500.0), 2, "full");
        assert_eq!(n_passes("b", 10.0), 1);
    }
}
