//! Removes the temporary files of killed processes of this program, and no other files.
//!
//! What a save was still writing goes. The version that was to be replaced, or the new one, becomes an earlier version
//! of the file it was made for, which the temporary name tells; what the file holds has no say in that. Anything else
//! is a version that another program wrote in the moment of the save, and may be the only copy there is: it becomes a
//! conflict copy beside the file, which is shown.

use super::{
    Action, Identity, backups, compare,
    conflict_copies::set_aside,
    fs::{Fs, Kind},
    machine,
    open::read_file,
    read::MAX_ANNOTATIONS_BYTES,
    system::moment,
    temporary::{Holds, Maker, Trade},
};
use crate::annotation::Timestamp;
use std::path::{Path, PathBuf};

/// A file of another machine's process is left behind for sure when it is as old as this.
const OLD_SECONDS: i64 = 24 * 60 * 60;

/// Removes the files in `folder`, one of this program's own, that a process which is no more was writing.
pub(super) fn remove(fs: &dyn Fs, folder: &Path, now: Timestamp) {
    let paths = fs.list(folder).unwrap_or_default();
    for (path, _) in left_behind(fs, &paths, now) {
        fs.remove(path).ok();
    }
}

/// Clears the folder that the annotation file at `path` is in. Returns the conflict copies that this has made. What
/// cannot be listed, read, moved or removed stays.
pub(super) fn clear(fs: &dyn Fs, state: &Path, path: &Path, now: Timestamp) -> Vec<PathBuf> {
    let mut copies = Vec::new();
    let paths = fs.list(compare::folder_of(path)).unwrap_or_default();
    for (leftover, maker) in left_behind(fs, &paths, now) {
        match maker.holds {
            Holds::Unfinished => {
                fs.remove(leftover).ok();
            }
            Holds::Traded(trade) => {
                let mut names = paths.iter().map(PathBuf::as_path).chain([path]);
                // The file may be gone or have another name by now: then nobody can say whose version it is.
                if let Some(target) = names.find(|name| trade.is_of(name)) {
                    copies.extend(settle(fs, state, leftover, &trade, target, now));
                }
            }
            Holds::Unknown => {
                if fs.link_stat(leftover).is_ok_and(|stat| stat.len == 0) {
                    fs.remove(leftover).ok();
                }
            }
        }
    }
    copies
}

/// Sees to it that what is at `leftover`, made for the file at `target`, is kept elsewhere if it has to be, and takes
/// it away. Returns the conflict copy that it has become.
fn settle(
    fs: &dyn Fs,
    state: &Path,
    leftover: &Path,
    trade: &Trade,
    target: &Path,
    now: Timestamp,
) -> Option<PathBuf> {
    let action = Action::OpenAnnotations;
    let content = read_file(fs, leftover, MAX_ANNOTATIONS_BYTES, action).ok()?;
    let identity = Identity::of(&content.bytes, &content.stat);
    let is_there = compare::holds(fs, target, &identity).is_ok_and(|is_there| is_there);
    let is_known = trade.knows(&identity);
    let is_kept = is_there
        || backups::has(fs, state, target, &identity)
        || is_known && adopt(fs, state, leftover, target, &identity, now);
    if is_kept {
        fs.remove(leftover).ok();
        return None;
    }
    // A version that is known and cannot be kept today may be tomorrow.
    match is_known {
        true => None,
        false => set_aside(fs, leftover, target, now).ok(),
    }
}

/// Makes the file at `leftover` an earlier version of the one at `target`; says whether it is one.
fn adopt(
    fs: &dyn Fs,
    state: &Path,
    leftover: &Path,
    target: &Path,
    identity: &Identity,
    now: Timestamp,
) -> bool {
    let is_kept = backups::keep(fs, state, leftover, target, identity, now).is_ok();
    if is_kept {
        backups::thin(fs, state, target, now);
    }
    is_kept
}

/// Returns those of `paths` that a process which is no more has left under temporary names.
///
/// A process of this machine is known to be dead; of one elsewhere (on a shared folder), and of one whose number
/// somebody else has meanwhile, a day without a change says so.
fn left_behind<'a>(fs: &dyn Fs, paths: &'a [PathBuf], now: Timestamp) -> Vec<(&'a Path, Maker)> {
    let named = paths.iter().filter_map(|path| {
        let maker = Maker::of(path)?;
        is_left_behind(fs, path, &maker, now).then_some((path.as_path(), maker))
    });
    named.collect()
}

fn is_left_behind(fs: &dyn Fs, path: &Path, maker: &Maker, now: Timestamp) -> bool {
    if maker.mark == machine::mark() {
        if maker.pid == std::process::id() {
            return false;
        }
        if machine::is_dead(maker.pid) {
            return fs.link_stat(path).is_ok_and(|stat| stat.kind == Kind::File);
        }
    }
    let Ok(stat) = fs.link_stat(path) else {
        return false;
    };
    // An old version that was given the temporary name a moment ago was still written long ago.
    let renamed = stat
        .changed
        .and_then(|nanoseconds| i64::try_from(nanoseconds / 1_000_000_000).ok());
    let touched = stat
        .modified
        .map(|modified| moment(modified).unix_seconds());
    let age = touched
        .max(renamed)
        .map(|touched| now.unix_seconds().saturating_sub(touched));
    stat.kind == Kind::File && age.is_some_and(|age| age > OLD_SECONDS)
}
