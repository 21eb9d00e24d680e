//! One person on two machines, and two people who join the same records apart from each other.

use super::{FILE, NAME, Place, TEXT, first, mark};
use crate::support::{
    edits::{person, stamp},
    repo::{Repo, START},
    sets::{CountingIds, source},
};
use sourcemark::{
    annotation::{AgentId, AnnotationSet, Marks, twins},
    edit::{Edit, Workspace},
    files::{Expected, Loaded, annotations_beside, read_annotations, save_annotations},
};

/// Ana on the machine of this number: her name, and an id of its own.
fn ana(machine: u128) -> sourcemark::annotation::Agent {
    sourcemark::annotation::Agent {
        name: "Ana".to_owned(),
        ..person(machine)
    }
}

fn edit_as_ana(repo: &Repo, machine: u128, ids: &mut CountingIds, second: i64, edit: &Edit) {
    let path = annotations_beside(&repo.path(NAME));
    let Loaded::Loaded(file) = read_annotations(&path) else {
        panic!("no annotations");
    };
    let text = source(TEXT);
    let marks = Marks::find(&text, &file.set, &|| true).unwrap();
    let mut workspace = Workspace::new(file.set, marks);
    workspace
        .apply(edit, &mut stamp(ana(machine), ids, START + second))
        .unwrap();
    let expected = Expected::Same(file.identity);
    save_annotations(&path, workspace.set(), expected, file.crlf).unwrap();
}

fn begun(place: &Place, ids: &mut CountingIds) -> Repo {
    let repo = place.repo("r");
    repo.write(NAME, TEXT);
    repo.edit(NAME, 3, ids, 1, &mark("The minister denied it", "denial"));
    repo.install();
    repo.commit("begin");
    repo
}

