//! What is being typed about the chosen annotation, and not yet taken over into its record.

use crate::annotation::{Annotation, AnnotationId, AnnotationSet};
use egui::Rect;
use std::sync::Arc;

/// What is being typed.
#[derive(Default)]
pub struct Drafts {
    /// The annotation the words are about.
    pub about: Option<AnnotationId>,
    /// The note as typed.
    pub note: String,
    /// Whether it was typed and not yet taken over.
    pub note_is_draft: bool,
    /// The speaker as typed.
    pub speaker: String,
    /// Whether it was typed and not yet taken over.
    pub speaker_is_draft: bool,
    /// The next comment.
    pub comment: String,
    /// The note is to take the keyboard.
    pub wants_note: bool,
    /// The speaker is to take the keyboard.
    pub wants_speaker: bool,
    /// Where suggestions for the speaker are shown.
    pub suggestions: Option<Rect>,
    /// The record that the words were taken from.
    followed: Option<Arc<Annotation>>,
    /// Which comments are shown, by pages from the last one.
    pub comments_page: usize,
}

impl Drafts {
    /// Lets go of whatever was typed.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Takes note and speaker from the record unless they are being typed.
    pub fn follow(&mut self, annotation: &Arc<Annotation>, set: &AnnotationSet) {
        if self.about != Some(annotation.id) {
            let (wants_note, wants_speaker) = (self.wants_note, self.wants_speaker);
            self.forget();
            self.about = Some(annotation.id);
            (self.wants_note, self.wants_speaker) = (wants_note, wants_speaker);
        }
        // A note may have megabytes: it is copied when it has changed, not in each frame.
        let is_followed = |known: &Arc<Annotation>| Arc::ptr_eq(known, annotation);
        if !self.note_is_draft && !self.followed.as_ref().is_some_and(is_followed) {
            self.note.clone_from(&annotation.note);
            self.followed = Some(Arc::clone(annotation));
        }
        if self.note_is_draft {
            self.followed = None;
        }
        let speaker = set.speaker_name(annotation);
        if !self.speaker_is_draft && self.speaker != speaker {
            speaker.clone_into(&mut self.speaker);
        }
    }
}
