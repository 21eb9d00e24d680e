//! A file of records as lines of text, one fact on each, so that comparing the lines shows what was changed: words are
//! never cut, and a long text has a line for each sentence.

use super::{
    CliError,
    diff::Comparison,
    record_words::{names, names_without_end},
    several::AnyRecords,
};
use crate::{
    anchor::Selector,
    annotation::{
        AnnotationSet, Conflict, FieldValue, Fields, Names, RecordKind, RecordRef, Tombstone,
    },
    format::shown,
    merge::Difference,
};

/// Longest line of a text, in code points, where it has blanks to break it at.
const LINE_CHARS: usize = 76;

/// Returns all that is in the file: the article, tags, people, the marks in the order of the article, links, open
/// conflicts, and what was removed. When it was last changed is left out; git knows that itself.
///
/// # Errors
/// None in practice: an empty text is a text.
pub fn lines(records: &AnyRecords) -> Result<Vec<String>, CliError> {
    let known = records.names()?;
    let comparison = Comparison::of(&records.nothing_like()?, records)?;
    let mut page = Page {
        short: names(Some(&known)),
        full: names_without_end(Some(&known)),
        lines: Vec::new(),
    };
    for difference in &comparison.found {
        match difference {
            Difference::Conflict {
                conflict, fields, ..
            } => page.conflict(conflict, fields),
            _ => page.record(difference.record(), difference.fields()),
        }
    }
    let tombstones = match records {
        AnyRecords::Annotations(set) => &set.tombstones,
        AnyRecords::Collection(it) => &it.tombstones,
    };
    for (record, tombstone) in tombstones {
        page.tombstone(record, tombstone, &known);
    }
    Ok(page.lines)
}

struct Page<'a> {
    /// For headings.
    short: Names<'a>,
    /// For what is below them.
    full: Names<'a>,
    lines: Vec<String>,
}

impl Page<'_> {
    fn record(&mut self, record: &RecordRef, fields: &Fields) {
        let name = self.short.record(record, fields);
        // git repeats a line that begins with a letter over what was changed below it.
        self.lines.push(match record.kind {
            RecordKind::Annotation => format!("mark {name}"),
            _ => name,
        });
        for (field, value) in fields {
            self.field(record, field, value);
        }
    }

    fn field(&mut self, record: &RecordRef, field: &str, value: &FieldValue) {
        let (first, rest) = field.split_once('/').unwrap_or((field, ""));
        match (first, value) {
            ("modified", _) => {}
            (_, FieldValue::Segments(segments)) => self.segments(segments),
            ("tags", _) => {
                let tag = self.full.tag(rest);
                self.lines.push(format!("    tag: {tag}"));
            }
            ("comments", FieldValue::List(parts)) => match parts.as_slice() {
                [author, created, text, ..] => {
                    let author = self.full.agent(author);
                    let created = self.full.one_line(created);
                    self.lines
                        .push(format!("    comment by {author}, {created}:"));
                    self.text(text);
                }
                _ => self.value(field, value),
            },
            ("text", FieldValue::List(parts)) if record.kind == RecordKind::Article => {
                self.article_text(parts);
            }
            (_, FieldValue::Text(text)) if !is_short(field, text) => {
                let name = self.full.field(field);
                self.lines.push(format!("    {name}:"));
                self.text(text);
            }
            _ => self.value(field, value),
        }
    }

    fn value(&mut self, field: &str, value: &FieldValue) {
        let (name, value) = (self.full.field(field), self.full.value(field, Some(value)));
        self.lines.push(format!("    {name}: {value}"));
    }

    /// Writes each segment: its position, and below that its wording.
    fn segments(&mut self, segments: &[Selector]) {
        for segment in segments {
            let (start, end) = (segment.position.start.get(), segment.position.end.get());
            self.lines.push(format!("    characters {start} to {end}:"));
            self.text(&segment.quote.exact);
            for (name, value) in segment.kept.iter() {
                let (name, value) = (shown(name, usize::MAX), shown(value, usize::MAX));
                self.lines.push(format!("        {name}: {value}"));
            }
        }
    }

    fn article_text(&mut self, parts: &[String]) {
        let names = ["hash", "code points", "bytes", "encoding", "line endings"];
        for (name, value) in names.iter().zip(parts) {
            let value = self.full.one_line(value);
            self.lines.push(format!("    {name}: {value}"));
        }
        if let Some(text) = parts.get(names.len()) {
            self.lines.push("    the text:".to_owned());
            self.text(text);
        }
    }

    fn conflict(&mut self, conflict: &Conflict, fields: &Fields) {
        let words = self.short.conflict(conflict, fields);
        self.lines.push(format!("conflict about {}", words.what()));
        if let Some(base) = &conflict.base
            && !conflict.of_whole_record()
        {
            self.lines.push("    before:".to_owned());
            self.side(&conflict.field, Some(base));
        }
        for (side, words) in conflict.sides.iter().zip(&words.sides) {
            self.lines.push(format!("    {}:", words.whose()));
            self.side(&conflict.field, side.value.as_ref());
        }
    }

    fn side(&mut self, field: &str, value: Option<&FieldValue>) {
        match value {
            Some(FieldValue::Segments(segments)) => self.segments(segments),
            Some(FieldValue::Text(text)) if !is_short(field, text) => self.text(text),
            value => {
                let value = self.full.value(field, value);
                self.text(&value);
            }
        }
    }

    fn tombstone(&mut self, record: &RecordRef, tombstone: &Tombstone, set: &AnnotationSet) {
        let names = Names::new(Some(set), |text| shown(text, usize::MAX));
        let who = tombstone
            .who
            .map(|who| format!(" by {}", names.agent(&who.to_string())));
        let instead = tombstone
            .instead
            .as_ref()
            .map(|instead| format!(", now {}", shown(instead, usize::MAX)));
        self.lines.push(format!(
            "removed {} on {}{}{}",
            shown(&record.to_string(), usize::MAX),
            tombstone.when,
            who.unwrap_or_default(),
            instead.unwrap_or_default(),
        ));
    }

    /// Writes a text of any length, with a bar before each of its own lines, unlike those that are broken here.
    fn text(&mut self, text: &str) {
        for line in text.split('\n') {
            for (n, part) in broken(line).into_iter().enumerate() {
                let bar = if n == 0 { "|" } else { " " };
                let part = shown(part, usize::MAX);
                self.lines.push(format!("        {bar} {part}"));
            }
        }
    }
}

