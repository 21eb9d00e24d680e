//! What a file has beside its content on Unix: owner, group, permission bits, access control list, attributes.
//!
//! A private article must not become public through the files made from it. Wherever a group or a list cannot be
//! carried over exactly, the new file gets fewer permissions, never more.

use rustix::fs::{
    Gid, Uid, XattrFlags, fchown, fgetxattr, fremovexattr, fsetxattr, getxattr, listxattr,
};
use std::{
    fs::{self, File, Metadata, Permissions},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// Longest value of one extended attribute that is carried over, in bytes: what Linux allows.
const MAX_ATTRIBUTE_BYTES: usize = 64 << 10;
/// The attribute in which Linux keeps the access control list of a file (acl(5)).
const ACCESS_LIST: &str = "system.posix_acl_access";
/// What the owner of a file that this program makes can always do: read and write it.
const OWNER: u32 = 0o600;
const GROUP: u32 = 0o070;

/// The bits that are not set on new files. Asking the system through umask(2) would change it for a moment for
/// all threads; Linux also shows it in a file. Elsewhere the usual value is assumed.
static UMASK: LazyLock<u32> = LazyLock::new(|| {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let written = status.lines().find_map(|line| line.strip_prefix("Umask:"));
    let umask = written.and_then(|digits| u32::from_str_radix(digits.trim(), 8).ok());
    umask.unwrap_or(0o022)
});

/// Gives `file` the owner and group of `old` if this person may give files away; the group alone otherwise.
pub(super) fn owner(file: &File, old: &Metadata) {
    let Ok(now) = file.metadata() else { return };
    if (now.uid(), now.gid()) == (old.uid(), old.gid()) {
        return;
    }
    let (owner, group) = (Uid::from_raw(old.uid()), Gid::from_raw(old.gid()));
    if fchown(file, Some(owner), Some(group)).is_err() {
        // Not being allowed is the usual case, and no reason not to save.
        fchown(file, None, Some(group)).ok();
    }
}

/// Gives `file` the permission bits of `old`, without those of the group when the group could not be given.
pub(super) fn mode(file: &File, old: &Metadata) -> io::Result<()> {
    let mut mode = old.permissions();
    if file.metadata()?.gid() != old.gid() {
        // A list of `old` names people by the bits of the group, so it goes with them.
        remove_access_list(file);
        mode.set_mode(narrowed(mode.mode()));
    }
    file.set_permissions(mode)
}

/// Returns `mode` for a file of another group: nobody of that group may do more than before, and they count as others
/// now.
fn narrowed(mode: u32) -> u32 {
    let others = mode & (mode >> 3) & 0o007;
    (mode & !(GROUP | 0o007)) | others
}

/// Copies the extended attributes of `old` (a Finder tag, a label of the security system, an access control
/// list), each if it can be read and set.
pub(super) fn attributes(file: &File, old: &Path) {
    let mut names = vec![0_u8; MAX_ATTRIBUTE_BYTES];
    let Ok(n_bytes) = listxattr(old, &mut names[..]) else {
        return;
    };
    let mut value = vec![0_u8; MAX_ATTRIBUTE_BYTES];
    let names = names.get(..n_bytes).unwrap_or_default();
    for name in names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
    {
        if let Ok(n_bytes) = getxattr(old, name, &mut value[..])
            && let Some(value) = value.get(..n_bytes)
        {
            fsetxattr(file, name, value, XattrFlags::empty()).ok();
        }
    }
}

/// Removes the access control list that a file may have from the defaults of its folder.
pub(super) fn remove_access_list(file: &File) {
    // It usually has none, and many file systems know no lists.
    fremovexattr(file, ACCESS_LIST).ok();
}

/// Gives `file` the permissions of a new file, and no more than those of any file of `sources`.
pub(super) fn within(file: &File, sources: &[PathBuf]) -> io::Result<()> {
    let private = || file.set_permissions(Permissions::from_mode(OWNER));
    // Until everything is known, for its owner alone.
    private()?;
    let mut bits = 0o666 & !*UMASK;
    let mut groups = Vec::new();
    let mut lists = Vec::new();
    for source in sources {
        match fs::metadata(source) {
            Ok(found) => {
                bits &= found.mode();
                groups.push(found.gid());
                lists.push(access_list(source));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => return Ok(()),
        }
    }
    let Some(group) = groups.first() else {
        return file.set_permissions(Permissions::from_mode(bits | OWNER));
    };
    let is_one_group = groups.iter().all(|other| other == group);
    let has_list = lists.iter().any(Option::is_some);
    if is_one_group && file.metadata()?.gid() != *group {
        fchown(file, None, Some(Gid::from_raw(*group))).ok();
    }
    let has_group = is_one_group && file.metadata()?.gid() == *group;
    remove_access_list(file);
    if has_list {
        // A list can be taken over whole, and not combined with another.
        let same = lists
            .first()
            .filter(|first| lists.iter().all(|it| it == *first));
        if let Some(Some(list)) = same
            && has_group
        {
            fsetxattr(file, ACCESS_LIST, list, XattrFlags::empty()).ok();
            // The bits are those of the list now; the owner may still be without the right to write.
            let mode = file.metadata()?.mode() & 0o777;
            return file.set_permissions(Permissions::from_mode(mode | OWNER));
        }
        return Ok(());
    }
    let bits = if has_group { bits } else { narrowed(bits) };
    if fgetxattr(file, ACCESS_LIST, &mut [0_u8; 1][..]) == Err(rustix::io::Errno::RANGE) {
        // The list could not be removed: with bits for the group it would come into effect.
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(bits | OWNER))
}

/// Returns the access control list of the file at `path`, as the system writes it.
fn access_list(path: &Path) -> Option<Vec<u8>> {
    let mut value = vec![0_u8; MAX_ATTRIBUTE_BYTES];
    let n_bytes = getxattr(path, ACCESS_LIST, &mut value[..]).ok()?;
    value.truncate(n_bytes);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_group_gets_nothing() {
        for (mode, expected) in [
            (0o644, 0o604),
            (0o640, 0o600),
            (0o604, 0o600),
            (0o666, 0o606),
        ] {
            assert_eq!(narrowed(mode), expected, "{mode:o}");
        }
    }
}
