//! Where a text may be cut: grapheme clusters, words, sentences, paragraphs.
//!
//! Grapheme, word and sentence boundaries are those of UAX #29 as ICU4X computes them (dictionaries for
//! Chinese, Japanese, Thai and their neighbours). Two rules are added for newspaper text: a sentence continues
//! over a wrapped line, and does not end after "Mr." or an initial. Every function looks only at a window
//! around the place asked for, so the cost does not grow with the text.

use super::{ByteOffset, SourceText, TextRange};
use icu_segmenter::{
    GraphemeClusterSegmenter, SentenceSegmenter, WordSegmenter,
    options::{SentenceBreakInvariantOptions, WordBreakInvariantOptions},
};

/// How far, in bytes, a window reaches to each side of the place. A longer word or cluster is cut there.
const WORD_WINDOW: usize = 1024;
/// The same for sentences and paragraphs of lines that were wrapped by hand.
const SENTENCE_WINDOW: usize = 32 * 1024;
/// Most lines that are joined to one paragraph in each direction.
const MAX_JOINED_LINES: usize = 400;

/// Returns the nearest grapheme cluster boundary at or before `offset`.
pub fn floor_grapheme(text: &SourceText, offset: ByteOffset) -> ByteOffset {
    let offset = text.floor_char(offset);
    let window = safe_window(text, offset, WORD_WINDOW);
    let breaks = GraphemeClusterSegmenter::new().segment_str(text.slice_or_empty(window));
    let base = window.start().get();
    let found = breaks
        .map(|at| base + at)
        .take_while(|at| *at <= offset.get())
        .last();
    found.map_or(offset, ByteOffset::new)
}

/// Returns the nearest grapheme cluster boundary at or after `offset`.
pub fn ceil_grapheme(text: &SourceText, offset: ByteOffset) -> ByteOffset {
    let floor = floor_grapheme(text, offset);
    if floor == offset {
        floor
    } else {
        next_grapheme(text, floor)
    }
}

/// Returns the end of the grapheme cluster that begins at or holds `offset`; the end of the text stays.
pub fn next_grapheme(text: &SourceText, offset: ByteOffset) -> ByteOffset {
    let offset = text.floor_char(offset);
    let window = safe_window(text, offset, WORD_WINDOW);
    let base = window.start().get();
    let mut breaks = GraphemeClusterSegmenter::new().segment_str(text.slice_or_empty(window));
    let found = breaks.find(|at| base + at > offset.get());
    found.map_or(text.end(), |at| ByteOffset::new(base + at))
}

/// Returns the start of the grapheme cluster that ends at or holds `offset`; the start of the text stays.
pub fn prev_grapheme(text: &SourceText, offset: ByteOffset) -> ByteOffset {
    let Some(before) = offset.get().checked_sub(1) else {
        return ByteOffset::ZERO;
    };
    floor_grapheme(text, ByteOffset::new(before))
}

/// Returns the shortest range that encloses `range` and cuts no grapheme cluster; an empty range stays empty.
pub fn snap(text: &SourceText, range: TextRange) -> TextRange {
    let start = floor_grapheme(text, range.start());
    let end = if range.is_empty() {
        start
    } else {
        ceil_grapheme(text, range.end())
    };
    TextRange::new(start, end)
}

/// Returns `range` without the white space (and invisible format marks) at its two ends, cutting no grapheme cluster.
pub fn trim(text: &SourceText, range: TextRange) -> TextRange {
    let snapped = snap(text, range);
    let slice = text.slice_or_empty(snapped);
    let is_blank = |c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{00AD}');
    let kept = slice.trim_start_matches(is_blank);
    let start = snapped.start().get() + (slice.len() - kept.len());
    let kept = kept.trim_end_matches(is_blank);
    snap(text, TextRange::from_bytes(start..start + kept.len()))
}

/// Returns the word that holds `offset`, or the run of blanks or the punctuation mark that does.
///
/// At the end of the text, and at the end of a line, it is the word before.
pub fn word_at(text: &SourceText, offset: ByteOffset) -> TextRange {
    let offset = text.floor_char(offset);
    let line = line_around(text, offset);
    let at = if offset == line.end() && offset > line.start() {
        prev_grapheme(text, offset)
    } else {
        offset
    };
    let mut found = TextRange::empty(offset);
    each_word(text, at, |word, _| {
        if word.contains(at) {
            found = word;
        }
        !word.contains(at)
    });
    found
}

