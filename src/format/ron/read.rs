//! From the text of an annotation file to an annotation set, with everything odd about it.
//!
//! The header is read alone first, so that another program's file and a newer version are called by their
//! names. What loses nothing is reported as a finding; what would lose something is an error with its place.

use super::{
    FORMAT, Finding, TRAILER, VERSION, VERSION_FIELD,
    beside::beside,
    check,
    conflict::conflicts,
    limits::{MAX_DEPTH, TOO_LONG, start_counting},
    merging::Named,
    record::{FieldName, Text},
    v1,
};
use crate::{
    annotation::{AnnotationSet, Kept},
    format::{FormatError, FormatErrorKind, shown},
};
use ::ron::{Deserializer as RonDeserializer, Options, error::Error as RonError};
use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor},
};
use std::{borrow::Cow, collections::BTreeMap, fmt, sync::Arc};

/// Bytes from which on the hash of a file is worked out beside reading it.
const MIN_SHARED_BYTES: usize = 1 << 20;

/// Whether the last line agrees with the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trailer {
    /// The file is as it was written.
    Good,
    /// There is none: written by hand or by another program.
    Missing,
    /// The file was changed after it was written, by hand or by damage.
    Wrong,
}

/// What was in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadFile {
    /// The records.
    pub set: AnnotationSet,
    /// The version of the format, major and minor.
    pub version: (u16, u16),
    /// Name and version of the program that wrote it; empty when it does not say.
    pub writer: String,
    /// Whether the major version is newer than this program knows: to be shown, not to be written.
    pub newer_major: bool,
    /// Whether most lines end with CR LF, and should again.
    pub crlf: bool,
    /// Whether the last line agrees with the rest.
    pub trailer: Trailer,
    /// What is odd but loses nothing.
    pub findings: Vec<Finding>,
}

/// Reads a file's bytes.
///
/// # Errors
/// See [`FormatErrorKind`]; also when the bytes are not UTF-8.
pub fn read_bytes(bytes: &[u8]) -> Result<ReadFile, FormatError> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return read(text),
        Err(error) => error,
    };
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(FormatError::at_byte(FormatErrorKind::NotUtf8, "", 0));
    }
    let at = error.valid_up_to();
    // Only as much behind the place as a line can show: the damage may go on for a gigabyte.
    let end = bytes.len().min(at + 1_000);
    let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default());
    let error = FormatError::at_byte(FormatErrorKind::NotUtf8, &head, at);
    Err(error.unquoted_unless_ours(bytes))
}

/// Reads a file's text. A byte order mark before it is passed over.
///
/// # Errors
/// See [`FormatErrorKind`]. Whatever would be lost by writing the file again is an error: two records of one
/// name, a name or time that cannot be read.
pub fn read(text: &str) -> Result<ReadFile, FormatError> {
    read_text(text).map_err(|error| error.unquoted_unless_ours(text.as_bytes()))
}

fn read_text(text: &str) -> Result<ReadFile, FormatError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    recognise(text)?;
    // In such a file CR LF is one line ending everywhere, in what is kept as written too; it is put back when
    // the file is written. Strings hold none: their line endings are escapes.
    let (crlf, whole) = (is_crlf(text), text);
    let plain = if crlf {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    };
    let text = &*plain;
    let header = read_header(text, FORMAT)?;
    let newer_major = match header.version.0 {
        // The door for older versions: 0 was never published, so nothing passes through it yet.
        0 => return Err(version_error(text, header.version)),
        1 => false,
        _ => true,
    };
    let (read, trailer) = read_beside_hash(text, whole);
    let (mut set, writer) = match read {
        Ok(read) => read,
        Err(_) if newer_major => return Err(version_error(text, header.version)),
        Err(error) => return Err(error),
    };
    if header.version > VERSION {
        carry_version(&mut set, header.version);
    }
    let findings = check::check(&set, header.version <= VERSION);
    Ok(ReadFile {
        set,
        version: header.version,
        writer,
        newer_major,
        crlf,
        trailer,
        findings,
    })
}

/// Returns the records of `text`, and what the hash at the end of `whole` says: of a large file that takes a while
/// and needs nothing of what is read, so it has a thread of its own.
fn read_beside_hash(
    text: &str,
    whole: &str,
) -> (Result<(AnnotationSet, String), FormatError>, Trailer) {
    if whole.len() < MIN_SHARED_BYTES {
        return (read_v1(text), check_trailer(whole));
    }
    beside(|| read_v1(text), || check_trailer(whole))
}

