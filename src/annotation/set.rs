//! One annotation file's worth of records: the marks on one article and the records they refer to.

use super::{
    Agent, AgentId, Annotation, AnnotationId, Article, Claim, ClaimId, Conflict, ConflictId,
    Decision, DecisionId, Kept, Link, LinkId, RecordKind, RecordRef, Speaker, SpeakerId, Tag,
    TagId, Tombstone, folded_name, standard_tags, unify::living,
};
use imbl::OrdMap;
use std::sync::Arc;

/// All records of one article. A clone shares everything with the original, so a snapshot costs nothing and an
/// edit costs O(log n), whatever the number of annotations.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotationSet {
    /// The annotated article.
    pub article: Article,
    /// The tags that can be given, by id.
    pub tags: OrdMap<TagId, Arc<Tag>>,
    /// The annotators.
    pub agents: OrdMap<AgentId, Arc<Agent>>,
    /// The speakers.
    pub speakers: OrdMap<SpeakerId, Arc<Speaker>>,
    /// The claims.
    pub claims: OrdMap<ClaimId, Arc<Claim>>,
    /// Links between annotations.
    pub links: OrdMap<LinkId, Arc<Link>>,
    /// The annotations.
    pub annotations: OrdMap<AnnotationId, Arc<Annotation>>,
    /// The tombstones.
    pub tombstones: OrdMap<RecordRef, Arc<Tombstone>>,
    /// The open conflicts.
    pub conflicts: OrdMap<ConflictId, Arc<Conflict>>,
    /// The decisions about differences between annotators.
    pub decisions: OrdMap<DecisionId, Arc<Decision>>,
    /// Fields of a newer version.
    pub kept: Kept,
}

impl AnnotationSet {
    /// Returns a set without annotations for `article`, with the four standard tags.
    pub fn new(article: Article) -> Self {
        Self {
            article,
            tags: standard_tags()
                .into_iter()
                .map(|tag| (tag.id.clone(), Arc::new(tag)))
                .collect(),
            agents: OrdMap::new(),
            speakers: OrdMap::new(),
            claims: OrdMap::new(),
            links: OrdMap::new(),
            annotations: OrdMap::new(),
            tombstones: OrdMap::new(),
            conflicts: OrdMap::new(),
            decisions: OrdMap::new(),
            kept: Kept::default(),
        }
    }

    /// Returns the tags as people see them: those with a key first, by key, then the others by name.
    pub fn tags_in_order(&self) -> Vec<Arc<Tag>> {
        let mut tags: Vec<Arc<Tag>> = self.tags.values().cloned().collect();
        tags.sort_by_cached_key(|tag| tag.place());
        tags
    }

    /// Returns the tag as recorded, or `None` for a tag that annotations carry but no record describes.
    pub fn tag(&self, id: &TagId) -> Option<&Arc<Tag>> {
        self.tags.get(id)
    }

    /// Returns the name of a tag: the name of its record, or its id.
    pub fn tag_name<'a>(&'a self, id: &'a TagId) -> &'a str {
        self.tags
            .get(id)
            .map_or(id.as_str(), |tag| tag.name.as_str())
    }

    /// Returns the speaker with this name or alias, compared without regard to case and blanks.
    pub fn speaker_named(&self, name: &str) -> Option<&Arc<Speaker>> {
        let wanted = folded_name(name);
        self.speakers.values().find(|speaker| {
            std::iter::once(&speaker.name)
                .chain(&speaker.aliases)
                .any(|known| folded_name(known) == wanted)
        })
    }

    /// Returns who signs in this file when `agent` works on it: the annotator that their record was merged with, else
    /// themselves. One person on two machines has two ids, and after they were merged one of them must not come back.
    pub fn signing(&self, agent: &Agent) -> Agent {
        if self.agents.contains_key(&agent.id) {
            return agent.clone();
        }
        let id = living(self, RecordKind::Agent, &agent.id.to_string());
        let known = AgentId::parse(&id).and_then(|id| self.agents.get(&id));
        known.map_or_else(|| agent.clone(), |known| Agent::clone(known))
    }

    /// Returns the name of the speaker of `annotation`, empty when none is recorded.
    pub fn speaker_name(&self, annotation: &Annotation) -> &str {
        let speaker = annotation
            .attribution
            .speaker
            .and_then(|id| self.speakers.get(&id));
        speaker.map_or("", |speaker| speaker.name.as_str())
    }
}
