//! Annotation files under git: the program as merge driver, with the real git.

mod colleagues;
mod crossed;
mod moved_away;
mod odd;
mod renamed;
mod setup;
mod shown;
mod two_machines;
mod words;

use crate::support::{
    edits::N_KINDS,
    repo::{Place, Repo},
    sets::CountingIds,
};
use sourcemark::{
    annotation::{AnnotationId, AnnotationSet, RecordRef, TagId},
    edit::Edit,
    text::TextRange,
};
use std::collections::BTreeSet;

const TEXT: &str = "The minister denied it. “We never built a back door,” said the firm on Monday.\n\
    An expert called it unlikely; the court found nothing. It was like the Brantwell case.\n\
    मंत्रालय ने कहा कि यह झूठ है। The agency would not comment, and nobody was asked again.\n";

const FILE: &str = "a news.txt.annotations.ron";
const NAME: &str = "a news.txt";

fn mark(quote: &str, tag: &str) -> Edit {
    let at = TEXT.find(quote).unwrap();
    Edit::Annotate {
        segments: vec![TextRange::from_bytes(at..at + quote.len())],
        tags: vec![TagId::parse(tag).unwrap()],
        note: String::new(),
        speaker: None,
    }
}

/// A repository with an article of one annotation, the driver installed.
fn begun(place: &Place, ids: &mut CountingIds) -> Repo {
    let repo = place.repo("it's a repo");
    repo.write(NAME, TEXT);
    repo.edit(NAME, 1, ids, 1, &mark("The minister denied it", "denial"));
    repo.install();
    repo.commit("begin");
    repo
}

fn first(set: &AnnotationSet) -> AnnotationId {
    *set.annotations.keys().next().unwrap()
}

fn note(set: &AnnotationSet, text: &str) -> Edit {
    Edit::SetNote {
        id: first(set),
        note: text.to_owned(),
    }
}

/// Two branches: on `main` a mark and a note, on `other` another mark, and another note if `clash`.
fn branched(repo: &Repo, ids: &mut CountingIds, clash: bool) {
    let set = repo.set(NAME);
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.edit(NAME, 2, ids, 10, &mark("the firm", "precedent"));
    if clash {
        repo.edit(NAME, 2, ids, 11, &note(&set, "Who says so?"));
    }
    repo.commit("other");
    repo.git(&["checkout", "-q", "main"]);
    repo.edit(NAME, 1, ids, 12, &mark("on Monday", "allegation"));
    repo.edit(NAME, 1, ids, 13, &note(&set, "A denial."));
    repo.commit("main");
}

#[test]
fn what_both_did_is_merged() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, false);
    repo.git(&["merge", "-q", "--no-edit", "other"]);
    let set = repo.set(NAME);
    assert_eq!((set.annotations.len(), set.conflicts.len()), (3, 0));
    assert_eq!(set.annotations[&first(&set)].note, "A denial.");
    let shown = repo.git(&["diff", "main~2", "main", "--", FILE]);
    assert!(
        shown.contains("“on Monday”: marked as Allegation"),
        "{shown}"
    );
    assert!(shown.contains("added a note: “A denial.”"), "{shown}");
    let log = repo.git(&["log", "-p", "-1", "main~1", "--", FILE]);
    assert!(log.contains("+    note:\n+        | A denial.\n"), "{log}");
}

#[test]
fn a_conflict_is_kept_in_the_file_and_settled() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, true);
    let (merged, said) = repo.try_git(&["merge", "other"]);
    assert!(!merged && said.contains("sourcemark conflicts"), "{said}");
    let set = repo.set(NAME);
    assert_eq!((set.annotations.len(), set.conflicts.len()), (3, 1));
    let (code, said) = repo.sourcemark(&["check", FILE]);
    assert!(
        code == 1 && said.contains("the sides differ in `note`"),
        "{said}"
    );
    let (code, said) = repo.sourcemark(&["conflicts", FILE]);
    assert_eq!(code, 1);
    assert!(said.contains("ours (HEAD): “A denial.”"), "{said}");
    assert!(said.contains("theirs (other): “Who says so?”"), "{said}");
    let id = set.conflicts.keys().next().unwrap().to_string();
    let (code, said) = repo.sourcemark(&["conflicts", FILE, &id[..6], "--take", "both"]);
    assert_eq!((code, said.as_str()), (0, "1 settled, 0 left\n"));
    let note = &repo.set(NAME).annotations[&first(&set)].note;
    assert_eq!(note, "HEAD: A denial.\n\nother: Who says so?");
    repo.commit("merged");
    // Merged once more, nothing is asked again.
    repo.git(&["checkout", "-q", "other"]);
    repo.edit(NAME, 2, ids, 20, &mark("An expert", "expert-opinion"));
    repo.commit("more");
    repo.git(&["merge", "-q", "--no-edit", "main"]);
    assert_eq!(repo.set(NAME).annotations.len(), 4);
}

