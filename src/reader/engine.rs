//! Fonts, layout and glyphs: from a stretch of text to a laid-out paragraph and its quads.

use super::{
    atlas::{Atlas, RunFont},
    quad::Quad,
    reveal::{Ink, Revealed},
    small_text::SmallTexts,
    style::Face,
};
use crate::text::hidden::Reveal;
use parley::{
    Alignment, AlignmentOptions, FontContext, FontFamily, GenericFamily, Layout, LayoutContext,
    LineHeight, OverflowWrap, PositionedLayoutItem, StyleProperty,
    fontique::{Blob, Collection, CollectionOptions, Language, SourceCache},
};
use std::{borrow::Cow, collections::HashMap, sync::Arc};
use unicode_properties::{EmojiStatus, UnicodeEmoji as _};

/// A laid-out stretch of text. Colours are given when it is painted, so it carries none.
pub type TextLayout = Layout<Ink>;

/// The bundled fonts: Latin, Greek and Cyrillic always show, whatever the system has.
const BUNDLED: [&[u8]; 2] = [
    include_bytes!("../../assets/fonts/Literata-Regular.ttf"),
    include_bytes!("../../assets/fonts/Inter-Regular.ttf"),
];

/// Most marks on one letter that are painted: a hostile text piles up thousands, and ten are a blot already.
const MAX_STACKED: usize = 32;

/// How a stretch of text is set; lengths in physical pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Size.
    pub size: f32,
    /// Line height as a multiple of the size.
    pub leading: f32,
    /// Serif or sans.
    pub face: Face,
    /// Width of the column.
    pub width: f32,
    /// Language of the article where it decides between glyph shapes (Chinese, Japanese, Korean).
    pub language: Option<Language>,
    /// Which hidden characters are shown.
    pub reveal: Reveal,
}

/// Fonts, layout scratch and glyph atlas: one for the whole program, shared by all panes.
pub struct TextEngine {
    fonts: FontContext,
    scratch: LayoutContext<Ink>,
    pub(super) atlas: Atlas,
    pub(super) small_texts: SmallTexts,
    pass: u64,
    /// The last answer of [`average_advance`](Self::average_advance), which is asked in every frame.
    average: Option<(f32, Face, f32)>,
    /// Advances of the characters that replace hidden ones.
    stand_ins: HashMap<(char, u32, Face), f32>,
}

impl TextEngine {
    /// Makes an engine with the bundled fonts, and the system's when `system_fonts` is set. Tests and exports leave
    /// those out to look the same on every machine.
    pub fn new(system_fonts: bool) -> Self {
        let options = CollectionOptions {
            shared: false,
            system_fonts,
        };
        let mut fonts = FontContext {
            collection: Collection::new(options),
            source_cache: SourceCache::default(),
        };
        for bytes in BUNDLED {
            let blob = Blob::new(Arc::new(bytes));
            let families = fonts.collection.register_fonts(blob, None);
            let ids: Vec<_> = families.into_iter().map(|(family, _)| family).collect();
            // Parley lays out nothing at all where no font is found, so ours are at the end of every list.
            for generic in [GenericFamily::SansSerif, GenericFamily::Serif] {
                fonts
                    .collection
                    .append_generic_families(generic, ids.iter().copied());
            }
        }
        Self {
            fonts,
            scratch: LayoutContext::new(),
            atlas: Atlas::default(),
            small_texts: SmallTexts::default(),
            pass: 0,
            average: None,
            stand_ins: HashMap::new(),
        }
    }

    /// Starts a pass, before anything is painted in it; a second call in the same pass does nothing.
    pub(super) fn begin_pass(&mut self, ctx: &egui::Context) {
        let pass = ctx.cumulative_pass_nr();
        if self.pass != pass {
            self.pass = pass;
            self.atlas.begin_frame();
        }
    }

    /// Lays `text` out as it is; lines are broken at `setting.width`.
    pub fn layout(&mut self, text: &str, setting: &Setting) -> TextLayout {
        self.layout_revealed(text, setting, &Revealed::default())
    }

