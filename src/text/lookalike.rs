//! Words and names that look like others: letters of several alphabets in one word, and names with one skeleton.
//!
//! Skeletons are those of UTS #39, section 4 (crate `unicode-security`): two strings with the same skeleton can
//! be taken for each other. A word counts as mixed (UTS #39, section 5) when it has letters of two alphabets that
//! look alike — Latin, Cyrillic, Greek, Armenian, Cherokee, Coptic, Lisu — and at least one that is not Latin can be taken
//! for a letter or digit of ASCII: `p\u{430}ypal` is mixed, `kΩ` and `μm` are not.

use super::{cut, hidden::visible_name};
use std::{collections::BTreeMap, ops::Range};
use unicode_script::{Script, UnicodeScript as _};

/// The alphabets that are taken for each other.
const ALPHABETS: [Script; 7] = [
    Script::Latin,
    Script::Cyrillic,
    Script::Greek,
    Script::Armenian,
    Script::Cherokee,
    Script::Coptic,
    Script::Lisu,
];

/// Returns the mixed words of `text`, in bytes, in order.
pub fn mixed_words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    // Greek and Coptic begin with CD to CF, Cyrillic with D0 to D4, Armenian with D4 to D6; the others with E1, E2, EA.
    let may_be_mixed = text
        .bytes()
        .any(|byte| matches!(byte, 0xCD..=0xD6 | 0xE1 | 0xEA) || byte == 0xE2);
    let end = if may_be_mixed { text.len() } else { 0 };
    words(text.get(..end).unwrap_or_default())
        .filter(|(_, seen)| seen.n_alphabets() > 1)
        .map(|(range, _)| range)
        .filter(|range| text.get(range.clone()).is_some_and(has_lookalike))
}

/// The alphabets that were seen, one bit each.
#[derive(Clone, Copy, Default)]
struct Seen(u8);

impl Seen {
    fn add(&mut self, c: char) {
        if c.is_ascii() {
            self.0 |= 1;
        } else if let Some(at) = alphabet(c) {
            self.0 |= 1 << at;
        }
    }

    fn n_alphabets(self) -> u32 {
        self.0.count_ones()
    }
}

/// Returns the position in [`ALPHABETS`]. The two blocks with nearly all such letters need no look-up.
fn alphabet(c: char) -> Option<usize> {
    match c {
        '\u{00C0}'..='\u{024F}' if c.is_alphabetic() => Some(0),
        '\u{0400}'..='\u{052F}' if c.is_alphabetic() => Some(1),
        '\u{0600}'..='\u{109F}' | '\u{3000}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => None,
        _ => {
            let script = c.script();
            ALPHABETS.iter().position(|known| *known == script)
        }
    }
}

/// Stretches of letters and marks with the alphabets in them.
fn words(text: &str) -> impl Iterator<Item = (Range<usize>, Seen)> + '_ {
    let is_in_word = |c: char| c.is_alphabetic() || matches!(c, '\u{0300}'..='\u{036F}');
    let mut letters = text.char_indices();
    std::iter::from_fn(move || {
        let (start, first) = letters.by_ref().find(|(_, c)| is_in_word(*c))?;
        let mut seen = Seen::default();
        seen.add(first);
        let mut end = start + first.len_utf8();
        for (at, c) in letters.by_ref() {
            if !is_in_word(c) {
                break;
            }
            seen.add(c);
            end = at + c.len_utf8();
        }
        Some((start..end, seen))
    })
}

fn has_lookalike(word: &str) -> bool {
    word.chars().any(|c| {
        let is_foreign = alphabet(c).is_some_and(|at| at > 0);
        is_foreign && ascii_twin(c).is_some()
    })
}

/// Returns the letter or digit of ASCII that `c` can be taken for.
fn ascii_twin(c: char) -> Option<char> {
    let mut skeleton = unicode_security::skeleton(c.encode_utf8(&mut [0; 4]))
        .collect::<Vec<_>>()
        .into_iter();
    let twin = skeleton.next()?;
    (skeleton.next().is_none() && twin.is_ascii_alphanumeric()).then_some(twin)
}

/// Most letters of one word that a message names.
const MAX_LETTERS: usize = 4;

