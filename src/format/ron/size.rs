//! Finds names longer, and records more, than an edit may write: a file of an earlier version may hold them.
//!
//! They are read and written as they are. The window shows the beginning of such a name.

use super::{Finding, Trouble};
use crate::{
    annotation::{AnnotationSet, MAX_ADDRESS_CHARS, MAX_NAME_CHARS, MAX_NAMED_RECORDS},
    text::is_longer,
};

/// Most names that are reported one by one. They come before all other findings, and must not crowd them out.
const MAX_FOUND: usize = 100;

/// Returns what in `set` is beyond the limits, counts first.
pub(super) fn findings(set: &AnnotationSet) -> Vec<Finding> {
    let mut found = Vec::new();
    for (what, n_records) in [
        ("tags", set.tags.len()),
        ("speakers", set.speakers.len()),
        ("annotators", set.agents.len()),
    ] {
        if n_records > MAX_NAMED_RECORDS {
            found.push(Finding {
                place: "the file".to_owned(),
                what: Trouble::TooMany {
                    what,
                    found: n_records,
                    most: MAX_NAMED_RECORDS,
                },
            });
        }
    }
    found.extend(names(set).take(MAX_FOUND));
    found
}

/// Returns whether there are so many that comparing each with each other name is not worth the wait.
pub(super) fn is_crowded(n_records: usize) -> bool {
    n_records > MAX_NAMED_RECORDS
}

fn names(set: &AnnotationSet) -> impl Iterator<Item = Finding> + '_ {
    let article = &set.article;
    let of_article = [
        ("file name", &article.file_name, MAX_NAME_CHARS),
        ("title", &article.title, MAX_NAME_CHARS),
        ("publisher", &article.publisher, MAX_NAME_CHARS),
        ("author", &article.author, MAX_NAME_CHARS),
        ("date", &article.date, MAX_NAME_CHARS),
        ("address", &article.url, MAX_ADDRESS_CHARS),
    ];
    let of_article = of_article
        .into_iter()
        .filter_map(|(what, value, most)| long("the article", what, value, most));
    let name = |place: String, what, value: &str| long(&place, what, value, MAX_NAME_CHARS);
    let of_agents = set.agents.values().filter_map(move |agent| {
        is_long(&agent.name)
            .then(|| name(format!("annotator {}", agent.id), "name", &agent.name))?
    });
    let of_tags = set.tags.values().filter_map(move |tag| {
        is_long(&tag.name).then(|| name(format!("tag {}", tag.id), "name", &tag.name))?
    });
    let of_speakers = set.speakers.values().flat_map(move |speaker| {
        let fields = [
            ("name", &speaker.name),
            ("role", &speaker.role),
            ("side", &speaker.side),
        ];
        let aliases = speaker.aliases.iter().map(|alias| ("alias", alias));
        let fields = fields.into_iter().chain(aliases);
        let long = fields.filter(|(_, value)| is_long(value));
        long.filter_map(move |(what, value)| name(format!("speaker {}", speaker.id), what, value))
            .collect::<Vec<_>>()
    });
    let of_cues = set.annotations.values().filter_map(move |annotation| {
        let cue = &annotation.attribution.cue;
        is_long(cue).then(|| name(format!("annotation {}", annotation.id), "cue", cue))?
    });
    of_article
        .chain(of_agents)
        .chain(of_tags)
        .chain(of_speakers)
        .chain(of_cues)
}

fn is_long(name: &str) -> bool {
    is_longer(name, MAX_NAME_CHARS)
}

fn long(place: &str, what: &'static str, value: &str, most: usize) -> Option<Finding> {
    is_longer(value, most).then(|| Finding {
        place: place.to_owned(),
        what: Trouble::LongName {
            what,
            found: value.chars().count(),
            most,
        },
    })
}
