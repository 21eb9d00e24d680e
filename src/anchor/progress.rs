//! The progress reports of a long search, which can also stop it.

/// Called now and then with the share of the work that is done, 0 to 1 and never less than before, always on the
/// thread that asked for the search; the search ends early when it answers `false`.
pub type Progress<'a> = &'a dyn Fn(f32) -> bool;

/// Returns the progress of a part of a longer work: its 0 to 1 becomes `from` to `to`.
pub fn part(progress: Progress<'_>, from: f32, to: f32) -> impl Fn(f32) -> bool {
    move |share| progress(from + (to - from) * share)
}
