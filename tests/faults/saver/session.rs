//! A session of saving: what a window does with one annotation file, told line by line.

use crate::generation::{Found, Generation, Size};
use clap::{Args, ValueEnum};
use sourcemark::{
    files::{
        Disk, Expected, FileError, FileErrorKind, Identity, Look, SaveNote, SaveOptions,
        SystemClock, fs::RealFs,
    },
    format::ron::{WriteOptions, write},
};
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

/// What a session does.
#[derive(Args, Debug)]
pub struct SaveArgs {
    /// The annotation file
    file: PathBuf,
    /// Folder for what is under way: earlier versions and locks
    #[arg(long)]
    state: Option<PathBuf>,
    /// Saves to make
    #[arg(long, default_value_t = 1)]
    saves: u64,
    /// Times that each save is tried
    #[arg(long, default_value_t = 1)]
    tries: u32,
    /// How the file is written
    #[arg(long, value_enum, default_value_t = How::Library)]
    how: How,
    /// Name of the writer
    #[arg(long, default_value = "a")]
    writer: String,
    /// Reads the file again when another program has changed it, and counts on from there
    #[arg(long)]
    reload: bool,
    /// Waits for a line of input before each save, and looks whether the file was changed
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    size: Size,
}

/// How a file is written: as the program does, or as others do, to show what is lost then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum How {
    /// `Disk::save_annotations`
    Library,
    /// The file is emptied and written, in pieces
    InPlace,
    /// Another file is written and renamed, and nothing synced
    Unsynced,
    /// The same with one call, whatever it takes of it
    OneWrite,
}

/// Ends of a session beside success.
const NOT_SAVED: u8 = 1;
const UNREADABLE: u8 = 3;

/// Reads the file, then saves one generation after the other. Prints what it found, and for each save
/// `ack NUMBER TIME` when it is done, `unsure NUMBER TIME` when it is and may not survive a power cut, or
/// `error NUMBER: REASON`.
///
/// # Errors
/// When the output or the input fails.
pub fn save(args: &SaveArgs, out: &mut dyn Write) -> io::Result<ExitCode> {
    let mut session = Session {
        args,
        disk: disk(args.state.as_deref()),
        number: 0,
        known: None,
        is_unsure: false,
    };
    if !session.read(out)? {
        return Ok(ExitCode::from(UNREADABLE));
    }
    let mut input = io::stdin().lock();
    let mut code = ExitCode::SUCCESS;
    for _ in 0..args.saves {
        if args.wait {
            writeln!(out, "ready {}", session.number + 1)?;
            if input.read_line(&mut String::new())? == 0 {
                break;
            }
            session.look(out)?;
        }
        match session.save_next(out)? {
            Saved::Yes => {}
            Saved::No => code = ExitCode::from(NOT_SAVED),
            Saved::Unreadable => return Ok(ExitCode::from(UNREADABLE)),
        }
    }
    Ok(code)
}

/// The machine's disk, with its earlier versions and locks in `state`, or without any.
pub fn disk(state: Option<&Path>) -> Disk {
    Disk::new(Arc::new(RealFs), state.map(Path::to_owned))
}

struct Session<'a> {
    args: &'a SaveArgs,
    disk: Disk,
    /// The generation that was read or saved last.
    number: u64,
    known: Option<Identity>,
    /// Whether the last save said that the name may not survive a power cut.
    is_unsure: bool,
}

enum Saved {
    Yes,
    No,
    Unreadable,
}

impl Session<'_> {
    /// Whether the file may be saved over.
    fn read(&mut self, out: &mut dyn Write) -> io::Result<bool> {
        let found = Found::of(self.disk.read_annotations(&self.args.file));
        writeln!(out, "found {found}")?;
        match found {
            Found::New => {
                self.number = 0;
                self.known = None;
                Ok(true)
            }
            Found::Whole(generation, file) => {
                self.number = generation.number;
                self.known = Some(file.identity);
                Ok(true)
            }
            Found::Broken(_) | Found::Unreadable(_) => Ok(false),
        }
    }

    fn look(&self, out: &mut dyn Write) -> io::Result<()> {
        match self.disk.look(&self.args.file, self.known.as_ref()) {
            Look::Same => writeln!(out, "look same"),
            Look::Changed(how) => writeln!(out, "look changed: {how:?}"),
            Look::Unknown(error) => writeln!(out, "look unknown: {error}"),
        }
    }

    fn save_next(&mut self, out: &mut dyn Write) -> io::Result<Saved> {
        let mut n_tries = 0;
        loop {
            let number = self.number + 1;
            match self.write(number, out) {
                Ok(()) => {
                    self.number = number;
                    let word = if self.is_unsure { "unsure" } else { "ack" };
                    writeln!(out, "{word} {number} {}", SystemClock.now())?;
                    return Ok(Saved::Yes);
                }
                Err(Failure::Output(error)) => return Err(error),
                Err(Failure::Save(error)) => {
                    writeln!(out, "error {number}: {error}")?;
                    let is_changed = matches!(error.kind, FileErrorKind::ChangedOnDisk(_));
                    if is_changed && self.args.reload {
                        if !self.read(out)? {
                            return Ok(Saved::Unreadable);
                        }
                        continue;
                    }
                    n_tries += 1;
                    if n_tries >= self.args.tries {
                        return Ok(Saved::No);
                    }
                }
            }
        }
    }

    fn write(&mut self, number: u64, out: &mut dyn Write) -> Result<(), Failure> {
        let args = self.args;
        let generation = Generation {
            number,
            writer: args.writer.clone(),
        };
        let name = args.file.file_name().unwrap_or_default().to_string_lossy();
        let article = name.trim_end_matches(sourcemark::files::ANNOTATIONS_SUFFIX);
        let set = generation
            .set(article, &args.size)
            .map_err(io::Error::other)?;
        if args.how != How::Library {
            let text = write(&set, WriteOptions::default());
            return Ok(self.write_carelessly(text.as_bytes())?);
        }
        let expected = self.known.clone().map_or(Expected::New, Expected::Same);
        let options = SaveOptions::default();
        let saved = self
            .disk
            .save_annotations(&args.file, &set, &expected, &options)
            .map_err(Failure::Save)?;
        self.known = Some(saved.identity);
        self.is_unsure = false;
        for note in saved.notes {
            let kind = match note {
                SaveNote::InPlace => "in place",
                SaveNote::HardLinked => "hard linked",
                SaveNote::Displaced { .. } => "displaced",
                SaveNote::FolderNotSynced(_) => "folder not synced",
                SaveNote::NoEarlierVersion(_) => "no earlier version",
            };
            self.is_unsure |= matches!(note, SaveNote::FolderNotSynced(_));
            writeln!(out, "note {number} {kind}: {note}")?;
        }
        Ok(())
    }

    fn write_carelessly(&self, bytes: &[u8]) -> io::Result<()> {
        let file = &self.args.file;
        let mut other: OsString = file.clone().into();
        other.push(".tmp");
        let is_in_place = self.args.how == How::InPlace;
        let written = if is_in_place {
            file.as_os_str()
        } else {
            &other
        };
        let mut open = File::create(written)?;
        if self.args.how == How::OneWrite {
            #[expect(clippy::unused_io_amount, reason = "the mistake that this is to show")]
            open.write(bytes)?;
        } else {
            for piece in bytes.chunks(8 << 10) {
                open.write_all(piece)?;
            }
        }
        match is_in_place {
            true => Ok(()),
            false => fs::rename(&other, file),
        }
    }
}

enum Failure {
    Save(FileError),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
