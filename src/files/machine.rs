//! This machine among others that may share a folder with it: its name, and which of its processes run.

/// The machine's name; empty when it has none.
pub(super) fn host() -> String {
    #[cfg(unix)]
    return rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    #[cfg(not(unix))]
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

/// Whether no process of this machine has the number `pid`. Where that cannot be told, it may have one.
pub(super) fn is_dead(pid: u32) -> bool {
    #[cfg(unix)]
    {
        use rustix::{
            io::Errno,
            process::{Pid, test_kill_process},
        };
        // Numbers beyond what the system can give are nobody's.
        let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
            return true;
        };
        test_kill_process(pid) == Err(Errno::SRCH)
    }
    #[cfg(not(unix))]
    {
        let _unused = pid;
        false
    }
}
