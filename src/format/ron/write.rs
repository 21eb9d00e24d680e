//! From an annotation set to the text of its file: the same bytes for the same content, always.
//!
//! One field a line, two blanks for each level, a comma after everything; annotations in the order of the
//! article, so that what two people add at two places does not collide even in a plain comparison of lines;
//! other records by id; what is empty is left out. The last line holds the hash of all before it.

use super::{
    FORMAT, TRAILER, VERSION_FIELD,
    read::hash_of_lines,
    v1::{IN_POSITION, IN_QUOTE},
    version_of,
};
use crate::{
    anchor::{Kept, Selector},
    annotation::{
        Agent, Annotation, AnnotationSet, Article, Attribution, Claim, ClaimStance, Comment, Link,
        Speaker, Tag, Vocabulary,
    },
    format::escape::escape_into,
};
use std::fmt::{Display, Write};

/// Bytes that an annotation takes on average, to ask for the memory at once.
const BYTES_PER_ANNOTATION: usize = 800;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteOptions<'a> {
    /// End the lines with CR LF, because the file came so.
    pub crlf: bool,
    /// Name and version of the program, for the field `writer`.
    pub writer: &'a str,
}

impl Default for WriteOptions<'_> {
    fn default() -> Self {
        Self {
            crlf: false,
            writer: concat!("sourcemark ", env!("CARGO_PKG_VERSION")),
        }
    }
}

/// Returns the file's text.
pub fn write(set: &AnnotationSet, options: WriteOptions<'_>) -> String {
    let text_len = set
        .article
        .embedded_text
        .as_ref()
        .map_or(0, |text| text.len() + text.len() / 20);
    let capacity = 16_384 + set.annotations.len() * BYTES_PER_ANNOTATION + text_len;
    let mut emitter = Emitter::new(capacity);
    emitter.file(set, options.writer);
    emitter.finish(options.crlf)
}

/// Writes records; knows how deep it is in them.
#[derive(Default)]
pub(super) struct Emitter {
    pub(super) out: String,
    depth: usize,
}

