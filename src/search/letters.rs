//! Folds single characters for the folded view of a search.

use crate::text::{ascii_form, is_ignored, is_presentation_form};
use icu_normalizer::{
    DecomposingNormalizer, DecomposingNormalizerBorrowed,
    properties::{CanonicalDecomposition, CanonicalDecompositionBorrowed, Decomposed},
};

const NFD: CanonicalDecompositionBorrowed<'static> = CanonicalDecomposition::new();
const NFKD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizer::new_nfkd();

/// Entries of the table of characters that were folded last: more than most texts have characters beyond ASCII.
const N_KEPT: usize = 2_048;
/// Longest fold that is kept, in bytes. Only a few Arabic ligatures fold to more.
const KEPT_BYTES: usize = 11;

/// Folds characters, and keeps how the last ones were folded.
pub struct Letters {
    keeps_case: bool,
    kept: Vec<Kept>,
    /// The last fold that is not kept.
    other: String,
}

/// How a character is folded, whatever is around it.
#[derive(Clone, Copy)]
struct Kept {
    /// The character, or NUL where none is kept.
    of: char,
    len: u8,
    bytes: [u8; KEPT_BYTES],
}

impl Letters {
    /// Folds case and accents too, unless `keeps_case`.
    pub fn new(keeps_case: bool) -> Self {
        let nothing = Kept {
            of: '\0',
            len: 0,
            bytes: [0; KEPT_BYTES],
        };
        Self {
            keeps_case,
            kept: vec![nothing; N_KEPT],
            other: String::new(),
        }
    }

    /// Returns the cached folding of `c`, if any.
    pub fn known(&self, c: char) -> Option<&[u8]> {
        let kept = self.kept.get(c as usize % N_KEPT)?;
        if kept.of != c {
            return None;
        }
        kept.bytes.get(..usize::from(kept.len))
    }

    /// Returns the folded form of `c`, which is neither ASCII nor white space nor a hyphen, after `before` in the text.
    pub fn fold(&mut self, c: char, before: Option<char>) -> &[u8] {
        self.other.clear();
        if depends_on_before(c) {
            if self.keeps_case || is_kept_mark(c, before) {
                self.other.push(c);
            }
            return self.other.as_bytes();
        }
        push_folded(c, self.keeps_case, &mut self.other);
        if let Some(kept) = self.kept.get_mut(c as usize % N_KEPT)
            && let Some(room) = kept.bytes.get_mut(..self.other.len())
        {
            room.copy_from_slice(self.other.as_bytes());
            kept.of = c;
            kept.len = u8::try_from(self.other.len()).unwrap_or(0);
        }
        self.other.as_bytes()
    }
}

fn push_folded(c: char, keeps_case: bool, out: &mut String) {
    if let Some(ascii) = ascii_form(c).or_else(|| hebrew_sign(c)) {
        out.push_str(ascii);
    } else if is_presentation_form(c) {
        for c in NFKD.normalize(c.encode_utf8(&mut [0; 4])).chars() {
            match c {
                _ if is_ignored(c) => {}
                _ if c.is_whitespace() => out.push(' '),
                _ => push_letter(c, keeps_case, out),
            }
        }
    } else {
        push_letter(c, keeps_case, out);
    }
}

/// Returns the ASCII form of a Hebrew sign: Hebrew has a hyphen and quotation marks of its own, for which most
/// keyboards have the ASCII ones.
fn hebrew_sign(c: char) -> Option<&'static str> {
    match c {
        '\u{5BE}' => Some("-"),
        '\u{5F3}' => Some("'"),
        '\u{5F4}' => Some("\""),
        _ => None,
    }
}

fn push_letter(c: char, keeps_case: bool, out: &mut String) {
    if keeps_case {
        decompose(c, &mut |c| out.push(c));
        return;
    }
    for lower in c.to_lowercase() {
        let mut before = None;
        decompose(lower, &mut |c| {
            match plain_letters(c) {
                Some(plain) => out.push_str(plain),
                None if is_accent(c) && !is_kept_mark(c, before) => {}
                None => out.push(c),
            }
            before = Some(c);
        });
    }
}

/// Calls `each` with the characters that `c` is composed of.
fn decompose(c: char, each: &mut impl FnMut(char)) {
    match NFD.decompose(c) {
        Decomposed::Default => each(c),
        Decomposed::Singleton(c) => decompose(c, each),
        Decomposed::Expansion(first, second) => {
            decompose(first, each);
            decompose(second, each);
        }
    }
}

/// Letters that people type as others, although Unicode does not decompose them.
fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' => "d",
        'ħ' => "h",
        'ł' => "l",
        'ŧ' => "t",
        'ı' => "i",
        'ſ' => "s",
        'ς' => "σ",
        'ٱ' => "ا",
        _ => return None,
    })
}

/// Returns whether `c` is a mark over or under a letter that makes no other letter of it: accents, Arabic and Hebrew
/// points. Not those of Indic scripts and Japanese, where they do, and not the stroke that makes "=" another sign.
fn is_accent(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{334}' | '\u{339}'..='\u{36F}' | '\u{483}'..='\u{487}'
            | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}'
            | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}'
            | '\u{6DF}'..='\u{6E4}' | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}'
            | '\u{711}' | '\u{730}'..='\u{74A}' | '\u{1AB0}'..='\u{1ACE}' | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20DC}' | '\u{FE20}'..='\u{FE2F}'
    )
}

/// Returns whether `c` is a mark that is an accent after one letter and not after another.
fn depends_on_before(c: char) -> bool {
    matches!(c, '\u{306}' | '\u{653}'..='\u{655}')
}

/// Returns whether a mark makes another letter of the one before: Cyrillic й and ў, Arabic ؤ and ئ. With alef, a hamza
/// is left out in writing as often as not.
fn is_kept_mark(c: char, before: Option<char>) -> bool {
    match c {
        '\u{306}' => matches!(before, Some('и' | 'И' | 'у' | 'У')),
        '\u{653}'..='\u{655}' => before.is_some_and(|before| before != '\u{627}'),
        _ => false,
    }
}
