//! Reports oddities of a set that lose nothing; the set stays as it is.

use super::{VERSION_FIELD, beside::beside, size};
use crate::text::{hidden::visible_name, is_longer, lookalike, thousands};
use crate::{
    anchor::Selector,
    annotation::{
        AgentId, AgentKind, Annotation, AnnotationSet, ClaimId, Kept, LinkKind, MAX_NAME_CHARS,
        Pattern, QuoteMode, SpeakerId, Stance, TagId, Timestamp,
    },
    format::shown,
};
use std::{collections::BTreeMap, fmt};

/// Most findings of one file. A file that is odd throughout is described by the first of them.
const MAX_FINDINGS: usize = 1_000;

/// Annotations from which on two threads look at them.
const MIN_SHARED: usize = 4_000;

/// The years in which people annotate. A time outside comes from a clock that was not set, or from damage.
const YEARS: [&str; 2] = ["1990-01-01T00:00:00Z", "2100-01-01T00:00:00Z"];

/// One odd thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The record, such as `annotation 01939f3a-…`.
    pub place: String,
    /// What is odd there.
    pub what: Trouble,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Kinds of odd things.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// A link leads to an annotation that does not exist.
    #[error("one end of the link is not an annotation of this file")]
    DanglingLink,
    /// No record describes a tag; reported once for each tag.
    #[error("the tag `{}` has no record; {n_annotations} annotations have it", shown(.tag.as_str(), 100))]
    UnknownTag {
        /// The tag.
        tag: TagId,
        /// How many annotations have it.
        n_annotations: usize,
    },
    /// No record describes a speaker.
    #[error("the speaker {0} has no record")]
    UnknownSpeaker(SpeakerId),
    /// No record describes a claim.
    #[error("the claim {0} has no record")]
    UnknownClaim(ClaimId),
    /// No record describes the person or program.
    #[error("the annotator {0} has no record")]
    UnknownAgent(AgentId),
    /// An annotation has no segment.
    #[error("the annotation has no segment")]
    NoSegment,
    /// A position ends before it starts.
    #[error("segment {segment} ends at {end}, before its start {start}")]
    Reversed {
        /// The segment, from 0.
        segment: usize,
        /// Its start in code points.
        start: usize,
        /// Its end in code points.
        end: usize,
    },
    /// A segment says nothing of its wording, so nothing proves its position.
    #[error("segment {segment} has no quotation")]
    EmptyQuote {
        /// The segment, from 0.
        segment: usize,
    },
    /// A position is past the end of the article as the file describes it.
    #[error(
        "segment {segment} ends at {end}, past the end of the article, which has {length} code points"
    )]
    BehindEnd {
        /// The segment, from 0.
        segment: usize,
        /// Its end in code points.
        end: usize,
        /// Length of the article in code points.
        length: usize,
    },
    /// An open conflict about one field.
    #[error("{}; `sourcemark conflicts` shows and settles it", if .field.is_empty() {
        "one side changed it and another removed it".to_owned()
    } else {
        format!("the sides differ in `{field}`")
    })]
    OpenConflict {
        /// The field; empty for the record as a whole.
        field: String,
    },
    /// A position is not as long as its wording.
    #[error("segment {segment} spans {span} code points, and its quotation has {quote}")]
    OtherLength {
        /// The segment, from 0.
        segment: usize,
        /// Code points from its start to its end.
        span: usize,
        /// Code points of its quotation.
        quote: usize,
    },
    /// Two comments of one annotation have one id.
    #[error("two comments have one id")]
    TwinComments,
    /// A time that cannot be right.
    #[error("the time {0} is far off")]
    OddTime(Timestamp),
    /// A record was changed before it was made.
    #[error("it was last changed at {modified}, before it was made at {created}")]
    ChangedBeforeMade {
        /// When it was last changed.
        modified: Timestamp,
        /// When it was made.
        created: Timestamp,
    },
    /// A field that the file's version does not have: another program's, or a damaged name.
    #[error("the field `{field}` is not part of this format version; it is kept as written")]
    UnknownField {
        /// Its name, shortened.
        field: String,
    },
    /// A word that the file's version does not have.
    #[error("the word `{word}` is not part of this format version; it is kept as written")]
    UnknownWord {
        /// The word, shortened.
        word: String,
    },
    /// A name is longer than an edit may write.
    #[error("the {what} has {} characters, and at most {} are allowed; it is kept as it is", thousands(*.found), thousands(*.most))]
    LongName {
        /// The field, such as `name`.
        what: &'static str,
        /// How many code points it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// The file has more records of a kind than an edit may add.
    #[error("it has {} {what}, and at most {} are allowed; all are kept", thousands(*.found), thousands(*.most))]
    TooMany {
        /// The kind in the plural.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// Two records of one kind have names that can be taken for each other (UTS #39).
    #[error("`{}` and `{}` look alike but are two {kind}", visible_name(.first), visible_name(.second))]
    LookAlikes {
        /// What they are, in the plural.
        kind: &'static str,
        /// The name of the one with the lower id.
        first: String,
        /// The other's.
        second: String,
    },
    /// A name holds hidden characters, or letters of several alphabets in one word.
    #[error("{0}")]
    MisleadingName(String),
}

/// Returns all that is odd about `set`, at most a thousand things. `all_known` says that the file's version is not
/// newer than this program, which then knows all of its fields and words.
pub(super) fn check(set: &AnnotationSet, all_known: bool) -> Vec<Finding> {
    let mut checker = Checker::annotations(set, all_known);
    for link in set.links.values() {
        let place = || format!("link {}", link.id);
        let is_there = |id| set.annotations.contains_key(id);
        if !is_there(&link.from) || !is_there(&link.to) {
            checker.find(place, Trouble::DanglingLink);
        }
        checker.time(place, link.created);
    }
    for conflict in set.conflicts.values() {
        let field = conflict.field.clone();
        checker.find(
            || conflict.record.to_string(),
            Trouble::OpenConflict { field },
        );
    }
    if all_known {
        checker.unknown_parts();
    }
    checker.names();
    let mut findings = size::findings(set);
    let unknown_tags = checker.unknown_tags.into_iter();
    findings.extend(unknown_tags.map(|(tag, (place, n_annotations))| Finding {
        place,
        what: Trouble::UnknownTag { tag, n_annotations },
    }));
    findings.append(&mut checker.findings);
    findings.truncate(MAX_FINDINGS);
    findings
}

struct Checker<'a> {
    set: &'a AnnotationSet,
    findings: Vec<Finding>,
    /// The first annotation with the tag, and how many there are.
    unknown_tags: BTreeMap<TagId, (String, usize)>,
    /// The first usual time, and the first after all usual ones.
    usual: [Timestamp; 2],
}

