//! A file system in memory that knows what a power cut would leave of it.
//!
//! Content is safe once its file was synced, a name once its folder was. A [`Moment`] is taken after every
//! operation; [`Moment::crash_states`] gives the disks that may be found after a power cut at that moment: each
//! change of a name since the folder was synced may have reached the disk or not, in any combination (both halves
//! of a rename too), and unsynced content may be there, in part, as zeros, or not at all.

mod operations;

use sourcemark::files::fs::{Fs as _, Kind, Stat};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Error, ErrorKind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, UNIX_EPOCH},
};

/// Most changes of names whose every combination is tried; of more, all but one or two are taken.
const MAX_COMBINED: usize = 9;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    File(usize),
    Folder,
    Link(PathBuf),
}

#[derive(Clone)]
struct Inode {
    data: Arc<Vec<u8>>,
    /// What is on the disk for sure; `None` while nothing is.
    synced: Option<Arc<Vec<u8>>>,
    /// How many bytes at its start were not touched since: what is appended cannot harm them.
    n_untouched: usize,
    modified_seconds: u64,
    changed: i128,
    read_only: bool,
}

type Names = BTreeMap<PathBuf, Node>;

/// A name that came, went, or means another file.
#[derive(Clone)]
struct NameChange {
    path: PathBuf,
    node: Option<Node>,
}

/// The disk after one operation.
#[derive(Clone, Default)]
pub struct Moment {
    names: Names,
    durable: Names,
    pending: Vec<NameChange>,
    inodes: Vec<Inode>,
    ticks: i128,
}

/// What this file system cannot do, as there are such.
#[derive(Clone, Default)]
pub struct Limits {
    /// Two files cannot trade names.
    pub no_exchange: bool,
    /// A rename replaces what is there.
    pub no_rename_new: bool,
    /// A file has one name.
    pub no_links: bool,
    /// Nothing can be locked.
    pub no_locks: bool,
    /// This file is mounted by itself: its name is not to be had.
    pub mounted: Option<PathBuf>,
    /// In these folders nothing may be made.
    pub protected: Vec<PathBuf>,
    /// Nobody may go into this folder.
    pub shut: Option<PathBuf>,
    /// Syncing files does nothing, though it says it did.
    pub sync_lies: bool,
    /// Syncing folders does nothing, though it says it did.
    pub sync_folder_lies: bool,
}

struct Shared {
    now: Moment,
    seconds: u64,
    limits: Limits,
    locks: BTreeSet<PathBuf>,
    /// After each operation so far, if they are recorded.
    moments: Option<Vec<Moment>>,
}

/// A file system in memory. A clone is the same one.
#[derive(Clone)]
pub struct MemoryFs(Arc<Mutex<Shared>>);

impl MemoryFs {
    /// An empty one.
    pub fn new(limits: Limits) -> Self {
        Self::of(Moment::default(), limits)
    }

    /// The one that was there at a moment, or is after a power cut.
    pub fn of(now: Moment, limits: Limits) -> Self {
        Self(Arc::new(Mutex::new(Shared {
            now,
            seconds: 1_772_366_400,
            limits,
            locks: BTreeSet::new(),
            moments: None,
        })))
    }

    /// The present moment.
    pub fn now(&self) -> Moment {
        self.shared().now.clone()
    }

    /// Takes a moment after each operation from now on.
    pub fn record(&self) {
        self.shared().moments = Some(Vec::new());
    }

    /// The moments taken so far.
    pub fn moments(&self) -> Vec<Moment> {
        self.shared().moments.clone().unwrap_or_default()
    }

    /// Sets the clock of the file system.
    pub fn set_clock(&self, seconds: u64) {
        self.shared().seconds = seconds;
    }