impl Emitter {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            out: String::with_capacity(capacity),
            depth: 0,
        }
    }

    /// Returns the text with its last line, which holds the hash of all before it.
    pub(super) fn finish(self, crlf: bool) -> String {
        let (mut out, newline) = match crlf {
            true => (self.out.replace('\n', "\r\n"), "\r\n"),
            false => (self.out, "\n"),
        };
        let hash = hash_of_lines(&out).to_hex();
        out.push_str(TRAILER);
        out.push_str(&hash);
        out.push_str(newline);
        out
    }

    /// Writes the whole file, with its head and its fields.
    pub(super) fn whole(
        &mut self,
        (format, version): (&str, (u16, u16)),
        writer: &str,
        fields: impl FnOnce(&mut Self),
    ) {
        self.out.push_str("(\n");
        self.depth += 1;
        self.text("format", format);
        let (major, minor) = version;
        self.bare("version", format_args!("({major}, {minor})"));
        self.text("writer", writer);
        fields(self);
        self.depth -= 1;
        self.out.push_str(")\n");
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
    }

    pub(super) fn name(&mut self, name: &str) {
        self.indent();
        self.out.push_str(name);
        self.out.push_str(": ");
    }

    pub(super) fn quoted(&mut self, text: &str) {
        self.out.push('"');
        escape_into(&mut self.out, text);
        self.out.push('"');
    }

    pub(super) fn end(&mut self) {
        self.out.push_str(",\n");
    }

    /// Writes `name: "text",`.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        self.quoted(text);
        self.end();
    }

    /// Writes `name: "text",` unless the text is empty.
    pub(super) fn text_if_any(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.text(name, text);
        }
    }

    /// Writes `name: "value",` for a value that needs no escapes.
    pub(super) fn shown(&mut self, name: &str, value: impl Display) {
        self.name(name);
        self.display(format_args!("\"{value}\""));
        self.end();
    }

    /// Writes `name: value,` as it is.
    pub(super) fn bare(&mut self, name: &str, value: impl Display) {
        self.name(name);
        self.display(value);
        self.end();
    }

    pub(super) fn display(&mut self, value: impl Display) {
        // A `String` takes whatever it is given; there is nothing to report.
        if write!(self.out, "{value}").is_err() {
            debug_assert!(false, "writing into memory failed");
        }
    }

    /// Writes `name: ["one", "two"],` unless the list is empty.
    pub(super) fn texts(&mut self, name: &str, texts: impl Iterator<Item = impl AsRef<str>>) {
        let mut texts = texts.peekable();
        if texts.peek().is_none() {
            return;
        }
        self.name(name);
        self.quoted_list(texts);
        self.end();
    }

    /// Writes `["one", "two"]`.
    pub(super) fn quoted_list(&mut self, texts: impl Iterator<Item = impl AsRef<str>>) {
        self.out.push('[');
        for (idx, text) in texts.enumerate() {
            if idx > 0 {
                self.out.push_str(", ");
            }
            self.quoted(text.as_ref());
        }
        self.out.push(']');
    }

    /// Writes `name: Some(` … `),`.
    pub(super) fn some(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        self.name(name);
        self.out.push_str("Some(");
        value(self);
        self.out.push_str("),\n");
    }

    /// Writes `name: [` … `],` with one record after the other, unless there is none.
    pub(super) fn list<T>(
        &mut self,
        name: &str,
        records: impl Iterator<Item = T>,
        fields: impl Fn(&mut Self, T),
    ) {
        let mut records = records.peekable();
        if records.peek().is_none() {
            return;
        }
        self.name(name);
        self.records(records, fields);
        self.end();
    }

    /// Writes `[` … `]` with one record after the other.
    pub(super) fn records<T>(
        &mut self,
        records: impl Iterator<Item = T>,
        fields: impl Fn(&mut Self, T),
    ) {
        self.out.push_str("[\n");
        self.depth += 1;
        for record in records {
            self.indent();
            self.fields(|e| fields(e, record));
            self.end();
        }
        self.depth -= 1;
        self.indent();
        self.out.push(']');
    }

    /// Writes `name: (` … `),`.
    pub(super) fn record(&mut self, name: &str, fields: impl FnOnce(&mut Self)) {
        self.name(name);
        self.fields(fields);
        self.end();
    }

    /// Writes `(` … `)`, with a field on each line.
    pub(super) fn fields(&mut self, fields: impl FnOnce(&mut Self)) {
        self.out.push_str("(\n");
        self.depth += 1;
        fields(self);
        self.depth -= 1;
        self.indent();
        self.out.push(')');
    }

    /// Writes the unknown fields whose names begin with `prefix`, last and as they were written.
    pub(super) fn kept(&mut self, kept: &Kept, prefix: &str) {
        for (name, value) in kept.iter() {
            if let Some(name) = name.strip_prefix(prefix)
                && !name.contains('/')
            {
                self.kept_field(name, value);
            }
        }
    }

    fn kept_field(&mut self, name: &str, value: &str) {
        self.indent();
        self.field_name(name);
        self.out.push_str(": ");
        self.out.push_str(value);
        self.end();
    }

    /// Writes the name of a field, after `r#` if it is not an ordinary identifier.
    fn field_name(&mut self, name: &str) {
        let is_plain = name.chars().all(|c| c.is_alphanumeric() || c == '_')
            && name
                .chars()
                .next()
                .is_some_and(|c| c.is_alphabetic() || c == '_');
        if !is_plain {
            self.out.push_str("r#");
        }
        self.out.push_str(name);
    }

    fn file(&mut self, set: &AnnotationSet, writer: &str) {
        self.whole((FORMAT, version_of(set)), writer, |e| e.records_of(set));
    }

    fn records_of(&mut self, set: &AnnotationSet) {
        self.record("article", |e| e.article(&set.article));
        self.list("agents", set.agents.values(), |e, it| e.agent(it));
        self.list("tags", set.tags.values(), |e, it| e.tag(it));
        self.list("speakers", set.speakers.values(), |e, it| e.speaker(it));
        self.list("claims", set.claims.values(), |e, it| e.claim(it));
        self.list("links", set.links.values(), |e, it| e.link(it));
        let mut annotations: Vec<&Annotation> = set.annotations.values().map(|it| &**it).collect();
        annotations.sort_by_key(|it| (it.segments.first().map(|first| first.position), it.id));
        self.list("annotations", annotations.into_iter(), Self::annotation);
        let tombstones = set.tombstones.iter();
        self.list(
            "tombstones",
            tombstones.map(|(record, it)| (record, &**it)),
            Self::tombstone,
        );
        self.list("conflicts", set.conflicts.values(), |e, it| e.conflict(it));
        self.list("decisions", set.decisions.values(), |e, it| e.decision(it));
        for (name, value) in set.kept.iter().filter(|(name, _)| *name != VERSION_FIELD) {
            self.kept_field(name, value);
        }
    }

    pub(super) fn article(&mut self, article: &Article) {
        self.text("file_name", &article.file_name);
        self.shown("hash", article.edition);
        self.bare("length_code_points", article.n_chars);
        self.bare("length_bytes", article.n_bytes);
        self.text("encoding", &article.encoding);
        self.text("newline", article.newline.name());
        self.text_if_any("title", &article.title);
        self.text_if_any("url", &article.url);
        self.text_if_any("publisher", &article.publisher);
        self.text_if_any("author", &article.author);
        self.text_if_any("date", &article.date);
        if let Some(text) = &article.embedded_text {
            self.some("text", |e| e.quoted(text));
        }
        self.kept(&article.kept, "");
    }

    pub(super) fn agent(&mut self, agent: &Agent) {
        self.shown("id", agent.id);
        self.text_if_any("name", &agent.name);
        self.bare("kind", agent.kind.written());
        self.kept(&agent.kept, "");
    }

    pub(super) fn tag(&mut self, tag: &Tag) {
        self.text("id", tag.id.as_str());
        self.text("name", &tag.name);
        self.shown("colour", tag.colour);
        self.bare("pattern", tag.pattern.written());
        if let Some(key) = tag.key {
            self.some("key", |e| e.quoted(key.encode_utf8(&mut [0; 4])));
        }
        self.text_if_any("guideline", &tag.guideline);
        self.kept(&tag.kept, "");
    }

    pub(super) fn speaker(&mut self, speaker: &Speaker) {
        self.shown("id", speaker.id);
        self.text_if_any("name", &speaker.name);
        self.texts("aliases", speaker.aliases.iter());
        self.text_if_any("role", &speaker.role);
        self.text_if_any("side", &speaker.side);
        self.kept(&speaker.kept, "");
    }

    pub(super) fn claim(&mut self, claim: &Claim) {
        self.shown("id", claim.id);
        self.text_if_any("text", &claim.text);
        self.text_if_any("note", &claim.note);
        self.kept(&claim.kept, "");
    }

    pub(super) fn link(&mut self, link: &Link) {
        self.shown("id", link.id);
        self.shown("from", link.from);
        self.shown("to", link.to);
        self.bare("kind", link.kind.written());
        self.shown("creator", link.creator);
        self.shown("created", link.created);
        self.kept(&link.kept, "");
    }

    pub(super) fn annotation(&mut self, annotation: &Annotation) {
        self.shown("id", annotation.id);
        if annotation.segments.is_empty() {
            self.bare("segments", "[]");
        }
        self.list("segments", annotation.segments.iter(), Self::segment);
        self.texts("tags", annotation.tags.iter().map(|tag| tag.as_str()));
        self.text_if_any("note", &annotation.note);
        self.list("comments", annotation.comments.iter(), Self::comment);
        if !annotation.attribution.is_empty() {
            self.record("attribution", |e| e.attribution(&annotation.attribution));
        }
        self.list("claims", annotation.claims.iter(), Self::stance);
        if !annotation.attributes.is_empty() {
            self.name("attributes");
            self.out.push_str("{\n");
            self.depth += 1;
            for (name, value) in &annotation.attributes {
                self.indent();
                self.quoted(name);
                self.out.push_str(": ");
                self.quoted(value);
                self.end();
            }
            self.depth -= 1;
            self.indent();
            self.out.push_str("},\n");
        }
        self.shown("creator", annotation.creator);
        let also_by = annotation.also_by.iter().map(ToString::to_string);
        self.texts("also_by", also_by);
        self.shown("created", annotation.created);
        if annotation.modified != annotation.created {
            self.shown("modified", annotation.modified);
        }
        self.kept(&annotation.kept, "");
    }

    pub(super) fn segment(&mut self, segment: &Selector) {
        let (start, end) = (segment.position.start.get(), segment.position.end.get());
        self.name("position");
        self.display(format_args!("(start: {start}, end: {end}"));
        for (name, value) in segment.kept.iter() {
            if let Some(name) = name.strip_prefix(IN_POSITION) {
                self.out.push_str(", ");
                self.field_name(name);
                self.out.push_str(": ");
                self.out.push_str(value);
            }
        }
        self.out.push_str("),\n");
        self.record("quote", |e| {
            e.text("exact", &segment.quote.exact);
            e.text_if_any("prefix", &segment.quote.prefix);
            e.text_if_any("suffix", &segment.quote.suffix);
            e.kept(&segment.kept, IN_QUOTE);
        });
        self.kept(&segment.kept, "");
    }

    fn comment(&mut self, comment: &Comment) {
        self.shown("id", comment.id);
        self.shown("author", comment.author);
        self.shown("created", comment.created);
        self.text_if_any("text", &comment.text);
        self.kept(&comment.kept, "");
    }

    fn attribution(&mut self, attribution: &Attribution) {
        if let Some(speaker) = attribution.speaker {
            self.bare("speaker", format_args!("Some(\"{speaker}\")"));
        }
        self.text_if_any("cue", &attribution.cue);
        if let Some(mode) = &attribution.mode {
            self.bare("mode", format_args!("Some({})", mode.written()));
        }
        let reporters = attribution.reported_by.iter().map(ToString::to_string);
        self.texts("reported_by", reporters);
        self.kept(&attribution.kept, "");
    }

    fn stance(&mut self, stance: &ClaimStance) {
        self.shown("claim", stance.claim);
        self.bare("stance", stance.stance.written());
        self.kept(&stance.kept, "");
    }
}