/// Returns the start of the next word after `offset`, in logical order; the end of the text when there is none.
pub fn next_word(text: &SourceText, offset: ByteOffset) -> ByteOffset {
    let mut found = None;
    each_word(text, offset, |word, is_word| {
        if word.start() > offset && is_word {
            found = Some(word.start());
        }
        found.is_none()
    });
    found.unwrap_or_else(|| {
        // Nothing on this line: the next line's first place, or the end.
        let next_line = text.lines().line_at(offset) + 1;
        text.lines().start(next_line).unwrap_or(text.end())
    })
}

/// Returns the end of the first word that ends after `offset`, in logical order; the end of the text when there is
/// none.
pub fn next_word_end(text: &SourceText, offset: ByteOffset) -> ByteOffset {
    let mut from = offset;
    loop {
        let mut found = None;
        each_word(text, from, |word, is_word| {
            if word.end() > offset && is_word {
                found = Some(word.end());
            }
            found.is_none()
        });
        if let Some(end) = found {
            return end;
        }
        let next_line = text.lines().line_at(from) + 1;
        match text.lines().start(next_line) {
            // Over all blank lines at once: there may be millions of them.
            Some(start) if start > from => from = first_ink(text, start),
            _ => return text.end(),
        }
    }
}

/// Returns the start of the last word that begins before `offset`, in logical order; the start of the text when none
/// does.
pub fn prev_word(text: &SourceText, offset: ByteOffset) -> ByteOffset {
    let mut from = offset;
    loop {
        let mut found = None;
        each_word(text, from, |word, is_word| {
            if word.start() < offset && is_word {
                found = Some(word.start());
            }
            word.start() < offset
        });
        if let Some(start) = found {
            return start;
        }
        let line = text.lines().line_at(from);
        match line.checked_sub(1).and_then(|before| text.line(before)) {
            Some(before) if before.end() < from => from = last_ink(text, before.end()),
            _ => return ByteOffset::ZERO,
        }
    }
}

/// Returns the first place at or after `offset` that holds something else than white space; the end when none does.
pub fn first_ink(text: &SourceText, offset: ByteOffset) -> ByteOffset {
    let rest = text.as_str().get(offset.get()..).unwrap_or_default();
    ByteOffset::new(text.len() - rest.trim_start().len())
}

/// Returns the end of the last character before `offset` that is no white space; the start when there is none.
pub fn last_ink(text: &SourceText, offset: ByteOffset) -> ByteOffset {
    let before = text.as_str().get(..offset.get()).unwrap_or_default();
    ByteOffset::new(before.trim_end().len())
}

/// Returns the sentence that holds `offset`, without the blanks around it.
pub fn sentence_at(text: &SourceText, offset: ByteOffset) -> TextRange {
    let offset = text.floor_char(offset);
    let paragraph = paragraph_at(text, offset);
    // In the blanks around the paragraph: else the window would miss it and all of it would be segmented.
    let offset = offset.clamp(paragraph.start(), paragraph.end());
    let reach = TextRange::from_bytes(
        offset.get().saturating_sub(SENTENCE_WINDOW)
            ..offset.get().saturating_add(SENTENCE_WINDOW).min(text.len()),
    );
    let window = paragraph
        .intersection(snap(text, reach))
        .unwrap_or(paragraph);
    // A wrapped line is one sentence still: the same number of bytes, but no line ending in sight.
    let joined: String = text
        .slice_or_empty(window)
        .chars()
        .map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c })
        .collect();
    let base = window.start().get();
    let mut start = 0;
    for (from, to) in sentences(&joined) {
        start = from;
        if base + to > offset.get() {
            return without_bullet(text, TextRange::from_bytes(base + from..base + to));
        }
    }
    trim(
        text,
        TextRange::from_bytes(base + start..window.end().get()),
    )
}