/// Calls what is certainly no annotation file by its name.
pub(super) fn recognise(text: &str) -> Result<(), FormatError> {
    let start = text.trim_start();
    let foreign = |what| {
        let at = text.len() - start.len();
        Err(FormatError::at_byte(
            FormatErrorKind::Foreign { what },
            text,
            at,
        ))
    };
    if start.is_empty() {
        return Err(FormatError::at_byte(FormatErrorKind::Empty, "", 0));
    }
    if start.trim_matches(['\0', '\r', '\n', ' ']).is_empty() {
        let n_bytes = text.len();
        let kind = FormatErrorKind::OnlyNuls { n_bytes };
        return Err(FormatError::at_byte(kind, "", 0));
    }
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        return Err(FormatError::at_byte(FormatErrorKind::Nul, text, at));
    }
    let conflicts = conflicts(text);
    if let Some(first) = conflicts.first() {
        let line = first.first;
        let kind = FormatErrorKind::Conflict { conflicts };
        return Err(FormatError::at_line(kind, text, line, 1));
    }
    if start.starts_with("{\"") || start.starts_with("{\n") || start.starts_with("{\r\n") {
        return foreign("a JSON file");
    }
    if start.starts_with('<') {
        return foreign("a web page or an XML file");
    }
    Ok(())
}

pub(super) struct Header {
    pub(super) version: (u16, u16),
}

pub(super) fn read_header(text: &str, expected: &'static str) -> Result<Header, FormatError> {
    let (mut format, mut version) = (None, None);
    let result = parse(
        text,
        HeaderSeed {
            format: &mut format,
            version: &mut version,
        },
    );
    match (format, version) {
        (Some(format), Some(version)) if format == expected => Ok(Header { version }),
        (Some(format), _) if format != expected => Err(FormatError::at_byte(
            FormatErrorKind::OtherFormat {
                found: shown(&format, 80),
                expected,
            },
            text,
            memchr::memmem::find(text.as_bytes(), b"format").unwrap_or(0),
        )),
        (None, _)
            if result.is_ok() || parse(text, std::marker::PhantomData::<IgnoredAny>).is_ok() =>
        {
            Err(FormatError::at_byte(FormatErrorKind::NoFormat, text, 0))
        }
        _ => Err(result.err().unwrap_or_else(|| {
            let message = "there is no field `version`".to_owned();
            FormatError::at_byte(FormatErrorKind::Syntax { message }, text, 0)
        })),
    }
}

/// Reads `format` and `version` and then gives up: the rest of a large file need not be parsed for them. The
/// error it gives up with is not looked at when both are there.
struct HeaderSeed<'a> {
    format: &'a mut Option<String>,
    version: &'a mut Option<(u16, u16)>,
}

impl<'de> DeserializeSeed<'de> for HeaderSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_struct("File", &["format", "version"], self)
    }
}

impl<'de> Visitor<'de> for HeaderSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an annotation file")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(FieldName(field)) = map.next_key()? {
            match field {
                "format" => *self.format = Some(map.next_value::<Text>()?.0),
                "version" => *self.version = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if self.format.is_some() && self.version.is_some() {
                return Err(A::Error::custom("both were found"));
            }
        }
        Ok(())
    }
}

pub(super) fn version_error(text: &str, found: (u16, u16)) -> FormatError {
    let at = memchr::memmem::find(text.as_bytes(), b"version").unwrap_or(0);
    FormatError::at_byte(FormatErrorKind::Version { found }, text, at)
}

/// Parses all of `text`; no extension of RON may be switched on in it, because what is kept as written would
/// mean something else without it.
pub(super) fn parse<'de, S: DeserializeSeed<'de>>(
    text: &'de str,
    seed: S,
) -> Result<S::Value, FormatError> {
    start_counting();
    let place = |error: ::ron::error::SpannedError| {
        // The end of the span is where the parser was; for a value that does not fit, that is behind it.
        let place = match error.code {
            RonError::InvalidValueForType { .. } | RonError::IntegerOutOfBounds => error.span.start,
            RonError::Message(ref message) if message.starts_with(TOO_LONG) => error.span.start,
            _ => error.span.end,
        };
        let kind = FormatErrorKind::Syntax {
            message: say(&error.code),
        };
        FormatError::at_line(kind, text, place.line, place.col)
    };
    let mut deserializer =
        RonDeserializer::from_str_with_options(text, &options()).map_err(place)?;
    if !deserializer.extensions().is_empty() {
        let error = RonError::custom("extensions of RON are not used in this format");
        return Err(place(deserializer.span_error(error)));
    }
    let value = seed
        .deserialize(&mut deserializer)
        .map_err(|error| place(deserializer.span_error(error)))?;
    deserializer
        .end()
        .map_err(|error| place(deserializer.span_error(error)))?;
    Ok(value)
}

fn options() -> Options {
    Options::default().with_recursion_limit(MAX_DEPTH)
}

/// Where and why a part of a file could not be parsed.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    /// The byte where the parser was.
    pub(super) at: usize,
    /// Why, as a clause.
    pub(super) message: String,
}

