//! A temporary file in the folder of the file it replaces: written, synced, read back.
//!
//! The name says which process of which machine made it, so that what a killed one left behind can be told from
//! what another is writing at this moment. It also says what the file can hold. One that ends in `.part` is being
//! written and was never anything else. Before it trades names with the file it replaces, it is renamed to end in
//! `.tmp` and names that file, the version expected there and the new one, by hashes: whoever finds it later can
//! tell these two versions from one that another program wrote, which is nowhere else.

use super::{
    FileErrorKind, Identity,
    fs::{Fs, FsFile, Stat},
    machine,
    system::random_bits,
};
use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

const START: &str = ".sourcemark-";
const UNFINISHED: &str = ".part";
const END: &str = ".tmp";
/// Digits of the machine's mark and of the random number, in hexadecimal.
const N_MARK_DIGITS: usize = 8;
const N_RANDOM_DIGITS: usize = 8;
/// Digits of each hash in a name, in hexadecimal.
const N_HASH_DIGITS: usize = 16;

/// What the name of such a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Maker {
    /// The number of the process that made it.
    pub(super) pid: u32,
    /// [`machine::mark`] of its machine.
    pub(super) mark: String,
    /// What it can hold.
    pub(super) holds: Holds,
}

/// What a file with a temporary name can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Part or all of what its process was writing, and nothing else.
    Unfinished,
    /// What has come out when two files traded names.
    Traded(Trade),
    /// Anything: the name is one that earlier versions of this program gave.
    Unknown,
}

/// Which files are about to trade names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trade {
    /// [`Trade::key_of`] of the file that is replaced.
    key: String,
    /// The version that is expected there.
    base: String,
    /// The version that takes its place.
    new: String,
}

impl Trade {
    /// Describes the exchange that replaces the file at `target`, which has `identity`, by `bytes`.
    pub(super) fn new(target: &Path, identity: &Identity, bytes: &[u8]) -> Self {
        Self {
            key: Self::key_of(target),
            base: short_hash(&identity.hash),
            new: short_hash(blake3::hash(bytes).as_bytes()),
        }
    }

    /// Returns the hash of a file's name in its folder.
    fn key_of(target: &Path) -> String {
        let name = target.file_name().unwrap_or_default();
        short_hash(blake3::hash(name.as_encoded_bytes()).as_bytes())
    }

    /// Returns whether this is about the file at `target`, if that is in the same folder.
    pub(super) fn is_of(&self, target: &Path) -> bool {
        self.key == Self::key_of(target)
    }

    /// Returns whether a content with this identity is one of the two versions that were to trade places.
    pub(super) fn knows(&self, identity: &Identity) -> bool {
        let hash = short_hash(&identity.hash);
        self.base == hash || self.new == hash
    }

    /// Reads `KEY-BASE-NEW`.
    fn parse(written: &str) -> Option<Self> {
        let parts: Vec<&str> = written.split('-').collect();
        let [key, base, new] = parts.as_slice() else {
            return None;
        };
        let is_hash = |part: &&str| part.len() == N_HASH_DIGITS && part.chars().all(is_hex);
        [key, base, new].into_iter().all(is_hash).then(|| Self {
            key: (*key).to_owned(),
            base: (*base).to_owned(),
            new: (*new).to_owned(),
        })
    }
}

fn short_hash(hash: &[u8; 32]) -> String {
    let hex = blake3::Hash::from(*hash).to_hex();
    hex.chars().take(N_HASH_DIGITS).collect()
}

fn is_hex(c: char) -> bool {
    c.is_ascii_digit() || ('a'..='f').contains(&c)
}

