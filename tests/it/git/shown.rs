//! What `git diff`, `log -p` and `blame` show of a change: the words that came and went, however long the text is.

use super::{FILE, NAME, Place, TEXT, begun, first, mark, note};
use crate::support::{
    edits::{N_KINDS, edit_of, person, stamp},
    repo::{Repo, START},
    sets::CountingIds,
};
use sourcemark::{
    annotation::{Marks, Record},
    edit::{Edit, Workspace},
    text::TextRange,
};

/// What two commits are shown to differ in, as lines that came and went.
fn patch(repo: &Repo) -> (Vec<String>, Vec<String>) {
    let shown = repo.git(&["log", "-p", "-1", "--format=", "--", FILE]);
    let lines = |sign: char| {
        let lines = shown.lines().filter(|line| {
            line.starts_with(sign) && !line.starts_with("+++") && !line.starts_with("---")
        });
        lines.map(|line| line[1..].trim().to_owned()).collect()
    };
    (lines('-'), lines('+'))
}

fn retarget(repo: &Repo, quote: &str) -> Edit {
    let at = TEXT.find(quote).unwrap();
    Edit::Retarget {
        id: first(&repo.set(NAME)),
        segment: 0,
        range: TextRange::from_bytes(at..at + quote.len()),
    }
}

#[test]
fn an_end_that_moved_shows_the_words() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = place.repo("r");
    repo.write(NAME, TEXT);
    let long = "The minister denied it. “We never built a back door,” said the firm on Monday.\nAn expert called it";
    repo.edit(NAME, 1, ids, 1, &mark(long, "denial"));
    repo.install();
    repo.commit("begin");
    repo.edit(
        NAME,
        1,
        ids,
        2,
        &retarget(&repo, &format!("{long} unlikely")),
    );
    let shown = repo.git(&["diff"]);
    assert!(
        shown.contains("moved its end forward by one word: {+unlikely+}"),
        "{shown}"
    );
    repo.commit("moved");
    let (gone, come) = patch(&repo);
    let n_chars = long.chars().count();
    let place = |n: usize| format!("characters 0 to {n}:");
    assert_eq!(
        gone,
        [&*place(n_chars), "| An expert called it"],
        "{come:?}"
    );
    let longer = place(n_chars + " unlikely".len());
    assert_eq!(come, [&*longer, "| An expert called it unlikely"]);
    let blame = repo.git(&["blame", FILE]);
    assert!(blame.contains("| An expert called it unlikely"), "{blame}");
}

/// The same wording elsewhere was an empty patch.
#[test]
fn the_same_words_at_another_place_are_a_change() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    repo.edit(NAME, 1, ids, 3, &retarget(&repo, "the "));
    repo.commit("the");
    let second = TEXT.rfind("the ").unwrap();
    assert_ne!(TEXT.find("the "), Some(second));
    let edit = Edit::Retarget {
        id: first(&repo.set(NAME)),
        segment: 0,
        range: TextRange::from_bytes(second..second + 3),
    };
    repo.edit(NAME, 1, ids, 4, &edit);
    let shown = repo.git(&["diff"]);
    assert!(
        shown.contains("moved it to the same wording elsewhere, from character"),
        "{shown}"
    );
    repo.commit("elsewhere");
    let (gone, come) = patch(&repo);
    assert_eq!((gone.len(), come.len()), (1, 1), "{gone:?} {come:?}");
    assert!(gone[0].starts_with("characters ") && come[0].starts_with("characters "));
}

#[test]
fn a_long_note_shows_the_sentence_that_was_changed() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    let sentence =
        |n: usize| format!("This is sentence number {n} of a note that goes on for long.");
    let text = |word: &str| {
        let sentences: Vec<String> = (0..30)
            .map(|n| {
                if n == 20 {
                    format!("Here {word} is the news.")
                } else {
                    sentence(n)
                }
            })
            .collect();
        sentences.join(" ")
    };
    repo.edit(NAME, 1, ids, 2, &note(&repo.set(NAME), &text("nothing")));
    repo.commit("long");
    repo.edit(NAME, 1, ids, 3, &note(&repo.set(NAME), &text("something")));
    let shown = repo.git(&["diff"]);
    assert!(
        shown.contains("Here [-nothing-] {+something+} is the news."),
        "{shown}"
    );
    let line = shown.lines().find(|line| line.contains("{+")).unwrap();
    assert!(
        line.chars().count() < 250,
        "only the words around it: {line}"
    );
    repo.commit("changed");
    let (gone, come) = patch(&repo);
    assert_eq!(gone, ["Here nothing is the news."]);
    assert_eq!(come, ["Here something is the news."]);
}

/// Two values of a conflict that begin alike are told from each other.
#[test]
fn a_conflict_shows_where_its_sides_differ() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    let long =
        "The same words at the beginning of both notes, and more than fit into one line, then";
    let set = repo.set(NAME);
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.edit(NAME, 2, ids, 10, &note(&set, &format!("{long} theirs.")));
    repo.commit("other");
    repo.git(&["checkout", "-q", "main"]);
    repo.edit(NAME, 1, ids, 12, &note(&set, &format!("{long} ours.")));
    repo.commit("main");
    assert!(!repo.try_git(&["merge", "other"]).0);
    let (_, said) = repo.sourcemark(&["conflicts", FILE]);
    assert!(
        said.contains("ours.”") && said.contains("theirs.”"),
        "{said}"
    );
}

/// Whatever is done to a file, its lines say so: a commit never has an empty patch.
#[test]
fn no_change_is_without_a_line() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut number = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let lines = |repo: &Repo| repo.sourcemark(&["git", "textconv", FILE]).1;
    let mut n_changed = 0;
    for n in 0..150 {
        let before = repo.set(NAME);
        let shown = lines(&repo);
        let step = (
            number(usize::from(N_KINDS)) as u8,
            number(4_000),
            number(4_000),
            number(2) == 0,
        );
        let text = crate::support::sets::source(TEXT);
        let marks = Marks::find(&text, &before, &|| true).unwrap();
        let mut workspace = Workspace::new(before.clone(), marks);
        let edit = edit_of(&workspace, step);
        drop(workspace.apply(&edit, &mut stamp(person(1), ids, START + 100 + n)));
        if workspace.set() == &before {
            continue;
        }
        let timeless = |set: &sourcemark::annotation::AnnotationSet| {
            let mut fields: Vec<_> = set.annotations.values().map(|it| it.fields()).collect();
            fields
                .iter_mut()
                .for_each(|fields| drop(fields.remove("modified")));
            (
                fields,
                set.tombstones.clone(),
                set.tags.clone(),
                set.links.clone(),
                set.conflicts.clone(),
            )
        };
        let is_same = timeless(workspace.set()) == timeless(&before)
            && workspace.set().article == before.article
            && workspace.set().speakers == before.speakers
            && workspace.set().claims == before.claims
            && workspace.set().agents == before.agents;
        repo.edit(NAME, 1, ids, 100 + n, &edit);
        if !is_same {
            n_changed += 1;
            assert_ne!(lines(&repo), shown, "{edit:?}");
        }
    }
    assert!(n_changed > 40, "{n_changed}");
}
