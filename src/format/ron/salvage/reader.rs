//! Goes through a damaged file record by record.
//!
//! Where the brackets fit, the file says itself what comes next, and a record that cannot be read costs no
//! other. Where they do not, the next bracket is looked for that a whole record begins with; what lies between
//! is reported as one loss. Strings are not believed while searching, because a lost quotation mark turns
//! everything behind it inside out. Every byte is parsed a few times at most: searching has a budget.

use super::{
    loss::{LossKind, Losses, Places, named},
    records::{AnyRecord, Field, Fields, Kind, absorb, repair},
    scan::{comment_len, identifier, list_before, next_bracket},
};
use crate::{
    annotation::{AnnotationSet, Article},
    format::{
        ron::{
            limits::{MAX_RECORDS, start_counting},
            read::{Stop, parse_first},
            record::{FieldName, Text, Unknown},
            v1,
        },
        shown,
    },
    text::EditionId,
};
use ::ron::{error::Error as RonError, value::RawValue};
use std::marker::PhantomData;

/// How often the whole file may be parsed over again while searching.
const EFFORT: usize = 8;

/// What each attempt costs besides its bytes.
const ATTEMPT: usize = 256;
/// Most records that are read; a whole file has a million of each kind at most.
const MAX_RECORDS_IN_ALL: usize = 2 * MAX_RECORDS;

/// What was read.
pub(super) struct Collected {
    pub(super) set: AnnotationSet,
    pub(super) format: Option<String>,
    pub(super) version: Option<(u16, u16)>,
    pub(super) writer: Option<String>,
    pub(super) has_article: bool,
    pub(super) n_records: usize,
    pub(super) unknown: Unknown,
    pub(super) losses: Losses,
}

impl Collected {
    pub(super) fn new(article: Article, losses: Losses) -> Self {
        let mut set = AnnotationSet::new(article);
        set.tags.clear();
        Self {
            set,
            format: None,
            version: None,
            writer: None,
            has_article: false,
            n_records: 0,
            unknown: Unknown::default(),
            losses,
        }
    }
}

/// What is expected at the present place.
enum State {
    /// The fields of the file.
    Fields,
    /// The elements of a list.
    Elements(Kind),
    /// Nothing is certain since a place, for this reason.
    Lost { since: usize, message: String },
    /// The end.
    Done,
}

/// Adds all that can be read of `text` to `collected`.
pub(super) fn collect(text: &str, collected: &mut Collected) {
    start_counting();
    let mut reader = Reader {
        text,
        at: 0,
        budget: text.len().saturating_mul(EFFORT).saturating_add(1 << 20),
        section: None,
        places: Places::new(text),
        to: collected,
    };
    let mut state = reader.head();
    loop {
        state = match state {
            State::Fields => reader.field(),
            State::Elements(kind) => reader.element(kind),
            State::Lost { since, message } => reader.search(since, message),
            State::Done => return,
        };
    }
}

struct Reader<'a, 'c> {
    text: &'a str,
    at: usize,
    /// Bytes that may still be parsed for nothing.
    budget: usize,
    /// The list that was read last.
    section: Option<Kind>,
    places: Places<'a>,
    to: &'c mut Collected,
}

