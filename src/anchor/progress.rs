//! How a long search tells how far it has come, and is told to stop.

/// Called now and then with the share of the work that is done, 0 to 1 and never less than before, always on the
/// thread that asked for the search; the search ends early when it answers `false`.
pub type Progress<'a> = &'a dyn Fn(f32) -> bool;

/// One stretch, `from` to `to`, of a longer work: what a part of it tells as 0 to 1.
pub fn part(progress: Progress<'_>, from: f32, to: f32) -> impl Fn(f32) -> bool {
    move |share| progress(from + (to - from) * share)
}
