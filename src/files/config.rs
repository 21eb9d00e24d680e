//! The folder of the settings, where each system keeps such things.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Name of the folder inside the one that all programs share.
const OWN_FOLDER: &str = "sourcemark";

/// The folder of the settings on this machine; `None` when the system names no home.
///
/// `$SOURCEMARK_CONFIG_DIR` itself if set; else `sourcemark` in `$XDG_CONFIG_HOME` or `~/.config` (Linux),
/// `%APPDATA%` (Windows) or `~/Library/Application Support` (macOS).
pub fn config_dir() -> Option<PathBuf> {
    config_dir_from(&|name| std::env::var_os(name))
}

/// The same with the variables that `variable` gives.
pub fn config_dir_from(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    // An empty variable counts as none, and so does a relative path, as the XDG specification says.
    let folder = |name: &str| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    if let Some(own) = variable("SOURCEMARK_CONFIG_DIR").filter(|own| !own.is_empty()) {
        return Some(PathBuf::from(own));
    }
    let shared = if cfg!(target_os = "windows") {
        folder("APPDATA")?
    } else if cfg!(target_os = "macos") {
        folder("HOME")?.join("Library").join("Application Support")
    } else {
        folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?
    };
    Some(shared.join(Path::new(OWN_FOLDER)))
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
}
