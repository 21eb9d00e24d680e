//! A file system that fails when it is told to: any other one, with one fault in it.

use sourcemark::files::fs::{Fs, FsFile, Lock, Stat};
use std::{
    io::{self, Error, Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

/// What goes wrong.
#[derive(Clone)]
pub enum Fault {
    /// One operation fails with this error number.
    Error(i32),
    /// It and all that follow do: the disk is gone.
    Dies(i32),
    /// One read says that the file ends here.
    EndsEarly,
    /// One write says it has written, and has not.
    WritesNothing,
    /// Before one operation somebody else does something.
    Meanwhile(Arc<dyn Fn() + Send + Sync>),
    /// Before each operation from then on something has to be waited for.
    #[cfg_attr(
        not(feature = "gui"),
        expect(dead_code, reason = "only the end of the window waits for a disk")
    )]
    Waits(Arc<dyn Fn() + Send + Sync>),
}

struct Plan {
    fault: Fault,
    /// Operations until then; of those that the fault can happen to.
    n_before: usize,
    is_injected: bool,
}

impl Plan {
    /// Whether the fault happens now, to an operation of this kind.
    fn is_now(&mut self, operation: Operation) -> bool {
        let can_happen = match self.fault {
            Fault::Error(_) | Fault::Dies(_) | Fault::Meanwhile(_) | Fault::Waits(_) => true,
            Fault::EndsEarly => operation == Operation::Read,
            Fault::WritesNothing => operation == Operation::Write,
        };
        if !can_happen {
            return false;
        }
        if self.is_injected {
            return matches!(self.fault, Fault::Dies(_) | Fault::Waits(_));
        }
        self.is_injected = self.n_before == 0;
        self.n_before = self.n_before.saturating_sub(1);
        self.is_injected
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Read,
    Write,
    Other,
}

/// A file system with a fault. A clone has the same one.
#[derive(Clone)]
pub struct FaultyFs {
    inner: Arc<dyn Fs>,
    plan: Arc<Mutex<Plan>>,
    /// Most bytes that are read or written at a time.
    at_a_time: usize,
}

impl FaultyFs {
    /// `inner`, in which `fault` happens after `n_before` operations.
    pub fn new(inner: Arc<dyn Fs>, n_before: usize, fault: Fault) -> Self {
        let plan = Plan {
            fault,
            n_before,
            is_injected: false,
        };
        Self {
            inner,
            plan: Arc::new(Mutex::new(plan)),
            at_a_time: usize::MAX,
        }
    }

    /// `inner`, which reads and writes at most `n` bytes at a time, as it may.
    pub fn in_parts(inner: Arc<dyn Fs>, n: usize) -> Self {
        Self {
            at_a_time: n,
            ..Self::new(inner, usize::MAX, Fault::Error(0))
        }
    }

    /// Whether it has happened.
    pub fn is_injected(&self) -> bool {
        self.plan.lock().unwrap().is_injected
    }

    /// Whether the operation is left out, or the error that it ends with.
    fn step(&self, operation: Operation) -> io::Result<bool> {
        let (is_now, fault) = {
            let mut plan = self.plan.lock().unwrap();
            (plan.is_now(operation), plan.fault.clone())
        };
        match fault {
            _ if !is_now => Ok(false),
            Fault::Error(number) | Fault::Dies(number) => Err(Error::from_raw_os_error(number)),
            Fault::EndsEarly | Fault::WritesNothing => Ok(true),
            Fault::Meanwhile(act) | Fault::Waits(act) => {
                act();
                Ok(false)
            }
        }
    }

    fn wrap(&self, inner: Box<dyn FsFile>) -> Box<dyn FsFile> {
        let fs = self.clone();
        Box::new(FaultyFile { fs, inner })
    }
}

struct FaultyFile {
    fs: FaultyFs,
    inner: Box<dyn FsFile>,
}

impl Read for FaultyFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.fs.step(Operation::Read)? {
            return Ok(0);
        }
        let n = buffer.len().min(self.fs.at_a_time);
        self.inner.read(&mut buffer[..n])
    }
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = bytes.len().min(self.fs.at_a_time);
        if self.fs.step(Operation::Write)? {
            return Ok(n);
        }
        self.inner.write(&bytes[..n])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl FsFile for FaultyFile {
    fn stat(&self) -> io::Result<Stat> {
        self.fs.step(Operation::Other)?;
        self.inner.stat()
    }

    fn sync(&self) -> io::Result<()> {
        self.fs.step(Operation::Other)?;
        self.inner.sync()
    }

    fn dress_like(&self, old: &Path) -> io::Result<()> {
        self.fs.step(Operation::Other)?;
        self.inner.dress_like(old)
    }

    fn dress_within(&self, sources: &[PathBuf]) -> io::Result<()> {
        self.fs.step(Operation::Other)?;
        self.inner.dress_within(sources)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.fs.step(Operation::Other)?;
        self.inner.clear()
    }
}

impl Fs for FaultyFs {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        self.step(Operation::Other)?;
        self.inner.stat(path)
    }

    fn link_stat(&self, path: &Path) -> io::Result<Stat> {
        self.step(Operation::Other)?;
        self.inner.link_stat(path)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.step(Operation::Other)?;
        self.inner.canonical(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn FsFile>> {
        self.step(Operation::Other)?;
        Ok(self.wrap(self.inner.open(path)?))
    }

    fn create_new(&self, path: &Path, private: bool) -> io::Result<Box<dyn FsFile>> {
        self.step(Operation::Other)?;
        Ok(self.wrap(self.inner.create_new(path, private)?))
    }

    fn open_in_place(&self, path: &Path) -> io::Result<Box<dyn FsFile>> {
        self.step(Operation::Other)?;
        Ok(self.wrap(self.inner.open_in_place(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(Operation::Other)?;
        self.inner.rename(from, to)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(Operation::Other)?;
        self.inner.rename_new(from, to)
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        self.step(Operation::Other)?;
        self.inner.exchange(one, other)
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(Operation::Other)?;
        self.inner.hard_link(from, to)
    }

    fn make_private(&self, path: &Path) -> io::Result<()> {
        self.step(Operation::Other)?;
        self.inner.make_private(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(Operation::Other)?;
        self.inner.remove(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step(Operation::Other)?;
        self.inner.sync_folder(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step(Operation::Other)?;
        self.inner.create_folder(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.step(Operation::Other)?;
        self.inner.list(folder)
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        self.step(Operation::Other)?;
        self.inner.free_bytes(path)
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>> {
        self.step(Operation::Other)?;
        self.inner.try_lock(path)
    }

    fn lock_existing(&self, path: &Path, patience: Duration) -> io::Result<Option<Box<dyn Lock>>> {
        self.step(Operation::Other)?;
        self.inner.lock_existing(path, patience)
    }
}
