//! The machine's own file system.

#[cfg(unix)]
use super::dress;
use super::{Fs, FsFile, Kind, Lock, Stat};
use std::{
    fs::{self, File, FileType, Metadata, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// A lock that was let go lives on for a moment in a process that is just being started, which has a copy of
/// every open file until its own program begins. So often is one asked for before it counts as taken,
const LOCK_TRIES: u32 = 6;
/// with this pause.
const LOCK_PAUSE: Duration = Duration::from_millis(10);
/// Pause between two looks at a lock that is waited for: saves hold it for some milliseconds.
const WAIT_PAUSE: Duration = Duration::from_millis(3);

/// The file system of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealFs;

struct RealFile(File);

impl Read for RealFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for RealFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl FsFile for RealFile {
    fn stat(&self) -> io::Result<Stat> {
        Ok(stat_of(&self.0.metadata()?))
    }

    fn sync(&self) -> io::Result<()> {
        let result = self.0.sync_all();
        // Asked to empty the drive's own cache too, some network and FAT volumes refuse altogether.
        #[cfg(target_os = "macos")]
        if let Err(error) = &result
            && rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::NOTSUP)
        {
            return Ok(rustix::fs::fsync(&self.0)?);
        }
        result
    }

    fn dress_like(&self, old: &Path) -> io::Result<()> {
        let metadata = fs::metadata(old)?;
        #[cfg(unix)]
        {
            dress::remove_access_list(&self.0);
            dress::owner(&self.0, &metadata);
            dress::attributes(&self.0, old);
            // Last: giving a file away takes some permissions off it.
            dress::mode(&self.0, &metadata)
        }
        #[cfg(not(unix))]
        self.0.set_permissions(metadata.permissions())
    }

    fn dress_within(&self, sources: &[PathBuf]) -> io::Result<()> {
        #[cfg(unix)]
        return dress::within(&self.0, sources);
        // On Windows a new file has the permissions of its folder, as its article has.
        #[cfg(not(unix))]
        {
            let _unused = sources;
            Ok(())
        }
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.set_len(0)?;
        self.0.seek(SeekFrom::Start(0))?;
        Ok(())
    }
}

/// The lock is the system's, on the open file: it ends with the process.
struct RealLock {
    _file: File,
}

impl Lock for RealLock {}

impl Fs for RealFs {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        Ok(stat_of(&fs::metadata(path)?))
    }

    fn link_stat(&self, path: &Path) -> io::Result<Stat> {
        Ok(stat_of(&fs::symlink_metadata(path)?))
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn FsFile>> {
        let mut options = OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::CLOEXEC;
            options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
        }
        Ok(Box::new(RealFile(options.open(path)?)))
    }

    fn create_new(&self, path: &Path, private: bool) -> io::Result<Box<dyn FsFile>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        if private {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        #[cfg(not(unix))]
        let _unused = private;
        Ok(Box::new(RealFile(options.open(path)?)))
    }

    fn open_in_place(&self, path: &Path) -> io::Result<Box<dyn FsFile>> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        Ok(Box::new(RealFile(file)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        #[cfg(windows)]
        return patiently(|| fs::rename(from, to));
        #[cfg(not(windows))]
        fs::rename(from, to)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        rename_with(from, to, How::NoReplace)
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        rename_with(one, other, How::Exchange)
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn make_private(&self, path: &Path) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))
        }
        // On Windows the folder alone says who may read what is in it.
        #[cfg(not(unix))]
        {
            let _unused = path;
            Ok(())
        }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        #[cfg(unix)]
        File::open(path)?.sync_all()?;
        #[cfg(not(unix))]
        let _unused = path;
        Ok(())
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder.create(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect()
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        #[cfg(unix)]
        {
            let disk = rustix::fs::statvfs(path)?;
            Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
        }
        #[cfg(not(unix))]
        {
            let _unused = path;
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(path)?;
        for n_tried in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Box::new(RealLock { _file: file }))),
                Err(TryLockError::WouldBlock) if n_tried + 1 < LOCK_TRIES => {
                    thread::sleep(LOCK_PAUSE);
                }
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    fn lock_existing(&self, path: &Path, patience: Duration) -> io::Result<Option<Box<dyn Lock>>> {
        // Windows locks no folders.
        #[cfg(not(unix))]
        if fs::metadata(path)?.is_dir() {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let mut options = OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            // Opening must not wait, whatever is at the path by now.
            let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::CLOEXEC;
            options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
        }
        let file = options.open(path)?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Box::new(RealLock { _file: file }))),
                Err(TryLockError::WouldBlock) if started.elapsed() < patience => {
                    thread::sleep(WAIT_PAUSE);
                }
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

/// Tries again while a virus scanner, an indexer or a preview holds the file: at most ten times in two seconds.
#[cfg(windows)]
fn patiently(rename: impl Fn() -> io::Result<()>) -> io::Result<()> {
    /// `ERROR_ACCESS_DENIED` and `ERROR_SHARING_VIOLATION`: what Windows says of such a file, and of nothing
    /// that another try would mend.
    const HELD: [i32; 2] = [5, 32];
    for try_idx in 1..10 {
        match rename() {
            Err(error)
                if error
                    .raw_os_error()
                    .is_some_and(|code| HELD.contains(&code)) =>
            {
                std::thread::sleep(std::time::Duration::from_millis(40 * try_idx));
            }
            result => return result,
        }
    }
    rename()
}

fn stat_of(metadata: &Metadata) -> Stat {
    #[cfg(unix)]
    let (changed, id, n_names) = {
        use std::os::unix::fs::MetadataExt;
        let nanoseconds =
            i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
        let id = (metadata.dev(), metadata.ino());
        (Some(nanoseconds), Some(id), metadata.nlink())
    };
    #[cfg(not(unix))]
    let (changed, id, n_names) = (None, None, 1);
    Stat {
        kind: kind_of(metadata.file_type()),
        len: metadata.len(),
        modified: metadata.modified().ok(),
        changed,
        id,
        n_names,
        read_only: metadata.permissions().readonly(),
    }
}

fn kind_of(kind: FileType) -> Kind {
    if kind.is_file() {
        return Kind::File;
    }
    if kind.is_dir() {
        return Kind::Folder;
    }
    if kind.is_symlink() {
        return Kind::Link;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Kind::Special("a pipe");
        }
        if kind.is_socket() {
            return Kind::Special("a socket");
        }
    }
    Kind::Special("a device")
}

/// What is to become of a file that has the name already.
#[derive(Clone, Copy)]
enum How {
    NoReplace,
    Exchange,
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn rename_with(from: &Path, to: &Path, how: How) -> io::Result<()> {
    use rustix::{
        fs::{CWD, RenameFlags, renameat_with},
        io::Errno,
    };
    let flags = match how {
        How::NoReplace => RenameFlags::NOREPLACE,
        How::Exchange => RenameFlags::EXCHANGE,
    };
    renameat_with(CWD, from, CWD, to, flags).map_err(|error| match error {
        // What kernels and file systems without these flags say.
        Errno::INVAL | Errno::NOSYS | Errno::NOTSUP => io::ErrorKind::Unsupported.into(),
        other => other.into(),
    })
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn rename_with(_from: &Path, _to: &Path, _how: How) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