impl Maker {
    /// Returns who made the file at `path`; `None` when its name is none that this program gives.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.strip_prefix(START)?;
        let unfinished = name.strip_suffix(UNFINISHED);
        let (pid, rest) = match unfinished {
            Some(name) => name,
            None => name.strip_suffix(END)?,
        }
        .split_once('-')?;
        let (digits, trade) = match rest.split_once('-') {
            Some((digits, trade)) => (digits, Some(Trade::parse(trade)?)),
            None => (rest, None),
        };
        let is_ours = digits.len() == N_MARK_DIGITS + N_RANDOM_DIGITS
            && digits.chars().all(is_hex)
            && pid.chars().all(|c| c.is_ascii_digit());
        is_ours.then_some(())?;
        Some(Self {
            pid: pid.parse().ok()?,
            mark: digits.get(..N_MARK_DIGITS)?.to_owned(),
            holds: match (unfinished, trade) {
                (Some(_), None) => Holds::Unfinished,
                (None, Some(trade)) => Holds::Traded(trade),
                (None, None) => Holds::Unknown,
                (Some(_), Some(_)) => return None,
            },
        })
    }
}

/// Which permissions a new file gets.
#[derive(Clone, Copy)]
pub(super) enum Dress<'a> {
    /// Those of this file, which it replaces.
    Like(&'a Path),
    /// Those it was made with: its owner alone may read and write it.
    Private,
    /// The usual ones, and no more than any of these files has.
    Within(&'a [PathBuf]),
}

impl Dress<'_> {
    /// Returns whether only its owner may read the file while it is written.
    pub(super) fn is_private(self) -> bool {
        !matches!(self, Self::Within([]))
    }
}

/// A file of a temporary name that is removed unless it got another one.
pub(super) struct Temporary<'a> {
    fs: &'a dyn Fs,
    path: PathBuf,
    file: Box<dyn FsFile>,
    is_done: bool,
}

impl<'a> Temporary<'a> {
    /// Returns an empty one in `folder`; a `private` one only its owner may read.
    pub(super) fn create(
        fs: &'a dyn Fs,
        folder: &Path,
        private: bool,
    ) -> Result<Self, FileErrorKind> {
        let (pid, mark) = (std::process::id(), machine::mark());
        let random = random_bits();
        let path = folder.join(format!("{START}{pid}-{mark}{random:08x}{UNFINISHED}"));
        let file = fs
            .create_new(&path, private)
            .map_err(|error| FileErrorKind::in_folder(fs, folder, error))?;
        Ok(Self {
            fs,
            path,
            file,
            is_done: false,
        })
    }

    /// Writes everything, puts it on the disk and compares what is there with what was meant; `dress` says which
    /// permissions it gets.
    ///
    /// After a failure the file is of no use: what a disk could not take once it may forget while it says that
    /// all is well. Another try takes another file.
    pub(super) fn fill(&mut self, bytes: &[u8], dress: Dress<'_>) -> Result<Stat, FileErrorKind> {
        self.file.write_all(bytes)?;
        // Some network drives know no permissions; that is no reason not to save.
        match dress {
            Dress::Like(old) => self.file.dress_like(old).ok(),
            Dress::Private | Dress::Within([]) => None,
            Dress::Within(sources) => self.file.dress_within(sources).ok(),
        };
        self.file.sync()?;
        let stat = self.file.stat()?;
        let is_whole = stat.len == bytes.len() as u64 && reads_as(self.fs, &self.path, bytes)?;
        if !is_whole {
            return Err(FileErrorKind::NotKept);
        }
        Ok(stat)
    }

    /// Gives the file the name that another program's version may get in the exchange.
    pub(super) fn prepare(&mut self, trade: &Trade) -> io::Result<()> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let stem = name.strip_suffix(UNFINISHED).unwrap_or(&name);
        let Trade { key, base, new } = trade;
        let path = self
            .path
            .with_file_name(format!("{stem}-{key}-{base}-{new}{END}"));
        self.fs.rename(&self.path, &path)?;
        self.path = path;
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what the file system knows of the file that was made, whatever its name is now.
    pub(super) fn stat(&self) -> io::Result<Stat> {
        self.file.stat()
    }

