//! One line of words in a given place, right in every script.
//!
//! egui sets Arabic and Hebrew in the wrong order. Words with such letters are set by the reader's engine;
//! all others by egui, which has the half-bold face and costs less.

use crate::reader::TextEngine;
use egui::{
    Color32, FontId, Rect, TextFormat, Ui, UiBuilder, pos2,
    text::{LayoutJob, TextWrapping},
};

/// Whether `text` has letters that are written from right to left.
pub fn is_rtl(text: &str) -> bool {
    text.chars().any(|letter| {
        matches!(letter,
            '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
    })
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
    if is_rtl(text) {
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
    use super::is_rtl;

    #[test]
    fn arabic_and_hebrew_are_told_from_the_rest() {
        assert!(is_rtl("قال the spokesman"));
        assert!(is_rtl("שלום"));
        assert!(!is_rtl("naïve 通信 हिन्दी Ω"));
    }
}
