//! A stopwatch that takes medians, and the table of results.

use std::time::{Duration, Instant};

/// Median, 99th percentile and worst of several runs.
#[derive(Clone, Copy)]
pub struct Times {
    /// Half of the runs took at most this.
    pub median: Duration,
    /// 99 of 100 runs took at most this.
    pub p99: Duration,
    /// The slowest run.
    pub worst: Duration,
}

impl Times {
    /// From single measurements, at least one.
    pub fn of(mut runs: Vec<Duration>) -> Self {
        runs.sort_unstable();
        let at = |share: f64| runs[((runs.len() - 1) as f64 * share).round() as usize];
        Self {
            median: at(0.5),
            p99: at(0.99),
            worst: at(1.0),
        }
    }
}

/// Runs `work` `n` times.
pub fn times<T>(n: usize, mut work: impl FnMut() -> T) -> Times {
    let run = |work: &mut dyn FnMut() -> T| {
        let start = Instant::now();
        let kept = work();
        let taken = start.elapsed();
        // What the work made is thrown away outside the stopwatch.
        drop(std::hint::black_box(kept));
        taken
    };
    Times::of((0..n).map(|_| run(&mut work)).collect())
}

/// One line of the table.
struct Row {
    what: String,
    value: String,
    goal: String,
    met: Option<bool>,
}

/// All results.
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// An empty table.
    pub fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// A value without a goal.
    pub fn note(&mut self, what: impl Into<String>, value: impl Into<String>) {
        self.rows.push(Row {
            what: what.into(),
            value: value.into(),
            goal: String::new(),
            met: None,
        });
    }

    /// A time against the time of its limit in the same run: at most `goal` times as long.
    pub fn ratio(&mut self, what: impl Into<String>, time: Duration, limit: Duration, goal: f64) {
        let ratio = time.as_secs_f64() / limit.as_secs_f64().max(1e-9);
        self.rows.push(Row {
            what: what.into(),
            value: format!("{} = {ratio:.2} × {}", shown(time), shown(limit)),
            goal: format!("≤ {goal} ×"),
            met: Some(ratio <= goal),
        });
    }

    /// A time against a fixed goal.
    pub fn time(&mut self, what: impl Into<String>, time: Duration, goal: Duration) {
        let value = shown(time);
        let goal_text = format!("≤ {}", shown(goal));
        self.rows.push(Row {
            what: what.into(),
            value,
            goal: goal_text,
            met: Some(time <= goal),
        });
    }

    /// A number of megabytes against a goal.
    pub fn memory(&mut self, what: impl Into<String>, mb: f64, goal: f64) {
        let value = format!("{mb:.0} MB");
        self.rows.push(Row {
            what: what.into(),
            value,
            goal: format!("≤ {goal:.0} MB"),
            met: Some(mb <= goal),
        });
    }

    /// Prints the table in Markdown, ready for the README.
    pub fn print(&self) {
        println!("\n| what | measured | goal | |\n|---|---|---|---|");
        for row in &self.rows {
            let met = match row.met {
                Some(true) => "met",
                Some(false) => "**missed**",
                None => "",
            };
            println!("| {} | {} | {} | {met} |", row.what, row.value, row.goal);
        }
    }
}

/// A duration with two or three digits and its unit.
pub fn shown(time: Duration) -> String {
    let us = time.as_secs_f64() * 1e6;
    match us {
        us if us < 10.0 => format!("{us:.2} µs"),
        us if us < 1_000.0 => format!("{us:.0} µs"),
        us if us < 10_000.0 => format!("{:.2} ms", us / 1e3),
        us if us < 1_000_000.0 => format!("{:.0} ms", us / 1e3),
        us => format!("{:.2} s", us / 1e6),
    }
}

/// Resident memory of a process in megabytes, from `/proc`; `None` where there is none.
pub fn resident_mb(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kb: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kb / 1024.0)
}
