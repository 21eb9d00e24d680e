//! Says, before any window is tried, whether one can be opened on this machine.
//!
//! On Linux the window's libraries are opened while the program runs, and some of the crates that open
//! them panic when one is absent (`xkbcommon-dl` does). [`ready`] looks first, so that a missing display
//! or library ends in one message that says what to install. It loads nothing: it looks for the names in
//! the dynamic linker's cache and in the usual folders. Where the cache and the folders cannot know
//! (Nix, Guix, musl), it lets the window try; [`explain`] then says what is possibly missing.
//! Opening the window and showing the message are left to the caller.

use std::path::{Path, PathBuf};

use memchr::memmem;
use thiserror::Error;

const WITHOUT_WINDOW: &str =
    "sourcemark list, tag, check, fmt, render work without a window: sourcemark --help";

/// Why no window can be opened. `Display` is the whole message for the user, on several lines.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DisplayError {
    /// Neither X11 nor Wayland is named in the environment.
    #[error(
        "no window can be opened: DISPLAY, WAYLAND_DISPLAY and WAYLAND_SOCKET are not set\n  \
         start sourcemark from a graphical session, or through ssh -X\n{WITHOUT_WINDOW}"
    )]
    NoDisplay,
    /// Libraries the window needs and this machine does not have, in the order in which they are opened.
    #[error("{}", with_install_lines("no window can be opened without", .0))]
    MissingLibraries(Vec<Library>),
    /// The window was tried and refused; what follows is a guess, best first.
    #[error("no window can be opened: {reason}\n{}", with_install_lines("possibly missing:", .possibly))]
    Refused {
        /// What the window system said.
        reason: String,
        /// What may help.
        possibly: Vec<Library>,
    },
}

/// A run-time library of the window and the packages that bring it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Library {
    /// The file name under which it is opened.
    pub soname: &'static str,
    /// Another library that serves when this one is absent.
    pub instead: Option<&'static str>,
    /// The package in Debian and Ubuntu.
    pub debian: &'static str,
    /// The package in Fedora.
    pub fedora: &'static str,
    /// The package in Arch Linux.
    pub arch: &'static str,
}

const fn library(
    soname: &'static str,
    debian: &'static str,
    fedora: &'static str,
    arch: &'static str,
) -> Library {
    Library {
        soname,
        instead: None,
        debian,
        fedora,
        arch,
    }
}

const XKBCOMMON: Library = library(
    "libxkbcommon.so.0",
    "libxkbcommon0",
    "libxkbcommon",
    "libxkbcommon",
);

