//! What killed savers leave behind: cleared away where it is known, kept and shown where it is not.

use super::{PATH, Save, disk, errors::with_every_fault, is_temporary, written};
use crate::support::memory_fs::{Limits, MemoryFs};
use sourcemark::files::{ANNOTATIONS_SUFFIX, Loaded};
use std::{path::Path, sync::Arc};

/// A file in the folder of an annotation file.
struct Leftover {
    name: String,
    content: Vec<u8>,
    fate: Fate,
}

/// What becomes of it when the annotation file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It may be removed.
    Goes,
    /// It becomes an earlier version.
    IsKept,
    /// It becomes a conflict copy.
    IsShown,
    /// Nothing.
    Stays,
}

/// The names that a process of this machine with the number `pid` gives a file while it replaces the one titled `old`
/// by the one titled `new`: while it writes, and when the two trade places.
pub fn temporary_names(pid: u32) -> (String, String) {
    let (memory, expected) = Save::default().prepare();
    memory.record();
    let save = Save::default();
    save.run(Arc::new(memory.clone()), &expected).unwrap();
    let moments = memory.moments();
    let of = |end: &str| {
        let mut paths = moments.iter().flat_map(|now| now.files().into_keys());
        let path = paths
            .find(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                is_temporary(path)
                    && path.starts_with("/d")
                    && name.ends_with(end)
                    && name.len() > 30
            })
            .unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let rest = name.strip_prefix(".sourcemark-").unwrap();
        let (_, digits) = rest.split_once('-').unwrap();
        format!(".sourcemark-{pid}-{digits}")
    };
    (of(".part"), of(".tmp"))
}

/// The same name with another random number.
fn other(name: &str, n: u32) -> String {
    let at = ".sourcemark-4294967295-12345678".len();
    format!("{}{n:08x}{}", &name[..at], &name[at + 8..])
}

fn leftovers() -> Vec<Leftover> {
    let (unfinished, traded) = temporary_names(u32::MAX);
    let (own_unfinished, own_traded) = temporary_names(std::process::id());
    let at = ".sourcemark-4294967295-".len();
    let elsewhere = format!("{}00000000{}", &traded[..at], &traded[at + 8..]);
    let key = traded.split('-').nth(3).unwrap();
    let for_another = other(&traded, 9).replace(key, "0123456789abcdef");
    let legacy = format!("{}.tmp", unfinished.strip_suffix(".part").unwrap());
    let leftover = |name: &str, content: &[u8], fate| Leftover {
        name: name.to_owned(),
        content: content.to_vec(),
        fate,
    };
    let markers = b"<<<<<<< ours\n(format: \"sourcemark\"\n=======\n>>>>>>> theirs\n";
    vec![
        leftover(&unfinished, b"half a ", Fate::Goes),
        leftover(&other(&unfinished, 1), &written("new"), Fate::Goes),
        leftover(&traded, &written("present"), Fate::Goes),
        leftover(&other(&traded, 1), &written("old"), Fate::IsKept),
        leftover(&other(&traded, 2), &written("new"), Fate::IsKept),
        leftover(&other(&traded, 3), &written("their"), Fate::IsShown),
        leftover(&other(&traded, 4), markers, Fate::IsShown),
        leftover(&other(&traded, 5), b"", Fate::IsShown),
        leftover(&for_another, &written("for another"), Fate::Stays),
        leftover(&own_unfinished, &written("under way"), Fate::Stays),
        leftover(&own_traded, &written("under way too"), Fate::Stays),
        leftover(&elsewhere, &written("elsewhere"), Fate::Stays),
        leftover(&legacy, b"of an older program", Fate::Stays),
        leftover(".sourcemark-notes.tmp", b"somebody's", Fate::Stays),
        leftover(".sourcemark-1-1.tmp", b"somebody's", Fate::Stays),
        leftover(".a.txt.swp", b"somebody's", Fate::Stays),
        leftover("a.txt.tmp", b"somebody's", Fate::Stays),
    ]
}

