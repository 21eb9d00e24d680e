//! Exit codes of commands.

/// The exit code of a command, the weakest first, so that the worst of several is their maximum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Success; nothing was found.
    #[default]
    Done,
    /// A check found something, and nothing is lost.
    Differences,
    /// The arguments are invalid.
    Usage,
    /// Something could not be read, found or written.
    Failed,
}

impl Exit {
    /// Returns the exit code as a number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Differences => 1,
            Self::Usage => 2,
            Self::Failed => 3,
        }
    }
}
