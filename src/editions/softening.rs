//! Decides whether a statement was softened: the rule, and its list of words.
//!
//! A sentence was softened when (1) an expression of [`HEDGES`] occurs in it more often than before, or a modal
//! verb was replaced by a weaker one of [`MODALS`]; and (2) nothing points the other way: no such expression was
//! removed and no modal verb made stronger; and (3) it is still the same statement: the negations and the
//! numbers are the same, and two thirds of the other words are still there. Everything else cannot be decided by
//! counting words.

use crate::anchor::words;
use std::collections::BTreeMap;

/// Expressions that make a statement less certain, or attribute it to others: English, then German. In
/// lower case; a name or a month ("May") is written with a capital and is none of them.
pub const HEDGES: &[&str] = &[
    "according to",
    "alleged",
    "allegedly",
    "apparently",
    "appear to",
    "appeared to",
    "appears to",
    "believed to",
    "could",
    "in his view",
    "in her view",
    "in its view",
    "in their view",
    "is said to",
    "are said to",
    "was said to",
    "were said to",
    "likely",
    "may",
    "maybe",
    "might",
    "perhaps",
    "possibly",
    "potentially",
    "presumably",
    "probably",
    "purported",
    "purportedly",
    "reported to",
    "reportedly",
    "seem to",
    "seemed to",
    "seems to",
    "so-called",
    "supposedly",
    "suspected",
    "suggests",
    "thought to",
    "unconfirmed",
    "angeblich",
    "angebliche",
    "angeblichen",
    "anscheinend",
    "dürfte",
    "dürften",
    "eventuell",
    "könnte",
    "könnten",
    "laut",
    "möglicherweise",
    "mutmaßlich",
    "mutmaßliche",
    "mutmaßlichen",
    "nach angaben",
    "offenbar",
    "scheint",
    "sei",
    "seien",
    "soll",
    "sollen",
    "vermutlich",
    "vielleicht",
    "wahrscheinlich",
    "wohl",
    "zufolge",
];

/// Modal verbs with how strongly they assert, English and German. `may`, `might`, `could` and their like are
/// hedges already.
pub const MODALS: &[(&str, u8)] = &[
    ("must", 3),
    ("shall", 3),
    ("will", 3),
    ("cannot", 3),
    ("muss", 3),
    ("müssen", 3),
    ("wird", 3),
    ("werden", 3),
    ("should", 2),
    ("would", 2),
    ("ought", 2),
    ("sollte", 2),
    ("sollten", 2),
    ("würde", 2),
    ("würden", 2),
    ("can", 1),
    ("kann", 1),
    ("können", 1),
];

const NEGATIONS: &[&str] = &[
    "no", "not", "never", "none", "nor", "neither", "nobody", "nothing", "without", "cannot",
    "kein", "keine", "keinen", "keiner", "nicht", "nie", "niemals", "niemand", "nichts", "ohne",
    "weder",
];

/// Share of the other words of the old sentence that must still be there, as a fraction.
const SAME_STATEMENT: (usize, usize) = (2, 3);

/// Returns the expressions and verbs by which `new` is softer than `old`, both whole sentences, in the order of the
/// lists; empty when it is not, or when the rule of this file cannot decide.
pub fn softening(old: &str, new: &str) -> Vec<&'static str> {
    let (old, new) = (Counted::new(old), Counted::new(new));
    if old.numbers != new.numbers || old.negations != new.negations {
        return Vec::new();
    }
    let n_kept: usize = old
        .others
        .iter()
        .map(|(word, n)| (*n).min(new.others.get(word).copied().unwrap_or(0)))
        .sum();
    let n_old: usize = old.others.values().sum();
    if n_kept * SAME_STATEMENT.1 < n_old * SAME_STATEMENT.0 || n_old == 0 {
        return Vec::new();
    }
    let mut signs = Vec::new();
    for (hedge, before, after) in counts(HEDGES.iter().copied(), &old.hedges, &new.hedges) {
        if after < before {
            return Vec::new();
        }
        signs.extend((after > before).then_some(hedge));
    }
    let names = MODALS.iter().map(|(modal, _)| *modal);
    let strength = |wanted: &str| {
        MODALS
            .iter()
            .find(|(modal, _)| *modal == wanted)
            .map_or(0, |(_, s)| *s)
    };
    let (mut lost, mut gained) = (Vec::new(), Vec::new());
    for (modal, before, after) in counts(names, &old.modals, &new.modals) {
        lost.extend(std::iter::repeat_n(modal, before.saturating_sub(after)));
        gained.extend(std::iter::repeat_n(modal, after.saturating_sub(before)));
    }
    for (idx, weaker) in gained.iter().enumerate() {
        match lost.get(idx) {
            Some(stronger) if strength(stronger) > strength(weaker) => signs.push(weaker),
            // A verb that was not there, or a stronger one: that is another statement.
            _ => return Vec::new(),
        }
    }
    signs
}