/// On X11, GLX is tried first and EGL after it: either will do.
const X11: [Library; 7] = [
    library("libX11.so.6", "libx11-6", "libX11", "libx11"),
    library("libXcursor.so.1", "libxcursor1", "libXcursor", "libxcursor"),
    library("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "libx11"),
    library("libXi.so.6", "libxi6", "libXi", "libxi"),
    XKBCOMMON,
    library(
        "libxkbcommon-x11.so.0",
        "libxkbcommon-x11-0",
        "libxkbcommon-x11",
        "libxkbcommon-x11",
    ),
    Library {
        instead: Some("libEGL.so.1"),
        ..library("libGL.so.1", "libgl1", "mesa-libGL", "mesa")
    },
];

const WAYLAND: [Library; 4] = [
    library(
        "libwayland-client.so.0",
        "libwayland-client0",
        "libwayland-client",
        "wayland",
    ),
    XKBCOMMON,
    library(
        "libwayland-egl.so.1",
        "libwayland-egl1",
        "libwayland-egl",
        "wayland",
    ),
    library("libEGL.so.1", "libegl1", "mesa-libEGL", "mesa"),
];

/// When every library is there and the window is still refused, it is mostly for want of a driver.
const DRIVERS: Library = library(
    "the OpenGL drivers of Mesa",
    "libgl1-mesa-dri",
    "mesa-dri-drivers",
    "mesa",
);

/// A system's name, what installs there, and which of a library's packages is its own.
type System = (&'static str, &'static str, fn(&Library) -> &'static str);

const SYSTEMS: [System; 3] = [
    ("Debian, Ubuntu", "sudo apt-get install", |library| {
        library.debian
    }),
    ("Fedora", "sudo dnf install", |library| library.fedora),
    ("Arch Linux", "sudo pacman -S --needed", |library| {
        library.arch
    }),
];

/// Says whether a window can be opened on this machine; always `Ok` on other systems than Linux, and
/// where the libraries cannot be determined, because a wrong refusal would lock the user out.
///
/// # Errors
/// [`DisplayError::NoDisplay`] and [`DisplayError::MissingLibraries`].
pub fn ready() -> Result<(), DisplayError> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let known = KnownLibraries::of_this_machine();
    let sees_all = known.sees_all();
    check(&variable, &|soname| !sees_all || known.has(soname))
}

/// Returns the message for a window that was tried and refused for `reason`.
pub fn explain(reason: &str) -> DisplayError {
    let known = KnownLibraries::of_this_machine();
    let possibly = if cfg!(target_os = "linux") {
        guess(&variable, &|soname| known.has(soname))
    } else {
        Vec::new()
    };
    DisplayError::Refused {
        reason: reason.trim_end().to_owned(),
        possibly,
    }
}

/// Says whether a window can be opened, given the environment and what finds a library by its file name.
/// The window system is chosen as winit chooses it: Wayland before X11, empty variables count as unset.
///
/// # Errors
/// [`DisplayError::NoDisplay`] when no window system is named,
/// [`DisplayError::MissingLibraries`] when `has` denies a library of the one that is.
pub fn check(
    env: &dyn Fn(&str) -> Option<String>,
    has: &dyn Fn(&str) -> bool,
) -> Result<(), DisplayError> {
    let Some(needed) = needed(env) else {
        return Err(DisplayError::NoDisplay);
    };
    let missing = missing(needed, has);
    if missing.is_empty() {
        Ok(())
    } else {
        Err(DisplayError::MissingLibraries(missing))
    }
}

fn guess(env: &dyn Fn(&str) -> Option<String>, has: &dyn Fn(&str) -> bool) -> Vec<Library> {
    let missing = missing(needed(env).unwrap_or_default(), has);
    if missing.is_empty() {
        vec![DRIVERS]
    } else {
        missing
    }
}

/// Returns the libraries of the window system the environment names, or `None` when it names none.
fn needed(env: &dyn Fn(&str) -> Option<String>) -> Option<&'static [Library]> {
    let is_set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
    if is_set("WAYLAND_DISPLAY") || is_set("WAYLAND_SOCKET") {
        Some(&WAYLAND)
    } else if is_set("DISPLAY") {
        Some(&X11)
    } else {
        None
    }
}

