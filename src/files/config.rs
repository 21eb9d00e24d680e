//! The settings folder and the state folder, where each system keeps such files.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Name of the folder inside the one that all programs share.
const OWN_FOLDER: &str = "sourcemark";

/// Returns the folder of the settings on this machine; `None` when the system names no home.
///
/// `$SOURCEMARK_CONFIG_DIR` itself if set; else `sourcemark` in `$XDG_CONFIG_HOME` or `~/.config` (Linux),
/// `%APPDATA%` (Windows) or `~/Library/Application Support` (macOS).
pub fn config_dir() -> Option<PathBuf> {
    config_dir_from(&|name| std::env::var_os(name))
}

/// Returns the same with the variables that `variable` gives.
pub fn config_dir_from(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if let Some(own) = named(variable, "SOURCEMARK_CONFIG_DIR") {
        return Some(own);
    }
    let folder = |name: &str| absolute(variable, name);
    let shared = if cfg!(target_os = "windows") {
        folder("APPDATA")?
    } else if cfg!(target_os = "macos") {
        folder("HOME")?.join("Library").join("Application Support")
    } else {
        folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?
    };
    Some(shared.join(Path::new(OWN_FOLDER)))
}

/// Returns the folder for what is under way on this machine: journals, locks, earlier versions. `None` when the
/// system names no home.
///
/// `$SOURCEMARK_STATE_DIR` itself if set; else `state` in `$SOURCEMARK_CONFIG_DIR` if that is set; else
/// `sourcemark` in `$XDG_STATE_HOME` or `~/.local/state` (Linux), `%LOCALAPPDATA%` (Windows), or `sourcemark/state`
/// in `~/Library/Application Support` (macOS).
pub fn state_dir() -> Option<PathBuf> {
    state_dir_from(&|name| std::env::var_os(name))
}

/// Returns the same with the variables that `variable` gives.
pub fn state_dir_from(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if let Some(own) = named(variable, "SOURCEMARK_STATE_DIR") {
        return Some(own);
    }
    if let Some(own) = named(variable, "SOURCEMARK_CONFIG_DIR") {
        return Some(own.join("state"));
    }
    let folder = |name: &str| absolute(variable, name);
    if cfg!(target_os = "windows") {
        Some(folder("LOCALAPPDATA")?.join(OWN_FOLDER))
    } else if cfg!(target_os = "macos") {
        let shared = folder("HOME")?.join("Library").join("Application Support");
        Some(shared.join(OWN_FOLDER).join("state"))
    } else {
        let shared = folder("XDG_STATE_HOME")
            .or_else(|| Some(folder("HOME")?.join(".local").join("state")))?;
        Some(shared.join(OWN_FOLDER))
    }
}

/// Returns the folder that a variable of this program's own names, relative or not.
fn named(variable: &dyn Fn(&str) -> Option<OsString>, name: &str) -> Option<PathBuf> {
    let own = variable(name).filter(|own| !own.is_empty());
    own.map(PathBuf::from)
}

/// Returns the folder that a variable of the system names. An empty variable counts as none, and so does a relative
/// path, as the XDG specification says.
fn absolute(variable: &dyn Fn(&str) -> Option<OsString>, name: &str) -> Option<PathBuf> {
    variable(name)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: Option<&str>) {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        assert_eq!(config_dir_from(&variable), expected.map(PathBuf::from));
    }

    #[test]
    fn the_nearest_variable_wins() {
        check(&[("HOME", "/h")], Some("/h/.config/sourcemark"));
        check(
            &[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")],
            Some("/x/sourcemark"),
        );
        check(
            &[("HOME", "/h"), ("XDG_CONFIG_HOME", "x")],
            Some("/h/.config/sourcemark"),
        );
        check(
            &[("HOME", "/h"), ("SOURCEMARK_CONFIG_DIR", "/s")],
            Some("/s"),
        );
        check(
            &[("HOME", "/h"), ("SOURCEMARK_CONFIG_DIR", "")],
            Some("/h/.config/sourcemark"),
        );
        check(&[], None);
    }

    #[test]
    fn what_is_under_way_has_its_own_place() {
        let check = |variables: &[(&str, &str)], expected: &str| {
            let variable = |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            };
            assert_eq!(state_dir_from(&variable), Some(PathBuf::from(expected)));
        };
        check(&[("HOME", "/h")], "/h/.local/state/sourcemark");
        check(&[("HOME", "/h"), ("XDG_STATE_HOME", "/x")], "/x/sourcemark");
        check(
            &[("HOME", "/h"), ("SOURCEMARK_CONFIG_DIR", "/c")],
            "/c/state",
        );
        check(
            &[
                ("SOURCEMARK_CONFIG_DIR", "/c"),
                ("SOURCEMARK_STATE_DIR", "/s"),
            ],
            "/s",
        );
    }
}
