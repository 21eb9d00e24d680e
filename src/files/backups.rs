//! Earlier versions of annotation files: what a save replaces is kept for a while.
//!
//! They lie in `backups/<key of the path>/<time>-<counter>-<bytes>-<hash>.ron` in the folder for what is under
//! way, each a second name of the old file where the disk is the same, else a copy. Only their owner may read them,
//! whatever the permissions of the file. The counter alone says which
//! is the later one, over all files together. The time is the one the version was written at, for people: a
//! clock that jumps to 1970 or 2100 and back neither hides a version nor makes one look old enough to go.

use super::{
    Action, AnnotationsFile, FileError, FileErrorKind, Identity,
    compare::holds,
    fs::Fs,
    leftovers,
    read::try_read,
    state::{BACKUPS, key_of, one_path},
    system::moment,
    temporary::Dress,
    write::copy,
};
use crate::annotation::Timestamp;
use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

/// Latest versions of one file that are kept in any case.
const N_LATEST: usize = 10;
/// Days on which it was saved whose last version is kept beyond that.
const N_DAYS: usize = 14;
/// Most bytes of earlier versions of one file; the latest two are kept beyond that.
const MAX_BYTES_EACH: u64 = 50 << 20;
/// Most bytes of all earlier versions.
const MAX_BYTES: u64 = 200 << 20;

/// An earlier version of an annotation file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierVersion {
    /// When it was written, by the clock of then. Only for people: the order is that of `number`.
    pub saved: Timestamp,
    /// Later versions have higher numbers.
    pub number: u64,
    /// Its length in bytes.
    pub size: u64,
    path: PathBuf,
    /// The first 16 hexadecimal digits of BLAKE3 of its bytes.
    hash: String,
}

impl EarlierVersion {
    /// Returns the version that the file at `path` holds, by its name.
    fn of(path: PathBuf) -> Option<Self> {
        let name = path.file_name()?.to_str()?.strip_suffix(".ron")?;
        let mut parts = name.rsplitn(4, '-');
        let (hash, size) = (parts.next()?, parts.next()?);
        let (number, time) = (parts.next()?, parts.next()?);
        let is_hash = hash.len() == 16 && hash.chars().all(|c| c.is_ascii_hexdigit());
        is_hash.then_some(())?;
        Some(Self {
            saved: read_time(time)?,
            number: number.parse().ok()?,
            size: size.parse().ok()?,
            hash: hash.to_owned(),
            path,
        })
    }

    /// Makes the version with this number in `folder`, of a file with `identity`.
    fn new(folder: &Path, saved: Timestamp, number: u64, identity: &Identity) -> Self {
        let time: String = saved.to_string().replace([':', '-'], "");
        let (size, hash) = (identity.len, short_hash(&identity.hash));
        Self {
            path: folder.join(format!("{time}-{number}-{size}-{hash}.ron")),
            saved,
            number,
            size,
            hash,
        }
    }

    fn is_in(&self, folder: &Path) -> bool {
        self.path.parent() == Some(folder)
    }
}

fn short_hash(hash: &[u8; 32]) -> String {
    let hex = blake3::Hash::from(*hash).to_hex();
    hex.chars().take(16).collect()
}

/// Reads a moment written without its punctuation, `20260301T120000Z`. Years before 0 and after 9999 have more
/// signs and are nobody's.
fn read_time(written: &str) -> Option<Timestamp> {
    let part = |range| written.get(range);
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let (hour, minute, second) = (part(9..11)?, part(11..13)?, part(13..15)?);
    Timestamp::parse(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))
}

/// Keeps the file at `path`, which has `identity`, as an earlier version of the one at `of`: in the folder `state`, by a
/// second name or, where the two paths are one, as a copy. `now` is its time when the file system knows none. A content
/// that is kept already is not kept twice.
pub(super) fn keep(
    fs: &dyn Fs,
    state: &Path,
    path: &Path,
    of: &Path,
    identity: &Identity,
    now: Timestamp,
) -> Result<(), FileErrorKind> {
    if identity.len > MAX_BYTES {
        let (size, limit) = (identity.len, MAX_BYTES);
        return Err(FileErrorKind::TooLarge { size, limit });
    }
    let backups = state.join(BACKUPS);
    let folder = backups.join(key_of(&one_path(fs, of)?));
    fs.create_folder(&folder)
        .map_err(|error| FileErrorKind::in_folder(fs, &folder, error))?;
    let all = all_versions(fs, &backups)
        .map_err(|error| FileErrorKind::in_folder(fs, &backups, error))?;
    let number = 1 + all.last().map_or(0, |version| version.number);
    // Years before 0 have more signs than the name has room for; nothing was annotated before 1970.
    let saved = identity.modified.map_or(now, moment);
    let saved = saved.max(Timestamp::from_unix_seconds(0));
    let version = EarlierVersion::new(&folder, saved, number, identity);
    let is_same = |other: &EarlierVersion| {
        other.is_in(&folder) && other.hash == version.hash && other.size == version.size
    };
    match all.iter().find(|other| is_same(other)) {
        // It is the latest one now.
        Some(same) => Ok(fs.rename(&same.path, &version.path)?),
        // A second name of the file that is still in use would make two files one.
        None if path != of && has_linked(fs, path, &version.path) => Ok(()),
        None => copy(fs, path, &version.path, identity, Dress::Private),
    }
}

