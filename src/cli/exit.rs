//! How the program says to a script what became of it.

/// The exit code of a command, the weakest first, so that the worst of several is their maximum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All was done and found well.
    #[default]
    Done,
    /// Something differs or is odd, and nothing is lost by it.
    Differences,
    /// The arguments make no sense.
    Usage,
    /// Something could not be read, found or written.
    Failed,
}

impl Exit {
    /// The number that the system is told.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Differences => 1,
            Self::Usage => 2,
            Self::Failed => 3,
        }
    }
}