#[test]
fn rebase_cherry_pick_and_stash_use_it_too() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, false);
    repo.git(&["branch", "picked"]);
    repo.git(&["checkout", "-q", "other"]);
    repo.git(&["rebase", "-q", "main"]);
    assert_eq!(repo.set(NAME).annotations.len(), 3);
    repo.git(&["checkout", "-q", "picked"]);
    repo.git(&["cherry-pick", "other"]);
    assert_eq!(repo.set(NAME).annotations.len(), 3);
    repo.edit(NAME, 3, ids, 30, &mark("An expert", "expert-opinion"));
    repo.git(&["stash"]);
    repo.edit(NAME, 3, ids, 31, &mark("the court", "precedent"));
    repo.commit("meanwhile");
    repo.git(&["stash", "pop"]);
    assert_eq!(repo.set(NAME).annotations.len(), 5);
}

#[test]
fn lines_crossed_twice_are_merged() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, true);
    repo.git(&["branch", "main-1"]);
    repo.git(&["branch", "other-1", "other"]);
    // Each side merges the other and answers in its own way.
    for (branch, other, take) in [("main", "other-1", "ours"), ("other", "main-1", "ours")] {
        repo.git(&["checkout", "-q", branch]);
        assert!(!repo.try_git(&["merge", other]).0);
        let (code, said) = repo.sourcemark(&["conflicts", FILE, "--all", "--take", take]);
        assert_eq!(code, 0, "{said}");
        repo.commit("merged");
    }
    let (merged, _) = repo.try_git(&["merge", "main"]);
    let set = repo.set(NAME);
    assert_eq!(set.annotations.len(), 3);
    assert!(
        !merged && set.conflicts.len() == 1,
        "two answers are a question"
    );
    repo.sourcemark(&["conflicts", FILE, "--all", "--take", "theirs"]);
    assert_eq!(repo.set(NAME).annotations[&first(&set)].note, "A denial.");
}

#[test]
fn both_may_begin_on_their_own() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = place.repo("r");
    repo.write(NAME, TEXT);
    repo.install();
    repo.commit("the article");
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.edit(NAME, 2, ids, 5, &mark("the firm", "precedent"));
    repo.commit("other");
    repo.git(&["checkout", "-q", "main"]);
    repo.edit(NAME, 1, ids, 6, &mark("on Monday", "allegation"));
    repo.commit("main");
    repo.git(&["merge", "-q", "--no-edit", "other"]);
    let set = repo.set(NAME);
    assert_eq!((set.annotations.len(), set.conflicts.len()), (2, 0));
}

#[test]
fn an_article_that_was_renamed_or_changed_is_followed() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, false);
    let long = "A headline that was not there before\n\n";
    repo.git(&["mv", NAME, "b.txt"]);
    repo.git(&["mv", FILE, "b.txt.annotations.ron"]);
    repo.write("b.txt", &format!("{long}{TEXT}"));
    let set = repo.set("b.txt");
    let text = crate::support::sets::source(&repo.read("b.txt"));
    let marks = sourcemark::annotation::Marks::find(&text, &set, &|| true).unwrap();
    let found = set.annotations.keys();
    let found = found.map(|id| (*id, 0, marks.placement(*id).unwrap().first_range().unwrap()));
    let article = sourcemark::annotation::Article::describe(&text, "b.txt", "UTF-8");
    let adopt = Edit::AdoptText {
        article: Box::new(article),
        found: found.collect(),
    };
    repo.edit("b.txt", 1, ids, 40, &adopt);
    repo.commit("renamed");
    repo.git(&["merge", "-q", "--no-edit", "other"]);
    let set = repo.set("b.txt");
    assert_eq!((set.annotations.len(), set.conflicts.len()), (3, 0));
    let marks = sourcemark::annotation::Marks::find(&text, &set, &|| true).unwrap();
    for id in set.annotations.keys() {
        assert_eq!(
            marks.placement(*id).unwrap().word(),
            "exact",
            "described in the new text"
        );
    }
}

#[test]
fn line_endings_of_windows_are_no_change() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    repo.git(&["config", "core.autocrlf", "true"]);
    repo.git(&["rm", "-q", "--cached", "-r", "."]);
    repo.git(&["reset", "-q", "--hard"]);
    assert!(repo.read(FILE).contains("\r\n"));
    let set = repo.set(NAME);
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.edit(
        NAME,
        2,
        ids,
        10,
        &Edit::Remove {
            ids: vec![first(&set)],
        },
    );
    repo.commit("other");
    repo.git(&["checkout", "-q", "main"]);
    repo.edit(NAME, 1, ids, 12, &note(&set, "A denial."));
    repo.commit("main");
    assert!(!repo.try_git(&["merge", "other"]).0, "changed and removed");
    assert!(repo.read(FILE).contains("\r\n"));
    let merged = repo.set(NAME);
    assert_eq!((merged.annotations.len(), merged.conflicts.len()), (1, 1));
    repo.sourcemark(&["conflicts", FILE, "--all", "--take", "theirs"]);
    let merged = repo.set(NAME);
    assert_eq!((merged.annotations.len(), merged.conflicts.len()), (0, 0));
    repo.commit("merged");
    assert!(!repo.git(&["show", &format!("HEAD:{FILE}")]).contains('\r'));
}