/// Gives the file at `path`, which is no longer in use, the further name `to`, for its owner alone; says whether it has
/// that name now.
fn has_linked(fs: &dyn Fs, path: &Path, to: &Path) -> bool {
    // A colleague's file cannot be made private, and is copied. Better as it is than not at all.
    fs.hard_link(path, to).is_ok() && (fs.make_private(to).is_ok() || fs.remove(to).is_err())
}

/// Returns whether the content with `identity` is kept, whole, as an earlier version of the file at `path`.
pub(super) fn has(fs: &dyn Fs, state: &Path, path: &Path, identity: &Identity) -> bool {
    let versions = earlier_versions(fs, state, path).unwrap_or_default();
    let hash = short_hash(&identity.hash);
    versions
        .iter()
        .filter(|version| version.hash == hash && version.size == identity.len)
        .any(|version| holds(fs, &version.path, identity).is_ok_and(|is_there| is_there))
}

/// Returns the versions of the file at `path`, the latest first.
///
/// # Errors
/// What the system says.
pub(super) fn earlier_versions(
    fs: &dyn Fs,
    state: &Path,
    path: &Path,
) -> Result<Vec<EarlierVersion>, FileError> {
    let fail = |error: io::Error| FileError::new(Action::ReadEarlier, path, error);
    let folder = state
        .join(BACKUPS)
        .join(key_of(&one_path(fs, path).map_err(fail)?));
    let mut versions = versions_in(fs, &folder).map_err(fail)?;
    versions.reverse();
    Ok(versions)
}

/// Reads a version.
///
/// # Errors
/// [`FileErrorKind::DamagedVersion`] when it has changed since it was kept; else what the system says.
pub(super) fn read_version(
    fs: &dyn Fs,
    version: &EarlierVersion,
) -> Result<AnnotationsFile, FileError> {
    let file = try_read(fs, &version.path, Action::ReadEarlier)?;
    let is_whole = short_hash(&file.identity.hash) == version.hash;
    is_whole.then_some(file).ok_or_else(|| {
        FileError::new(
            Action::ReadEarlier,
            &version.path,
            FileErrorKind::DamagedVersion,
        )
    })
}

/// Returns the versions in a folder, the latest last; none when there is no such folder.
fn versions_in(fs: &dyn Fs, folder: &Path) -> io::Result<Vec<EarlierVersion>> {
    let mut versions: Vec<EarlierVersion> = list(fs, folder)?
        .into_iter()
        .filter_map(EarlierVersion::of)
        .collect();
    versions.sort_by_key(|version| version.number);
    Ok(versions)
}

/// Returns the versions of all files, the latest last.
fn all_versions(fs: &dyn Fs, backups: &Path) -> io::Result<Vec<EarlierVersion>> {
    let mut all = Vec::new();
    for folder in list(fs, backups)? {
        match versions_in(fs, &folder) {
            Ok(versions) => all.extend(versions),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
            Err(error) => return Err(error),
        }
    }
    all.sort_by_key(|version| version.number);
    Ok(all)
}

fn list(fs: &dyn Fs, folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs.list(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        result => result,
    }
}

/// Removes the versions of the file at `path` that are too many, and the oldest of all files that take too much
/// room: after a save, since one that fails must not cost a version. What cannot be removed today is tried again
/// at the next.
pub(super) fn thin(fs: &dyn Fs, state: &Path, path: &Path, now: Timestamp) {
    let Ok(one_path) = one_path(fs, path) else {
        return;
    };
    let backups = state.join(BACKUPS);
    let folder = backups.join(key_of(&one_path));
    leftovers::remove(fs, &folder, now);
    let Ok(all) = all_versions(fs, &backups) else {
        return;
    };
    let (own, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|version| version.is_in(&folder));
    let numbers = worth_keeping(&own);
    let (kept, too_many): (Vec<_>, Vec<_>) = own
        .into_iter()
        .partition(|version| numbers.contains(&version.number));
    let mut all = [kept, others].concat();
    all.sort_by_key(|version| version.number);
    for version in too_many.iter().chain(beyond_room(&all, MAX_BYTES)) {
        fs.remove(&version.path).ok();
    }
}

