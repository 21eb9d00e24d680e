//! Names that are not what they look like: warnings for tags and persons, worked out once for each change.

use crate::{
    annotation::{
        Agent, AgentId, AnnotationSet, MAX_NAME_CHARS, MAX_NAMED_RECORDS, Speaker, SpeakerId, Tag,
        TagId,
    },
    app::base::short,
    text::{beginning, cut, lookalike},
};
use imbl::OrdMap;
use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Bound,
    sync::Arc,
};

/// The warnings of one article's names.
#[derive(Default)]
pub struct NameWarnings {
    tags: Kind<TagId, Tag>,
    speakers: Kind<SpeakerId, Speaker>,
    agents: Kind<AgentId, Agent>,
}

impl NameWarnings {
    /// Follows `set`, some names at a time; returns whether there are more to look at. Costs three comparisons when
    /// none has changed.
    pub fn refresh(&mut self, set: &AnnotationSet) -> bool {
        let tags = self.tags.refresh(&set.tags, "tags", |tag| &tag.name);
        let speakers = self
            .speakers
            .refresh(&set.speakers, "speakers", |speaker| &speaker.name);
        let agents = self
            .agents
            .refresh(&set.agents, "annotators", |agent| &agent.name);
        tags || speakers || agents
    }

    /// What is odd about a tag's name.
    pub fn tag(&self, id: &TagId) -> Option<&str> {
        self.tags.warnings.get(id).map(String::as_str)
    }

    /// What is odd about a speaker's name.
    pub fn speaker(&self, id: &SpeakerId) -> Option<&str> {
        self.speakers.warnings.get(id).map(String::as_str)
    }

    /// What is odd about an annotator's name.
    pub fn agent(&self, id: &AgentId) -> Option<&str> {
        self.agents.warnings.get(id).map(String::as_str)
    }
}

/// Names that are looked at in one frame: some two milliseconds.
const NAMES_A_FRAME: usize = 500;

struct Kind<K, V> {
    records: OrdMap<K, Arc<V>>,
    warnings: BTreeMap<K, String>,
    /// The first record of each skeleton.
    skeletons: BTreeMap<String, K>,
    /// The last record that was looked at; `None` before the first.
    last: Option<K>,
    is_done: bool,
}

impl<K, V> Default for Kind<K, V> {
    fn default() -> Self {
        Self {
            records: OrdMap::new(),
            warnings: BTreeMap::new(),
            skeletons: BTreeMap::new(),
            last: None,
            is_done: true,
        }
    }
}

impl<K: Ord + Clone, V> Kind<K, V> {
    /// Looks at the next names; returns whether there are more.
    fn refresh(
        &mut self,
        records: &OrdMap<K, Arc<V>>,
        plural: &str,
        name: fn(&V) -> &String,
    ) -> bool {
        if !self.records.ptr_eq(records) {
            *self = Self {
                records: records.clone(),
                // With more than anybody needs, names are not compared: the file is reported for their number.
                is_done: records.len() > MAX_NAMED_RECORDS,
                ..Self::default()
            };
        }
        if self.is_done {
            return false;
        }
        let from = self.last.clone().map_or(Bound::Unbounded, Bound::Excluded);
        let next: Vec<(K, Arc<V>)> = records
            .range((from, Bound::Unbounded))
            .take(NAMES_A_FRAME)
            .map(|(id, record)| (id.clone(), Arc::clone(record)))
            .collect();
        for (id, record) in &next {
            self.look_at(id, name(record), plural, name);
        }
        self.is_done = next.len() < NAMES_A_FRAME;
        self.last = next.into_iter().last().map(|(id, _)| id);
        if self.is_done {
            self.skeletons.clear();
        }
        !self.is_done
    }

    fn look_at(&mut self, id: &K, name: &str, plural: &str, name_of: fn(&V) -> &String) {
        let name = beginning(name, MAX_NAME_CHARS);
        if let Some(warning) = lookalike::name_warning(name) {
            self.warn(id, &warning);
        }
        let first = match self.skeletons.entry(lookalike::name_skeleton(name)) {
            Entry::Vacant(place) => {
                place.insert(id.clone());
                return;
            }
            Entry::Occupied(first) => first.get().clone(),
        };
        let first_name = self.records.get(&first).map_or("", |it| name_of(it));
        let told = format!(
            "“{}” and “{}” look alike but are two {plural}.",
            short::name(first_name),
            short::name(name),
        );
        self.warn(&first, &told);
        self.warn(id, &told);
    }

    fn warn(&mut self, id: &K, sentence: &str) {
        let warning = self.warnings.entry(id.clone()).or_default();
        // One name with a thousand twins: the first few say enough.
        if warning.len() > MAX_WARNING_BYTES {
            return;
        }
        if !warning.is_empty() {
            warning.push(' ');
        }
        warning.push_str(&cut(sentence, short::TEXT_CHARS));
    }
}

/// A warning of this length gets no further sentence.
const MAX_WARNING_BYTES: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{annotation::Article, text::SourceText};

    #[test]
    fn twins_and_mixed_names_are_told_for_both() {
        let text = SourceText::new("He denied it.".to_owned()).unwrap();
        let mut set = AnnotationSet::new(Article::unread(&text, "a.txt", "UTF-8"));
        let mut names = NameWarnings::default();
        names.refresh(&set);
        let denial = TagId::parse("denial").unwrap();
        assert_eq!(names.tag(&denial), None);
        let twin = TagId::parse("twin").unwrap();
        let record = Tag {
            id: twin.clone(),
            name: "Deni\u{430}l".to_owned(),
            ..(*set.tags[&denial]).clone()
        };
        set.tags.insert(twin.clone(), Arc::new(record));
        // Enough between the two that they are looked at in different frames.
        for n in 0..2 * NAMES_A_FRAME {
            let id = TagId::parse(&format!("e{n}")).unwrap();
            let record = Tag {
                id: id.clone(),
                name: format!("e{n}"),
                ..(*set.tags[&denial]).clone()
            };
            set.tags.insert(id, Arc::new(record));
        }
        assert!(names.refresh(&set));
        while names.refresh(&set) {}
        let told = "“Denial” and “Deni\u{430}l” look alike but are two tags.";
        assert_eq!(names.tag(&denial), Some(told));
        let both = names.tag(&twin).unwrap();
        assert!(
            both.contains("Cyrillic U+0430") && both.ends_with(told),
            "{both}"
        );
    }
}