    /// Lays `text` out with stand-ins for what `revealed` shows of it. A tab is set as a blank: fonts have no
    /// glyph for it.
    pub fn layout_revealed(
        &mut self,
        text: &str,
        setting: &Setting,
        revealed: &Revealed,
    ) -> TextLayout {
        let spaced = self.spaced(text, setting, revealed);
        let stood_in = revealed.stand_in(text);
        let text = stood_in.as_deref().unwrap_or(text);
        let tabs = ['\t', '\u{0B}', '\u{0C}'];
        // One byte for one byte, so every offset stays.
        let replaced = text.contains(tabs).then(|| text.replace(tabs, " "));
        let text = replaced.as_deref().unwrap_or(text);
        let mut builder = self
            .scratch
            .ranged_builder(&mut self.fonts, text, 1.0, false);
        builder.push_default(StyleProperty::FontSize(setting.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(
            setting.leading,
        )));
        let family = match setting.face {
            Face::Serif => "Literata, serif, sans-serif",
            Face::Sans => "Inter, sans-serif",
        };
        builder.push_default(StyleProperty::FontFamily(FontFamily::Source(
            Cow::Borrowed(family),
        )));
        builder.push_default(StyleProperty::Locale(setting.language));
        // An address without a blank would run out of the column.
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::BreakWord));
        for range in emoji_ranges(text) {
            // Text fonts have black-and-white faces for some emoji and would win.
            let family = FontFamily::Source(Cow::Borrowed("emoji, sans-serif"));
            builder.push(StyleProperty::FontFamily(family), range);
        }
        for stretch in spaced {
            builder.push(StyleProperty::Brush(Ink::StandIn), stretch.range.clone());
            builder.push(StyleProperty::LetterSpacing(stretch.spacing), stretch.range);
        }
        let mut layout = builder.build(text);
        layout.break_all_lines(Some(setting.width));
        layout.align(Alignment::Start, AlignmentOptions::default());
        layout
    }

    /// Returns the quads of a layout's glyphs, in physical pixels from its top left corner.
    pub fn quads(&mut self, layout: &TextLayout) -> Vec<Quad> {
        let mut quads = Vec::new();
        for item in layout
            .lines()
            .flat_map(|line| line.items().collect::<Vec<_>>())
        {
            let PositionedLayoutItem::GlyphRun(glyph_run) = item else {
                continue;
            };
            if glyph_run.style().brush == Ink::StandIn {
                continue;
            }
            let run = glyph_run.run();
            let coords: Vec<i16> = run
                .normalized_coords()
                .iter()
                .map(|coord| coord.to_bits())
                .collect();
            let font = RunFont {
                font: run.font(),
                coords: &coords,
                size: run.font_size(),
                synthesis: &run.synthesis(),
            };
            let mut n_stacked = 0;
            for glyph in glyph_run.positioned_glyphs() {
                n_stacked = if glyph.advance == 0.0 {
                    n_stacked + 1
                } else {
                    0
                };
                if n_stacked > MAX_STACKED {
                    continue;
                }
                self.atlas
                    .glyph(&mut quads, &font, glyph.id, glyph.x, glyph.y);
            }
        }
        quads
    }

    /// Returns the average advance of a letter of running text, in physical pixels.
    pub fn average_advance(&mut self, size: f32, face: Face) -> f32 {
        if let Some((known_size, known_face, advance)) = self.average
            && known_size == size
            && known_face == face
        {
            return advance;
        }
        const PROSE: &str =
            "the quick denial of an earlier charge by those who had known nothing of it at all";
        let setting = Setting {
            size,
            leading: 1.0,
            face,
            width: f32::MAX,
            language: None,
            reveal: Reveal::Nothing,
        };
        let advance = self.layout(PROSE, &setting).full_width() / PROSE.len() as f32;
        self.average = Some((size, face, advance));
        advance
    }

    /// Returns the advance of a character that replaces a hidden one, in physical pixels.
    pub(super) fn stand_in_advance(&mut self, c: char, setting: &Setting) -> f32 {
        let key = (c, setting.size.to_bits(), setting.face);
        if let Some(advance) = self.stand_ins.get(&key) {
            return *advance;
        }
        let advance = self
            .layout(c.encode_utf8(&mut [0; 4]), setting)
            .full_width();
        self.stand_ins.insert(key, advance);
        advance
    }
}

