//! The clock and the random numbers of the machine: the floors below take both as arguments.

use crate::annotation::{IdSource, Timestamp};
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
