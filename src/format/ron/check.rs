//! What is odd about a set that was read, but loses nothing: told, and left as it is.

use crate::{
    anchor::Selector,
    annotation::{AgentId, Annotation, AnnotationSet, ClaimId, SpeakerId, TagId},
};
use std::{collections::BTreeMap, fmt};

/// Most findings of one file. A file that is odd throughout is described by the first of them.
const MAX_FINDINGS: usize = 1_000;

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
    /// A link leads to an annotation that is not there (any more).
    #[error("one end of the link is no annotation of this file")]
    DanglingLink,
    /// No record describes a tag; told once for each tag.
    #[error("the tag `{tag}` has no record; {n_annotations} annotations carry it")]
    UnknownTag {
        /// The tag.
        tag: TagId,
        /// How many annotations carry it.
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
    /// An annotation stands on nothing.
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
    /// A segment says nothing of its wording, so nothing proves that it stands where its position says.
    #[error("segment {segment} has no quotation")]
    EmptyQuote {
        /// The segment, from 0.
        segment: usize,
    },
    /// A position lies behind the end of the article as the file describes it.
    #[error(
        "segment {segment} ends at {end}, behind the end of the article, which has {length} code points"
    )]
    BehindEnd {
        /// The segment, from 0.
        segment: usize,
        /// Its end in code points.
        end: usize,
        /// Length of the article in code points.
        length: usize,
    },
    /// Sides have changed one field differently and nobody has chosen.
    #[error("{}; `sourcemark conflicts` shows and settles it", if .field.is_empty() {
        "one side changed it and another removed it".to_owned()
    } else {
        format!("the sides differ in `{field}`")
    })]
    OpenConflict {
        /// The field; empty for the record as a whole.
        field: String,
    },
    /// Two comments of one annotation have one id.
    #[error("two comments have one id")]
    TwinComments,
}

/// All that is odd about `set`, at most a thousand things.
pub(super) fn check(set: &AnnotationSet) -> Vec<Finding> {
    let mut checker = Checker {
        set,
        findings: Vec::new(),
        unknown_tags: BTreeMap::new(),
    };
    for annotation in set.annotations.values() {
        checker.annotation(annotation);
    }
    for link in set.links.values() {
        let is_there = |id| set.annotations.contains_key(id);
        if !is_there(&link.from) || !is_there(&link.to) {
            checker.find(|| format!("link {}", link.id), Trouble::DanglingLink);
        }
    }
    for conflict in set.conflicts.values() {
        let field = conflict.field.clone();
        checker.find(
            || conflict.record.to_string(),
            Trouble::OpenConflict { field },
        );
    }
    let mut findings: Vec<Finding> = checker
        .unknown_tags
        .into_iter()
        .map(|(tag, (place, n_annotations))| Finding {
            place,
            what: Trouble::UnknownTag { tag, n_annotations },
        })
        .collect();
    findings.append(&mut checker.findings);
    findings.truncate(MAX_FINDINGS);
    findings
}

struct Checker<'a> {
    set: &'a AnnotationSet,
    findings: Vec<Finding>,
    /// The first annotation with the tag, and how many there are.
    unknown_tags: BTreeMap<TagId, (String, usize)>,
}

impl Checker<'_> {
    fn find(&mut self, place: impl FnOnce() -> String, what: Trouble) {
        if self.findings.len() < MAX_FINDINGS {
            let place = place();
            self.findings.push(Finding { place, what });
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
        for id in std::iter::once(annotation.creator).chain(authors) {
            if !self.set.agents.contains_key(&id) {
                self.find(place, Trouble::UnknownAgent(id));
            }
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
            None
        }
    }
}