/// Returns the letters that are mixed in a word: `mixes Latin and Cyrillic letters: а is Cyrillic U+0430`. Only letters
/// of the alphabets that have fewer letters in the word are named. `None` for a word that is not mixed.
pub fn mixture(word: &str) -> Option<String> {
    let mut counts = [0usize; ALPHABETS.len()];
    let of = |c: char| {
        if c.is_ascii_alphabetic() {
            Some(0)
        } else {
            alphabet(c)
        }
    };
    for at in word.chars().filter_map(of) {
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    if counts.iter().filter(|n| **n > 0).count() < 2 || !has_lookalike(word) {
        return None;
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let main = counts.iter().position(|n| *n == most)?;
    let names: Vec<&str> = ALPHABETS
        .iter()
        .zip(&counts)
        .filter(|(_, n)| **n > 0)
        .map(|(script, _)| script.full_name())
        .collect();
    let mut letters: Vec<String> = Vec::new();
    for c in word.chars() {
        let Some(at) = of(c).filter(|at| *at != main) else {
            continue;
        };
        let name = ALPHABETS.get(at).map_or("", |script| script.full_name());
        let told = format!("{c} is {name} U+{:04X}", u32::from(c));
        if !letters.contains(&told) {
            letters.push(told);
        }
    }
    let n_more = letters.len().saturating_sub(MAX_LETTERS);
    letters.truncate(MAX_LETTERS);
    if n_more > 0 {
        letters.push(format!("{n_more} more"));
    }
    Some(format!(
        "mixes {} letters: {}",
        names.join(" and "),
        letters.join(", ")
    ))
}

/// Returns a sentence that names the mixed words and hidden characters of a name.
pub fn name_warning(name: &str) -> Option<String> {
    let mixed = mixed_words(name).find_map(|range| mixture(name.get(range)?));
    if let Some(mixed) = mixed {
        return Some(format!("“{}” {mixed}.", shown(name)));
    }
    let n = super::hidden::find(name, super::hidden::Reveal::Deceptive).count();
    let plural = if n == 1 { "" } else { "s" };
    (n > 0).then(|| format!("“{}” holds {n} hidden character{plural}.", shown(name)))
}

/// Longest name in a warning, in code points.
const NAME_CHARS: usize = 120;

fn shown(name: &str) -> String {
    visible_name(&cut(name, NAME_CHARS)).into_owned()
}

/// Returns what two names that can be taken for each other have in common: their skeleton without hidden characters.
pub fn name_skeleton(name: &str) -> String {
    let (name, _) = super::hidden::without_deceptive(name);
    unicode_security::skeleton(name.trim()).collect()
}

/// Returns, for each of `names` (with what they name) that can be taken for an earlier one: itself and that one, by
/// their keys. Names that differ only in how accents are encoded are among them: a skeleton is decomposed. Hidden
/// characters do not count.
pub fn twins<'a, K: Copy>(names: impl Iterator<Item = (K, &'a str)>) -> Vec<(K, K)> {
    let mut seen: BTreeMap<String, K> = BTreeMap::new();
    let mut twins = Vec::new();
    for (key, name) in names {
        let skeleton = name_skeleton(name);
        match seen.get(&skeleton) {
            Some(first) => twins.push((key, *first)),
            None => {
                seen.insert(skeleton, key);
            }
        }
    }
    twins
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        mixed_words(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn words_of_two_alphabets_are_found() {
        assert_eq!(
            found("He paid with p\u{430}ypal, not with paypal."),
            ["p\u{430}ypal"]
        );
        assert_eq!(found("\u{440}\u{430}ypal"), ["\u{440}\u{430}ypal"]);
        assert_eq!(found("Micr\u{3BF}soft"), ["Micr\u{3BF}soft"]);
        assert_eq!(found("с\u{6F}бака лает"), ["с\u{6F}бака"]);
        assert_eq!(found("e\u{301}t\u{430}t"), ["e\u{301}t\u{430}t"]);
    }

    #[test]
    fn honest_words_are_not() {
        for text in [
            "plain text",
            "naïve Việt Łódź",
            "слово и дело",
            "λόγος",
            "kΩ 5 μm Δv",
            "β-carotene и vitamin",
            "الـTV هنا",
            "日本語のTシャツ",
            "हिन्दी में",
            "Wi-Fi и e-mail",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn the_mixture_is_told() {
        assert_eq!(
            mixture("\u{440}\u{430}ypal").as_deref(),
            Some(
                "mixes Latin and Cyrillic letters: \u{440} is Cyrillic U+0440, \u{430} is Cyrillic U+0430"
            )
        );
        assert_eq!(
            mixture("с\u{6F}бака").as_deref(),
            Some("mixes Latin and Cyrillic letters: o is Latin U+006F")
        );
        assert_eq!(mixture("paypal"), None);
    }

    #[test]
    fn names_that_look_alike_are_twins() {
        let names = [
            "Denial",
            "Expert",
            "Deni\u{430}l",
            "Caf\u{e9}",
            "Cafe\u{301}",
            "Den\u{200B}ial",
            "Denier",
        ];
        let found = twins(names.iter().copied().enumerate());
        assert_eq!(found, [(2, 0), (4, 3), (5, 0)]);
    }

    #[test]
    fn a_name_that_lies_is_told() {
        assert_eq!(name_warning("Denial"), None);
        let mixed = name_warning("Deni\u{430}l").unwrap();
        assert!(mixed.contains("Cyrillic U+0430"), "{mixed}");
        assert_eq!(
            name_warning("De\u{202E}nial").as_deref(),
            Some("“De[RLO]nial” holds 1 hidden character.")
        );
    }
}