/// Stretches of `text` that are to be shown as coloured emoji: characters that are emoji by default, and those
/// that a variation selector, a keycap, a skin tone or a joiner makes so.
fn emoji_ranges(text: &str) -> Vec<std::ops::Range<usize>> {
    // Nothing below U+203C is an emoji by itself; only keycaps begin with ASCII, and they hold U+20E3.
    if !text.chars().any(|c| c >= '\u{203C}') {
        return Vec::new();
    }
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for (idx, (at, c)) in chars.iter().enumerate() {
        let next = chars.get(idx + 1).map(|(_, next)| *next);
        let by_itself = *c >= '\u{203C}'
            && matches!(
                c.emoji_status(),
                EmojiStatus::EmojiPresentation
                    | EmojiStatus::EmojiPresentationAndModifierBase
                    | EmojiStatus::EmojiPresentationAndModifierAndEmojiComponent
                    | EmojiStatus::EmojiPresentationAndEmojiComponent
            );
        let asked_for = next == Some('\u{FE0F}') && c.is_emoji_char_or_emoji_component();
        let goes_on = ranges.last().is_some_and(|last| last.end == *at)
            && (matches!(c, '\u{FE0F}' | '\u{200D}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
                || idx
                    .checked_sub(1)
                    .and_then(|before| chars.get(before))
                    .is_some_and(|(_, c)| *c == '\u{200D}'));
        if !(by_itself || asked_for || goes_on) {
            continue;
        }
        let end = at + c.len_utf8();
        match ranges.last_mut() {
            Some(last) if last.end == *at => last.end = end,
            _ => ranges.push(*at..end),
        }
    }
    ranges
}

/// Returns the language that decides how Han characters are drawn, recognised by the scripts beside them in the first
/// pages.
pub fn han_language(text: &str) -> Option<Language> {
    let sample = text
        .get(..text.floor_char_boundary(64 * 1024))
        .unwrap_or(text);
    let has = |from: char, to: char| sample.chars().any(|c| (from..=to).contains(&c));
    let code = if has('\u{3041}', '\u{30FF}') {
        "ja"
    } else if has('\u{AC00}', '\u{D7A3}') {
        "ko"
    } else if has('\u{4E00}', '\u{9FFF}') {
        "zh-Hans"
    } else {
        return None;
    };
    Language::parse(code).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_found_whole() {
        let found = |text: &str| -> Vec<String> {
            emoji_ranges(text)
                .into_iter()
                .map(|range| text[range].to_owned())
                .collect()
        };
        assert_eq!(found("plain — “quoted” → text ☎ ✔"), Vec::<String>::new());
        assert_eq!(found("a 👩‍👩‍👧‍👦 b 👍🏽 c 🇸🇪"), ["👩‍👩‍👧‍👦", "👍🏽", "🇸🇪"]);
        assert_eq!(found("❤️ 1️⃣ 🏳️‍🌈"), ["❤️", "1️⃣", "🏳️‍🌈"]);
    }

    #[test]
    fn every_character_is_laid_out_without_any_font_for_it() {
        let mut engine = TextEngine::new(false);
        let setting = Setting {
            size: 18.0,
            leading: 1.5,
            face: Face::Serif,
            width: 400.0,
            language: None,
            reveal: Reveal::Nothing,
        };
        let text = "Latin العربية עברית 漢字 हिन्दी 👩‍👩‍👧‍👦";
        let layout = engine.layout(text, &setting);
        let covered: usize = layout
            .lines()
            .flat_map(|line| line.runs().collect::<Vec<_>>())
            .map(|run| run.text_range().len())
            .sum();
        assert_eq!(covered, text.len());
        assert!(!engine.quads(&layout).is_empty());
    }

    #[test]
    fn the_scripts_around_tell_the_language_of_han() {
        assert_eq!(han_language("政府は否定した"), Language::parse("ja").ok());
        assert_eq!(han_language("政府否认了"), Language::parse("zh-Hans").ok());
        assert_eq!(han_language("denied"), None);
    }
}
