//! The comparison in one sentence, for people.

use super::PairCounts;

/// Returns a sentence such as "A and B marked 41 and 38 passages: 33 the same passage with the same tag, 4 the same
/// passage with another tag, 4 only A, 1 only B; 6 of the 33 differ only at their edges."
pub fn sentence(counts: &PairCounts, a: &str, b: &str) -> String {
    let PairCounts {
        n_a,
        n_b,
        same,
        edges,
        other_tag,
        only_a,
        only_b,
        ..
    } = counts;
    if n_a + n_b == 0 {
        return format!("{a} and {b} marked nothing.");
    }
    let passages = if *n_a == 1 && *n_b == 1 {
        "passage"
    } else {
        "passages"
    };
    let mut sentence = format!(
        "{a} and {b} marked {n_a} and {n_b} {passages}: {same} the same passage with the same tag, \
         {other_tag} the same passage with another tag, {only_a} only {a}, {only_b} only {b}"
    );
    match edges {
        0 => {}
        1 => sentence.push_str(&format!("; 1 of the {same} differs only at its edges")),
        _ => sentence.push_str(&format!(
            "; {edges} of the {same} differ only at their edges"
        )),
    }
    sentence.push('.');
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_said_in_one_sentence() {
        let counts = PairCounts {
            n_articles: 1,
            n_a: 41,
            n_b: 38,
            same: 33,
            edges: 6,
            other_tag: 4,
            only_a: 4,
            only_b: 1,
            ..PairCounts::default()
        };
        assert_eq!(
            sentence(&counts, "Ana", "Ben"),
            "Ana and Ben marked 41 and 38 passages: 33 the same passage with the same tag, 4 the same passage \
             with another tag, 4 only Ana, 1 only Ben; 6 of the 33 differ only at their edges."
        );
        assert_eq!(
            sentence(&PairCounts::default(), "Ana", "Ben"),
            "Ana and Ben marked nothing."
        );
    }
}