fn counts<'a>(
    names: impl Iterator<Item = &'static str>,
    old: &'a BTreeMap<&'static str, usize>,
    new: &'a BTreeMap<&'static str, usize>,
) -> impl Iterator<Item = (&'static str, usize, usize)> {
    names.map(|name| {
        let count = |of: &BTreeMap<&'static str, usize>| of.get(name).copied().unwrap_or(0);
        (name, count(old), count(new))
    })
}

/// The words of a sentence, sorted for the rule.
struct Counted {
    hedges: BTreeMap<&'static str, usize>,
    modals: BTreeMap<&'static str, usize>,
    negations: usize,
    numbers: Vec<String>,
    others: BTreeMap<String, usize>,
}

impl Counted {
    fn new(sentence: &str) -> Self {
        let mut counted = Self {
            hedges: BTreeMap::new(),
            modals: BTreeMap::new(),
            negations: 0,
            numbers: Vec::new(),
            others: BTreeMap::new(),
        };
        let ranges = words(sentence);
        let written: Vec<&str> = ranges
            .iter()
            .filter_map(|word| sentence.get(word.clone()))
            .collect();
        let mut idx = 0;
        while let Some(word) = written.get(idx) {
            // The first word of a sentence has a capital; elsewhere one makes another word of it.
            let is_first = !written
                .iter()
                .take(idx)
                .any(|word| word.chars().any(char::is_alphanumeric));
            let known = |word: &str| {
                if is_first {
                    word.to_lowercase()
                } else {
                    word.to_owned()
                }
            };
            let rest: Vec<String> = written
                .iter()
                .skip(idx)
                .take(4)
                .map(|word| known(word))
                .collect();
            let hedge = HEDGES.iter().find(|hedge| begins_with(&rest, hedge));
            let modal = MODALS.iter().find(|(modal, _)| known(word) == *modal);
            let lower = word.to_lowercase();
            if lower.ends_with("n't")
                || lower.ends_with("n’t")
                || NEGATIONS.contains(&lower.as_str())
            {
                counted.negations += 1;
            }
            if let Some(hedge) = hedge {
                *counted.hedges.entry(hedge).or_default() += 1;
                idx += words(hedge).len();
                continue;
            }
            if let Some((modal, _)) = modal {
                *counted.modals.entry(modal).or_default() += 1;
            } else if word.chars().any(char::is_numeric) {
                counted.numbers.push(lower);
            } else if word.chars().any(char::is_alphabetic) {
                *counted.others.entry(lower).or_default() += 1;
            }
            idx += 1;
        }
        counted.numbers.sort();
        counted
    }
}

fn begins_with(words_here: &[String], expression: &str) -> bool {
    let wanted = words(expression);
    wanted.len() <= words_here.len()
        && wanted
            .iter()
            .zip(words_here)
            .all(|(range, word)| expression.get(range.clone()) == Some(word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &[&str]) {
        assert_eq!(softening(old, new), expected, "{old} → {new}");
    }

    #[test]
    fn hedges_and_attributions_soften() {
        check(
            "The firm built a back door.",
            "The firm allegedly built a back door.",
            &["allegedly"],
        );
        check(
            "The firm built a back door.",
            "According to the ministry, the firm built a back door.",
            &["according to"],
        );
        check(
            "The firm will leak data.",
            "The firm might leak data.",
            &["might"],
        );
        check(
            "Vendors must open their code.",
            "Vendors should open their code.",
            &["should"],
        );
        check(
            "Die Firma baute eine Hintertür ein.",
            "Die Firma baute angeblich eine Hintertür ein.",
            &["angeblich"],
        );
    }

    #[test]
    fn what_cannot_be_told_is_not_called_softened() {
        // The other direction.
        check(
            "The firm allegedly built a back door.",
            "The firm built a back door.",
            &[],
        );
        check(
            "Vendors should open their code.",
            "Vendors must open their code.",
            &[],
        );
        // Both directions at once.
        check(
            "The firm reportedly built a door.",
            "The firm allegedly built a door.",
            &[],
        );
        // Another statement.
        check(
            "The firm built a back door.",
            "The firm allegedly never built a back door.",
            &[],
        );
        check(
            "The firm leaked 12 files.",
            "The firm reportedly leaked 40 files.",
            &[],
        );
        check(
            "The firm built a back door.",
            "Perhaps nobody will ever know what happened there.",
            &[],
        );
        // A month is no hedge, and other words are only other words.
        check("The report came late.", "The report came late in May.", &[]);
        check("The report came late.", "The long report came late.", &[]);
        check("他们否认了指控。", "他们据说否认了指控。", &[]);
    }
}
