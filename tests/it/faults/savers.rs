//! Three people save one file at once, in every order of their calls, with and without locks, and one is killed.
//!
//! The law: a version whose save was said to be done is what is there, or was what a later version was made from, or
//! lies beside it as a conflict copy. What a refused save wanted to write is nowhere.

use super::{PATH, STATE, disk, is_temporary, titled, written};
use crate::support::{
    memory_fs::{Limits, MemoryFs},
    scheduler::{End, Scope, explore},
};
use sourcemark::files::{Disk, Expected, FileErrorKind, Loaded, SaveOptions, fs::Fs};
use std::{
    collections::BTreeSet,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The version that is there first.
const FIRST: &str = "v";

/// What came of one save: the version it was made from and the one it made, by their titles. Each saver adds its
/// number to the title, so that a version says which it goes back to.
type Saved = Result<(String, String), String>;

/// All ways in which savers are interrupted no more than twice: enough to find the protocol of before wrong.
fn everywhere() -> Scope {
    Scope {
        path: PATH.into(),
        max_switches: 2,
        is_fine: false,
        n_kills: 0,
        without_locks: Vec::new(),
    }
}

fn prepare(limits: &Limits) -> MemoryFs {
    let fs = MemoryFs::new(limits.clone());
    fs.plant(PATH, &written(FIRST));
    // So that nobody has to be the first to make it.
    fs.create_folder(Path::new("/s/locks")).unwrap();
    fs
}

fn title_of(fs: &MemoryFs, path: &Path) -> Option<String> {
    match Disk::new(Arc::new(fs.clone()), None).read_annotations(path) {
        Loaded::Loaded(file) => Some(file.set.article.title),
        Loaded::New | Loaded::Unreadable(_) => None,
    }
}

/// The program: reads the file, adds the saver's number to its title, saves it. Each person has their own state folder
/// if `is_shared` says that they are several people.
fn as_the_program_does(me: usize, fs: Arc<dyn Fs>, is_shared: bool) -> Saved {
    let state = if is_shared {
        format!("/s{me}")
    } else {
        STATE.to_owned()
    };
    let disk = Disk::new(fs, Some(state.into()));
    let path = Path::new(PATH);
    let Loaded::Loaded(file) = disk.read_annotations(path) else {
        return Err("not read".to_owned());
    };
    let base = file.set.article.title;
    let title = format!("{base}{me}");
    let expected = Expected::Same(file.identity);
    let options = SaveOptions::default();
    match disk.save_annotations(path, &titled(&title), &expected, &options) {
        Ok(_) => Ok((base, title)),
        Err(error) => match error.kind {
            FileErrorKind::ChangedOnDisk(_) => Err("changed".to_owned()),
            other => Err(other.to_string()),
        },
    }
}

/// The protocol of before: what came out when the names were traded was put back, whatever was there by then.
fn as_it_was(me: usize, fs: Arc<dyn Fs>) -> Saved {
    let read = |path: &Path| {
        let mut bytes = Vec::new();
        fs.open(path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map(|_| bytes)
            .map_err(|error| error.to_string())
    };
    let path = Path::new(PATH);
    let old = read(path)?;
    let text = String::from_utf8_lossy(&old).into_owned();
    let (_, rest) = text.split_once("title: \"").unwrap_or(("", "\""));
    let base = rest.split_once('"').unwrap().0.to_owned();
    let title = format!("{base}{me}");
    let own = PathBuf::from(format!("/d/.sourcemark-{me}.tmp"));
    let write = || -> std::io::Result<()> {
        let mut file = fs.create_new(&own, true)?;
        file.write_all(&written(&title))?;
        file.sync()
    };
    write().map_err(|error| error.to_string())?;
    if read(path)? != old {
        fs.remove(&own).ok();
        return Err("changed".to_owned());
    }
    let exchange = || fs.exchange(&own, path).map_err(|error| error.to_string());
    exchange()?;
    if read(&own)? == old {
        fs.remove(&own).ok();
        return Ok((base, title));
    }
    exchange()?;
    // Anything else was left there.
    if read(&own)? == written(&title) {
        fs.remove(&own).ok();
    }
    Err("changed".to_owned())
}

/// Compares, then renames over whatever is there: no lock, and nothing to compare afterwards.
fn without_a_second_look(me: usize, fs: Arc<dyn Fs>) -> Saved {
    let disk = Disk::new(fs, None);
    let path = Path::new(PATH);
    let Loaded::Loaded(file) = disk.read_annotations(path) else {
        return Err("not read".to_owned());
    };
    let base = file.set.article.title;
    let title = format!("{base}{me}");
    let expected = Expected::Same(file.identity);
    let saved = disk.save_annotations(path, &titled(&title), &expected, &SaveOptions::default());
    saved
        .map(|_| (base, title))
        .map_err(|error| match error.kind {
            FileErrorKind::ChangedOnDisk(_) => "changed".to_owned(),
            other => other.to_string(),
        })
}

/// What is against the law, given how the savers ended.
fn wrong(fs: &MemoryFs, ends: &[End<Saved>]) -> Option<String> {
    let is_killed = ends.contains(&End::Killed);
    if is_killed {
        leave_for_dead(fs);
    }
    // The next opening, which shows what a killed saver has left.
    let next = disk(Arc::new(fs.clone()));
    let path = Path::new(PATH);
    let current = match next.read_annotations(path) {
        Loaded::Loaded(file) => file.set.article.title,
        other => return Some(format!("{other:?}")),
    };
    let copies: Vec<String> = next
        .conflict_copies(path)
        .iter()
        .filter_map(|copy| title_of(fs, &copy.path))
        .collect();
    let states = [STATE, "/s0", "/s1", "/s2"];
    let earlier: Vec<String> = states
        .iter()
        .flat_map(|state| {
            let disk = Disk::new(Arc::new(fs.clone()), Some((*state).into()));
            let versions = disk.earlier_versions(path).unwrap_or_default();
            let read = versions.into_iter().filter_map(move |version| {
                Some(disk.read_version(&version).ok()?.set.article.title)
            });
            read.collect::<Vec<_>>()
        })
        .collect();
    let saved: Vec<&(String, String)> = ends
        .iter()
        .filter_map(|end| match end {
            End::Returned(saved) => saved.as_ref().ok(),
            End::Killed => None,
        })
        .collect();
    let mut acknowledged = vec![FIRST.to_owned()];
    acknowledged.extend(saved.iter().map(|(_, title)| title.clone()));
    let everywhere: BTreeSet<&String> = copies
        .iter()
        .chain([&current])
        .chain(&acknowledged)
        .collect();
    let was_base = |version: &str| saved.iter().any(|(base, _)| base == version);
    // A killed saver took it away for a version that others found there.
    let was_base_of_killed = |version: &str| {
        is_killed
            && earlier.iter().any(|title| title == version)
            && everywhere.iter().any(|title| {
                title.strip_prefix(version).is_some_and(|rest| {
                    rest.chars()
                        .next()
                        .and_then(|number| number.to_digit(10))
                        .is_some_and(|me| ends.get(me as usize) == Some(&End::Killed))
                })
            })
    };
    for version in &acknowledged {
        let is_there = current == *version || copies.contains(version);
        if !is_there && !was_base(version) && !was_base_of_killed(version) {
            return Some(format!(
                "`{version}` is lost: `{current}` {copies:?} {earlier:?}"
            ));
        }
    }
    for (me, end) in ends.iter().enumerate() {
        let mark = me.to_string();
        if let End::Returned(Err(why)) = end
            && why != "changed"
        {
            return Some(format!("{me}: {why}"));
        }
        if matches!(end, End::Returned(Err(_)))
            && let Some(title) = everywhere.iter().find(|title| title.contains(&mark))
        {
            return Some(format!("{me} was refused and is in `{title}`"));
        }
    }
    let left = fs.files().into_keys().find(|path| is_temporary(path));
    left.map(|path| format!("{} is left", path.display()))
}

/// Gives the temporary files the names that a process would have left which is no more.
fn leave_for_dead(fs: &MemoryFs) {
    let start = format!(".sourcemark-{}-", std::process::id());
    for path in fs.files().into_keys().filter(|path| is_temporary(path)) {
        let name = path.file_name().unwrap().to_string_lossy();
        if let Some(rest) = name.strip_prefix(&start) {
            let dead = path.with_file_name(format!(".sourcemark-{}-{rest}", u32::MAX));
            fs.rename(&path, &dead).unwrap();
        }
    }
}

/// Goes through all ways, and returns how many there are and what was wrong in the first that is against the law.
fn run(
    scope: &Scope,
    n_savers: usize,
    limits: &Limits,
    saver: &(dyn Fn(usize, Arc<dyn Fs>) -> Saved + Sync),
) -> (usize, Option<String>) {
    let mut first = None;
    let n_ways = explore(
        scope,
        n_savers,
        &|| prepare(limits),
        saver,
        &mut |fs, ends| {
            if first.is_none() {
                first = wrong(fs, &ends).map(|what| format!("{what}: {ends:?}"));
            }
        },
    );
    eprintln!("{n_ways} ways");
    (n_ways, first)
}

#[track_caller]
fn keeps_the_law(scope: &Scope, n_savers: usize, is_shared: bool, at_least: usize) {
    let saver = |me: usize, fs: Arc<dyn Fs>| as_the_program_does(me, fs, is_shared);
    let (n_ways, wrong) = run(scope, n_savers, &Limits::default(), &saver);
    assert_eq!(wrong, None);
    assert!(n_ways >= at_least, "only {n_ways}");
}

#[test]
fn three_savers_with_locks_lose_nothing() {
    for is_shared in [false, true] {
        keeps_the_law(&everywhere(), 3, is_shared, 20);
    }
}

#[test]
fn savers_without_locks_lose_nothing() {
    for without_locks in [vec![0, 1, 2], vec![1]] {
        let scope = Scope {
            without_locks,
            ..everywhere()
        };
        keeps_the_law(&scope, 3, true, 50);
    }
    let two = Scope {
        without_locks: vec![0, 1],
        max_switches: usize::MAX,
        ..everywhere()
    };
    keeps_the_law(&two, 2, true, 20);
}

#[test]
fn a_saver_that_is_killed_loses_nothing() {
    for without_locks in [Vec::new(), vec![0, 1, 2]] {
        let scope = Scope {
            without_locks,
            max_switches: 1,
            n_kills: 1,
            ..everywhere()
        };
        keeps_the_law(&scope, 2, true, 50);
    }
}

#[test]
#[ignore = "minutes: three savers at every call, killed at every call"]
fn three_savers_at_every_call_lose_nothing() {
    for (without_locks, n_kills, is_fine) in [
        (vec![0, 1, 2], 0, false),
        (vec![1], 0, false),
        (Vec::new(), 0, true),
        (Vec::new(), 1, false),
        (vec![0, 1, 2], 1, false),
    ] {
        let scope = Scope {
            without_locks,
            n_kills,
            is_fine,
            max_switches: if n_kills > 0 { 4 } else { usize::MAX },
            ..everywhere()
        };
        keeps_the_law(&scope, 3, true, 50);
    }
}

#[test]
fn putting_an_old_version_back_fails_the_check() {
    // Two do not suffice: it takes a third that has read what is withdrawn.
    let (_, wrong) = run(&everywhere(), 3, &Limits::default(), &as_it_was);
    let wrong = wrong.unwrap();
    assert!(
        wrong.contains("lost") || wrong.contains("refused"),
        "{wrong}"
    );
}

#[test]
fn a_rename_without_lock_or_exchange_fails_the_check() {
    let scope = Scope {
        without_locks: vec![0, 1],
        ..everywhere()
    };
    let limits = Limits {
        no_exchange: true,
        ..Limits::default()
    };
    let (_, wrong) = run(&scope, 2, &limits, &without_a_second_look);
    let wrong = wrong.unwrap();
    assert!(wrong.contains("lost"), "{wrong}");
    // With the lock it does not.
    let (_, wrong) = run(&everywhere(), 2, &limits, &without_a_second_look);
    assert_eq!(wrong, None);
}
