//! A folded view of a text: the same for two printings of one wording. Only for comparison, never kept.
//!
//! Another web page, another PDF reader or another editor writes the same words with other blanks, quotation
//! marks, dashes and compositions of letters. The view writes them one way, and an exact map leads from every
//! place in it to the place in the text and back. What carries meaning stays: capitals, accents, digits, "10²".

use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed};
use icu_segmenter::GraphemeClusterSegmenter;
use std::ops::Range;

const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizer::new_nfc();
const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizer::new_nfkc();

/// What is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folding {
    /// Every run of white space is one blank; all else stays.
    WhiteSpace,
    /// What printing alone changes: white space as above, but a line break between two Chinese or Japanese
    /// characters and a hyphen at the end of a line vanish; quotation marks, dashes and ellipses are ASCII; soft
    /// hyphens, zero-width and direction marks vanish; ligatures, full-width and presentation forms are the
    /// ordinary letters; all is composed (NFC).
    Typography,
}

/// A folded view with its map. Lengths are UTF-8 bytes throughout.
#[derive(Clone, Debug)]
pub struct Folded {
    text: String,
    /// Where one byte here is not one byte of the source, ascending in both texts.
    pieces: Vec<Piece>,
}

/// A stretch that was rewritten: it can only be mapped as a whole.
#[derive(Clone, Copy, Debug)]
struct Piece {
    folded: u32,
    folded_len: u32,
    source: u32,
    source_len: u32,
}

impl Folded {
    /// Folds `source`, of at most [`SourceText::MAX_BYTES`](super::SourceText::MAX_BYTES). Linear; ASCII prose
    /// is mostly copied.
    pub fn new(source: &str, folding: Folding) -> Self {
        let mut folder = Folder {
            source,
            copied: 0,
            out: Self {
                text: String::with_capacity(source.len()),
                pieces: Vec::new(),
            },
        };
        match folding {
            Folding::WhiteSpace => folder.fold_white_space(),
            Folding::Typography => folder.fold_typography(),
        }
        folder.copy_to(source.len());
        folder.out
    }

    /// Returns the folded text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the shortest stretch of the source that holds all characters of a stretch of the folded text. What was
    /// left out of the view at the two ends is not part of it. Offsets past the end count as the end.
    pub fn to_source(&self, folded: Range<usize>) -> Range<usize> {
        let start = self.source_start(folded.start);
        let end = match folded.end.checked_sub(1) {
            Some(last) if folded.end > folded.start => self.source_end(last),
            _ => start,
        };
        start..end.max(start)
    }

    /// Returns where the source's byte `source` is in the folded text; inside what was rewritten, where that
    /// begins. Never decreases from one offset to the next.
    pub fn to_folded(&self, source: usize) -> usize {
        let n = self
            .pieces
            .partition_point(|piece| piece.source() <= source);
        match n.checked_sub(1).and_then(|idx| self.pieces.get(idx)) {
            None => source.min(self.text.len()),
            Some(piece) if source < piece.source_end() => piece.folded(),
            Some(piece) => {
                (piece.folded_end() + (source - piece.source_end())).min(self.text.len())
            }
        }
    }

    fn piece_at(&self, folded: usize) -> Option<&Piece> {
        let n = self
            .pieces
            .partition_point(|piece| piece.folded() <= folded);
        self.pieces.get(n.checked_sub(1)?)
    }

    fn source_start(&self, folded: usize) -> usize {
        let folded = folded.min(self.text.len());
        match self.piece_at(folded) {
            None => folded,
            Some(piece) if folded < piece.folded_end() => piece.source(),
            Some(piece) => piece.source_end() + (folded - piece.folded_end()),
        }
    }

    /// Returns the end of what the byte `last` of the folded text represents.
    fn source_end(&self, last: usize) -> usize {
        let last = last.min(self.text.len().saturating_sub(1));
        match self.piece_at(last) {
            None => last + 1,
            Some(piece) if last < piece.folded_end() => piece.source_end(),
            Some(piece) => piece.source_end() + (last - piece.folded_end()) + 1,
        }
    }
}

impl Piece {
    fn folded(&self) -> usize {
        self.folded as usize
    }

    fn folded_end(&self) -> usize {
        self.folded as usize + self.folded_len as usize
    }

    fn source(&self) -> usize {
        self.source as usize
    }

    fn source_end(&self) -> usize {
        self.source as usize + self.source_len as usize
    }
}

/// Returns `text` folded, without a map.
pub fn fold(text: &str, folding: Folding) -> String {
    Folded::new(text, folding).text
}

struct Folder<'a> {
    source: &'a str,
    /// How much of the source is in `out` already.
    copied: usize,
    out: Folded,
}

