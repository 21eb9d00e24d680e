//! Decides whether two names are the same.

/// Returns `name` as names are compared: lower case, blanks at the ends gone, every other run of blanks one blank.
pub fn folded_name(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_blanks_make_no_difference() {
        assert_eq!(folded_name(" Ann\u{A0} SMITH\n"), "ann smith");
        assert_eq!(folded_name("ΣΙΣΥΦΟΣ"), folded_name("σισυφος"));
        assert_ne!(folded_name("Annsmith"), folded_name("Ann Smith"));
    }
}
