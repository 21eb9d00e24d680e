//! The clock, the time zone and the random numbers of the machine: the floors below take them as arguments.
//!
//! None of them may fail: a clock can be wrong by centuries, and `TZ` can name anything.

use super::fs::{Fs, Kind, RealFs};
use crate::annotation::{IdSource, Timestamp};
use jiff::tz::TimeZone;
#[cfg(unix)]
use std::sync::Arc;
use std::{
    ffi::OsStr,
    path::Path,
    sync::{LazyLock, Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};
use uuid::{ContextV7, Uuid};

/// Longest file of a time zone that is read, in bytes. The longest of the IANA database has 4 kB.
const MAX_ZONE_BYTES: u64 = 1 << 20;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl SystemClock {
    /// Returns the present moment, to the second; the nearest one that can be written when the clock is further off
    /// than that.
    pub fn now(self) -> Timestamp {
        moment(SystemTime::now())
    }
}

/// Returns a moment as file systems have it, to the second.
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
        uuid_at(SystemTime::now())
    }
}

/// Returns a new UUID of version 7, later than all that this process made before.
///
/// `Uuid::now_v7` panics when the clock is before 1970.
fn uuid_at(time: SystemTime) -> Uuid {
    static CONTEXT: LazyLock<Mutex<ContextV7>> = LazyLock::new(|| Mutex::new(ContextV7::new()));
    let context = CONTEXT.lock().unwrap_or_else(PoisonError::into_inner);
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    // 48 bits of milliseconds: until the year 10889.
    let seconds = since.as_secs().min((1 << 48) / 1_000 - 1);
    Uuid::new_v7(uuid::Timestamp::from_unix(
        &*context,
        seconds,
        since.subsec_nanos(),
    ))
}

/// Bits that no other call and hardly any other process gets.
pub(super) fn random_bits() -> u32 {
    // The last bits of this version of a UUID are random.
    uuid_at(SystemTime::now()).as_u128() as u32
}

/// Returns the time zone of this machine; UTC when `TZ` names something that is no time zone.
pub fn time_zone() -> TimeZone {
    match std::env::var_os("TZ") {
        Some(zone) if !can_be_zone(&zone, std::env::var_os("TZDIR").as_deref()) => TimeZone::UTC,
        _ => TimeZone::system(),
    }
}

/// Returns whether reading the time zone `zone` comes to an end. It may name a file, and jiff reads a device without
/// end.
fn can_be_zone(zone: &OsStr, folder: Option<&OsStr>) -> bool {
    let Some(name) = zone.to_str() else {
        return false;
    };
    let name = name.strip_prefix(':').unwrap_or(name);
    let inside = folder.map(|folder| Path::new(folder).join(name));
    let mut paths = inside.into_iter().chain([Path::new(name).to_owned()]);
    paths.all(|path| match RealFs.stat(&path) {
        Ok(found) => found.kind == Kind::File && found.len <= MAX_ZONE_BYTES,
        // No file of this name: it is a name of the database or a rule, or nothing.
        Err(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn names_come_in_order_and_time_passes() {
        let (first, second) = (SystemIds.next_uuid(), SystemIds.next_uuid());
        assert!(first < second);
        assert!(SystemClock.now().unix_seconds() > 1_700_000_000);
    }

    #[test]
    fn no_clock_is_too_wrong() {
        let day = Duration::from_secs(86_400);
        for (clock, said) in [
            (UNIX_EPOCH - day, "1969-12-31T00:00:00Z"),
            (UNIX_EPOCH + day * 365 * 7_999, "9963-09-10T00:00:00Z"),
            (UNIX_EPOCH + day * 365 * 80_000, "9999-12-30T22:00:00Z"),
        ] {
            assert_eq!(moment(clock).to_string(), said);
            let (first, second) = (uuid_at(clock), uuid_at(clock));
            assert!(first != second && first.get_version_num() == 7);
        }
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_folders_are_no_time_zones() {
        let can = |zone: &str| can_be_zone(OsStr::new(zone), None);
        for zone in [
            "/dev/zero",
            ":/dev/zero",
            "/dev",
            "../../../../../../../../dev/zero",
        ] {
            assert!(!can(zone), "{zone}");
        }
        for zone in [
            "",
            "UTC",
            "Europe/Berlin",
            ":Asia/Tehran",
            "EST5EDT,M3.2.0,M11.1.0",
        ] {
            assert!(can(zone), "{zone}");
        }
        assert!(!can_be_zone(OsStr::new("zero"), Some(OsStr::new("/dev"))));
    }
}