impl<'a> Checker<'a> {
    fn new(set: &'a AnnotationSet) -> Self {
        let usual = |year| Timestamp::parse(year).unwrap_or(Timestamp::from_unix_seconds(0));
        Self {
            set,
            findings: Vec::new(),
            unknown_tags: BTreeMap::new(),
            usual: YEARS.map(usual),
        }
    }

    /// Looks at all annotations. Of a hundred thousand none is still in the cache, so it is waiting that takes
    /// the time, and two processors wait half as long.
    fn annotations(set: &'a AnnotationSet, all_known: bool) -> Self {
        let all: Vec<&Annotation> = set.annotations.values().map(|it| &**it).collect();
        let look = |some: &[&Annotation]| {
            let mut checker = Self::new(set);
            for annotation in some {
                checker.annotation(annotation);
                if all_known {
                    checker.unknown_in(annotation);
                }
            }
            checker
        };
        if all.len() < MIN_SHARED {
            return look(&all);
        }
        let (first, second) = all.split_at(all.len() / 2);
        let (mut checker, later) = beside(|| look(first), || look(second));
        checker.add(later);
        checker
    }

    /// Adds what was found in later annotations.
    fn add(&mut self, later: Self) {
        self.findings.extend(later.findings);
        self.findings.truncate(MAX_FINDINGS);
        for (tag, (place, n)) in later.unknown_tags {
            self.unknown_tags.entry(tag).or_insert((place, 0)).1 += n;
        }
    }

