//! The whole process in a real window: time to the first frame, memory, idle CPU. Needs a display (Xvfb will do);
//! without one it says so.

use crate::{
    data::{annotated, prose},
    measure::{Table, resident_mb},
};
use sourcemark::{
    files::{self, Expected},
    text::SourceText,
};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Measures the process.
pub fn measure(table: &mut Table, folder: &Path, quick: bool) {
    if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
        table.note(
            "start, memory, idle CPU",
            "skipped: no display (run under `xvfb-run -a`)",
        );
        return;
    }
    let empty = article(folder, 10_000, 100);
    let Some(hello) = run(&empty, Duration::from_secs(2)) else {
        table.note(
            "start, memory, idle CPU",
            "skipped: the window did not open",
        );
        return;
    };
    table.time(
        "process start to first frame, 10 KB",
        hello.first_frame,
        Duration::from_millis(300),
    );
    table.note(
        "memory, 10 KB, 100 marks (window and OpenGL driver)",
        format!("{:.0} MB", hello.resident_mb),
    );
    if quick {
        return;
    }
    let sizes = [
        (1_000_000, 10_000, "1 MB, 10 k marks", 120.0),
        (10_000_000, 100_000, "10 MB, 100 k marks", 250.0),
        (100_000_000, 0, "100 MB", 300.0),
    ];
    for (bytes, n, what, goal) in sizes {
        let path = article(folder, bytes, n);
        if let Some(run) = run(&path, Duration::from_secs(4)) {
            let own = run.resident_mb - run.driver_mb;
            table.memory(
                format!(
                    "memory, {what}, without the OpenGL driver's {:.0} MB",
                    run.driver_mb
                ),
                own,
                goal,
            );
            table.note(
                format!("CPU in 10 s of idling, {what}"),
                format!("{} ticks", run.idle_ticks),
            );
        }
    }
}

struct Run {
    first_frame: Duration,
    resident_mb: f64,
    driver_mb: f64,
    idle_ticks: u64,
}

fn article(folder: &Path, bytes: usize, n: usize) -> PathBuf {
    let path = folder.join(format!("start-{bytes}.txt"));
    let text = prose(bytes);
    std::fs::File::create(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .expect("a writable folder");
    if n > 0 {
        let set = annotated(&SourceText::new(text).expect("fits"), n);
        let beside = files::annotations_beside(&path);
        files::save_annotations(&beside, &set, Expected::New, false).expect("a writable folder");
    }
    path
}

/// Opens the window on `path`, waits, looks, and ends it.
fn run(path: &Path, wait: Duration) -> Option<Run> {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_sourcemark"))
        .arg(path)
        .env("SOURCEMARK_TELL_FIRST_FRAME", "1")
        .env("SOURCEMARK_CONFIG_DIR", path.parent()?.join("config"))
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let first_frame = first_line(&mut child).map(|()| start.elapsed());
    std::thread::sleep(wait);
    let looked = look(child.id());
    let before = ticks(child.id());
    if first_frame.is_some() {
        std::thread::sleep(Duration::from_secs(10));
    }
    let after = ticks(child.id());
    child.kill().ok()?;
    child.wait().ok()?;
    let (resident_mb, driver_mb) = looked?;
    Some(Run {
        first_frame: first_frame?,
        resident_mb,
        driver_mb,
        idle_ticks: after?.saturating_sub(before?),
    })
}

/// Waits for the line that the program writes after its first frame.
fn first_line(child: &mut Child) -> Option<()> {
    let lines = BufReader::new(child.stderr.take()?).lines();
    lines
        .map_while(Result::ok)
        .find(|line| line.contains("first frame"))
        .map(|_| ())
}

/// Resident memory of a process, and the part of it that belongs to the libraries of the OpenGL driver and their
/// heaps as far as the kernel can tell them apart: the mapped files of Mesa and LLVM.
fn look(pid: u32) -> Option<(f64, f64)> {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/smaps")).ok()?;
    let mut driver_kb = 0.0;
    let mut of_driver = false;
    for line in maps.lines() {
        if let Some(rss) = line.strip_prefix("Rss:") {
            let kb: f64 = rss.split_whitespace().next()?.parse().ok()?;
            driver_kb += if of_driver { kb } else { 0.0 };
        } else if line
            .split_whitespace()
            .next()
            .is_some_and(|first| first.contains('-'))
        {
            of_driver = [
                "libLLVM",
                "libGL",
                "libgallium",
                "swrast",
                "dri",
                "libglapi",
            ]
            .iter()
            .any(|name| line.contains(name));
        }
    }
    Some((resident_mb(pid)?, driver_kb / 1024.0))
}

/// User and system time of a process in clock ticks (usually hundredths of a second).
fn ticks(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}
