//! The files opened last.

use std::path::{Path, PathBuf};

/// Files opened last, the latest first, each once, at most twenty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecentFiles(Vec<PathBuf>);

impl RecentFiles {
    /// Longest list.
    pub const MAX: usize = 20;

    /// Takes a list as it was stored: doubles and what is too much are left out.
    pub fn new(stored: impl IntoIterator<Item = PathBuf>) -> Self {
        let mut recent = Self::default();
        for path in stored {
            if recent.0.len() < Self::MAX && !recent.0.contains(&path) {
                recent.0.push(path);
            }
        }
        recent
    }

    /// Puts `path` first.
    pub fn push(&mut self, path: &Path) {
        self.remove(path);
        self.0.insert(0, path.to_owned());
        self.0.truncate(Self::MAX);
    }

    /// Removes `path`, which no longer exists.
    pub fn remove(&mut self, path: &Path) {
        self.0.retain(|known| known != path);
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Returns the files, the latest first.
    pub fn iter(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().map(PathBuf::as_path)
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_is_first_and_stands_once() {
        let mut recent = RecentFiles::default();
        for n in 0..30 {
            recent.push(Path::new(&format!("{}.txt", n % 25)));
        }
        let shown: Vec<_> = recent
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        assert_eq!(shown.len(), RecentFiles::MAX);
        assert_eq!(
            shown[..6],
            ["4.txt", "3.txt", "2.txt", "1.txt", "0.txt", "24.txt"]
        );
        recent.remove(Path::new("4.txt"));
        assert_eq!(recent.iter().next(), Some(Path::new("3.txt")));
    }

    #[test]
    fn a_stored_list_is_cleaned() {
        let stored = ["a", "b", "a"].map(PathBuf::from);
        let found: Vec<_> = RecentFiles::new(stored)
            .iter()
            .map(Path::to_owned)
            .collect();
        assert_eq!(found, ["a", "b"].map(PathBuf::from));
    }
}
