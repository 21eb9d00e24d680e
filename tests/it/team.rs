//! Tried as a team would: two people, two clones, two afternoons of work on the sample articles that gets in each
//! other's way, merged by git, settled on the command line. Everything is counted in the end.

use crate::support::{
    edits::{person, stamp},
    repo::{Place, Repo},
    sets::CountingIds,
};
use sourcemark::{
    annotation::{
        AnnotationId, AnnotationSet, CommentId, LinkKind, Marks, RecordRef, TagId, twins,
    },
    edit::{Edit, Workspace},
    files::{
        Expected, Loaded, annotations_beside, read_annotations, read_article, save_annotations,
    },
    text::{ByteOffset, TextRange, boundary},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A person at a desk with a clone.
struct Desk {
    repo: Repo,
    who: u128,
    ids: CountingIds,
    second: i64,
    /// What this person did, to be counted.
    marked: BTreeSet<AnnotationId>,
    removed: BTreeSet<AnnotationId>,
    commented: BTreeMap<CommentId, String>,
    noted: Vec<(AnnotationId, String)>,
}

impl Desk {
    fn new(repo: Repo, who: u128) -> Self {
        Self {
            repo,
            who,
            ids: CountingIds(who << 32),
            second: 1_800_000_000 + who as i64,
            marked: BTreeSet::new(),
            removed: BTreeSet::new(),
            commented: BTreeMap::new(),
            noted: Vec::new(),
        }
    }

    /// Edits the annotations of one article, in its present text.
    fn work(&mut self, article: &str, work: impl FnOnce(&mut Self, &mut Workspace)) {
        let path = self.repo.path(article);
        let annotations = annotations_beside(&path);
        let Loaded::Loaded(file) = read_annotations(&annotations) else {
            panic!("{article} has no annotations");
        };
        let text = read_article(&path, None).unwrap().text;
        let marks = Marks::find(&text, &file.set, &|| true).unwrap();
        let mut workspace = Workspace::new(file.set, marks);
        work(self, &mut workspace);
        let expected = Expected::Same(file.identity);
        save_annotations(&annotations, workspace.set(), expected, file.crlf).unwrap();
    }

    fn apply(&mut self, workspace: &mut Workspace, edit: &Edit) {
        self.second += 7;
        let stamp = &mut stamp(person(self.who), &mut self.ids, self.second);
        let change = workspace.apply(edit, stamp).unwrap();
        for slot in change.annotations() {
            match (&slot.before, &slot.after) {
                (None, Some(_)) => drop(self.marked.insert(slot.key)),
                (Some(_), None) => drop(self.removed.insert(slot.key)),
                _ => {}
            }
            let comments = slot.after.iter().flat_map(|after| &after.comments);
            let ours = comments.filter(|comment| comment.author == person(self.who).id);
            for comment in ours {
                self.commented.insert(comment.id, comment.text.clone());
            }
        }
        if let Edit::SetNote { id, note } = edit {
            self.noted.push((*id, note.clone()));
        }
    }

    fn commit(&self, message: &str) {
        self.repo.commit(message);
    }
}

/// The sentence around the `n`-th tenth of the text, or the next one that is not blank.
fn sentence(workspace: &Workspace, n: usize) -> TextRange {
    let text = workspace.text();
    let at = |n: usize| text.floor_char(ByteOffset::new(text.len() * (n % 10) / 10));
    let sentences = (n..n + 10).map(|n| boundary::trim(text, boundary::sentence_at(text, at(n))));
    sentences
        .into_iter()
        .find(|range| !range.is_empty())
        .unwrap()
}

fn nth(set: &AnnotationSet, n: usize) -> AnnotationId {
    *set.annotations
        .keys()
        .nth(n % set.annotations.len())
        .unwrap()
}

fn tag(word: &str) -> TagId {
    TagId::parse(word).unwrap()
}

/// One afternoon: in every article something is marked, noted, moved, tagged otherwise, commented and removed,
/// much of it where the other person works too.
fn afternoon(desk: &mut Desk, articles: &[String], day: usize) {
    let me = desk.who as usize;
    for (n, article) in articles.iter().enumerate() {
        desk.work(article, |desk, workspace| {
            let mark =
                |workspace: &Workspace, at: usize, tag_word: &str, speaker: &str| Edit::Annotate {
                    segments: vec![sentence(workspace, at)],
                    tags: vec![tag(tag_word)],
                    note: format!("Marked on day {day} by {me}."),
                    speaker: Some(speaker.to_owned()),
                };
            let edit = mark(workspace, n + day + me, "denial", "The spokeswoman");
            desk.apply(workspace, &edit);
            let edit = mark(workspace, n + 2 * me, "precedent", &format!("Witness {me}"));
            desk.apply(workspace, &edit);
            // Both write to the same note, and each to another one.
            let set = workspace.set().clone();
            for target in [nth(&set, 0), nth(&set, 1 + me)] {
                let old = &set.annotations[&target].note;
                let note = format!("{old} Day {day}: person {me} is not convinced.");
                desk.apply(workspace, &Edit::SetNote { id: target, note });
            }
            // Both change the tag of the same annotation.
            let target = nth(&set, 3);
            let words = ["allegation", "denial", "expert-opinion"];
            let give = tag(words[(me + day) % 3]);
            desk.apply(
                workspace,
                &Edit::Retag {
                    ids: vec![target],
                    tag: give,
                    give: true,
                },
            );
            desk.apply(
                workspace,
                &Edit::AddComment {
                    id: target,
                    text: format!("Is it? ({me}, day {day}, article {n})"),
                },
            );
            // One removes what the other edits, in turns.
            let target = nth(&set, 4);
            if (me + day + n).is_multiple_of(2) {
                desk.apply(workspace, &Edit::Remove { ids: vec![target] });
            } else {
                desk.apply(
                    workspace,
                    &Edit::AddComment {
                        id: target,
                        text: format!("Keep it ({me})"),
                    },
                );
            }
            // Both move the ends of the same annotation.
            let target = nth(&set, 5);
            if workspace.set().annotations.contains_key(&target)
                && let Some(range) = workspace
                    .marks()
                    .placement(target)
                    .and_then(|it| it.first_range())
            {
                let end = boundary::next_word(workspace.text(), range.end());
                let start = match me {
                    1 => range.start(),
                    _ => boundary::prev_word(workspace.text(), range.start()),
                };
                let range = TextRange::new(start, end);
                desk.apply(
                    workspace,
                    &Edit::Retarget {
                        id: target,
                        segment: 0,
                        range,
                    },
                );
            }
            // A link to what the other may remove.
            let (from, to) = (nth(&set, 0), nth(&set, 6));
            if workspace.set().annotations.contains_key(&to) {
                desk.apply(
                    workspace,
                    &Edit::Link {
                        from,
                        to,
                        kind: LinkKind::RespondsTo,
                    },
                );
            }
            // The same new tag, made by each for themselves; and a tag renamed by one.
            if day == 1 {
                let mut own = (*workspace.set().tags[&tag("denial")]).clone();
                own.id = tag(&format!("irony-{me}"));
                own.name = "Irony".to_owned();
                own.key = None;
                desk.apply(workspace, &Edit::DefineTag(own));
            } else if me == 1 {
                let mut renamed = (*workspace.set().tags[&tag("denial")]).clone();
                renamed.name = "Rebuttal".to_owned();
                desk.apply(workspace, &Edit::DefineTag(renamed));
            }
        });
        desk.commit(&format!("day {day}, person {me}: {article}"));
    }
}

/// Settles whatever the merge left, by choices that take turns, on the command line. Returns how many there were.
fn settle(repo: &Repo, articles: &[String]) -> usize {
    let mut n_settled = 0;
    for article in articles {
        let file = format!("{article}.annotations.ron");
        for (n, id) in repo.set(article).conflicts.keys().enumerate() {
            let id = id.to_string();
            // Ends and colours cannot be both.
            let takes = [["both", "ours"], ["ours", "ours"], ["theirs", "ours"]][n % 3];
            let done = takes.iter().any(|take| {
                repo.sourcemark(&["conflicts", &file, &id, "--take", take])
                    .0
                    <= 1
            });
            assert!(done, "{file} {id}");
            n_settled += 1;
        }
        assert!(repo.set(article).conflicts.is_empty());
        let (code, said) = repo.sourcemark(&["check", &file]);
        assert!(code <= 1 && !said.contains("conflict"), "{said}");
    }
    n_settled
}

#[test]
fn two_afternoons_of_two_people() {
    let place = Place::new();
    let origin = place.repo("origin");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_docs");
    let mut articles = Vec::new();
    for entry in fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        fs::copy(&path, origin.path(&name)).unwrap();
        if annotations_beside(&path).exists() {
            articles.push(name);
        }
    }
    articles.sort();
    let (code, said) = origin.sourcemark(&["collection", ".", "-o", "collection.ron"]);
    assert!(code <= 1, "{said}");
    origin.install();
    origin.commit("the samples");
    let begun: BTreeSet<AnnotationId> = articles
        .iter()
        .flat_map(|article| {
            origin
                .set(article)
                .annotations
                .keys()
                .copied()
                .collect::<Vec<_>>()
        })
        .collect();
    let mut desks: Vec<Desk> = [1, 2]
        .into_iter()
        .map(|who| {
            let name = format!("desk {who}");
            origin.git(&["clone", "-q", ".", &format!("../{name}")]);
            let repo = place.open(&name);
            repo.install();
            Desk::new(repo, who)
        })
        .collect();
    origin.git(&["checkout", "-q", "--detach"]);
    let mut n_settled = 0;
    for day in 1..=2 {
        for desk in &mut desks {
            afternoon(desk, &articles, day);
        }
        // The first one pushes; the second one pulls, settles and pushes; the first one pulls.
        desks[0].repo.git(&["push", "-q", "origin", "main"]);
        let (merged, said) = desks[1]
            .repo
            .try_git(&["pull", "-q", "--no-rebase", "--no-edit"]);
        assert!(!merged, "they were in each other's way: {said}");
        n_settled += settle(&desks[1].repo, &articles);
        desks[1].commit("merged");
        desks[1].repo.git(&["push", "-q", "origin", "main"]);
        desks[0]
            .repo
            .git(&["pull", "-q", "--no-rebase", "--no-edit"]);
        for article in &articles {
            assert_eq!(desks[0].repo.set(article), desks[1].repo.set(article));
        }
    }
    count(&desks, &begun, &articles, n_settled);
}

