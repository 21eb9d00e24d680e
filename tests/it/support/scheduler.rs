//! Several savers on one file system, in every order: which of them makes the next call is a choice, and so is whether
//! it is killed there. [`explore`] goes through all choices; states that were seen are not gone through again.
//!
//! Calls that nobody else can notice (a temporary file, an earlier version) are no reason to switch.

use super::memory_fs::MemoryFs;
use sourcemark::files::fs::{Fs, FsFile, Kind, Lock, Stat};
use std::{
    collections::{BTreeMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Error, ErrorKind, Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread,
    time::Duration,
};

/// What is gone through.
#[derive(Clone)]
pub struct Scope {
    /// The file that all of them save.
    pub path: PathBuf,
    /// Most times that a saver is interrupted by another while it could go on.
    pub max_switches: usize,
    /// Whether looking at the file without reading it (`stat`) is a place to switch too.
    pub is_fine: bool,
    /// How many savers are killed, at any call.
    pub n_kills: usize,
    /// Savers for which nothing can be locked.
    pub without_locks: Vec<usize>,
}

/// How one saver ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End<T> {
    /// With this.
    Returned(T),
    /// It was killed.
    Killed,
}

#[derive(Clone, PartialEq, Eq)]
enum Status {
    Ready,
    Waits(PathBuf),
    Ended,
}

struct Run {
    /// What is chosen first.
    prefix: Vec<usize>,
    /// What was chosen, of how many.
    chosen: Vec<(usize, usize)>,
    current: Option<usize>,
    status: Vec<Status>,
    is_killed: Vec<bool>,
    /// What each saver has seen so far: with the files it says all about what it will do.
    seen: Vec<DefaultHasher>,
    n_switches: usize,
    n_kills: usize,
    visited: HashSet<u64>,
    /// Who has made each temporary file. Their names are random.
    makers: BTreeMap<PathBuf, usize>,
    /// Whether the rest was gone through before.
    is_known: bool,
}

/// The file system as one saver has it.
#[derive(Clone)]
struct Seat {
    me: usize,
    inner: MemoryFs,
    scope: Arc<Scope>,
    run: Arc<(Mutex<Run>, Condvar)>,
}

