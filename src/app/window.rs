//! Opens the window, or says in one message why there is none.

use crate::{
    annotation::Timestamp,
    app::{App, Clock, Preferences, base::display, panics, session::Surroundings},
    files::{self, Disk, Settings, SystemClock, SystemIds, time_zone},
};
use egui::{IconData, ViewportBuilder, vec2};
use std::{io::Write as _, path::PathBuf, sync::Arc};

/// What the window begins with.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Files and folders to open.
    pub paths: Vec<PathBuf>,
}

/// Smallest and usual size of the window in points.
const SMALLEST: [f32; 2] = [720.0, 480.0];
const USUAL: (f32, f32) = (1280.0, 820.0);

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        SystemClock::now(*self)
    }
}

/// Shows the window until it is closed.
///
/// # Errors
/// The whole message for the person: no display, a library that is missing, or what the system said.
pub fn run(options: Options) -> Result<(), String> {
    display::ready().map_err(|error| error.to_string())?;
    let disk = Disk::of_this_machine();
    let for_reports = disk.clone();
    let (settings, notes) = match files::config_dir() {
        Some(folder) => disk.load_settings(&folder),
        None => (Settings::default(), Vec::new()),
    };
    let preferences = Preferences::from_settings(&settings, &mut SystemIds);
    let (width, height) = preferences.window.unwrap_or(USUAL);
    let mut viewport = ViewportBuilder::default()
        .with_app_id("sourcemark")
        .with_title("Sourcemark")
        .with_inner_size(vec2(width, height))
        .with_min_inner_size(SMALLEST)
        .with_clamp_size_to_monitor_size(true)
        .with_drag_and_drop(true);
    if let Some(icon) = icon() {
        viewport = viewport.with_icon(Arc::new(icon));
    }
    let native = eframe::NativeOptions {
        viewport,
        ..eframe::NativeOptions::default()
    };
    let started = eframe::run_native(
        "Sourcemark",
        native,
        Box::new(move |_| {
            let mut app = App::new(Surroundings {
                clock: Box::new(SystemClock),
                ids: Box::new(SystemIds),
                disk,
                preferences,
                keeps_preferences: true,
                system_fonts: true,
                has_threads: true,
                samples: samples(),
                zone: time_zone(),
            })?;
            for note in &notes {
                app.warn_at_start("Settings", note);
            }
            panics::report_to(for_reports, app.journals());
            app.listen_to_the_system();
            app.open(options.paths);
            let told = std::env::var_os("SOURCEMARK_TELL_FIRST_FRAME").is_none();
            Ok(Box::new(Watched {
                app,
                n_frames: 0,
                told,
            }))
        }),
    );
    started.map_err(|error| display::explain(&error.to_string()).to_string())
}

/// The program, and a measurement on request: with `SOURCEMARK_TELL_FIRST_FRAME` in the environment it says on
/// standard error when the first whole frame is on the screen.
struct Watched {
    app: App,
    n_frames: u32,
    told: bool,
}

impl eframe::App for Watched {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.app.logic(ctx, frame);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.app.ui(ui, frame);
        if self.told {
            return;
        }
        // The first frame only loads the faces; when the third begins, the second has been shown.
        self.n_frames += 1;
        ui.ctx().request_repaint();
        if self.n_frames == 3 {
            self.told = true;
            // Nobody may be listening any more.
            drop(writeln!(std::io::stderr(), "first frame"));
        }
    }

    fn on_exit(&mut self, gl: Option<&eframe::glow::Context>) {
        self.app.on_exit(gl);
    }
}

fn icon() -> Option<IconData> {
    let png = include_bytes!("../../assets/icons/sourcemark-256.png");
    let image = image::load_from_memory_with_format(png, image::ImageFormat::Png).ok()?;
    let image = image.into_rgba8();
    let (width, height) = image.dimensions();
    Some(IconData {
        rgba: image.into_raw(),
        width,
        height,
    })
}

/// The sample articles: beside the program, where it was built, or where systems keep such things.
fn samples() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let near = program
        .ancestors()
        .skip(1)
        .take(4)
        .map(|folder| folder.join("sample_docs"));
    let shared = program
        .ancestors()
        .nth(2)
        .map(|prefix| prefix.join("share/sourcemark/sample_docs"));
    near.chain(shared).find(|folder| folder.is_dir())
}