/// Returns the numbers of the versions of one file, sorted by number, that are kept.
///
/// Days are counted as they follow one another in the order of the numbers, not back from today: whatever the
/// clock says, a version goes only because later ones take its place.
fn worth_keeping(versions: &[EarlierVersion]) -> BTreeSet<u64> {
    let latest = versions.iter().rev().take(N_LATEST);
    let mut kept: BTreeSet<u64> = latest.map(|version| version.number).collect();
    let days = versions.chunk_by(|one, next| one.saved.date() == next.saved.date());
    let mut last_of_days: Vec<u64> = days
        .filter_map(|day| day.last())
        .map(|version| version.number)
        .collect();
    last_of_days.reverse();
    kept.extend(last_of_days.into_iter().take(N_DAYS));
    let mut n_bytes = 0;
    for (idx, version) in versions.iter().rev().enumerate() {
        if kept.contains(&version.number) {
            n_bytes += version.size;
            if idx >= 2 && n_bytes > MAX_BYTES_EACH {
                kept.remove(&version.number);
                n_bytes -= version.size;
            }
        }
    }
    kept
}

/// Returns the oldest of `all`, sorted by number, without which the rest has at most `limit` bytes. The very last is
/// none of them.
fn beyond_room(all: &[EarlierVersion], limit: u64) -> &[EarlierVersion] {
    let mut n_bytes: u64 = all.iter().map(|version| version.size).sum();
    let mut n_gone = 0;
    while n_bytes > limit && n_gone + 1 < all.len() {
        n_bytes -= all.get(n_gone).map_or(0, |version| version.size);
        n_gone += 1;
    }
    all.get(..n_gone).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Versions with the numbers from 1, each saved on the day written.
    fn versions(days: &[&str]) -> Vec<EarlierVersion> {
        let version = |(idx, day): (usize, &&str)| EarlierVersion {
            saved: Timestamp::parse(&format!("{day}T12:00:00Z")).unwrap(),
            number: idx as u64 + 1,
            size: 1_000,
            path: PathBuf::new(),
            hash: String::new(),
        };
        days.iter().enumerate().map(version).collect()
    }

    #[track_caller]
    fn check(days: &[&str], gone: &[u64]) {
        let kept = worth_keeping(&versions(days));
        let all = 1..=days.len() as u64;
        let found: Vec<u64> = all.filter(|number| !kept.contains(number)).collect();
        assert_eq!(found, gone, "{days:?}");
    }

    #[test]
    fn the_last_ten_and_the_last_of_each_day_stay() {
        check(&["2026-03-01"; 10], &[]);
        check(&["2026-03-01"; 12], &[1, 2]);
        let mut days = vec!["2026-02-01", "2026-02-01", "2026-02-02", "2026-02-02"];
        days.extend(["2026-03-01"; 10]);
        check(&days, &[1, 3]);
        let written: Vec<String> = (1..=28).map(|day| format!("2026-02-{day:02}")).collect();
        let days: Vec<&str> = written.iter().map(String::as_str).collect();
        check(&days, &(1..=14).collect::<Vec<u64>>());
    }

    #[test]
    fn a_clock_that_jumps_makes_no_version_old() {
        let mut days = vec!["2026-02-01", "2026-02-02", "2026-02-03"];
        // The battery was empty, then somebody set a wrong century, then it was mended.
        days.extend(["1970-01-01", "2100-01-01", "2026-02-04"]);
        days.extend(["2026-02-05"; 10]);
        check(&days, &[]);
        // Backwards, day for day.
        days[..6].reverse();
        check(&days, &[]);
    }

    #[test]
    fn large_versions_give_way_but_for_the_latest_two() {
        let mut large = versions(&["2026-03-01"; 5]);
        for version in &mut large {
            version.size = 30 << 20;
        }
        assert_eq!(worth_keeping(&large), BTreeSet::from([4, 5]));
        large[2].size = 1_000;
        assert_eq!(worth_keeping(&large), BTreeSet::from([4, 5]));
        large[3].size = 10 << 20;
        assert_eq!(worth_keeping(&large), BTreeSet::from([3, 4, 5]));
    }

    #[test]
    fn the_oldest_of_all_give_way_when_there_is_no_room() {
        let all = versions(&["2026-03-01"; 5]);
        let numbers = |limit| -> Vec<u64> {
            let gone = beyond_room(&all, limit);
            gone.iter().map(|version| version.number).collect()
        };
        assert_eq!(numbers(5_000), [0; 0]);
        assert_eq!(numbers(4_999), [1]);
        assert_eq!(numbers(2_500), [1, 2, 3]);
        assert_eq!(numbers(0), [1, 2, 3, 4]);
        assert_eq!(beyond_room(&[], 0), []);
    }

    #[test]
    fn a_name_says_what_it_holds() {
        let identity = Identity {
            len: 17,
            modified: None,
            changed: None,
            id: None,
            hash: [0xAB; 32],
        };
        let saved = Timestamp::parse("2026-03-01T12:34:56Z").unwrap();
        let version = EarlierVersion::new(Path::new("/s"), saved, 5, &identity);
        assert_eq!(
            version.path,
            Path::new("/s/20260301T123456Z-5-17-abababababababab.ron")
        );
        assert_eq!(EarlierVersion::of(version.path.clone()), Some(version));
        for foreign in [
            "notes.ron",
            "5-17.ron",
            "20260301T123456Z-5-17-abc.ron",
            "a",
        ] {
            assert_eq!(EarlierVersion::of(PathBuf::from(foreign)), None);
        }
    }
}
