//! Quotations and other texts on one line.

use crate::{annotation::Annotation, app::base::short, text::beginning};

/// The beginning of what an annotation says, with line ends as blanks and what is hidden in it named.
pub fn short_quote(annotation: &Annotation, n_chars: usize) -> String {
    let mut quote = String::new();
    for (idx, segment) in annotation.segments.iter().enumerate() {
        if idx > 0 {
            quote.push_str(" … ");
        }
        let room = n_chars.saturating_sub(quote.chars().count());
        if room == 0 {
            break;
        }
        if push_on_one_line(&mut quote, &segment.quote.exact, room) {
            break;
        }
    }
    short::paragraph(&quote, short::TEXT_CHARS).into_owned()
}

/// Any text on one line, cut after `n_chars` code points.
pub fn one_line(text: &str, n_chars: usize) -> String {
    let mut line = String::new();
    push_on_one_line(&mut line, text, n_chars);
    short::paragraph(&line, short::TEXT_CHARS).into_owned()
}

/// Adds at most `n_chars` code points of `text`, white space as single blanks. Whether there was more.
fn push_on_one_line(line: &mut String, text: &str, n_chars: usize) -> bool {
    let mut was_blank = false;
    let kept = beginning(text, n_chars);
    for letter in kept.chars() {
        let is_blank = letter.is_whitespace();
        if !(is_blank && was_blank) {
            line.push(if is_blank { ' ' } else { letter });
        }
        was_blank = is_blank;
    }
    let is_cut = kept.len() < text.len();
    if is_cut {
        line.push('…');
    }
    is_cut
}
