//! Two versions of an article's annotations: what differs, and which one stays.

use crate::app::{
    base::{
        form::{primary, scrolled, title},
        paths::shown_file_name,
        theme::Theme,
        widgets::local_time,
    },
    core::view::difference::show_row,
    tools::{
        review::{
            Message,
            comparison::{Comparison, Other},
        },
        tool::ViewCx,
    },
};
use egui::{Align, Button, Label, Layout, RichText, Ui, vec2};

/// Draws the differences and the choice.
pub fn show(ui: &mut Ui, comparison: &Comparison, cx: &mut ViewCx<'_, '_, Message>) {
    let theme = cx.scene.theme;
    title(ui, heading(&comparison.other), theme);
    ui.add(Label::new(explanation(&comparison.other, cx)).wrap());
    ui.add_space(8.0);
    ui.label(
        RichText::new(comparison.counts.sentence())
            .font(Theme::bold(theme.sizes.body))
            .color(theme.colours.text),
    );
    ui.add_space(8.0);
    scrolled(ui, |ui| {
        for row in &comparison.rows {
            show_row(ui, row, theme, cx.engine);
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
                cx.send((choice.message)(comparison));
            }
        }
        if ui
            .add(Button::new("Decide later").min_size(vec2(88.0, 32.0)))
            .clicked()
        {
            cx.close();
        }
    });
}

fn heading(other: &Other) -> &'static str {
    match other {
        Other::OnDisk => "Somebody else saved this file",
        Other::Copy(_) => "Conflicting copy",
        Other::Earlier(_) => "An earlier version",
    }
}

fn explanation(other: &Other, cx: &ViewCx<'_, '_, Message>) -> String {
    match other {
        Other::OnDisk => "Another program or person changed the annotation file while you had unsaved changes. Choose what to keep. You can undo your choice.".to_owned(),
        Other::Copy(path) => format!(
            "A sync program created {} because the file was changed in two places at once. Sourcemark does not change or delete it.",
            shown_file_name(path)
        ),
        Other::Earlier(version) => format!(
            "Saved on {}. “There” is the earlier version, “here” the open one.",
            local_time(version.saved, &cx.scene.session.zone)
        ),
    }
}

/// One way to settle it.
struct Choice {
    text: &'static str,
    tooltip: &'static str,
    /// Whether it makes sense though nothing differs.
    is_always_ready: bool,
    message: fn(Box<Comparison>) -> Message,
}

/// The ways to settle it, the safest first.
fn choices(other: &Other) -> &'static [Choice] {
    const MERGE: Choice = Choice {
        text: "Merge",
        tooltip: "What they changed and what you changed is put together, field by field. Where both changed the same, \
                  both values are kept as a conflict, and you choose afterwards.",
        is_always_ready: false,
        message: Message::Merge,
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
        message: Message::TakeTheirs,
    };
    const MINE: Choice = Choice {
        text: "Keep mine",
        tooltip: "Save your version. Theirs is kept in Earlier versions.",
        is_always_ready: true,
        message: Message::KeepMine,
    };
    const RESTORE: Choice = Choice {
        text: "Restore this version",
        tooltip: "Replace the open version with this one. Undo restores it.",
        is_always_ready: false,
        message: Message::TakeTheirs,
    };
    match other {
        Other::OnDisk => &[MERGE, THEIRS, MINE],
        Other::Copy(_) => &[MERGE_COPY, THEIRS],
        Other::Earlier(_) => &[RESTORE, MERGE_EARLIER],
    }
}