#[test]
fn submodules_are_left_alone_and_worktrees_are_not() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let inner = place.repo("inner");
    inner.write("x.txt", "x");
    inner.commit("inner");
    let repo = place.repo("outer");
    repo.write(NAME, TEXT);
    repo.edit(NAME, 1, ids, 1, &mark("The minister denied it", "denial"));
    repo.git(&["submodule", "--quiet", "add", "../inner", "part"]);
    let before = repo.read(".git/modules/part/config");
    repo.commit("begin");
    repo.git(&["worktree", "add", "-q", "../second tree", "-b", "second"]);
    let second = place.open("second tree");
    second.install();
    second.commit("attributes");
    assert_eq!(repo.read(".git/modules/part/config"), before);
    assert!(!repo.path("part/.gitattributes").exists());
    assert_eq!(
        repo.git(&["status", "--porcelain"]),
        "",
        "the other tree is not touched"
    );
    let set = second.set(NAME);
    second.git(&["checkout", "-q", "-b", "other"]);
    second.edit(NAME, 2, ids, 10, &mark("the firm", "precedent"));
    second.commit("other");
    second.git(&["checkout", "-q", "second"]);
    second.edit(NAME, 1, ids, 11, &note(&set, "A denial."));
    second.commit("second");
    second.git(&["merge", "-q", "--no-edit", "other"]);
    assert_eq!(second.set(NAME).annotations.len(), 2);
}

#[test]
fn a_side_that_cannot_be_read_is_not_lost() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, false);
    repo.git(&["checkout", "-q", "other"]);
    let broken = repo.read(FILE).replacen("agents: [", "agents [", 1);
    repo.write(FILE, &broken);
    repo.commit("broken by hand");
    repo.git(&["checkout", "-q", "main"]);
    let (merged, said) = repo.try_git(&["merge", "other"]);
    assert!(
        !merged && said.contains("git's merge by lines is used instead"),
        "{said}"
    );
    let text = repo.read(FILE);
    assert!(
        text.contains("the firm") && text.contains("on Monday"),
        "{text}"
    );
}

/// Fifty branches of random work, from random points, merged in random order: every annotation that anybody
/// made is there or has a tombstone.
#[test]
fn fifty_branches_of_random_work() {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut number = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    let mut made: BTreeSet<AnnotationId> = BTreeSet::new();
    let mut waiting: Vec<String> = Vec::new();
    let mut n_conflicts = 0;
    for n in 0..50 {
        let name = format!("work-{n}");
        let from = match waiting.len() {
            0 => "main".to_owned(),
            len => match number(3) {
                0 => waiting[number(len)].clone(),
                _ => "main".to_owned(),
            },
        };
        repo.git(&["checkout", "-q", "-b", &name, &from]);
        let steps: Vec<_> = (0..2 + number(4))
            .map(|_| {
                // Forgetting removals would forget what is counted.
                let kind = match number(3) {
                    0 => 0,
                    _ => number(usize::from(N_KINDS) - 1) as u8,
                };
                (kind, number(4_000), number(4_000), number(2) == 0)
            })
            .collect();
        repo.steps(NAME, (n % 5) as u128 + 1, ids, 100 + 10 * n as i64, &steps);
        repo.commit(&name);
        made.extend(repo.set(NAME).annotations.keys());
        waiting.push(name);
        while waiting.len() > 3 || (n == 49 && !waiting.is_empty()) {
            let branch = waiting.swap_remove(number(waiting.len()));
            repo.git(&["checkout", "-q", "main"]);
            if !repo.try_git(&["merge", "-q", "--no-edit", &branch]).0 {
                let open = repo.set(NAME).conflicts.len();
                assert!(open > 0, "{}", repo.git(&["status"]));
                n_conflicts += open;
                let side = ["ours", "theirs"][number(2)];
                // Some are left open for a while and merged on.
                if number(3) > 0 {
                    let (code, said) =
                        repo.sourcemark(&["conflicts", FILE, "--all", "--take", side]);
                    assert_eq!(code, 0, "{said}");
                }
                repo.commit("merged");
            }
        }
    }
    let set = repo.set(NAME);
    let missing: Vec<_> = made
        .iter()
        .filter(|id| {
            !set.annotations.contains_key(*id)
                && !set.tombstones.contains_key(&RecordRef::from(*id))
        })
        .collect();
    assert_eq!(missing, Vec::<&AnnotationId>::new(), "of {}", made.len());
    assert!(
        made.len() > 40 && n_conflicts > 3,
        "{} made, {n_conflicts} conflicts",
        made.len()
    );
}
