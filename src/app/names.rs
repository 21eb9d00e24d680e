//! Names that are not what they look like: warnings for tags and persons, worked out once for each change.

use crate::{
    annotation::{Agent, AgentId, AnnotationSet, Speaker, SpeakerId, Tag, TagId},
    text::{hidden::visible_name, lookalike},
};
use imbl::OrdMap;
use std::{collections::BTreeMap, sync::Arc};

/// The warnings of one article's names.
#[derive(Default)]
pub struct NameWarnings {
    tags: Kind<TagId, Tag>,
    speakers: Kind<SpeakerId, Speaker>,
    agents: Kind<AgentId, Agent>,
}

impl NameWarnings {
    /// Works them out anew for those records that have changed; costs three comparisons when none has.
    pub fn refresh(&mut self, set: &AnnotationSet) {
        self.tags.refresh(&set.tags, "tags", |tag| &tag.name);
        self.speakers
            .refresh(&set.speakers, "speakers", |speaker| &speaker.name);
        self.agents
            .refresh(&set.agents, "annotators", |agent| &agent.name);
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

struct Kind<K, V> {
    records: OrdMap<K, Arc<V>>,
    warnings: BTreeMap<K, String>,
}

impl<K, V> Default for Kind<K, V> {
    fn default() -> Self {
        Self {
            records: OrdMap::new(),
            warnings: BTreeMap::new(),
        }
    }
}

impl<K: Ord + Clone, V> Kind<K, V> {
    fn refresh(&mut self, records: &OrdMap<K, Arc<V>>, plural: &str, name: fn(&V) -> &String) {
        if self.records.ptr_eq(records) {
            return;
        }
        self.records = records.clone();
        self.warnings.clear();
        for (id, record) in records {
            if let Some(warning) = lookalike::name_warning(name(record)) {
                self.warnings.insert(id.clone(), warning);
            }
        }
        let names = records
            .iter()
            .map(|(id, record)| (id, name(record).as_str()));
        for (second, first) in lookalike::twins(names) {
            let of = |id: &K| records.get(id).map_or("", |record| name(record));
            let told = format!(
                "“{}” and “{}” look alike but are two {plural}.",
                visible_name(of(first)),
                visible_name(of(second)),
            );
            for id in [first, second] {
                let warning = self.warnings.entry(id.clone()).or_default();
                if !warning.is_empty() {
                    warning.push(' ');
                }
                warning.push_str(&told);
            }
        }
    }
}

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
        names.refresh(&set);
        let told = "“Denial” and “Deni\u{430}l” look alike but are two tags.";
        assert_eq!(names.tag(&denial), Some(told));
        let both = names.tag(&twin).unwrap();
        assert!(
            both.contains("Cyrillic U+0430") && both.ends_with(told),
            "{both}"
        );
    }
}
