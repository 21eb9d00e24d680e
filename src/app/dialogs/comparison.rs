//! Two versions of an article's annotations: what differs, and which one stays.

use super::{Data, primary, scrolled, title};
use crate::{
    app::{
        command::{AppCommand, CommandSender},
        comparison::{Comparison, Other, Row},
        short,
        state::shown_file_name,
        widgets::local_time,
    },
    reader::TextEngine,
};
use egui::{Align, Button, Label, Layout, RichText, Ui, vec2};

/// Longest description of a difference, in code points.
const WHAT_CHARS: usize = 400;

/// Draws the differences and the choice.
pub fn show(
    ui: &mut Ui,
    data: &Data<'_>,
    comparison: &Comparison,
    engine: &mut TextEngine,
    sender: &CommandSender,
) {
    let theme = data.theme;
    title(ui, heading(&comparison.other), theme);
    ui.add(Label::new(explanation(&comparison.other, data)).wrap());
    ui.add_space(8.0);
    ui.label(
        RichText::new(comparison.counts.sentence())
            .font(crate::app::theme::Theme::bold(theme.sizes.body))
            .color(theme.colours.text),
    );
    ui.add_space(8.0);
    scrolled(ui, |ui| {
        for row in &comparison.rows {
            show_row(ui, row, data, engine);
        }
    });
    ui.add_space(12.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        for (nth, choice) in choices(&comparison.other).iter().enumerate() {
            let button = if nth == 0 {
                primary(choice.text, theme)
            } else {
                Button::new(choice.text).min_size(vec2(88.0, 32.0))
            };
            let is_ready = !comparison.is_empty() || choice.is_always_ready;
            if ui
                .add_enabled(is_ready, button)
                .on_hover_text(choice.tooltip)
                .clicked()
            {
                let comparison = Box::new(comparison.clone());
                sender.send((choice.command)(comparison));
            }
        }
        if ui
            .add(Button::new("Decide later").min_size(vec2(88.0, 32.0)))
            .clicked()
        {
            sender.send(AppCommand::CloseDialog);
        }
    });
}

/// Draws one difference.
pub fn show_row(ui: &mut Ui, row: &Row, data: &Data<'_>, engine: &mut TextEngine) {
    let theme = data.theme;
    ui.add_space(2.0);
    let what = RichText::new(short::line(&row.what, WHAT_CHARS))
        .size(theme.sizes.small)
        .color(theme.colours.muted);
    ui.add(Label::new(what).wrap());
    if !row.quote.is_empty() {
        engine.label(ui, &row.quote, theme.sizes.quote, theme.colours.text, 2);
    }
    ui.add_space(4.0);
    ui.separator();
}

fn heading(other: &Other) -> &'static str {
    match other {
        Other::OnDisk => "Somebody else saved this file",
        Other::Copy(_) => "Conflicting copy",
        Other::Earlier(_) => "An earlier version",
    }
}

fn explanation(other: &Other, data: &Data<'_>) -> String {
    match other {
        Other::OnDisk => "Another program or person changed the annotation file while you had unsaved changes. Choose what to keep. You can undo your choice.".to_owned(),
        Other::Copy(path) => format!(
            "A sync program created {} because the file was changed in two places at once. Sourcemark does not change or delete it.",
            shown_file_name(path)
        ),
        Other::Earlier(version) => format!(
            "Saved on {}. “There” is the earlier version, “here” the open one.",
            local_time(version.saved, data.zone)
        ),
    }
}

/// One way to settle it.
struct Choice {
    text: &'static str,
    tooltip: &'static str,
    /// Whether it makes sense though nothing differs.
    is_always_ready: bool,
    command: fn(Box<Comparison>) -> AppCommand,
}

/// The ways to settle it, the safest first.
fn choices(other: &Other) -> &'static [Choice] {
    const MERGE: Choice = Choice {
        text: "Merge",
        tooltip: "What they changed and what you changed is put together, field by field. Where both changed the same, \
                  both values are kept as a conflict, and you choose afterwards.",
        is_always_ready: false,
        command: AppCommand::MergeBoth,
    };
    const MERGE_COPY: Choice = Choice {
        tooltip: "All annotations of both stay, but for those that one side has removed. What the two began from is \
                  not known: where they differ, both values are kept as a conflict, and you choose afterwards.",
        ..MERGE
    };
    const MERGE_EARLIER: Choice = Choice {
        tooltip: "What was removed since then comes back. Where the two differ, both values are kept as a conflict, \
                  and you choose afterwards.",
        ..MERGE
    };
    const THEIRS: Choice = Choice {
        text: "Use theirs",
        tooltip: "Replace your version with theirs. Undo restores yours.",
        is_always_ready: false,
        command: AppCommand::TakeTheirs,
    };
    const MINE: Choice = Choice {
        text: "Keep mine",
        tooltip: "Save your version. Theirs is kept in Earlier versions.",
        is_always_ready: true,
        command: AppCommand::KeepMine,
    };
    const RESTORE: Choice = Choice {
        text: "Restore this version",
        tooltip: "Replace the open version with this one. Undo restores it.",
        is_always_ready: false,
        command: AppCommand::TakeTheirs,
    };
    match other {
        Other::OnDisk => &[MERGE, THEIRS, MINE],
        Other::Copy(_) => &[MERGE_COPY, THEIRS],
        Other::Earlier(_) => &[RESTORE, MERGE_EARLIER],
    }
}