/// Whoever is named anywhere in the file.
fn named(set: &AnnotationSet) -> Vec<AgentId> {
    let mut all: Vec<AgentId> = set.tombstones.values().filter_map(|it| it.who).collect();
    all.extend(set.links.values().map(|link| link.creator));
    for annotation in set.annotations.values() {
        all.push(annotation.creator);
        all.extend(annotation.comments.iter().map(|comment| comment.author));
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn one_person_on_two_machines_is_one_and_stays_one() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    for (branch, machine, quote) in [("one", 11, "the firm"), ("two", 12, "on Monday")] {
        repo.git(&["checkout", "-q", "-b", branch, "main"]);
        let second = machine as i64 * 10;
        edit_as_ana(&repo, machine, ids, second, &mark(quote, "precedent"));
        let id = first(&repo.set(NAME));
        let comment = Edit::AddComment {
            id,
            text: format!("From {branch}."),
        };
        edit_as_ana(&repo, machine, ids, second + 1, &comment);
        let [from, to] = [0, 1].map(|n| *repo.set(NAME).annotations.keys().nth(n).unwrap());
        let kind = sourcemark::annotation::LinkKind::Supports;
        edit_as_ana(
            &repo,
            machine,
            ids,
            second + 2,
            &Edit::Link { from, to, kind },
        );
        edit_as_ana(
            &repo,
            machine,
            ids,
            second + 3,
            &mark("An expert", "precedent"),
        );
        let gone = *repo.set(NAME).annotations.keys().next_back().unwrap();
        edit_as_ana(
            &repo,
            machine,
            ids,
            second + 4,
            &Edit::Remove { ids: vec![gone] },
        );
        repo.commit(branch);
    }
    let said = repo.git(&["merge", "--no-edit", "one"]);
    assert!(said.contains("two annotators are called “Ana”"), "{said}");
    let (code, said) = repo.sourcemark(&["check", FILE]);
    assert_eq!(code, 1, "{said}");
    let [keep, other] = [11, 12].map(|id| AgentId::from_u128(id).to_string());
    let (code, said) = repo.sourcemark(&["unify", FILE, &keep, &other]);
    assert!(code == 0 && said.contains("annotator “Ana”"), "{said}");
    let set = repo.set(NAME);
    assert_eq!(named(&set), [3, 11].map(AgentId::from_u128));
    assert_eq!(set.links.len(), 2);
    let (code, said) = repo.sourcemark(&["check", FILE]);
    assert_eq!(code, 0, "{said}");
    repo.commit("one Ana");
    // On the second machine she goes on as the one she is in this file.
    edit_as_ana(&repo, 12, ids, 500, &mark("the court", "precedent"));
    assert_eq!(named(&repo.set(NAME)), [3, 11].map(AgentId::from_u128));
    assert_eq!(repo.sourcemark(&["check", FILE]).0, 0);
    repo.commit("more");
    // A copy that does not know of it yet fits.
    repo.git(&["checkout", "-q", "-b", "late", "two~2"]);
    edit_as_ana(&repo, 12, ids, 600, &mark("back door", "precedent"));
    let [from, to] = [0, 1].map(|n| *repo.set(NAME).annotations.keys().nth(n).unwrap());
    let kind = sourcemark::annotation::LinkKind::RespondsTo;
    edit_as_ana(&repo, 12, ids, 601, &Edit::Link { from, to, kind });
    repo.commit("late");
    repo.git(&["checkout", "-q", "two"]);
    let said = repo.git(&["merge", "--no-edit", "late"]);
    assert!(!said.contains("merge by lines"), "{said}");
    let set = repo.set(NAME);
    assert_eq!(named(&set), [3, 11].map(AgentId::from_u128), "{said}");
    let (code, said) = repo.sourcemark(&["check", FILE]);
    assert_eq!(code, 0, "{said}");
}

/// Both clones have the same records twice; both join them, and the outcomes fit.
#[test]
fn two_people_who_join_the_same_come_to_the_same() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    let speaker = |name: &str| Edit::Annotate {
        segments: vec![sourcemark::text::TextRange::from_bytes(4..12)],
        tags: Vec::new(),
        note: String::new(),
        speaker: Some(name.to_owned()),
    };
    for (branch, machine, quote) in [("one", 11, "the firm"), ("two", 12, "on Monday")] {
        repo.git(&["checkout", "-q", "-b", branch, "main"]);
        edit_as_ana(
            &repo,
            machine,
            ids,
            machine as i64 * 10,
            &mark(quote, "precedent"),
        );
        edit_as_ana(
            &repo,
            machine,
            ids,
            machine as i64 * 10 + 1,
            &speaker("Ann Smith"),
        );
        edit_as_ana(
            &repo,
            machine,
            ids,
            machine as i64 * 10 + 2,
            &speaker("A judge"),
        );
        let (code, said) = repo.sourcemark(&[
            "tag",
            NAME,
            "--quote",
            "An expert",
            "--as",
            &format!("irony-{branch}"),
            "--new-tag",
            "--creator",
            "Ana",
        ]);
        assert_eq!(code, 0, "{said}");
        repo.commit(branch);
    }
    repo.git(&["merge", "-q", "--no-edit", "one"]);
    assert_eq!(twins(&repo.set(NAME)).len(), 3);
    for branch in ["left", "right"] {
        repo.git(&["checkout", "-q", "-b", branch, "two"]);
        let (code, said) = repo.sourcemark(&["unify", FILE, "--same-names"]);
        assert_eq!(code, 0, "{said}");
        assert_eq!(
            said.lines().filter(|line| line.ends_with(" now")).count(),
            3,
            "{said}"
        );
        let (code, said) = repo.sourcemark(&["unify", FILE, "--same-names"]);
        assert!(
            code == 0 && said.contains("no two records have the same name"),
            "{said}"
        );
        assert_eq!(repo.sourcemark(&["check", FILE]).0, 0);
        repo.edit(
            NAME,
            3,
            ids,
            900 + branch.len() as i64,
            &mark(
                if branch == "left" {
                    "the court"
                } else {
                    "back door"
                },
                "denial",
            ),
        );
        repo.commit(branch);
    }
    let said = repo.git(&["merge", "--no-edit", "left"]);
    assert!(
        !said.contains("settle") && !said.contains("are called"),
        "{said}"
    );
    let set = repo.set(NAME);
    assert!(twins(&set).is_empty() && set.conflicts.is_empty());
    assert_eq!(repo.sourcemark(&["check", FILE]).0, 0);
}

/// What two records of one name say differently stays, side by side.
#[test]
fn nothing_that_either_said_is_lost() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    let speaker = |id: u128, role: &str, side: &str, aliases: &[&str]| {
        Edit::DefineSpeaker(sourcemark::annotation::Speaker {
            id: sourcemark::annotation::SpeakerId::from_u128(id),
            name: "Ann Smith".to_owned(),
            aliases: aliases.iter().map(|name| (*name).to_owned()).collect(),
            role: role.to_owned(),
            side: side.to_owned(),
            kept: sourcemark::annotation::Kept::default(),
        })
    };
    repo.edit(NAME, 3, ids, 5, &speaker(1, "judge", "", &["A. Smith"]));
    repo.edit(
        NAME,
        3,
        ids,
        6,
        &speaker(2, "mayor", "plaintiff", &["Annie"]),
    );
    let (code, said) = repo.sourcemark(&["unify", FILE, "--same-names"]);
    assert_eq!(code, 0, "{said}");
    let set = repo.set(NAME);
    let known = set.speakers.values().next().unwrap();
    assert_eq!(
        (set.speakers.len(), known.role.as_str(), known.side.as_str()),
        (1, "judge; mayor", "plaintiff")
    );
    assert_eq!(known.aliases, ["A. Smith", "Annie"]);
}