/// Returns the paragraph that holds `offset`: its line, and the neighbours that are one paragraph with it because the
/// text was wrapped by hand. Without the blanks around it.
///
/// Two lines (with at most one blank line between them, as PDF text has) belong together when the first does
/// not end a sentence and the second continues in lower case, or when a word is hyphenated across them.
pub fn paragraph_at(text: &SourceText, offset: ByteOffset) -> TextRange {
    let line = text.lines().line_at(offset);
    let mut range = text.line(line).unwrap_or(TextRange::empty(text.end()));
    if text.slice_or_empty(range).trim().is_empty() {
        return TextRange::empty(range.start());
    }
    let (mut first, mut last) = (line, line);
    for _ in 0..MAX_JOINED_LINES {
        let Some(before) = neighbour(text, first, |line| line.checked_sub(1)) else {
            break;
        };
        if !goes_on(text, before, first) {
            break;
        }
        first = before;
    }
    for _ in 0..MAX_JOINED_LINES {
        let Some(after) = neighbour(text, last, |line| line.checked_add(1)) else {
            break;
        };
        if !goes_on(text, last, after) {
            break;
        }
        last = after;
    }
    for line in [first, last] {
        range = range.cover(text.line(line).unwrap_or(range));
    }
    trim(text, range)
}

/// Returns the nearest line with text on it, stepping over at most one blank line.
fn neighbour(
    text: &SourceText,
    line: usize,
    step: impl Fn(usize) -> Option<usize>,
) -> Option<usize> {
    let mut at = line;
    for _ in 0..2 {
        at = step(at)?;
        if !text.slice_or_empty(text.line(at)?).trim().is_empty() {
            return Some(at);
        }
    }
    None
}

/// Returns whether the sentence on line `before` continues on line `after`.
fn goes_on(text: &SourceText, before: usize, after: usize) -> bool {
    let content = |line| {
        text.line(line)
            .map_or("", |range| text.slice_or_empty(range).trim())
    };
    let (before, after) = (content(before), content(after));
    let Some(first) = after.chars().next() else {
        return false;
    };
    let mut ending = before.chars().rev();
    let Some(last) = ending.next() else {
        return false;
    };
    if matches!(last, '-' | '\u{2010}' | '\u{00AD}')
        && ending.next().is_some_and(char::is_alphabetic)
    {
        return first.is_alphabetic();
    }
    let closers = ['"', '\'', '”', '’', '»', ')', ']', '*', '_'];
    let ends_sentence = before
        .trim_end_matches(closers)
        .ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '؟', '۔', '।']);
    first.is_lowercase() && !ends_sentence
}

/// Returns `range` trimmed, and without the mark of a list item that it begins with.
fn without_bullet(text: &SourceText, range: TextRange) -> TextRange {
    let range = trim(text, range);
    let slice = text.slice_or_empty(range);
    let item = slice.strip_prefix(['•', '‣', '◦', '▪', '·', '*', '-', '–', '—', '#', '>']);
    match item.filter(|item| item.starts_with([' ', '\t', '\u{A0}'])) {
        Some(item) => {
            let start = range.end().get() - item.len();
            trim(text, TextRange::from_bytes(start..range.end().get()))
        }
        None => range,
    }
}

/// Returns the sentences of `joined` as byte ranges that tile it; a sentence keeps the blanks after it.
fn sentences(joined: &str) -> Vec<(usize, usize)> {
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for end in segmenter.segment_str(joined).skip(1) {
        let goes_on = joined.get(start..end).is_some_and(ends_in_abbreviation);
        if goes_on && end < joined.len() {
            continue;
        }
        found.push((start, end));
        start = end;
    }
    found
}

/// Returns whether a stretch ends in a title or an initial, after which UAX #29 alone would end the sentence.
fn ends_in_abbreviation(stretch: &str) -> bool {
    const TITLES: [&str; 16] = [
        "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Sen", "Rep", "Gov", "Gen", "Col", "Lt", "Sgt",
        "Messrs", "No", "vs",
    ];
    let Some(word) = stretch.trim_end().strip_suffix('.') else {
        return false;
    };
    let last = word
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    let is_initial =
        last.chars().count() == 1 && last.chars().all(char::is_uppercase) && !word.ends_with(".I");
    TITLES.contains(&last) || is_initial
}