/// Parses the value that `text` begins with, and says how many bytes it takes. Goes on counting entries where
/// the value before it ended.
pub(super) fn parse_first<'de, S: DeserializeSeed<'de>>(
    text: &'de str,
    seed: S,
) -> Result<(S::Value, usize), Stop> {
    let stop = |at: usize, error: &RonError| Stop {
        at,
        message: say(error),
    };
    let mut deserializer = RonDeserializer::from_str_with_options(text, &options())
        .map_err(|error| stop(0, &error.code))?;
    let result = seed.deserialize(&mut deserializer);
    let at = text.len() - deserializer.remainder().len();
    match result {
        Ok(value) => Ok((value, at)),
        Err(error) => Err(stop(at, &error)),
    }
}

/// Returns the parser's own words, shortened and without a capital: an unknown name in them may be 100 MB long.
fn say(error: &RonError) -> String {
    let message = match error {
        RonError::ExceededRecursionLimit => {
            format!("brackets are nested more than {MAX_DEPTH} deep")
        }
        RonError::Eof => "the file ends too early, as after a broken download".to_owned(),
        other => other.to_string(),
    };
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    shown(
        &first.into_iter().chain(chars.take(400)).collect::<String>(),
        300,
    )
}

/// Returns the records, and the program that wrote them.
fn read_v1(text: &str) -> Result<(AnnotationSet, String), FormatError> {
    let file = parse(text, std::marker::PhantomData::<v1::File>)?;
    let duplicate = |what, id: String| {
        let at = second_id(text, &id).unwrap_or(0);
        Err(FormatError::at_byte(
            FormatErrorKind::DuplicateId { what, id },
            text,
            at,
        ))
    };
    macro_rules! by_id {
        ($field:ident, $what:literal) => {{
            let mut records = imbl::OrdMap::new();
            for record in file.$field.0 {
                if let Some(twin) = records.insert(record.id.clone(), record) {
                    return duplicate($what, twin.id.to_string());
                }
            }
            records
        }};
    }
    let mut tombstones = imbl::OrdMap::new();
    for Named { record, tombstone } in file.tombstones.0 {
        if tombstones
            .insert(record.clone(), Arc::new(tombstone))
            .is_some()
        {
            return duplicate("tombstones", record.id.to_string());
        }
    }
    let set = AnnotationSet {
        article: file.article.into(),
        tags: by_id!(tags, "tags"),
        agents: by_id!(agents, "agents"),
        speakers: by_id!(speakers, "speakers"),
        claims: by_id!(claims, "claims"),
        links: by_id!(links, "links"),
        annotations: by_id!(annotations, "annotations"),
        tombstones,
        conflicts: by_id!(conflicts, "conflicts"),
        decisions: by_id!(decisions, "decisions"),
        kept: file.kept,
    };
    Ok((set, file.writer.0))
}

/// Returns the byte where a record's field `id` says `id` for the second time.
pub(super) fn second_id(text: &str, id: &str) -> Option<usize> {
    let quoted = format!("\"{id}\"");
    let is_id_field = |at: &usize| {
        let before = text.get(..*at).unwrap_or_default().trim_end();
        let name = before.strip_suffix(':').map_or("", str::trim_end);
        name.strip_suffix("id")
            .is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    memchr::memmem::find_iter(text.as_bytes(), quoted.as_bytes())
        .filter(is_id_field)
        .nth(1)
}

/// Returns whether more lines end with CR LF than do not.
pub(super) fn is_crlf(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut n_lines, mut n_crlf) = (0usize, 0usize);
    for at in memchr::memchr_iter(b'\n', bytes) {
        n_lines += 1;
        n_crlf += usize::from(at > 0 && bytes.get(at - 1) == Some(&b'\r'));
    }
    n_crlf * 2 > n_lines
}

/// Keeps a newer minor version of the file with its unknown fields, so that both are written again.
pub(super) fn carry_version(set: &mut AnnotationSet, version: (u16, u16)) {
    let mut fields: BTreeMap<String, String> = set
        .kept
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    fields.insert(
        VERSION_FIELD.to_owned(),
        format!("({}, {})", version.0, version.1),
    );
    set.kept = Kept::new(fields);
}

/// Returns whether the last line holds the hash of everything before it, with CR LF counted as LF.
pub(super) fn check_trailer(text: &str) -> Trailer {
    let body_end = match memchr::memmem::rfind(text.as_bytes(), TRAILER.as_bytes()) {
        Some(at) if at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n') => at,
        _ => return Trailer::Missing,
    };
    let (Some(body), Some(line)) = (text.get(..body_end), text.get(body_end + TRAILER.len()..))
    else {
        return Trailer::Missing;
    };
    let found = hash_of_lines(body).to_hex();
    if line.trim_end() == found.as_str() {
        Trailer::Good
    } else {
        Trailer::Wrong
    }
}

/// Returns the hash of `body` with each CR LF counted as LF.
pub(super) fn hash_of_lines(body: &str) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    let mut rest = body.as_bytes();
    while let Some(at) = memchr::memmem::find(rest, b"\r\n") {
        hasher.update(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    hasher.update(rest);
    hasher.finalize()
}