/// Runs `n_savers` savers on a fresh file system for each way that the choices can go. `check` is called with what is
/// there afterwards and how each of them ended. Returns how many ways were gone through to their end.
pub fn explore<T: Send>(
    scope: &Scope,
    n_savers: usize,
    prepare: &dyn Fn() -> MemoryFs,
    saver: &(dyn Fn(usize, Arc<dyn Fs>) -> T + Sync),
    check: &mut dyn FnMut(&MemoryFs, Vec<End<T>>),
) -> usize {
    let scope = Arc::new(scope.clone());
    let (mut n_ways, mut prefix, mut visited) = (0, Vec::new(), HashSet::new());
    loop {
        let inner = prepare();
        let run = Arc::new((
            Mutex::new(Run {
                prefix: std::mem::take(&mut prefix),
                chosen: Vec::new(),
                current: None,
                status: vec![Status::Ready; n_savers],
                is_killed: vec![false; n_savers],
                seen: vec![DefaultHasher::new(); n_savers],
                n_switches: 0,
                n_kills: 0,
                visited: std::mem::take(&mut visited),
                makers: BTreeMap::new(),
                is_known: false,
            }),
            Condvar::new(),
        ));
        let seat = |me| Seat {
            me,
            inner: inner.clone(),
            scope: Arc::clone(&scope),
            run: Arc::clone(&run),
        };
        let seats: Vec<Seat> = (0..n_savers).map(seat).collect();
        seats[0].hand_on();
        let returned: Vec<T> = thread::scope(|threads| {
            let start = |seat: &Seat| {
                let seat = seat.clone();
                threads.spawn(move || {
                    seat.wait_for_turn();
                    let returned = saver(seat.me, Arc::new(seat.clone()));
                    seat.state().status[seat.me] = Status::Ended;
                    seat.hand_on();
                    returned
                })
            };
            let running: Vec<_> = seats.iter().map(start).collect();
            running.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let mut state = run.0.lock().unwrap();
        if !state.is_known {
            n_ways += 1;
            let ended = returned.into_iter().zip(&state.is_killed);
            let ends = ended.map(|(returned, is_killed)| match is_killed {
                true => End::Killed,
                false => End::Returned(returned),
            });
            check(&inner, ends.collect());
        }
        visited = std::mem::take(&mut state.visited);
        let mut chosen = std::mem::take(&mut state.chosen);
        while chosen.pop_if(|(taken, n)| *taken + 1 == *n).is_some() {}
        let Some((last, _)) = chosen.last_mut() else {
            return n_ways;
        };
        *last += 1;
        prefix = chosen.into_iter().map(|(taken, _)| taken).collect();
    }
}

impl Run {
    /// One of `n` ways to go on.
    fn choose(&mut self, n: usize) -> usize {
        if n < 2 || self.is_known {
            return 0;
        }
        let taken = self.prefix.get(self.chosen.len()).copied().unwrap_or(0);
        self.chosen.push((taken, n));
        taken
    }

    fn ready(&self) -> Vec<usize> {
        let all = 0..self.status.len();
        all.filter(|idx| self.status[*idx] == Status::Ready)
            .collect()
    }
}

impl Seat {
    fn state(&self) -> MutexGuard<'_, Run> {
        self.run.0.lock().unwrap()
    }

    fn wait_for_turn(&self) {
        let mut state = self.state();
        while state.current != Some(self.me) {
            state = self.run.1.wait(state).unwrap();
        }
    }

    /// Lets one of the others go on, if there is one that can.
    fn hand_on(&self) {
        let mut state = self.state();
        let ready = state.ready();
        let are_left = state.status.iter().any(|status| *status != Status::Ended);
        assert!(!ready.is_empty() || !are_left, "all wait for each other");
        self.note_state(&mut state);
        let taken = state.choose(ready.len());
        state.current = ready.get(taken).copied();
        self.run.1.notify_all();
    }

    /// Where the choices that were given are used up: has everything from here on been gone through?
    fn note_state(&self, state: &mut Run) {
        if state.is_known || state.chosen.len() < state.prefix.len() {
            return;
        }
        let mut hasher = DefaultHasher::new();
        let mut temporary = Vec::new();
        for (path, content) in self.inner.files() {
            match state.makers.get(&path) {
                Some(maker) => temporary.push((*maker, content)),
                None => (path, content).hash(&mut hasher),
            }
        }
        temporary.sort();
        temporary.hash(&mut hasher);
        for seen in &state.seen {
            seen.finish().hash(&mut hasher);
        }
        for status in &state.status {
            (*status == Status::Ready, *status == Status::Ended).hash(&mut hasher);
        }
        (&state.is_killed, state.n_switches, state.n_kills).hash(&mut hasher);
        state.current.hash(&mut hasher);
        state.is_known = !state.visited.insert(hasher.finish());
    }

    /// Before a call: others may make theirs first, or this saver may be killed.
    fn step(&self, what: &str, is_shared: bool) -> io::Result<()> {
        let mut state = self.state();
        if state.is_killed[self.me] {
            return Err(ErrorKind::NotConnected.into());
        }
        what.hash(&mut state.seen[self.me]);
        if is_shared && state.n_switches < self.scope.max_switches {
            let others = state.ready().into_iter().filter(|idx| *idx != self.me);
            let order: Vec<usize> = [self.me].into_iter().chain(others).collect();
            if order.len() > 1 {
                self.note_state(&mut state);
            }
            let next = order[state.choose(order.len())];
            if next != self.me {
                state.n_switches += 1;
                state.current = Some(next);
                self.run.1.notify_all();
                drop(state);
                self.wait_for_turn();
                state = self.state();
            }
        }
        if state.n_kills < self.scope.n_kills && state.choose(2) == 1 {
            state.n_kills += 1;
            state.is_killed[self.me] = true;
            return Err(ErrorKind::NotConnected.into());
        }
        Ok(())
    }

    /// A call that reads or changes what is at `path`.
    fn at(&self, what: &str, path: &Path) -> io::Result<()> {
        self.step(what, path == self.scope.path)
    }

    /// A call that only looks at what is at `path`.
    fn look(&self, what: &str, path: &Path) -> io::Result<()> {
        self.step(what, self.scope.is_fine && path == self.scope.path)
    }

    /// Remembers what came of a call.
    fn saw<T>(&self, result: io::Result<T>) -> io::Result<T> {
        let kind = result.as_ref().err().map(Error::kind);
        kind.hash(&mut self.state().seen[self.me]);
        result
    }

    fn saw_stat(&self, result: io::Result<Stat>) -> io::Result<Stat> {
        let known = result.as_ref().ok();
        let known = known.map(|stat| (stat.kind == Kind::File, stat.len, stat.n_names));
        known.hash(&mut self.state().seen[self.me]);
        self.saw(result)
    }

    fn wrap(&self, inner: Box<dyn FsFile>) -> Box<dyn FsFile> {
        let seat = self.clone();
        Box::new(SeatFile { seat, inner })
    }
}

struct SeatFile {
    seat: Seat,
    inner: Box<dyn FsFile>,
}

impl Read for SeatFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        buffer[..n].hash(&mut self.seat.state().seen[self.seat.me]);
        Ok(n)
    }
}