impl<'a> Reader<'a, '_> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn tell(&mut self, at: usize, what: LossKind) {
        // Places are worked out for what is listed only.
        let is_full = self.to.losses.is_full();
        let place = if is_full { (1, 1) } else { self.places.of(at) };
        self.to.losses.add(place, what);
    }

    /// Takes `n_bytes` from the budget; whether there was enough.
    fn spend(&mut self, n_bytes: usize) -> bool {
        let left = self.budget.checked_sub(n_bytes + ATTEMPT);
        self.budget = left.unwrap_or(0);
        left.is_some()
    }

    fn lost(&self, message: impl Into<String>) -> State {
        State::Lost {
            since: self.at,
            message: message.into(),
        }
    }

    /// Passes over blanks, commas and comments. An unfinished comment is not passed over.
    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            let n_blank = rest.len() - trimmed.len();
            let Some(n_comment) = comment_len(trimmed, &mut self.budget) else {
                self.at += n_blank;
                return;
            };
            self.at += n_blank + n_comment;
        }
    }

    /// Reads `(`, with or without a name before it.
    fn head(&mut self) -> State {
        self.skip_blank();
        let name = identifier(self.rest()).map_or(0, |(_, n_bytes)| n_bytes);
        let before = self.at;
        self.at += name;
        self.skip_blank();
        if self.rest().starts_with('(') {
            self.at += 1;
            return State::Fields;
        }
        self.at = before;
        let message = "the file does not begin with an opening bracket".to_owned();
        // Something is before the file: a setting of RON, a line of a letter.
        if let Some(bracket) = next_bracket(self.text, self.at) {
            self.at = bracket + 1;
            self.skip_blank();
            if identifier(self.rest())
                .is_some_and(|(name, _)| ["format", "version"].contains(&name))
            {
                self.stretch(before, bracket, message);
                return State::Fields;
            }
        }
        self.at = before;
        State::Lost {
            since: before,
            message,
        }
    }

    /// Reads one field of the file, or its end.
    fn field(&mut self) -> State {
        self.skip_blank();
        let start = self.at;
        let rest = self.rest();
        if rest.starts_with(')') {
            self.at += 1;
            self.skip_blank();
            return match self.rest() {
                "" => State::Done,
                _ => self.lost("something stands behind the end of the records"),
            };
        }
        if rest.is_empty() {
            self.cut_off(start);
            return State::Done;
        }
        // By the parser, because what is unknown is kept under this name and must be read again.
        let Ok((FieldName(name), n_bytes)) = parse_first(rest, PhantomData) else {
            return self.lost("expected the name of a field");
        };
        self.at += n_bytes;
        self.skip_blank();
        if !self.rest().starts_with(':') {
            self.at = start;
            return self.lost("expected a colon behind the name of a field");
        }
        self.at += 1;
        self.skip_blank();
        let list = Kind::of_list(name).filter(|_| self.rest().starts_with('['));
        if let Some(kind) = list {
            self.at += 1;
            return State::Elements(kind);
        }
        let value = self.at;
        match self.value(name) {
            Ok(()) => State::Fields,
            Err(stop) => {
                // A value that is whole but of the wrong kind costs nothing else.
                if let Ok((_, n_bytes)) = parse_first(self.rest(), PhantomData::<&RawValue>)
                    && self.spend(n_bytes)
                {
                    self.at += n_bytes;
                    self.tell(
                        value,
                        LossKind::Field {
                            field: shown(name, 60),
                            record: "the file".to_owned(),
                            message: stop.message,
                        },
                    );
                    return State::Fields;
                }
                State::Lost {
                    since: start,
                    message: stop.message,
                }
            }
        }
    }

    /// Reads the value of a field of the file that is not a list of records. A second one of the same name is an error.
    fn value(&mut self, name: &str) -> Result<(), Stop> {
        let rest = self.rest();
        let twice = || {
            Err(Stop {
                at: 0,
                message: format!("the field `{}` is there twice", shown(name, 60)),
            })
        };
        let n_bytes = match name {
            "format" if self.to.format.is_some() => return twice(),
            "format" => {
                let (Text(format), n_bytes) = parse_first(rest, PhantomData)?;
                self.to.format = Some(format);
                n_bytes
            }
            "version" if self.to.version.is_some() => return twice(),
            "version" => {
                let (version, n_bytes) = parse_first(rest, PhantomData::<(u16, u16)>)?;
                self.to.version = Some(version);
                n_bytes
            }
            "writer" if self.to.writer.is_some() => return twice(),
            "writer" => {
                let (Text(writer), n_bytes) = parse_first(rest, PhantomData)?;
                self.to.writer = Some(writer);
                n_bytes
            }
            "article" if self.to.has_article => return twice(),
            "article" => self.article()?,
            _ if v1::File::FIELDS.contains(&name) => {
                return Err(Stop {
                    at: 0,
                    message: "expected a list of records".to_owned(),
                });
            }
            _ => {
                let (value, n_bytes) = parse_first(rest, PhantomData::<&RawValue>)?;
                let kept = &mut self.to.unknown;
                kept.admit(name)
                    .and_then(|()| kept.keep(name, value))
                    .map_err(|error: RonError| Stop {
                        at: 0,
                        message: error.to_string(),
                    })?;
                n_bytes
            }
        };
        self.at += n_bytes;
        Ok(())
    }

    /// Returns the article, as much of it as can be read; its length, or why the file does not go on behind it.
    fn article(&mut self) -> Result<usize, Stop> {
        let rest = self.rest();
        let stop = match parse_first(rest, PhantomData::<v1::ArticleRecord>) {
            Ok((record, n_bytes)) => {
                self.to.set.article = record.into();
                self.to.has_article = true;
                return Ok(n_bytes);
            }
            Err(stop) => stop,
        };
        let (mut fields, whole) = self.fields_here("Article");
        let no_hash = format!("\"{}\"", EditionId::UNKNOWN);
        let mut missing = Vec::new();
        let hash = fields.iter().find(|field| field.name == "hash");
        let hash = hash.and_then(Field::unquoted).and_then(EditionId::parse);
        if hash.is_none() {
            fields.retain(|field| field.name != "hash");
            fields.push(Field {
                name: "hash",
                value: &no_hash,
            });
            missing.push("which text was annotated");
        }
        if !fields.iter().any(|field| field.name == "file_name") {
            fields.push(Field {
                name: "file_name",
                value: "\"\"",
            });
            missing.push("what the article's file was called");
        }
        let parse = |text: &str| {
            let (record, _) = parse_first(text, PhantomData::<v1::ArticleRecord>)?;
            Ok(Article::from(record))
        };
        if let Ok(repaired) = repair(fields, self.budget, parse) {
            self.to.set.article = repaired.record;
            self.to.has_article = true;
            let at = self.at;
            for dropped in repaired.dropped {
                self.tell_field(at, dropped.field, "the article", dropped.message);
            }
            for what in missing {
                self.tell(at, LossKind::ArticleUnknown { what });
            }
        }
        whole.ok_or(stop)
    }

    /// Returns the fields of the record at the present place, and its length if it is whole.
    fn fields_here(&mut self, written: &'static str) -> (Vec<Field<'a>>, Option<usize>) {
        let mut found = Vec::new();
        let seed = Fields {
            written,
            found: &mut found,
        };
        let (n_bytes, whole) = match parse_first(self.rest(), seed) {
            Ok(((), n_bytes)) => (n_bytes, Some(n_bytes)),
            Err(stop) => (stop.at, None),
        };
        self.spend(n_bytes);
        (found, whole)
    }

    fn tell_field(&mut self, record_at: usize, field: Field<'_>, record: &str, message: String) {
        // Fields are parts of the file, but for those that were made up.
        let before = (field.name.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
        let at = before.filter(|at| *at < self.text.len());
        self.tell(
            at.unwrap_or(record_at),
            LossKind::Field {
                field: shown(field.name, 60),
                record: record.to_owned(),
                message,
            },
        );
    }

    /// Reads one record of a list, or the end of the list.
    fn element(&mut self, kind: Kind) -> State {
        self.section = Some(kind);
        self.skip_blank();
        let start = self.at;
        let rest = self.rest();
        if rest.is_empty() {
            self.cut_off(start);
            return State::Done;
        }
        if rest.starts_with(']') {
            self.at += 1;
            return State::Fields;
        }
        if !rest.starts_with('(') && identifier(rest).is_none() {
            return self.lost(format!("expected a record among the {}s", kind.word()));
        }
        match kind.parse(rest) {
            Ok(_) if self.to.n_records >= MAX_RECORDS_IN_ALL => self.give_up(),
            Ok((record, n_bytes)) => {
                self.at += n_bytes;
                self.take(start, record);
                State::Elements(kind)
            }
            Err(stop) => self.broken(kind, stop),
        }
    }

    fn take(&mut self, at: usize, record: AnyRecord) {
        self.to.n_records += 1;
        if let Some((what, id, new_id)) = absorb(&mut self.to.set, record) {
            self.tell(at, LossKind::Twin { what, id, new_id });
        }
    }

    /// Reads a broken record at the present place, without its wrong fields.
    fn broken(&mut self, kind: Kind, stop: Stop) -> State {
        let start = self.at;
        if !self.spend(stop.at) {
            return self.give_up();
        }
        let (fields, whole) = self.fields_here(kind.written());
        let is_taken = self.take_repaired(kind, &fields);
        match whole {
            Some(n_bytes) => {
                self.at = start + n_bytes;
                if !is_taken {
                    let record = name_of(kind, &fields);
                    let message = stop.message;
                    self.tell(start + stop.at, LossKind::Record { record, message });
                }
                State::Elements(kind)
            }
            None => {
                let message = format!("in {}, {}", name_of(kind, &fields), stop.message);
                State::Lost {
                    since: start,
                    message,
                }
            }
        }
    }

    /// Takes the record with these fields, without those that are wrong; whether it could be taken.
    fn take_repaired(&mut self, kind: Kind, fields: &[Field<'a>]) -> bool {
        let start = self.at;
        let parse = |text: &str| kind.parse(text).map(|(record, _)| record);
        let Ok(repaired) = repair(fields.to_vec(), self.budget, parse) else {
            return false;
        };
        self.spend(repaired.effort);
        let record = name_of(kind, fields);
        self.take(start, repaired.record);
        for dropped in repaired.dropped {
            self.tell_field(start, dropped.field, &record, dropped.message);
        }
        true
    }

    /// Looks for the next record that is whole; everything since `since` and before it is lost.
    fn search(&mut self, since: usize, message: String) -> State {
        while let Some(at) = next_bracket(self.text, self.at) {
            self.at = at;
            if self.budget == 0 {
                self.tell(at, LossKind::GaveUp);
                break;
            }
            let hint = list_before(self.text, at);
            let (fields, whole) = self.fields_here("");
            let kind = Kind::guess(&fields, hint.or(self.section));
            if let (Some(_), Some(kind)) = (whole, kind) {
                match kind.parse(self.rest()) {
                    Ok((record, n_bytes)) => {
                        self.stretch(since, at, message);
                        self.at = at + n_bytes;
                        self.take(at, record);
                        return State::Elements(kind);
                    }
                    Err(stop) => {
                        self.spend(stop.at);
                    }
                }
            }
            self.at = at + 1;
        }
        self.stretch(since, self.text.len(), message);
        State::Done
    }

    /// Tells the stretch from `since` to `end`, without the blanks at its end.
    fn stretch(&mut self, since: usize, end: usize, message: String) {
        if self.to.losses.is_full() {
            self.to.losses.n_all += 1;
            return;
        }
        let lost = self.text.get(since..end).unwrap_or_default();
        let last = since + lost.trim_end().len();
        let (first_line, _) = self.places.of(since);
        let (last_line, _) = self.places.of(last);
        self.tell(
            since,
            LossKind::Stretch {
                first_line,
                last_line,
                message,
            },
        );
    }

    fn give_up(&mut self) -> State {
        self.tell(self.at, LossKind::GaveUp);
        State::Done
    }

    fn cut_off(&mut self, at: usize) {
        let message = "the file ends too early, as after a broken download".to_owned();
        self.stretch(at, at, message);
    }
}

/// Returns what a record is called in messages.
fn name_of(kind: Kind, fields: &[Field<'_>]) -> String {
    let id = fields.iter().find(|field| field.name == "id");
    named(kind.word(), id.and_then(Field::unquoted))
}