/// Nothing is missing.
fn count(desks: &[Desk], begun: &BTreeSet<AnnotationId>, articles: &[String], n_settled: usize) {
    let sets: Vec<AnnotationSet> = articles
        .iter()
        .map(|name| desks[0].repo.set(name))
        .collect();
    let find = |id: &AnnotationId| sets.iter().find_map(|set| set.annotations.get(id));
    let is_buried = |record: &RecordRef| sets.iter().any(|set| set.tombstones.contains_key(record));
    let made: BTreeSet<AnnotationId> = desks
        .iter()
        .flat_map(|desk| desk.marked.iter().copied())
        .collect();
    let removed: BTreeSet<AnnotationId> = desks
        .iter()
        .flat_map(|desk| desk.removed.iter().copied())
        .collect();
    for id in begun.union(&made) {
        match find(id) {
            Some(_) => {}
            None => assert!(
                removed.contains(id) && is_buried(&RecordRef::from(id)),
                "{id} is missing"
            ),
        }
    }
    assert_eq!(
        made.len(),
        2 * 2 * 2 * articles.len(),
        "two marks a person, day and article"
    );
    let mut n_comments = 0;
    for (id, text) in desks.iter().flat_map(|desk| &desk.commented) {
        let comments = sets
            .iter()
            .flat_map(|set| set.annotations.values())
            .flat_map(|it| &it.comments);
        let found = comments
            .filter(|comment| comment.id == *id)
            .any(|comment| comment.text == *text);
        // Only a comment on what was removed in the end is gone.
        assert!(
            found || text.starts_with("Keep it"),
            "comment `{text}` is missing"
        );
        n_comments += usize::from(found);
    }
    assert!(n_comments >= 2 * 2 * articles.len());
    // Both days' sentences of both people are in the note both wrote to, unless a person chose one side.
    let mut n_whole = 0;
    for (id, note) in desks.iter().flat_map(|desk| &desk.noted) {
        let added = note.rsplit(" Day ").next().unwrap();
        n_whole += usize::from(find(id).is_some_and(|it| it.note.contains(added)));
    }
    let n_notes: usize = desks.iter().map(|desk| desk.noted.len()).sum();
    assert!(n_whole * 3 >= n_notes * 2, "{n_whole} of {n_notes} notes");
    for set in &sets {
        assert_eq!(
            set.tag_name(&tag("denial")),
            "Rebuttal",
            "renaming is not in the way of tagging"
        );
        let same = twins(set).into_iter().filter(|twins| twins.name == "Irony");
        assert_eq!(same.count(), 1, "made twice, proposed for one");
    }
    assert!(n_settled >= articles.len(), "{n_settled} conflicts");
    // What was proposed is accepted, and the file is as good as any.
    let file = format!("{}.annotations.ron", articles[0]);
    let repo = &desks[0].repo;
    let (code, said) = repo.sourcemark(&["unify", &file, "irony-1", "irony-2"]);
    assert_eq!(code, 0, "{said}");
    assert!(repo.set(&articles[0]).tag(&tag("irony-2")).is_none());
    let (_, said) = repo.sourcemark(&["tombstones", &file]);
    assert!(
        said.contains("irony-2") && said.contains("now irony-1"),
        "{said}"
    );
}
