//! What the journal of unsaved work reports.

use crate::{
    app::{
        base::paths::file_name,
        session::{Session, notices::Weight},
    },
    files::{JournalEvent, JournalNews},
};

/// The journal has something to report.
pub fn said(state: &mut Session, event: &JournalEvent) {
    let name = file_name(&event.article);
    match &event.what {
        JournalNews::Failed(error) => {
            let title = format!("Unsaved changes to {name} are not backed up");
            state.notifications.problem(&title, error, Vec::new());
        }
        JournalNews::Resumed => state.notifications.add(
            Weight::Info,
            &format!("Unsaved changes to {name} are backed up again"),
            "A crash can lose at most one second of work.",
            Vec::new(),
        ),
    }
}
