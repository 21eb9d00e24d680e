//! The clock and the random numbers of the machine: the floors below take both as arguments.

use crate::annotation::{IdSource, Timestamp};
#[cfg(unix)]
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl SystemClock {
    /// The present moment, to the second.
    pub fn now(self) -> Timestamp {
        Timestamp::from_unix_seconds(jiff::Timestamp::now().as_second())
    }
}

/// A moment as file systems have it, to the second.
pub(super) fn moment(time: SystemTime) -> Timestamp {
    let whole = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamp::from_unix_seconds(match time.duration_since(UNIX_EPOCH) {
        Ok(since) => whole(since.as_secs()),
        Err(before) => -whole(before.duration().as_secs()),
    })
}

/// Sees to it that a write which would make a file larger than the session allows (`ulimit -f`) fails like one to a
/// full disk, and does not end the program: what is unsaved could not be written down then. To be called once, at the
/// start. Programs that this one starts are not concerned.
pub fn survive_size_limits() {
    // The signal is handled, and not ignored: that would be passed on to other programs. Nobody asks whether it came.
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default()).ok();
}

/// New names from the machine's clock and random bits, so that they sort by creation.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl IdSource for SystemIds {
    fn next_uuid(&mut self) -> Uuid {
        Uuid::now_v7()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_order_and_time_passes() {
        let (first, second) = (SystemIds.next_uuid(), SystemIds.next_uuid());
        assert!(first < second);
        assert!(SystemClock.now().unix_seconds() > 1_700_000_000);
    }
}