    /// Leaves the temporary name alone: no file has it, or one that must be kept.
    pub(super) fn leave(&mut self) {
        self.is_done = true;
    }

    /// Removes what has the temporary name: a version that is known to be superseded.
    pub(super) fn remove_old(&mut self) {
        self.is_done = true;
        self.fs.remove(&self.path).ok();
    }

    /// Returns whether the temporary name is still that of the file that was made.
    fn is_ours(&self) -> bool {
        match (self.file.stat(), self.fs.link_stat(&self.path)) {
            (Ok(made), Ok(there)) => made.id == there.id,
            _ => false,
        }
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        // A system may say that names could not be traded when they were: what it holds then is not ours to remove.
        if !self.is_done && self.is_ours() {
            // Nothing better can be done about a file that cannot be removed than to leave it.
            self.fs.remove(&self.path).ok();
        }
    }
}

/// Returns whether the file at `path` has exactly these bytes.
pub(super) fn reads_as(fs: &dyn Fs, path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = fs.open(path)?;
    let mut rest = bytes;
    let mut part = vec![0_u8; 64 << 10];
    loop {
        let n_read = match file.read(&mut part) {
            Ok(n_read) => n_read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        match part.get(..n_read).and_then(|read| rest.strip_prefix(read)) {
            Some(_) if n_read == 0 => return Ok(rest.is_empty()),
            Some(left) => rest = left,
            None => return Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_known() {
        let holds = |name: &str| Maker::of(Path::new(name)).map(|maker| maker.holds);
        assert_eq!(
            Maker::of(Path::new("/a/.sourcemark-12-0123abcd89ef0123.part")),
            Some(Maker {
                pid: 12,
                mark: "0123abcd".to_owned(),
                holds: Holds::Unfinished,
            })
        );
        assert_eq!(
            holds("/a/.sourcemark-12-0123abcd89ef0123.tmp"),
            Some(Holds::Unknown)
        );
        let (key, base, new) = ("0123456789abcdef", "1123456789abcdef", "2123456789abcdef");
        assert_eq!(
            holds(&format!(
                "/a/.sourcemark-12-0123abcd89ef0123-{key}-{base}-{new}.tmp"
            )),
            Some(Holds::Traded(Trade {
                key: key.to_owned(),
                base: base.to_owned(),
                new: new.to_owned(),
            }))
        );
        for foreign in [
            ".sourcemark-12-0123abcd89ef0123.tmp.txt",
            ".sourcemark-12-0123abcd89ef012.tmp",
            ".sourcemark-12-0123ABCD89ef0123.tmp",
            ".sourcemark--0123abcd89ef0123.tmp",
            ".sourcemark-+1-0123abcd89ef0123.tmp",
            ".sourcemark-99999999999-0123abcd89ef0123.tmp",
            ".sourcemark-notes.tmp",
            ".sourcemark-12-0123abcd89ef0123-notes.tmp",
            ".sourcemark-12-0123abcd89ef0123-0123456789abcdef.tmp",
            "sourcemark-12-0123abcd89ef0123.tmp",
            ".news.txt.tmp",
        ] {
            assert_eq!(holds(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_name_says_which_two_versions_trade_places() {
        let stat = |len| Stat {
            kind: crate::files::fs::Kind::File,
            len,
            modified: None,
            changed: None,
            id: None,
            n_names: 1,
            read_only: false,
        };
        let of = |bytes: &[u8]| Identity::of(bytes, &stat(bytes.len() as u64));
        let target = Path::new("/a/news.txt.annotations.ron");
        let trade = Trade::new(target, &of(b"old"), b"new");
        assert!(trade.is_of(Path::new("/b/news.txt.annotations.ron")));
        assert!(!trade.is_of(Path::new("/a/other.txt.annotations.ron")));
        assert!(trade.knows(&of(b"old")) && trade.knows(&of(b"new")));
        assert!(!trade.knows(&of(b"their")));
    }
}