fn missing(needed: &[Library], has: &dyn Fn(&str) -> bool) -> Vec<Library> {
    let is_absent = |library: &&Library| !has(library.soname) && !library.instead.is_some_and(has);
    needed.iter().filter(is_absent).copied().collect()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn with_install_lines(introduction: &str, libraries: &[Library]) -> String {
    let mut message = String::new();
    if !libraries.is_empty() {
        let names: Vec<&str> = libraries.iter().map(|library| library.soname).collect();
        message.push_str(&format!("{introduction} {}", names.join(", ")));
        for (system, command, package) in SYSTEMS {
            let mut packages: Vec<&str> = Vec::new();
            for library in libraries {
                // One package may bring two libraries.
                if !packages.contains(&package(library)) {
                    packages.push(package(library));
                }
            }
            let label = format!("{system}:");
            let packages = packages.join(" ");
            message.push_str(&format!("\n  {label:<16}{command} {packages}"));
        }
        message.push('\n');
    }
    message.push_str(WITHOUT_WINDOW);
    message
}

/// What the dynamic linker would find, as far as a program that loads nothing can tell. A library of
/// another architecture counts as found: telling them apart would mean to parse the cache's header.
struct KnownLibraries {
    /// The bytes of `/etc/ld.so.cache`; empty when there is none.
    cache: Vec<u8>,
    folders: Vec<PathBuf>,
    /// The program brings its own library paths: the cache and the folders say nothing about it.
    has_own_paths: bool,
}

impl KnownLibraries {
    fn of_this_machine() -> Self {
        let mut folders: Vec<PathBuf> = std::env::var_os("LD_LIBRARY_PATH")
            .map(|paths| std::env::split_paths(&paths).collect())
            .unwrap_or_default();
        folders.retain(|folder| !folder.as_os_str().is_empty());
        for root in ["/lib", "/usr/lib"] {
            folders.push(Path::new(root).join(triple()));
        }
        folders.extend(
            ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"].map(PathBuf::from),
        );
        let program = std::env::current_exe().unwrap_or_default();
        Self {
            cache: std::fs::read("/etc/ld.so.cache").unwrap_or_default(),
            folders,
            has_own_paths: program.starts_with("/nix/store") || program.starts_with("/gnu/store"),
        }
    }

    fn has(&self, soname: &str) -> bool {
        // The cache holds full paths, each ended by a zero byte.
        let path_end = format!("/{soname}\0");
        memmem::find(&self.cache, path_end.as_bytes()).is_some()
            || self
                .folders
                .iter()
                .any(|folder| folder.join(soname).exists())
    }

    /// Whether "not found" means "not there". This very program runs on the C library: where even that
    /// is not seen, libraries live in places unknown here.
    fn sees_all(&self) -> bool {
        !self.has_own_paths && self.has("libc.so.6")
    }
}

/// Returns the folder name under which Debian and its children keep this architecture's libraries.
fn triple() -> String {
    match std::env::consts::ARCH {
        "x86" => "i386-linux-gnu".to_owned(),
        "arm" => "arm-linux-gnueabihf".to_owned(),
        "powerpc64" => "powerpc64le-linux-gnu".to_owned(),
        arch => format!("{arch}-linux-gnu"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `env` is written `NAME=value NAME=value`, `absent` as sonames.
    fn check_with(env: &str, absent: &str) -> Result<(), DisplayError> {
        let variable = |name: &str| {
            env.split_whitespace().find_map(|pair| {
                let (key, value) = pair.split_once('=')?;
                (key == name).then(|| value.to_owned())
            })
        };
        check(&variable, &|soname| {
            !absent.split_whitespace().any(|name| name == soname)
        })
    }

    fn sonames(result: Result<(), DisplayError>) -> String {
        match result {
            Err(DisplayError::MissingLibraries(libraries)) => libraries
                .iter()
                .map(|library| library.soname)
                .collect::<Vec<_>>()
                .join(" "),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn without_a_display_nothing_else_is_asked() {
        let all = |_: &str| -> bool { panic!("no library is needed without a display") };
        assert_eq!(check(&|_| None, &all), Err(DisplayError::NoDisplay));
        assert_eq!(check_with("DISPLAY=", ""), Err(DisplayError::NoDisplay));
        assert_eq!(
            check_with("WAYLAND_DISPLAY= DISPLAY=", ""),
            Err(DisplayError::NoDisplay)
        );
    }

    #[test]
    fn a_display_with_all_libraries_is_ready() {
        assert_eq!(check_with("DISPLAY=:0", ""), Ok(()));
        assert_eq!(check_with("WAYLAND_DISPLAY=wayland-0", ""), Ok(()));
        assert_eq!(check_with("WAYLAND_SOCKET=7", ""), Ok(()));
    }

    #[test]
    fn each_window_system_needs_its_own_libraries() {
        let absent = "libX11.so.6 libwayland-client.so.0 libxkbcommon-x11.so.0";
        assert_eq!(
            sonames(check_with("DISPLAY=:0", absent)),
            "libX11.so.6 libxkbcommon-x11.so.0"
        );
        assert_eq!(
            sonames(check_with("WAYLAND_DISPLAY=wayland-0 DISPLAY=:0", absent)),
            "libwayland-client.so.0"
        );
        assert_eq!(
            sonames(check_with(
                "WAYLAND_SOCKET=7",
                "libEGL.so.1 libwayland-egl.so.1"
            )),
            "libwayland-egl.so.1 libEGL.so.1"
        );
    }

    #[test]
    fn on_x11_either_glx_or_egl_will_do() {
        assert_eq!(check_with("DISPLAY=:0", "libGL.so.1"), Ok(()));
        assert_eq!(check_with("DISPLAY=:0", "libEGL.so.1"), Ok(()));
        assert_eq!(
            sonames(check_with("DISPLAY=:0", "libGL.so.1 libEGL.so.1")),
            "libGL.so.1"
        );
    }

    #[test]
    fn one_message_says_what_is_missing_and_what_installs_it() {
        let error = check_with("DISPLAY=:0", "libX11.so.6 libX11-xcb.so.1").unwrap_err();
        assert_eq!(
            error.to_string(),
            "no window can be opened without libX11.so.6, libX11-xcb.so.1\n  \
             Debian, Ubuntu: sudo apt-get install libx11-6 libx11-xcb1\n  \
             Fedora:         sudo dnf install libX11 libX11-xcb\n  \
             Arch Linux:     sudo pacman -S --needed libx11\n\
             sourcemark list, tag, check, fmt, render work without a window: sourcemark --help"
        );
        let no_display = DisplayError::NoDisplay.to_string();
        assert!(
            no_display.contains("DISPLAY, WAYLAND_DISPLAY"),
            "{no_display}"
        );
        assert!(no_display.ends_with(WITHOUT_WINDOW), "{no_display}");
    }

    #[test]
    fn a_refused_window_is_explained_with_a_guess() {
        let x11 = |name: &str| (name == "DISPLAY").then(|| ":0".to_owned());
        assert_eq!(guess(&x11, &|_| true), [DRIVERS]);
        assert_eq!(guess(&x11, &|soname| soname != "libXi.so.6").len(), 1);
        let refused = DisplayError::Refused {
            reason: "no GL configuration".to_owned(),
            possibly: guess(&x11, &|_| true),
        };
        let message = refused.to_string();
        assert!(
            message.contains("no GL configuration\npossibly missing: the OpenGL"),
            "{message}"
        );
        assert!(message.contains("libgl1-mesa-dri"), "{message}");
    }

    #[test]
    fn the_cache_is_searched_for_whole_file_names() {
        let known = KnownLibraries {
            cache:
                b"libc.so.6\0/lib/libc.so.6\0libXi.so.6.1\0/lib/libXi.so.6.1\0/lib/xlibX11.so.6\0"
                    .to_vec(),
            folders: Vec::new(),
            has_own_paths: false,
        };
        assert!(known.has("libc.so.6"));
        assert!(!known.has("libXi.so.6"), "a longer name is another library");
        assert!(
            !known.has("libX11.so.6"),
            "the name must begin after a slash"
        );
        assert!(known.sees_all());
    }

    #[test]
    fn folders_serve_where_there_is_no_cache() {
        let folder = tempfile::tempdir().unwrap();
        let known = KnownLibraries {
            cache: Vec::new(),
            folders: vec![folder.path().to_path_buf()],
            has_own_paths: false,
        };
        assert!(
            !known.sees_all(),
            "without the C library nothing can be determined"
        );
        std::fs::File::create(folder.path().join("libc.so.6")).unwrap();
        assert!(known.has("libc.so.6"));
        assert!(known.sees_all());
        assert!(
            !KnownLibraries {
                has_own_paths: true,
                ..known
            }
            .sees_all()
        );
    }
}