    /// Puts a file there that is safe already, and the folders above it.
    pub fn plant(&self, path: &str, bytes: &[u8]) {
        let path = Path::new(path);
        self.create_folder(path.parent().unwrap()).unwrap();
        let mut shared = self.shared();
        let seconds = shared.seconds;
        let now = &mut shared.now;
        now.ticks += 1;
        let data = Arc::new(bytes.to_vec());
        now.inodes.push(Inode {
            synced: Some(Arc::clone(&data)),
            n_untouched: data.len(),
            data,
            modified_seconds: seconds,
            changed: now.ticks,
            read_only: false,
        });
        let node = Node::File(now.inodes.len() - 1);
        now.names.insert(path.to_owned(), node);
        now.settle(&|_| true);
    }

    /// Puts a link there that is safe already.
    pub fn plant_link(&self, path: &str, to: &str) {
        let mut shared = self.shared();
        let now = &mut shared.now;
        now.names.insert(PathBuf::from(path), Node::Link(to.into()));
        now.settle(&|_| true);
    }

    /// The files by path, with their content.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.shared().now.files()
    }

    /// The content of the file at `path`; `None` for no file.
    pub fn content(&self, path: &str) -> Option<Vec<u8>> {
        let shared = self.shared();
        let path = shared.now.resolve(Path::new(path)).ok()?;
        shared.now.files().remove(&path)
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap()
    }

    /// Changes something, and takes a moment.
    fn change<T>(&self, change: impl FnOnce(&mut Shared) -> io::Result<T>) -> io::Result<T> {
        let mut shared = self.shared();
        shared.now.ticks += 1;
        let result = change(&mut shared)?;
        if shared.moments.is_some() {
            let now = shared.now.clone();
            shared.moments.as_mut().unwrap().push(now);
        }
        Ok(result)
    }
}