    fn find(&mut self, place: impl FnOnce() -> String, what: Trouble) {
        if self.findings.len() < MAX_FINDINGS {
            let place = place();
            self.findings.push(Finding { place, what });
        }
    }

    fn time(&mut self, place: impl FnOnce() -> String, time: Timestamp) {
        let [first, after] = self.usual;
        if !(first..after).contains(&time) {
            self.find(place, Trouble::OddTime(time));
        }
    }

    /// Fields and words that the version does not have, of all records but annotations.
    fn unknown_parts(&mut self) {
        let set = self.set;
        self.fields(|| "the file".to_owned(), &set.kept);
        self.fields(|| "the article".to_owned(), &set.article.kept);
        for agent in set.agents.values() {
            let place = || format!("annotator {}", agent.id);
            self.fields(place, &agent.kept);
            if let AgentKind::Kept(word) = &agent.kind {
                self.word(place, word);
            }
        }
        for tag in set.tags.values() {
            let place = || format!("tag {}", tag.id);
            self.fields(place, &tag.kept);
            if let Pattern::Kept(word) = &tag.pattern {
                self.word(place, word);
            }
        }
        for speaker in set.speakers.values() {
            self.fields(|| format!("speaker {}", speaker.id), &speaker.kept);
        }
        for claim in set.claims.values() {
            self.fields(|| format!("claim {}", claim.id), &claim.kept);
        }
        for link in set.links.values() {
            let place = || format!("link {}", link.id);
            self.fields(place, &link.kept);
            if let LinkKind::Kept(word) = &link.kind {
                self.word(place, word);
            }
        }
        for (record, tombstone) in &set.tombstones {
            self.fields(|| format!("tombstone of {record}"), &tombstone.kept);
        }
        for decision in set.decisions.values() {
            let place = || format!("decision {}", decision.id);
            self.fields(place, &decision.kept);
            for mark in &decision.marks {
                self.fields(place, &mark.kept);
            }
        }
        for conflict in set.conflicts.values() {
            let place = || format!("conflict {}", conflict.id);
            self.fields(place, &conflict.kept);
            for side in &conflict.sides {
                self.fields(place, &side.kept);
            }
        }
    }

    /// Reports unknown fields and words of one annotation.
    fn unknown_in(&mut self, annotation: &Annotation) {
        let place = || format!("annotation {}", annotation.id);
        self.fields(place, &annotation.kept);
        self.fields(place, &annotation.attribution.kept);
        for segment in &annotation.segments {
            self.fields(place, &segment.kept);
        }
        for comment in &annotation.comments {
            self.fields(place, &comment.kept);
        }
        if let Some(QuoteMode::Kept(word)) = &annotation.attribution.mode {
            self.word(place, word);
        }
        for stance in &annotation.claims {
            self.fields(place, &stance.kept);
            if let Stance::Kept(word) = &stance.stance {
                self.word(place, word);
            }
        }
    }

    fn fields(&mut self, place: impl Fn() -> String, kept: &Kept) {
        for (name, _) in kept.iter().filter(|(name, _)| *name != VERSION_FIELD) {
            let field = shown(name, 60);
            self.find(&place, Trouble::UnknownField { field });
        }
    }

    fn word(&mut self, place: impl FnOnce() -> String, word: &str) {
        let word = shown(word, 60);
        self.find(place, Trouble::UnknownWord { word });
    }

    /// Names of tags and persons that are not what they look like.
    fn names(&mut self) {
        let set = self.set;
        if !size::is_crowded(set.tags.len()) {
            let tags = set.tags.values();
            let names = tags.map(|tag| (tag.id.to_string(), &*tag.name));
            self.kind("tag", "tags", &names.collect::<Vec<_>>());
        }
        if !size::is_crowded(set.speakers.len()) {
            let speakers = set.speakers.values();
            let names = speakers.map(|speaker| (speaker.id.to_string(), &*speaker.name));
            self.kind("speaker", "speakers", &names.collect::<Vec<_>>());
        }
        if !size::is_crowded(set.agents.len()) {
            let agents = set.agents.values();
            let names = agents.map(|agent| (agent.id.to_string(), &*agent.name));
            self.kind("agent", "annotators", &names.collect::<Vec<_>>());
        }
    }

