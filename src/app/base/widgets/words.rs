//! One line of words in a given place, right in every script.
//!
//! egui sets Arabic and Hebrew in the wrong order and Inter has no Chinese. Words with such letters are set by
//! the reader's engine; all others by egui, which has the half-bold face and costs less.

use crate::reader::TextEngine;
use egui::{
    Color32, FontId, Rect, TextFormat, Ui, UiBuilder, pos2,
    text::{LayoutJob, TextWrapping},
};

/// Whether egui with Inter can set `text` as it should be: Latin, Greek and Cyrillic letters, and signs.
pub fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|letter| matches!(letter, '\u{0}'..='\u{02FF}' | '\u{0370}'..='\u{04FF}' | '\u{2010}'..='\u{2026}' | '\u{20AC}'))
}

/// Paints `text` on one line in the middle of `rect`, cut with dots when it is too long. Returns where it ends.
pub fn line(
    ui: &mut Ui,
    engine: &mut TextEngine,
    rect: Rect,
    text: &str,
    font: FontId,
    colour: Color32,
) -> f32 {
    if rect.width() < 12.0 {
        return rect.left();
    }
    if !is_plain(text) {
        let height = font.size * 1.5;
        let place = Rect::from_center_size(rect.center(), egui::vec2(rect.width(), height));
        let mut child = ui.new_child(UiBuilder::new().max_rect(place));
        engine.label(&mut child, text, font.size, colour, 1);
        return rect.right();
    }
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, colour));
    job.wrap = TextWrapping::truncate_at_width(rect.width());
    let galley = ui.painter().layout_job(job);
    let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    let end = at.x + galley.size().x;
    ui.painter().galley(at, galley, colour);
    end
}

#[cfg(test)]
mod tests {
    use crate::app::base::widgets::words::is_plain;

    #[test]
    fn other_scripts_are_told_from_the_plain_ones() {
        assert!(is_plain("naïve “quote” – Ω я…"));
        for other in ["قال the spokesman", "שלום", "通信", "हिन्दी", "e\u{301}"]
        {
            assert!(!is_plain(other), "{other}");
        }
    }
}