/// Calls `visit(word, is_word)` for each segment of the line around `offset`, until it returns false.
fn each_word(
    text: &SourceText,
    offset: ByteOffset,
    mut visit: impl FnMut(TextRange, bool) -> bool,
) {
    // Not from the nearest safe place: in Japanese that may be between two digits of the very word.
    let low = offset.get().saturating_sub(WORD_WINDOW);
    let start = floor_grapheme(text, ByteOffset::new(low));
    let end = text.floor_char(ByteOffset::new(offset.get().saturating_add(WORD_WINDOW)));
    let line = line_around(text, offset);
    let window = TextRange::new(start, end)
        .intersection(line)
        .unwrap_or(TextRange::empty(offset.min(line.end())));
    let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
    let base = window.start().get();
    let mut start = 0;
    for (end, kind) in segmenter
        .segment_str(text.slice_or_empty(window))
        .iter_with_word_type()
    {
        if end == start {
            continue;
        }
        if !visit(
            TextRange::from_bytes(base + start..base + end),
            kind.is_word_like(),
        ) {
            return;
        }
        start = end;
    }
}

fn line_around(text: &SourceText, offset: ByteOffset) -> TextRange {
    text.line(text.lines().line_at(offset))
        .unwrap_or(TextRange::empty(text.end()))
}

/// Returns a window of about `reach` bytes to each side whose start is certainly a cluster boundary: an ASCII
/// character after an ASCII character. Without one in reach (a kilobyte of combining marks) the cut falls where it
/// falls.
fn safe_window(text: &SourceText, offset: ByteOffset, reach: usize) -> TextRange {
    let bytes = text.as_str().as_bytes();
    let offset = offset.get().min(bytes.len());
    let low = offset.saturating_sub(reach);
    let is_safe = |at: &usize| {
        let (Some(before), Some(here)) = (bytes.get(at - 1), bytes.get(*at)) else {
            return false;
        };
        before.is_ascii() && here.is_ascii() && !(*before == b'\r' && *here == b'\n')
    };
    let start = if low == 0 {
        0
    } else {
        let found = (low.max(1)..offset).find(is_safe);
        found.unwrap_or_else(|| not_inside_a_flag(text, text.floor_char(ByteOffset::new(low))))
    };
    let end = text
        .floor_char(ByteOffset::new(offset.saturating_add(reach)))
        .get();
    TextRange::from_bytes(start..end)
}