impl Folder<'_> {
    fn copy_to(&mut self, end: usize) {
        let unchanged = self.source.get(self.copied..end).unwrap_or_default();
        self.out.text.push_str(unchanged);
        self.copied = self.copied.max(end);
    }

    /// Writes `with` for the source's `range`, and returns where to continue.
    fn replace(&mut self, range: Range<usize>, with: &str) -> usize {
        self.copy_to(range.start);
        // Texts are at most u32::MAX bytes long, and no fold makes one longer by more than their pieces allow.
        let n = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        if range.len() != 1 || with.len() != 1 {
            self.out.pieces.push(Piece {
                folded: n(self.out.text.len()),
                folded_len: n(with.len()),
                source: n(range.start),
                source_len: n(range.len()),
            });
        }
        self.out.text.push_str(with);
        self.copied = range.end;
        range.end
    }

    fn rest(&self, at: usize) -> &str {
        self.source.get(at..).unwrap_or_default()
    }

    fn fold_white_space(&mut self) {
        let mut at = 0;
        while let Some(found) = self.rest(at).find(char::is_whitespace) {
            let start = at + found;
            let n_blank = self.rest(start).len() - self.rest(start).trim_start().len();
            at = self.replace(start..start + n_blank, " ");
        }
    }

    fn fold_typography(&mut self) {
        let mut at = 0;
        while at < self.source.len() {
            let (composed, _) = NFC.split_normalized(self.rest(at));
            let end = at + composed.len();
            at = self.fold_composed(at, end).max(end);
            if at == end && at < self.source.len() {
                at = self.replace_cluster(at, &NFC);
            }
        }
    }

    /// Folds from `at` on until `end`, or a little further where a run of white space reaches over it.
    fn fold_composed(&mut self, mut at: usize, end: usize) -> usize {
        let bytes = self.source.as_bytes();
        while let Some(byte) = bytes.get(at).filter(|_| at < end) {
            at = match byte {
                b' ' if bytes.get(at + 1).is_some_and(u8::is_ascii_graphic) => at + 1,
                b' ' | b'\t'..=b'\r' => self.fold_run(at),
                b'-' if bytes
                    .get(at + 1)
                    .is_some_and(|next| !next.is_ascii_graphic()) =>
                {
                    self.fold_hyphen(at, 1).unwrap_or(at + 1)
                }
                byte if byte.is_ascii() => at + 1,
                _ => self.fold_wide(at),
            };
        }
        at
    }

    /// Returns a character beyond ASCII.
    fn fold_wide(&mut self, at: usize) -> usize {
        let Some(c) = self.rest(at).chars().next() else {
            return at + 1;
        };
        let next = at + c.len_utf8();
        let with = match c {
            _ if c.is_whitespace() => return self.fold_run(at),
            '\u{AD}' | '\u{2010}' if let Some(joined) = self.fold_hyphen(at, c.len_utf8()) => {
                return joined;
            }
            _ if is_ignored(c) => "",
            _ => match ascii_form(c) {
                Some(ascii) => ascii,
                None if is_presentation_form(c) => return self.replace_cluster(at, &NFKC),
                None => return next,
            },
        };
        self.replace(at..next, with)
    }

    /// Writes the grapheme cluster at `at` as `normalizer` does, and folds what comes out character by character.
    fn replace_cluster(
        &mut self,
        at: usize,
        normalizer: &ComposingNormalizerBorrowed<'_>,
    ) -> usize {
        let rest = self.rest(at);
        let mut breaks = GraphemeClusterSegmenter::new().segment_str(rest);
        let length = breaks.find(|end| *end > 0).unwrap_or(rest.len()).max(1);
        let cluster = rest.get(..length).unwrap_or(rest);
        let mut with = String::new();
        for c in normalizer.normalize(cluster).chars() {
            match c {
                _ if is_ignored(c) => {}
                _ if c.is_whitespace() => with.push(' '),
                _ => with.push(c),
            }
        }
        self.replace(at..at + cluster.len(), &with)
    }

    /// Returns the end of the white space from `at` on, with the invisible characters in it, and whether a line ends
    /// there.
    fn run_end(&self, at: usize) -> (usize, bool) {
        let (mut end, mut breaks_line) = (at, false);
        for c in self.rest(at).chars() {
            match c {
                '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => breaks_line = true,
                _ if c.is_whitespace() || is_ignored(c) => {}
                _ => break,
            }
            end += c.len_utf8();
        }
        (end, breaks_line)
    }

    fn fold_run(&mut self, at: usize) -> usize {
        let (end, breaks_line) = self.run_end(at);
        let before = self
            .source
            .get(..at)
            .unwrap_or_default()
            .chars()
            .next_back();
        let is_joined = breaks_line
            && before.is_some_and(is_set_without_blanks)
            && self
                .rest(end)
                .chars()
                .next()
                .is_some_and(is_set_without_blanks);
        self.replace(at..end, if is_joined { "" } else { " " })
    }

    /// Joins the word that the hyphen of `length` bytes at `at` cuts at the end of a line, if it does.
    fn fold_hyphen(&mut self, at: usize, length: usize) -> Option<usize> {
        let before = self.source.get(..at)?.chars().next_back()?;
        // Asked first: in a run of soft hyphens the search for its end would start again at each of them.
        if !before.is_alphabetic() || is_ignored(before) {
            return None;
        }
        let (end, breaks_line) = self.run_end(at + length);
        let after = self.rest(end).chars().next()?;
        let joins = breaks_line && after.is_lowercase();
        joins.then(|| self.replace(at..end, ""))
    }
}