impl Moment {
    /// The files by path, with their content.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let files = self.names.iter().filter_map(|(path, node)| match node {
            Node::File(inode) => Some((path.clone(), self.inodes[*inode].data.to_vec())),
            Node::Folder | Node::Link(_) => None,
        });
        files.collect()
    }

    /// Every disk that may be found after a power cut now.
    pub fn crash_states(&self) -> Vec<Self> {
        let mut states = Vec::new();
        for chosen in choices(self.pending.len()) {
            let mut names = self.durable.clone();
            for change in chosen.into_iter().map(|idx| &self.pending[idx]) {
                apply(&mut names, change);
            }
            // What stands in a folder that is not there is not there.
            let folders: BTreeSet<PathBuf> = names
                .iter()
                .filter(|(_, node)| **node == Node::Folder)
                .map(|(path, _)| path.clone())
                .collect();
            names.retain(|path, _| {
                path.ancestors()
                    .skip(1)
                    .all(|above| above == Path::new("/") || folders.contains(above))
            });
            let in_sight: BTreeSet<usize> = names
                .values()
                .filter_map(|node| match node {
                    Node::File(inode) => Some(*inode),
                    Node::Folder | Node::Link(_) => None,
                })
                .collect();
            let mut with_content = vec![self.inodes.clone()];
            for inode in in_sight {
                let contents = self.inodes[inode].after_a_crash();
                with_content = with_content
                    .iter()
                    .flat_map(|inodes| {
                        contents.iter().map(|content| {
                            let mut inodes = inodes.clone();
                            inodes[inode].data = Arc::clone(content);
                            inodes[inode].synced = Some(Arc::clone(content));
                            inodes[inode].n_untouched = content.len();
                            inodes
                        })
                    })
                    .collect();
            }
            states.extend(with_content.into_iter().map(|inodes| Self {
                names: names.clone(),
                durable: names.clone(),
                pending: Vec::new(),
                inodes,
                ticks: self.ticks,
            }));
        }
        states
    }

    fn set(&mut self, path: &Path, node: Option<Node>) {
        let change = NameChange {
            path: path.to_owned(),
            node,
        };
        apply(&mut self.names, &change);
        self.pending.push(change);
    }

    /// Puts the changes of names on the disk for which `is_it` holds.
    fn settle(&mut self, is_it: &dyn Fn(&Path) -> bool) {
        let pending = std::mem::take(&mut self.pending);
        for change in pending {
            if is_it(&change.path) {
                apply(&mut self.durable, &change);
            } else {
                self.pending.push(change);
            }
        }
        for (path, node) in &self.names {
            if is_it(path) && !self.pending.iter().any(|change| change.path == *path) {
                self.durable.insert(path.clone(), node.clone());
            }
        }
    }

    /// `path` without the link that it may end in.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let mut path = path.to_owned();
        for _ in 0..8 {
            match self.names.get(&path) {
                Some(Node::Link(to)) => path = path.parent().unwrap().join(to),
                Some(_) => return Ok(path),
                None => return Err(ErrorKind::NotFound.into()),
            }
        }
        Err(Error::other("a loop of links"))
    }

    fn file(&self, path: &Path) -> io::Result<usize> {
        match self.names.get(&self.resolve(path)?) {
            Some(Node::File(inode)) => Ok(*inode),
            _ => Err(ErrorKind::IsADirectory.into()),
        }
    }

    fn has_folder(&self, path: &Path) -> io::Result<()> {
        match self.names.get(path) {
            Some(Node::Folder) => Ok(()),
            Some(_) => Err(ErrorKind::NotADirectory.into()),
            None if path == Path::new("/") => Ok(()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn stat_of(&self, node: &Node) -> Stat {
        match node {
            Node::File(number) => {
                let inode = &self.inodes[*number];
                Stat {
                    kind: Kind::File,
                    len: inode.data.len() as u64,
                    modified: Some(UNIX_EPOCH + Duration::from_secs(inode.modified_seconds)),
                    changed: Some(inode.changed),
                    id: Some((1, *number as u64)),
                    n_names: self.names.values().filter(|other| *other == node).count() as u64,
                    read_only: inode.read_only,
                }
            }
            other => Stat {
                kind: match other {
                    Node::Folder => Kind::Folder,
                    _ => Kind::Link,
                },
                len: 0,
                modified: None,
                changed: None,
                id: None,
                n_names: 1,
                read_only: false,
            },
        }
    }

    fn touch(&mut self, node: &Node) {
        if let Node::File(inode) = node {
            self.inodes[*inode].changed = self.ticks;
        }
    }
}

impl Inode {
    /// What may be in the file after a power cut.
    fn after_a_crash(&self) -> Vec<Arc<Vec<u8>>> {
        let now = &self.data;
        let before = self.synced.clone().unwrap_or_default();
        if before == *now {
            return vec![before];
        }
        let kept = self.n_untouched;
        let half = kept + (now.len() - kept) / 2;
        let mut mixed = now[..half].to_vec();
        mixed.extend(before.iter().skip(half));
        let mut zeros = now[..kept].to_vec();
        zeros.resize(now.len(), 0);
        let mut contents = vec![
            now.to_vec(),
            now[..kept].to_vec(),
            now[..half].to_vec(),
            zeros,
            mixed,
            before.to_vec(),
        ];
        contents.sort();
        contents.dedup();
        contents.into_iter().map(Arc::new).collect()
    }
}

fn apply(names: &mut Names, change: &NameChange) {
    match &change.node {
        Some(node) => names.insert(change.path.clone(), node.clone()),
        None => names.remove(&change.path),
    };
}

/// Which of `n` changes may have reached the disk.
fn choices(n: usize) -> Vec<Vec<usize>> {
    if n <= MAX_COMBINED {
        let combinations = 0..1_usize << n;
        return combinations
            .map(|bits| (0..n).filter(|idx| bits >> idx & 1 == 1).collect())
            .collect();
    }
    let mut chosen = BTreeSet::new();
    for end in 0..=n {
        let all: Vec<usize> = (0..end).collect();
        for (one, other) in (0..end).flat_map(|one| (one..end).map(move |other| (one, other))) {
            let is_left_out = |idx: &&usize| **idx == one || **idx == other;
            chosen.insert(
                all.iter()
                    .filter(|idx| !is_left_out(idx))
                    .copied()
                    .collect(),
            );
        }
        chosen.insert(all);
    }
    chosen.into_iter().collect()
}
