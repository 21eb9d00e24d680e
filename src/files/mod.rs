//! Floor 7, files: the disk, the clock and the random numbers.
//!
//! Articles are read, never written. An annotation file is written beside its article, whole and under another
//! name first, and only over the very file that was loaded. Nothing here decides what to do about a problem:
//! a [`FileError`] says what happened to which file, and the shells ask the person.

mod collection;
mod config;
mod error;
pub mod git;
mod identity;
mod open;
mod paths;
mod read;
mod recent;
mod settings;
mod system;
mod write;

pub use collection::{COLLECTION_NAME, is_collection, read_collection, save_collection};
pub use config::{config_dir, config_dir_from};
pub use error::{Action, Changed, FileError, FileErrorKind};
pub use identity::Identity;
pub use paths::{ANNOTATIONS_SUFFIX, annotations_beside, article_of, is_annotations};
pub use read::{
    AnnotationsFile, ArticleFile, Loaded, MAX_ANNOTATIONS_BYTES, MAX_ARTICLE_BYTES,
    read_annotations, read_article, read_as_recorded,
};
pub use recent::RecentFiles;
pub use settings::{Me, Numbering, Panels, Settings, Theme, WindowPlace};
pub use system::{SystemClock, SystemIds};
pub use write::{Expected, save_annotations, save_picture};