/// Returns what a typewriter has for a quotation mark, a dash or an ellipsis.
pub fn ascii_form(c: char) -> Option<&'static str> {
    Some(match c {
        '«' | '»' | '‹' | '›' | '“' | '”' | '„' | '‟' | '〝' | '〞' => "\"",
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' => "'",
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => "-",
        '…' => "...",
        _ => return None,
    })
}

/// Characters that show nothing, or only how others are shown. The stretched Arabic line is one of them.
pub fn is_ignored(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{640}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
    )
}

/// Returns the blocks of compatibility forms that are a matter of printing: Latin and Armenian ligatures, Hebrew and
/// Arabic presentation forms, full- and half-width forms. Not the superscripts and fractions: "10²" is not "102".
pub fn is_presentation_form(c: char) -> bool {
    matches!(c, '\u{FB00}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{FF01}'..='\u{FFEE}')
}

/// Returns whether a line may break after or before `c` without there being a blank: Chinese and Japanese.
pub fn is_set_without_blanks(c: char) -> bool {
    matches!(
        c,
        '\u{3001}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
            | '\u{FF01}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printings_of_one_wording_fold_alike() {
        for (one, other) in [
            ("He \u{201C}denied\u{201D} it", "He \"denied\"\r\n  it"),
            ("the ser-\nvice entrance", "the service entrance"),
            ("the ser\u{AD}\n  vice", "the service"),
            ("ser\u{AD}vice\u{200B}", "service"),
            (
                "2019\u{2013}2021 \u{2026} it\u{2019}s",
                "2019-2021 ... it's",
            ),
            ("cafe\u{301} na\u{0308}ive", "caf\u{e9} n\u{e4}ive"),
            ("\u{FB01}nal o\u{FB03}ce", "final office"),
            ("\u{FF21}\u{FF22}\u{FF11}\u{3000}x", "AB1 x"),
            ("\u{FF76}\u{FF9E}", "ガ"),
            ("所有\n人都知道", "所有人都知道"),
            ("\u{1112}\u{1161}\u{11AB}글", "한글"),
            ("\u{FEE3}\u{FEAE}\u{FEA3}\u{FE92}\u{FE8E}", "مرحبا"),
            ("می\u{200C}خواهم", "میخواهم"),
            ("a\u{A0}\u{200B} b", "a b"),
        ] {
            assert_eq!(
                fold(one, Folding::Typography),
                fold(other, Folding::Typography),
                "{one:?}"
            );
        }
    }

    /// Folding such a text took minutes when the end of the run was searched for again at each character.
    #[test]
    fn a_megabyte_of_soft_hyphens_is_folded() {
        for run in ["\u{AD}", "\u{640}\u{AD}", "\u{AD}\n"] {
            let source = format!("a{}b", run.repeat(500_000));
            let folded = fold(&source, Folding::Typography);
            assert!(folded.len() <= 3, "{run:?}: {folded:.40}");
        }
    }

    #[test]
    fn what_carries_meaning_stays() {
        for (one, other) in [
            ("10²", "102"),
            ("resume", "résumé"),
            ("Polish", "polish"),
            ("Well-\nKnown", "WellKnown"),
            ("He said\nno", "He saidno"),
            ("½", "1/2"),
        ] {
            assert_ne!(
                fold(one, Folding::Typography),
                fold(other, Folding::Typography),
                "{one:?}"
            );
        }
    }

    #[test]
    fn places_lead_back_to_whole_characters() {
        let source = "x \r\n “dénied” ser-\nvice …y";
        let folded = Folded::new(source, Folding::Typography);
        assert_eq!(folded.as_str(), "x \"dénied\" service ...y");
        let back = |wanted: &str| {
            let at = folded.as_str().find(wanted).unwrap();
            &source[folded.to_source(at..at + wanted.len())]
        };
        assert_eq!(back("dénied"), "dénied");
        assert_eq!(back("\"dénied\""), "“dénied”");
        assert_eq!(back("service"), "ser-\nvice");
        assert_eq!(back("service .."), "ser-\nvice …");
        assert_eq!(back("x \""), "x \r\n “");
        assert_eq!(folded.to_source(5..5).len(), 0);
    }
}
