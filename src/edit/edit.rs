//! The edits that a person can request, before their effect is computed.

use crate::{
    annotation::{
        AnnotationId, Article, Attribution, Choice, Claim, CommentId, ConflictId, Link, LinkId,
        LinkKind, RecordRef, Speaker, Tag, TagId, Timestamp,
    },
    text::{TextRange, cut},
};

/// A speaker as typed: an existing record is found by name, otherwise one is added.
pub type SpeakerName = String;

/// Longest name in a label, in code points: labels appear in menus.
const LABEL_CHARS: usize = 80;

/// One thing a person wants done. Ranges are in the text as it is now.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Mark a passage of one or more segments.
    Annotate {
        /// The segments, in the order of reading.
        segments: Vec<TextRange>,
        /// Tags to give at once; none makes a plain highlight.
        tags: Vec<TagId>,
        /// A note; empty for none.
        note: String,
        /// The speaker.
        speaker: Option<SpeakerName>,
    },
    /// Add a tag to annotations, or remove it from them.
    Retag {
        /// The annotations.
        ids: Vec<AnnotationId>,
        /// The tag.
        tag: TagId,
        /// Whether to add the tag.
        give: bool,
    },
    /// Replace the note.
    SetNote {
        /// The annotation.
        id: AnnotationId,
        /// The whole note; empty removes it.
        note: String,
    },
    /// Set the speaker; empty for nobody.
    SetSpeaker {
        /// The annotation.
        id: AnnotationId,
        /// The name.
        speaker: SpeakerName,
    },
    /// Record cue, mode and reporters too.
    SetAttribution {
        /// The annotation.
        id: AnnotationId,
        /// The whole attribution.
        attribution: Attribution,
    },
    /// Move the ends of one segment.
    Retarget {
        /// The annotation.
        id: AnnotationId,
        /// Which segment, from 0.
        segment: usize,
        /// Its new place.
        range: TextRange,
    },
    /// Add another passage to the annotation.
    AddSegment {
        /// The annotation.
        id: AnnotationId,
        /// The further segment.
        range: TextRange,
    },
    /// Remove one segment; the last one cannot be removed.
    RemoveSegment {
        /// The annotation.
        id: AnnotationId,
        /// Which segment, from 0.
        segment: usize,
    },
    /// Write a comment below an annotation.
    AddComment {
        /// The annotation.
        id: AnnotationId,
        /// The remark.
        text: String,
    },
    /// Remove a comment.
    RemoveComment {
        /// The annotation.
        id: AnnotationId,
        /// The comment.
        comment: CommentId,
    },
    /// Remove annotations, with the conflicts about them. Links to them are kept.
    Remove {
        /// The annotations.
        ids: Vec<AnnotationId>,
    },
    /// Add a tag, or replace its record.
    DefineTag(Tag),
    /// Add several tags at once; existing ones are unchanged.
    AddTags(Vec<Tag>),
    /// Remove a tag that no annotation carries.
    RemoveTag(TagId),
    /// Add a speaker, or replace the record.
    DefineSpeaker(Speaker),
    /// Add a claim, or replace it.
    DefineClaim(Claim),
    /// Link one annotation to another.
    Link {
        /// The annotation that links.
        from: AnnotationId,
        /// The annotation that is linked to.
        to: AnnotationId,
        /// What the one is to the other.
        kind: LinkKind,
    },
    /// Replace a link's record.
    DefineLink(Link),
    /// Remove a link.
    Unlink(LinkId),
    /// Replace the article's record.
    DescribeArticle(Box<Article>),
    /// Adopt the present text as the one the annotations refer to: the selectors of those that were found are
    /// rewritten; those that were not found keep theirs.
    AdoptText {
        /// The article as it is now.
        article: Box<Article>,
        /// Annotation, segment and place of all that were found.
        found: Vec<(AnnotationId, usize, TextRange)>,
    },
    /// Settle a conflict.
    Settle {
        /// The conflict.
        conflict: ConflictId,
        /// The choice.
        choice: Choice,
    },
    /// Merge two tags, annotators, speakers or claims into one.
    Unify {
        /// The record that stays.
        keep: RecordRef,
        /// The record that goes; its id stays as an alias.
        other: RecordRef,
    },
    /// Merge all tags, annotators, speakers and claims that have the same name.
    UnifySameNames,
    /// Forget what was removed before a moment.
    ClearTombstones {
        /// The moment.
        before: Timestamp,
    },
}

impl Edit {
    /// Returns the name of the edit after "Undo:", in the imperative. `tag_name` gives the name of a tag.
    pub fn label(&self, tag_name: &dyn Fn(&TagId) -> String) -> String {
        let tag_name = |tag: &TagId| cut(&tag_name(tag), LABEL_CHARS).into_owned();
        let many = |ids: &[AnnotationId]| {
            if ids.len() == 1 {
                String::new()
            } else {
                format!(" ({})", ids.len())
            }
        };
        match self {
            Self::Annotate { tags, .. } => match tags.first() {
                Some(tag) => format!("tag as {}", tag_name(tag).to_lowercase()),
                None => "highlight".to_owned(),
            },
            Self::Retag {
                ids,
                tag,
                give: true,
            } => format!("tag as {}{}", tag_name(tag).to_lowercase(), many(ids)),
            Self::Retag {
                ids,
                tag,
                give: false,
            } => {
                format!("take off {}{}", tag_name(tag).to_lowercase(), many(ids))
            }
            Self::SetNote { .. } => "edit note".to_owned(),
            Self::SetSpeaker { .. } => "set speaker".to_owned(),
            Self::SetAttribution { .. } => "edit attribution".to_owned(),
            Self::Retarget { .. } => "move the ends".to_owned(),
            Self::AddSegment { .. } => "add a segment".to_owned(),
            Self::RemoveSegment { .. } => "remove a segment".to_owned(),
            Self::AddComment { .. } => "comment".to_owned(),
            Self::RemoveComment { .. } => "remove a comment".to_owned(),
            Self::Remove { ids } => format!("remove annotation{}", many(ids)),
            Self::DefineTag(tag) => format!("edit tag {}", cut(&tag.name, LABEL_CHARS)),
            Self::AddTags(tags) => format!("add {} tags", tags.len()),
            Self::RemoveTag(tag) => format!("remove tag {}", tag_name(tag)),
            Self::DefineSpeaker(speaker) => {
                format!("edit speaker {}", cut(&speaker.name, LABEL_CHARS))
            }
            Self::DefineClaim(_) => "edit claim".to_owned(),
            Self::Link { .. } | Self::DefineLink(_) => "link annotations".to_owned(),
            Self::Unlink(_) => "remove link".to_owned(),
            Self::DescribeArticle(_) => "edit article details".to_owned(),
            Self::AdoptText { .. } => "adopt the present text".to_owned(),
            Self::Settle { .. } => "settle a conflict".to_owned(),
            Self::Unify { keep, .. } => format!("make two {}s one", keep.kind.noun()),
            Self::UnifySameNames => "join records of one name".to_owned(),
            Self::ClearTombstones { .. } => "forget old removals".to_owned(),
        }
    }
}
