//! The system's file dialog where there is one; the caller shows its own path box where there is none.
//!
//! Without a portal and without zenity, rfd returns `None`, the same as Cancel. So we look first whether there
//! can be a dialog, and take a `None` that comes at once for "no dialog was shown".

use crate::app::{
    base::jobs::Jobs,
    core::{
        command::{AppCommand, CommandSender, PickPurpose},
        job_kind::JobKind,
    },
};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// No person closes a dialog faster than that.
const TOO_FAST: Duration = Duration::from_millis(100);

/// Extensions of articles.
pub const ARTICLE_EXTENSIONS: [&str; 5] = ["txt", "text", "md", "markdown", "ron"];

/// Asks the person for files; the answer comes as [`AppCommand::Picked`].
pub fn pick(
    jobs: &Jobs,
    purpose: PickPurpose,
    folder: Option<&Path>,
    file_name: Option<&str>,
    sender: &CommandSender,
) {
    if !can_be_shown() {
        sender.send(AppCommand::Picked(purpose, None));
        return;
    }
    let mut dialog = rfd::AsyncFileDialog::new();
    if let Some(folder) = folder {
        dialog = dialog.set_directory(folder);
    }
    if let Some(name) = file_name {
        // zenity takes no folder beside the name: without it, it would begin where the program was started.
        let name = match folder {
            Some(folder) if !has_bus() => folder.join(name).display().to_string(),
            _ => name.to_owned(),
        };
        dialog = dialog.set_file_name(name);
    }
    let began = Instant::now();
    // The dialog is made on this thread, as macOS demands, and waited for on another.
    match purpose {
        PickPurpose::Open => {
            let chosen = dialog
                .set_title("Open articles")
                .add_filter("Articles and annotations", &ARTICLE_EXTENSIONS)
                .add_filter("All files", &["*"])
                .pick_files();
            jobs.run(JobKind::FileDialog, sender, move |sender| {
                let files = pollster::block_on(chosen);
                let paths =
                    files.map(|files| files.iter().map(|file| file.path().to_path_buf()).collect());
                answer(purpose, paths, began, sender);
            });
        }
        PickPurpose::SaveAs(_) => {
            let chosen = dialog
                .set_title("Save annotations as")
                .add_filter("Annotations", &["ron"])
                .save_file();
            jobs.run(JobKind::FileDialog, sender, move |sender| {
                let file = pollster::block_on(chosen);
                let paths = file.map(|file| vec![file.path().to_path_buf()]);
                answer(purpose, paths, began, sender);
            });
        }
    }
}

fn answer(
    purpose: PickPurpose,
    paths: Option<Vec<PathBuf>>,
    began: Instant,
    sender: &CommandSender,
) {
    let was_shown = paths.is_some() || began.elapsed() > TOO_FAST;
    let paths = was_shown.then(|| paths.unwrap_or_default());
    sender.send(AppCommand::Picked(purpose, paths));
}

/// Whether the system can show a file dialog at all.
fn can_be_shown() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let has_zenity = std::env::var_os("PATH").is_some_and(|paths| {
        std::env::split_paths(&paths).any(|folder| folder.join("zenity").is_file())
    });
    has_bus() || has_zenity
}

/// Whether there is a session bus, and so perhaps a portal that shows the dialog; else only zenity can.
fn has_bus() -> bool {
    !cfg!(target_os = "linux")
        || std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|at| !at.is_empty())
        || std::env::var_os("XDG_RUNTIME_DIR")
            .is_some_and(|folder| Path::new(&folder).join("bus").exists())
}