    /// Reports look-alikes among `names`, ids with their names in the order of the ids. Names that are too long are
    /// reported as such, and not compared.
    fn kind(&mut self, what: &str, kind: &'static str, names: &[(String, &str)]) {
        let is_short = |named: &&(String, &str)| !is_longer(named.1, MAX_NAME_CHARS);
        let names: Vec<&(String, &str)> = names.iter().filter(is_short).collect();
        for (id, name) in &names {
            if let Some(warning) = lookalike::name_warning(name) {
                let warning = warning.trim_end_matches('.').to_owned();
                self.find(|| format!("{what} {id}"), Trouble::MisleadingName(warning));
            }
        }
        let twins = lookalike::twins(names.iter().map(|named| (*named, named.1)));
        for ((id, second), (_, first)) in twins {
            let trouble = Trouble::LookAlikes {
                kind,
                first: (*first).to_owned(),
                second: (*second).to_owned(),
            };
            self.find(|| format!("{what} {id}"), trouble);
        }
    }

    fn annotation(&mut self, annotation: &Annotation) {
        let place = || format!("annotation {}", annotation.id);
        if annotation.segments.is_empty() {
            self.find(place, Trouble::NoSegment);
        }
        for (idx, segment) in annotation.segments.iter().enumerate() {
            if let Some(trouble) = self.segment(idx, segment) {
                self.find(place, trouble);
            }
        }
        for tag in &annotation.tags {
            if !self.set.tags.contains_key(tag) {
                let entry = self.unknown_tags.entry(tag.clone());
                entry.or_insert_with(|| (place(), 0)).1 += 1;
            }
        }
        let attribution = &annotation.attribution;
        for id in attribution.speaker.iter().chain(&attribution.reported_by) {
            if !self.set.speakers.contains_key(id) {
                self.find(place, Trouble::UnknownSpeaker(*id));
            }
        }
        for stance in &annotation.claims {
            if !self.set.claims.contains_key(&stance.claim) {
                self.find(place, Trouble::UnknownClaim(stance.claim));
            }
        }
        let authors = annotation.comments.iter().map(|comment| comment.author);
        let makers = annotation
            .also_by
            .iter()
            .copied()
            .chain([annotation.creator]);
        for id in makers.chain(authors) {
            if !self.set.agents.contains_key(&id) {
                self.find(place, Trouble::UnknownAgent(id));
            }
        }
        let (created, modified) = (annotation.created, annotation.modified);
        self.time(place, created);
        if modified != created {
            self.time(place, modified);
        }
        if modified < created {
            self.find(place, Trouble::ChangedBeforeMade { modified, created });
        }
        for comment in &annotation.comments {
            self.time(place, comment.created);
        }
        if annotation.comments.len() > 1 {
            let mut ids: Vec<_> = annotation.comments.iter().map(|c| c.id).collect();
            ids.sort_unstable();
            if ids.windows(2).any(|pair| pair.first() == pair.last()) {
                self.find(place, Trouble::TwinComments);
            }
        }
    }

    fn segment(&self, segment: usize, selector: &Selector) -> Option<Trouble> {
        let (start, end) = (selector.position.start.get(), selector.position.end.get());
        let length = self.set.article.n_chars;
        if start > end {
            Some(Trouble::Reversed {
                segment,
                start,
                end,
            })
        } else if selector.quote.exact.is_empty() {
            Some(Trouble::EmptyQuote { segment })
        } else if length > 0 && end > length {
            Some(Trouble::BehindEnd {
                segment,
                end,
                length,
            })
        } else {
            let (span, quote) = (end - start, selector.quote.exact.chars().count());
            (span != quote).then_some(Trouble::OtherLength {
                segment,
                span,
                quote,
            })
        }
    }
}
