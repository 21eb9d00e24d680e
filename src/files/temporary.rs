//! A new file under a passing name, in the folder where it is to stand: written, put on the disk, read back.
//!
//! The name says which process of which machine made it, so that what a killed one left behind can be told from
//! what another is writing at this moment.

use super::{
    FileErrorKind,
    fs::{Fs, FsFile, Stat},
    machine,
    system::random_bits,
};
use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

const START: &str = ".sourcemark-";
const END: &str = ".tmp";
/// Digits of the machine's mark and of the random number, in hexadecimal.
const N_MARK_DIGITS: usize = 8;
const N_RANDOM_DIGITS: usize = 8;

/// What the name of such a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Maker {
    /// The number of the process that made it.
    pub(super) pid: u32,
    /// [`machine::mark`] of its machine.
    pub(super) mark: String,
}

impl Maker {
    /// Who made the file at `path`; `None` when its name is none that this program gives.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let (pid, digits) = name
            .strip_prefix(START)?
            .strip_suffix(END)?
            .split_once('-')?;
        let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        let is_ours = digits.len() == N_MARK_DIGITS + N_RANDOM_DIGITS
            && digits.chars().all(is_hex)
            && pid.chars().all(|c| c.is_ascii_digit());
        is_ours.then_some(())?;
        Some(Self {
            pid: pid.parse().ok()?,
            mark: digits.get(..N_MARK_DIGITS)?.to_owned(),
        })
    }
}

/// Which permissions a new file gets.
#[derive(Clone, Copy)]
pub(super) enum Dress<'a> {
    /// Those of this file, which it replaces.
    Like(&'a Path),
    /// The usual ones, and no more than any of these files has.
    Within(&'a [PathBuf]),
}

impl Dress<'_> {
    /// Whether only its owner may read the file while it is written.
    pub(super) fn is_private(self) -> bool {
        !matches!(self, Self::Within([]))
    }
}

/// A file of a passing name that is removed unless it got another one.
pub(super) struct Temporary<'a> {
    fs: &'a dyn Fs,
    path: PathBuf,
    file: Box<dyn FsFile>,
    is_done: bool,
}

impl<'a> Temporary<'a> {
    /// An empty one in `folder`; a `private` one only its owner may read.
    pub(super) fn create(
        fs: &'a dyn Fs,
        folder: &Path,
        private: bool,
    ) -> Result<Self, FileErrorKind> {
        let (pid, mark) = (std::process::id(), machine::mark());
        let random = random_bits();
        let path = folder.join(format!("{START}{pid}-{mark}{random:08x}{END}"));
        let file = fs.create_new(&path, private)?;
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
            Dress::Within([]) => None,
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

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What the file system knows of the file that was made, whatever its name is now.
    pub(super) fn stat(&self) -> io::Result<Stat> {
        self.file.stat()
    }

    /// What has the passing name stays; nothing has it, or something that must be kept.
    pub(super) fn leave(&mut self) {
        self.is_done = true;
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            // Nothing better can be done about a file that cannot be removed than to leave it.
            self.fs.remove(&self.path).ok();
        }
    }
}

/// Whether the file at `path` has exactly these bytes.
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
        let maker = |name: &str| Maker::of(Path::new(name));
        assert_eq!(
            maker("/a/.sourcemark-12-0123abcd89ef0123.tmp"),
            Some(Maker {
                pid: 12,
                mark: "0123abcd".to_owned()
            })
        );
        for foreign in [
            ".sourcemark-12-0123abcd89ef0123.tmp.txt",
            ".sourcemark-12-0123abcd89ef012.tmp",
            ".sourcemark-12-0123ABCD89ef0123.tmp",
            ".sourcemark--0123abcd89ef0123.tmp",
            ".sourcemark-+1-0123abcd89ef0123.tmp",
            ".sourcemark-99999999999-0123abcd89ef0123.tmp",
            ".sourcemark-notes.tmp",
            "sourcemark-12-0123abcd89ef0123.tmp",
            ".news.txt.tmp",
        ] {
            assert_eq!(maker(foreign), None, "{foreign}");
        }
    }
}