fn prepare(leftovers: &[Leftover]) -> MemoryFs {
    let fs = MemoryFs::new(Limits::default());
    fs.plant(PATH, &written("present"));
    for Leftover { name, content, .. } in leftovers {
        fs.plant(&format!("/d/{name}"), content);
    }
    fs
}

#[test]
fn each_leftover_goes_where_it_belongs() {
    let leftovers = leftovers();
    let memory = prepare(&leftovers);
    let disk = disk(Arc::new(memory.clone()));
    let path = Path::new(PATH);
    assert!(matches!(disk.read_annotations(path), Loaded::Loaded(_)));
    let after = memory.files();
    let copies = disk.conflict_copies(path);
    let shown: Vec<&Vec<u8>> = copies.iter().map(|copy| &after[&copy.path]).collect();
    let mut said = disk.take_set_aside();
    said.sort();
    let mut listed: Vec<_> = copies.iter().map(|copy| copy.path.clone()).collect();
    listed.sort();
    assert_eq!(said, listed);
    assert!(disk.take_set_aside().is_empty());
    let kept: Vec<String> = disk
        .earlier_versions(path)
        .unwrap()
        .iter()
        .map(|version| disk.read_version(version).unwrap().set.article.title)
        .collect();
    for Leftover {
        name,
        content,
        fate,
    } in &leftovers
    {
        let is_there = after.get(&Path::new("/d").join(name)) == Some(content);
        let is_shown = shown.contains(&content);
        let is_kept = kept.iter().any(|title| written(title) == *content);
        let found = match (is_there, is_shown, is_kept) {
            (true, false, false) => Fate::Stays,
            (false, true, false) => Fate::IsShown,
            (false, false, true) => Fate::IsKept,
            (false, false, false) => Fate::Goes,
            other => panic!("{name}: {other:?}"),
        };
        // What is being written may be a version that is kept for another reason.
        let expected = match (fate, *content == written("new")) {
            (Fate::Goes, true) => Fate::IsKept,
            (fate, _) => *fate,
        };
        assert_eq!(
            found,
            expected,
            "{name}: {}",
            String::from_utf8_lossy(content)
        );
    }
}

#[test]
fn what_nobody_knows_is_never_lost_whatever_fails() {
    let leftovers = leftovers();
    let n_faults = with_every_fault(&|| prepare(&leftovers), &|disk, memory, before| {
        drop(disk.read_annotations(Path::new(PATH)));
        let after = memory.files();
        for Leftover {
            name,
            content,
            fate,
        } in &leftovers
        {
            let path = Path::new("/d").join(name);
            match fate {
                Fate::Goes => {}
                Fate::Stays => assert_eq!(after.get(&path), Some(content), "{name}"),
                Fate::IsKept | Fate::IsShown => {
                    assert!(after.values().any(|other| other == content), "{name}");
                }
            }
        }
        assert_eq!(after.get(Path::new(PATH)), before.get(Path::new(PATH)));
    });
    assert!(n_faults > 100, "only {n_faults}");
}

#[test]
fn the_name_of_the_article_inside_has_no_say() {
    // Written for an article of another name, as after a rename: it belongs to the file that it was made for.
    let (_, traded) = temporary_names(u32::MAX);
    let memory = prepare(&[]);
    let inside = String::from_utf8(written("old"))
        .unwrap()
        .replace("a.txt", "b.txt");
    memory.plant("/d/b.txt.annotations.ron", &written("of b"));
    memory.plant(&format!("/d/{traded}"), inside.as_bytes());
    let disk = disk(Arc::new(memory.clone()));
    // Opening a neighbour clears the folder as well.
    let neighbour = format!("/d/b.txt{ANNOTATIONS_SUFFIX}");
    drop(disk.read_annotations(Path::new(&neighbour)));
    assert_eq!(disk.conflict_copies(Path::new(&neighbour)), []);
    assert_eq!(disk.earlier_versions(Path::new(&neighbour)).unwrap(), []);
    let copies = disk.conflict_copies(Path::new(PATH));
    assert_eq!(copies.len(), 1);
    assert_eq!(memory.files()[&copies[0].path], inside.as_bytes());
}