/// Returns a place at or just before `offset` that is not between the two letters of a flag: they pair off from the
/// start of their row, so a window that began between two would cut every flag in it.
fn not_inside_a_flag(text: &SourceText, offset: ByteOffset) -> usize {
    const LETTER_BYTES: usize = 4;
    let is_letter = |c: &char| matches!(c, '\u{1F1E6}'..='\u{1F1FF}');
    let before = text.as_str().get(..offset.get()).unwrap_or_default();
    let letters = before.chars().rev().take(SENTENCE_WINDOW);
    match letters.take_while(is_letter).count() % 2 {
        0 => offset.get(),
        _ => offset.get() - LETTER_BYTES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> SourceText {
        SourceText::new(text.to_owned()).unwrap()
    }

    #[track_caller]
    fn check(
        found: fn(&SourceText, ByteOffset) -> TextRange,
        text: &str,
        near: &str,
        expected: &str,
    ) {
        let source = source(text);
        let at = ByteOffset::new(text.find(near).unwrap());
        assert_eq!(source.slice(found(&source, at)).unwrap(), expected);
    }

    #[test]
    fn a_cluster_is_never_cut() {
        for cluster in ["👩‍👩‍👧‍👦", "🇸🇪", "e\u{301}", "क्षि", "கொ", "\r\n", "👍🏽"]
        {
            let text = source(&format!("a{cluster}b"));
            let end = 1 + cluster.len();
            for inside in 2..end {
                let range = snap(&text, TextRange::from_bytes(inside - 1..inside));
                assert_eq!(range.bytes(), 1..end, "{cluster:?} at {inside}");
            }
            assert_eq!(next_grapheme(&text, ByteOffset::new(1)).get(), end);
            assert_eq!(prev_grapheme(&text, ByteOffset::new(end)).get(), 1);
        }
    }

    #[test]
    fn no_flag_of_a_long_row_is_cut() {
        let text = source(&format!("漢{}", "🇸🇪".repeat(1_000)));
        for at in (3..text.len()).step_by(4) {
            let floor = floor_grapheme(&text, ByteOffset::new(at)).get();
            assert_eq!(floor, at - (at - 3) % 8);
        }
    }

    #[test]
    fn words_in_several_scripts() {
        check(word_at, "The firm's lawyers denied it.", "rm's", "firm's");
        check(word_at, "قال المتحدث إن الشركة", "متحدث", "المتحدث");
        check(word_at, "政府否认了这项指控", "否认", "否认");
        check(word_at, "ภาษาไทยง่าย", "ไทย", "ไทย");
        check(word_at, "one  two", "  ", "  ");
    }

    #[test]
    fn the_end_of_a_line_belongs_to_the_word_before() {
        let text = source("one two\nthree");
        assert_eq!(text.slice(word_at(&text, ByteOffset::new(7))), Ok("two"));
        assert_eq!(text.slice(word_at(&text, text.end())), Ok("three"));
    }

    #[test]
    fn a_sentence_goes_on_over_wrapped_lines_and_titles() {
        let wrapped =
            "Dr. J. Lee said the\n\ngear was safe. Nobody\nelse agreed.\n\nHeadline\nNext.";
        check(
            sentence_at,
            wrapped,
            "gear",
            "Dr. J. Lee said the\n\ngear was safe.",
        );
        check(sentence_at, wrapped, "else", "Nobody\nelse agreed.");
        check(sentence_at, wrapped, "Headline", "Headline");
        check(
            sentence_at,
            "它说没有后门。专家不同意。",
            "专家",
            "专家不同意。",
        );
    }

    #[test]
    fn a_paragraph_joins_hyphenated_and_wrapped_lines_only() {
        let text = "A heading\n\nThe tele-\ncom firm\nsaid no.\nAnother one.";
        check(paragraph_at, text, "firm", "The tele-\ncom firm\nsaid no.");
        check(paragraph_at, text, "heading", "A heading");
    }

    #[test]
    fn words_forward_and_back_cross_lines() {
        let text = source("one, two\n\nthree");
        let stops: Vec<_> = std::iter::successors(Some(ByteOffset::ZERO), |at| {
            let next = next_word(&text, *at);
            (next > *at).then_some(next)
        })
        .map(ByteOffset::get)
        .collect();
        assert_eq!(stops, [0, 5, 9, 10, 15]);
        assert_eq!(prev_word(&text, ByteOffset::new(10)).get(), 5);
        assert_eq!(next_word_end(&text, ByteOffset::new(8)).get(), 15);
    }

    #[test]
    fn trimming_drops_blanks_but_no_marks() {
        let text = source("  «word» \u{200B}\n");
        assert_eq!(text.slice(trim(&text, text.full_range())), Ok("«word»"));
        assert!(trim(&text, TextRange::from_bytes(0..2)).is_empty());
    }

    #[test]
    fn the_end_of_an_endless_line_is_found_without_reading_it_all() {
        let text = source(&"é".repeat(1_000_000));
        assert_eq!(
            next_grapheme(&text, ByteOffset::new(1_000_000)).get(),
            1_000_002
        );
    }

    #[test]
    fn a_number_far_from_any_other_ascii_is_one_word() {
        let text = format!("{}第1234回", "漢字かな。".repeat(200));
        check(word_at, &text, "34", "1234");
        let text = source(&text);
        let number = text.as_str().find("1234").unwrap();
        assert_eq!(
            prev_word(&text, ByteOffset::new(number + 4)).get(),
            number,
            "back over the number"
        );
    }

    #[test]
    fn words_are_found_beyond_any_number_of_blank_lines() {
        let text = source(&format!("one{}two", "\n \r\n".repeat(200_000)));
        let start = text.len() - 3;
        assert_eq!(prev_word(&text, ByteOffset::new(start)), ByteOffset::ZERO);
        assert_eq!(next_word_end(&text, ByteOffset::new(3)), text.end());
    }

    #[test]
    fn the_sentence_beside_an_endless_blank_is_found_without_reading_it_all() {
        let text = source(&format!("{}Last.{}", "One. ".repeat(9), " ".repeat(99_999)));
        assert_eq!(text.slice(sentence_at(&text, text.end())), Ok("Last."));
    }
}
