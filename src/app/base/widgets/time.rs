//! Moments and sizes in words, for people.

use crate::annotation::Timestamp;
use jiff::tz::TimeZone;

/// A moment on the clock of `zone`, to the minute: `2026-03-01 14:05`.
pub fn local_time(moment: Timestamp, zone: &TimeZone) -> String {
    let Ok(moment) = jiff::Timestamp::from_second(moment.unix_seconds()) else {
        return moment.to_string();
    };
    let there = moment.to_zoned(zone.clone());
    format!("{} {:02}:{:02}", there.date(), there.hour(), there.minute())
}

/// The day as the person's calendar has it, `1 Mar 2026`.
pub fn local_date(moment: Timestamp, zone: &TimeZone) -> String {
    let Ok(moment) = jiff::Timestamp::from_second(moment.unix_seconds()) else {
        return moment.to_string();
    };
    let day = moment.to_zoned(zone.clone());
    day.strftime("%-d %b %Y").to_string()
}

/// A number of bytes: `812 bytes`, `1.4 MB`.
pub fn bytes(n: u64) -> String {
    let shown = n as f64;
    match n {
        0..1_000 => format!("{n} bytes"),
        1_000..1_000_000 => format!("{:.0} kB", shown / 1e3),
        _ => format!("{:.1} MB", shown / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_on_the_clock_of_the_place() {
        let moment = Timestamp::parse("2026-03-01T23:05:59Z").unwrap();
        assert_eq!(local_time(moment, &TimeZone::UTC), "2026-03-01 23:05");
        let east = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(local_time(moment, &east), "2026-03-02 01:05");
    }

    #[test]
    fn sizes_are_rounded() {
        assert_eq!(bytes(999), "999 bytes");
        assert_eq!(bytes(1_499), "1 kB");
        assert_eq!(bytes(1_450_000), "1.4 MB");
    }
}
