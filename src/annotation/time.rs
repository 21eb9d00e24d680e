//! A moment in UTC, to the second, written as RFC 3339. Nothing on this floor reads a clock.

use std::fmt;

/// A moment in UTC with a precision of one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// Returns the moment `seconds` after 1970-01-01T00:00:00Z; the nearest possible one (years −9999 to 9999)
    /// outside.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        let clamped = seconds.clamp(
            jiff::Timestamp::MIN.as_second(),
            jiff::Timestamp::MAX.as_second(),
        );
        Self(jiff::Timestamp::from_second(clamped).unwrap_or_default())
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// Reads RFC 3339 such as `2026-03-01T12:00:00Z`, with any offset; fractions of a second are dropped.
    pub fn parse(written: &str) -> Option<Self> {
        let moment: jiff::Timestamp = written.parse().ok()?;
        Some(Self::from_unix_seconds(moment.as_second()))
    }

    /// Returns the calendar date in UTC, `2026-03-01`.
    pub fn date(self) -> String {
        self.to_string().chars().take_while(|c| *c != 'T').collect()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_in_utc_to_the_second() {
        let moment = Timestamp::parse("2026-03-01T13:00:00.75+01:00").unwrap();
        assert_eq!(moment.to_string(), "2026-03-01T12:00:00Z");
        assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
        assert_eq!(moment.date(), "2026-03-01");
        assert_eq!(Timestamp::parse("yesterday"), None);
    }
}
