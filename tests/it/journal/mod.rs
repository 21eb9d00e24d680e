//! Unsaved work: what a journal holds after a crash, and what a later start makes of it.
//!
//! The promises: a change is in the journal as soon as the writer had its turn, and on the disk a second later;
//! whatever a crash, a power cut or damage leaves, the beginning that is whole is recovered; nothing of it is
//! written to the annotation file, and nobody else's work is overridden.

/// Crashes at every moment that matters.
mod crashes;
/// Cut, damaged and forged journals.
mod damage;
/// An article that is edited, saved, and left in a crash.
mod desk;
/// Disks that fail, lie and lose power.
mod faults;
/// Whatever is put in.
mod laws;
