//! Clears away what killed processes left behind under passing names: ours alone, and only theirs.

use super::{
    fs::{Fs, Kind},
    machine,
    system::moment,
    temporary::Maker,
};
use crate::annotation::Timestamp;
use std::path::Path;

/// A file of another machine's process is left behind for sure when it is as old as this.
const OLD_SECONDS: i64 = 24 * 60 * 60;

/// Removes the files in `folder` that a process which is no more was writing. `may_go` is asked about each.
///
/// A process of this machine is known to be dead; of one elsewhere (on a shared folder), and of one whose number
/// somebody else has meanwhile, a day without a change says so. What cannot be listed or removed is left.
pub(super) fn clean(
    fs: &dyn Fs,
    folder: &Path,
    now: Timestamp,
    may_go: &mut dyn FnMut(&Path) -> bool,
) {
    let Ok(paths) = fs.list(folder) else {
        return;
    };
    for path in paths {
        if let Some(maker) = Maker::of(&path)
            && is_left_behind(fs, &path, &maker, now)
            && may_go(&path)
        {
            fs.remove(&path).ok();
        }
    }
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
    let age = stat.modified.map(|modified| {
        now.unix_seconds()
            .saturating_sub(moment(modified).unix_seconds())
    });
    stat.kind == Kind::File && age.is_some_and(|age| age > OLD_SECONDS)
}