impl Write for SeatFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.seat.step("write", false)?;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl FsFile for SeatFile {
    fn stat(&self) -> io::Result<Stat> {
        self.inner.stat()
    }

    fn sync(&self) -> io::Result<()> {
        self.seat.step("sync", false)?;
        self.inner.sync()
    }

    fn dress_like(&self, old: &Path) -> io::Result<()> {
        self.inner.dress_like(old)
    }

    fn dress_within(&self, sources: &[PathBuf]) -> io::Result<()> {
        self.inner.dress_within(sources)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.seat.step("clear", true)?;
        self.inner.clear()
    }
}

struct SeatLock {
    seat: Seat,
    path: PathBuf,
    inner: Option<Box<dyn Lock>>,
}

impl Lock for SeatLock {}

impl Drop for SeatLock {
    fn drop(&mut self) {
        drop(self.inner.take());
        let mut state = self.seat.state();
        for status in &mut state.status {
            if *status == Status::Waits(self.path.clone()) {
                *status = Status::Ready;
            }
        }
    }
}

impl Fs for Seat {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        self.look("stat", path)?;
        self.saw_stat(self.inner.stat(path))
    }

    fn link_stat(&self, path: &Path) -> io::Result<Stat> {
        self.look("link_stat", path)?;
        self.saw_stat(self.inner.link_stat(path))
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.look("canonical", path)?;
        self.saw(self.inner.canonical(path))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn FsFile>> {
        self.at("open", path)?;
        Ok(self.wrap(self.saw(self.inner.open(path))?))
    }

    fn create_new(&self, path: &Path, private: bool) -> io::Result<Box<dyn FsFile>> {
        self.at("create_new", path)?;
        if path.to_string_lossy().contains("/.sourcemark-") {
            self.state().makers.insert(path.to_owned(), self.me);
        }
        Ok(self.wrap(self.saw(self.inner.create_new(path, private))?))
    }

    fn open_in_place(&self, path: &Path) -> io::Result<Box<dyn FsFile>> {
        self.at("open_in_place", path)?;
        Ok(self.wrap(self.saw(self.inner.open_in_place(path))?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.at("rename", to)?;
        let mut state = self.state();
        if let Some(maker) = state.makers.remove(from)
            && to.to_string_lossy().contains("/.sourcemark-")
        {
            state.makers.insert(to.to_owned(), maker);
        }
        drop(state);
        self.saw(self.inner.rename(from, to))
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        // The name of a conflict copy: two savers may want the same.
        self.step("rename_new", true)?;
        self.saw(self.inner.rename_new(from, to))
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        self.at("exchange", other)?;
        self.saw(self.inner.exchange(one, other))
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.at("hard_link", from)?;
        self.saw(self.inner.hard_link(from, to))
    }

    fn make_private(&self, path: &Path) -> io::Result<()> {
        self.step("make_private", false)?;
        self.saw(self.inner.make_private(path))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.at("remove", path)?;
        self.saw(self.inner.remove(path))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step("sync_folder", false)?;
        self.saw(self.inner.sync_folder(path))
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step("create_folder", false)?;
        self.saw(self.inner.create_folder(path))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.step("list", false)?;
        let listed = self.saw(self.inner.list(folder))?;
        let temporary = |path: &&PathBuf| path.to_string_lossy().contains("/.sourcemark-");
        let seen: Vec<&PathBuf> = listed.iter().filter(|path| !temporary(path)).collect();
        seen.hash(&mut self.state().seen[self.me]);
        Ok(listed)
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        self.inner.free_bytes(path)
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>> {
        self.lock_existing(path, Duration::ZERO)
    }

    /// Waits until it is free: others hold it for as long as they need, and no longer.
    fn lock_existing(&self, path: &Path, _patience: Duration) -> io::Result<Option<Box<dyn Lock>>> {
        self.step("lock", true)?;
        if self.scope.without_locks.contains(&self.me) {
            return Err(ErrorKind::Unsupported.into());
        }
        loop {
            if let Some(lock) = self.inner.lock_existing(path, Duration::ZERO)? {
                return Ok(Some(Box::new(SeatLock {
                    seat: self.clone(),
                    path: path.to_owned(),
                    inner: Some(lock),
                })));
            }
            self.state().status[self.me] = Status::Waits(path.to_owned());
            self.hand_on();
            self.wait_for_turn();
        }
    }
}
