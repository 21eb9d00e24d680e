//! This machine among others that may share a folder with it: its name, and which of its processes run.

/// Returns the machine's name; empty when it has none.
pub(super) fn host() -> String {
    #[cfg(unix)]
    return rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    #[cfg(not(unix))]
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

/// Returns eight hexadecimal digits that are the same for all processes that see each other's numbers, and for hardly
/// any others: a number means something only to them.
pub(super) fn mark() -> String {
    let mut name = host().into_bytes();
    // A container may have its machine's name, but has numbers of its own.
    #[cfg(target_os = "linux")]
    if let Ok(numbers) = rustix::fs::readlink("/proc/self/ns/pid", Vec::new()) {
        name.extend(numbers.into_bytes());
    }
    let hash = blake3::hash(&name).to_hex();
    hash.chars().take(8).collect()
}

/// Returns whether no process of this machine has the number `pid`. Where that cannot be told, it may have one.
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_living_and_the_dead() {
        assert!(!is_dead(std::process::id()));
        // Somebody else's, whom we may not send anything.
        assert!(!is_dead(1));
        assert!(is_dead(u32::MAX));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id();
        child.wait().unwrap();
        assert!(is_dead(pid));
        assert_eq!((mark().len(), mark()), (8, mark()));
    }
}