/// Returns whether the value is written behind the name of its field: an id, a word, a colour, a time, a name.
fn is_short(field: &str, text: &str) -> bool {
    let is_prose = ["note", "guideline", "text"].contains(&field);
    let is_id = matches!(field, "attribution/speaker" | "creator" | "from" | "to");
    is_id || !is_prose && !text.contains('\n') && text.chars().count() <= LINE_CHARS
}

/// Returns a line in pieces: after each sentence, and where a sentence is too long. A change in one sentence leaves
/// the pieces of the others as they are. The blank at a break goes.
fn broken(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut n_chars) = (0, 0);
    let (mut blank, mut chars_since_blank) = (None, 0);
    let mut before: [char; 2] = [' ', ' '];
    for (at, c) in line.char_indices() {
        let [last_but_one, last] = before;
        let ends_sentence = is_stop(last) || is_closing(last) && is_stop(last_but_one);
        let wide = matches!(last, '。' | '！' | '？') && !is_closing(c) && !is_stop(c);
        if c == ' ' && ends_sentence && at > start {
            pieces.extend(line.get(start..at));
            (start, n_chars, blank, chars_since_blank) = (at + 1, 0, None, 0);
        } else if wide && at > start {
            pieces.extend(line.get(start..at));
            (start, n_chars, blank, chars_since_blank) = (at, 1, None, 0);
        } else {
            if c == ' ' && at > start {
                (blank, chars_since_blank) = (Some(at), 0);
            } else {
                chars_since_blank += 1;
            }
            n_chars += 1;
            if n_chars > LINE_CHARS
                && let Some(break_at) = blank.take()
            {
                pieces.extend(line.get(start..break_at));
                (start, n_chars) = (break_at + 1, chars_since_blank);
            }
        }
        before = [last, c];
    }
    pieces.extend(line.get(start..));
    pieces
}

fn is_stop(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | '…' | ':' | ';' | '。' | '！' | '？' | '।' | '؟' | '۔'
    )
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '」' | '』' | '）'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_after_sentences_and_where_it_is_long() {
        for (line, pieces) in [
            ("", &[""][..]),
            ("One. Two!  Three?", &["One.", "Two!", " Three?"]),
            ("“Who says so?” he asked.", &["“Who says so?”", "he asked."]),
            (
                "公司否认。法院说：“不。”完",
                &["公司否认。", "法院说：“不。”完"],
            ),
            ("3.5 and a.b", &["3.5 and a.b"]),
        ] {
            assert_eq!(broken(line), pieces);
        }
        let long = "word ".repeat(40);
        let pieces = broken(&long);
        assert!(
            pieces
                .iter()
                .all(|piece| piece.chars().count() <= LINE_CHARS)
        );
        assert_eq!(pieces.join(" "), long);
        let unbroken = "x".repeat(200);
        assert_eq!(broken(&unbroken), [&*unbroken]);
    }

    #[test]
    fn a_change_in_one_sentence_leaves_the_others() {
        let text = |word: &str| {
            let long = format!("{word} {}", "word ".repeat(30));
            format!(
                "First sentence here. {long}. {}. Last.",
                "other ".repeat(30).trim()
            )
        };
        let (old, new) = (text("a"), text("another"));
        let (old, new) = (broken(&old), broken(&new));
        let same = old.iter().filter(|piece| new.contains(piece)).count();
        assert!(same >= old.len() - 3, "{old:?} {new:?}");
    }
}
