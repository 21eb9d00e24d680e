//! The operations of the file system in memory, on names, files and locks, within its limits.

use super::{Inode, MemoryFs, Node, Shared};
use sourcemark::files::fs::{Fs, FsFile, Lock, Stat};
use std::{
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

impl MemoryFs {
    fn handle(&self, inode: usize, may_write: bool) -> Box<dyn FsFile> {
        Box::new(MemoryFile {
            fs: self.clone(),
            inode,
            at: 0,
            may_write,
        })
    }
}

impl Fs for MemoryFs {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let shared = self.shared();
        refuse_shut(&shared, path)?;
        let path = shared.now.resolve(path)?;
        Ok(shared.now.stat_of(&shared.now.names[&path]))
    }

    fn link_stat(&self, path: &Path) -> io::Result<Stat> {
        let shared = self.shared();
        refuse_shut(&shared, path)?;
        let node = shared.now.names.get(path).ok_or(ErrorKind::NotFound)?;
        Ok(shared.now.stat_of(node))
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.shared().now.resolve(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn FsFile>> {
        let inode = self.shared().now.file(path)?;
        Ok(self.handle(inode, false))
    }

    fn create_new(&self, path: &Path, _private: bool) -> io::Result<Box<dyn FsFile>> {
        let inode = self.change(|shared| {
            refuse_protected(shared, path)?;
            let seconds = shared.seconds;
            let now = &mut shared.now;
            now.has_folder(path.parent().unwrap())?;
            if now.names.contains_key(path) {
                return Err(ErrorKind::AlreadyExists.into());
            }
            let inode = now.inodes.len();
            now.inodes.push(Inode {
                data: Arc::default(),
                synced: None,
                n_untouched: 0,
                modified_seconds: seconds,
                changed: now.ticks,
                read_only: false,
            });
            now.set(path, Some(Node::File(inode)));
            Ok(inode)
        })?;
        Ok(self.handle(inode, true))
    }

    fn open_in_place(&self, path: &Path) -> io::Result<Box<dyn FsFile>> {
        let inode = self.shared().now.file(path)?;
        Ok(self.handle(inode, true))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(|shared| {
            refuse_mounted(shared, &[from, to])?;
            refuse_protected(shared, to)?;
            let now = &mut shared.now;
            now.has_folder(to.parent().unwrap())?;
            let node = now.names.get(from).cloned().ok_or(ErrorKind::NotFound)?;
            now.touch(&node);
            now.set(to, Some(node));
            now.set(from, None);
            Ok(())
        })
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        {
            let shared = self.shared();
            if shared.limits.no_rename_new {
                return Err(ErrorKind::Unsupported.into());
            }
            if shared.now.names.contains_key(to) {
                return Err(ErrorKind::AlreadyExists.into());
            }
        }
        self.rename(from, to)
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        self.change(|shared| {
            if shared.limits.no_exchange {
                return Err(ErrorKind::Unsupported.into());
            }
            refuse_mounted(shared, &[one, other])?;
            let now = &mut shared.now;
            let get = |path: &Path| now.names.get(path).cloned().ok_or(ErrorKind::NotFound);
            let (first, second) = (get(one)?, get(other)?);
            now.touch(&first);
            now.touch(&second);
            now.set(one, Some(second));
            now.set(other, Some(first));
            Ok(())
        })
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(|shared| {
            if shared.limits.no_links {
                return Err(ErrorKind::Unsupported.into());
            }
            refuse_protected(shared, to)?;
            let now = &mut shared.now;
            now.has_folder(to.parent().unwrap())?;
            if now.names.contains_key(to) {
                return Err(ErrorKind::AlreadyExists.into());
            }
            let node = Node::File(now.file(from)?);
            now.touch(&node);
            now.set(to, Some(node));
            Ok(())
        })
    }

    fn make_private(&self, path: &Path) -> io::Result<()> {
        let shared = self.shared();
        shared.now.file(path).map(drop)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change(|shared| {
            let now = &mut shared.now;
            now.names.get(path).ok_or(ErrorKind::NotFound)?;
            now.set(path, None);
            Ok(())
        })
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.change(|shared| {
            shared.now.has_folder(folder)?;
            if !shared.limits.sync_folder_lies {
                shared.now.settle(&|path| path.parent() == Some(folder));
            }
            Ok(())
        })
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.change(|shared| {
            let now = &shared.now;
            let mut missing: Vec<&Path> = path
                .ancestors()
                .filter(|above| *above != Path::new("/") && now.has_folder(above).is_err())
                .collect();
            missing.reverse();
            for folder in missing {
                refuse_protected(shared, folder)?;
                shared.now.set(folder, Some(Node::Folder));
            }
            Ok(())
        })
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let shared = self.shared();
        shared.now.has_folder(folder)?;
        let paths = shared.now.names.keys();
        Ok(paths
            .filter(|path| path.parent() == Some(folder))
            .cloned()
            .collect())
    }

    fn free_bytes(&self, _path: &Path) -> io::Result<u64> {
        Ok(3)
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>> {
        if self.shared().now.resolve(path).is_err() {
            self.create_new(path, true)?;
        }
        self.lock_existing(path, Duration::ZERO)
    }

    /// Nobody lets go of a lock here while another waits: it is free or it is not.
    fn lock_existing(&self, path: &Path, _patience: Duration) -> io::Result<Option<Box<dyn Lock>>> {
        let mut shared = self.shared();
        if shared.limits.no_locks {
            return Err(ErrorKind::Unsupported.into());
        }
        let path = shared.now.resolve(path)?;
        let is_free = shared.locks.insert(path.clone());
        drop(shared);
        Ok(is_free.then(|| {
            let fs = self.clone();
            Box::new(MemoryLock { fs, path }) as Box<dyn Lock>
        }))
    }
}

/// A file that is open, and where it is read or written next.
struct MemoryFile {
    fs: MemoryFs,
    inode: usize,
    at: usize,
    may_write: bool,
}

impl Read for MemoryFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let shared = self.fs.shared();
        let data = &shared.now.inodes[self.inode].data;
        let mut rest = &data[self.at.min(data.len())..];
        let n = rest.read(buffer)?;
        self.at += n;
        Ok(n)
    }
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        assert!(self.may_write, "opened for reading");
        let (inode, at) = (self.inode, self.at);
        self.at += bytes.len();
        self.fs.change(|shared| {
            let (seconds, ticks) = (shared.seconds, shared.now.ticks);
            let inode = &mut shared.now.inodes[inode];
            inode.n_untouched = inode.n_untouched.min(at);
            let data = Arc::make_mut(&mut inode.data);
            data.resize(data.len().max(at + bytes.len()), 0);
            data[at..at + bytes.len()].copy_from_slice(bytes);
            (inode.modified_seconds, inode.changed) = (seconds, ticks);
            Ok(bytes.len())
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl FsFile for MemoryFile {
    fn stat(&self) -> io::Result<Stat> {
        let shared = self.fs.shared();
        Ok(shared.now.stat_of(&Node::File(self.inode)))
    }

    fn sync(&self) -> io::Result<()> {
        self.fs.change(|shared| {
            if !shared.limits.sync_lies {
                let inode = &mut shared.now.inodes[self.inode];
                inode.synced = Some(Arc::clone(&inode.data));
                inode.n_untouched = inode.data.len();
            }
            Ok(())
        })
    }

    fn dress_like(&self, old: &Path) -> io::Result<()> {
        self.fs.change(|shared| {
            let old = shared.now.file(old)?;
            shared.now.inodes[self.inode].read_only = shared.now.inodes[old].read_only;
            Ok(())
        })
    }

    fn dress_within(&self, _sources: &[PathBuf]) -> io::Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.at = 0;
        self.fs.change(|shared| {
            let inode = &mut shared.now.inodes[self.inode];
            (inode.data, inode.n_untouched) = (Arc::default(), 0);
            Ok(())
        })
    }
}

struct MemoryLock {
    fs: MemoryFs,
    path: PathBuf,
}

impl Lock for MemoryLock {}

impl Drop for MemoryLock {
    fn drop(&mut self) {
        self.fs.shared().locks.remove(&self.path);
    }
}

fn refuse_protected(shared: &Shared, made: &Path) -> io::Result<()> {
    let is_in = |folder: &PathBuf| made.parent() == Some(folder);
    match shared.limits.protected.iter().any(is_in) {
        true => Err(ErrorKind::PermissionDenied.into()),
        false => Ok(()),
    }
}

fn refuse_shut(shared: &Shared, path: &Path) -> io::Result<()> {
    let is_in = |folder: &PathBuf| path != folder && path.starts_with(folder);
    match shared.limits.shut.as_ref().is_some_and(is_in) {
        true => Err(ErrorKind::PermissionDenied.into()),
        false => Ok(()),
    }
}

fn refuse_mounted(shared: &Shared, paths: &[&Path]) -> io::Result<()> {
    let is_mounted = |path: &&Path| shared.limits.mounted.as_deref() == Some(*path);
    match paths.iter().any(is_mounted) {
        true => Err(ErrorKind::ResourceBusy.into()),
        false => Ok(()),
    }
}
