//! The chosen annotation in full: tags, speaker, note, comments.

use crate::{
    annotation::{Annotation, AnnotationId, AnnotationSet},
    app::{
        command::{AppCommand, CommandSender},
        names::NameWarnings,
        theme::Theme,
        widgets::{Icon, TagRow, icon_button, swatch, warning},
    },
    edit::Edit,
    text::hidden::{visible, visible_name},
};
use egui::{
    CornerRadius, Frame, Key, KeyboardShortcut, Margin, Modifiers, Rect, RichText, ScrollArea,
    Sense, Stroke, TextEdit, Ui, Vec2, WidgetInfo, accesskit::Role,
};
use std::{borrow::Cow, sync::Arc};

/// What is shown.
pub struct Data<'a> {
    /// The chosen annotation.
    pub annotation: &'a Arc<Annotation>,
    /// The records it refers to.
    pub set: &'a AnnotationSet,
    /// What is odd about names.
    pub names: &'a NameWarnings,
    /// All tags.
    pub tags: &'a [TagRow],
    /// Whether it may be changed.
    pub is_editable: bool,
    /// Theme.
    pub theme: &'a Theme,
}

/// What is being typed.
#[derive(Default)]
pub struct View {
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
    suggestions: Option<Rect>,
}

impl View {
    /// Lets go of whatever was typed.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Takes note and speaker from the record unless they are being typed.
    fn follow(&mut self, annotation: &Annotation, set: &AnnotationSet) {
        if self.about != Some(annotation.id) {
            let (wants_note, wants_speaker) = (self.wants_note, self.wants_speaker);
            self.forget();
            self.about = Some(annotation.id);
            (self.wants_note, self.wants_speaker) = (wants_note, wants_speaker);
        }
        if !self.note_is_draft {
            self.note.clone_from(&annotation.note);
        }
        if !self.speaker_is_draft {
            self.speaker = set.speaker_name(annotation).to_owned();
        }
    }
}

/// Draws the inspector.
pub fn show(ui: &mut Ui, data: &Data<'_>, view: &mut View, sender: &CommandSender) {
    view.follow(data.annotation, data.set);
    let theme = data.theme;
    ScrollArea::vertical()
        .id_salt("inspector")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.add_enabled_ui(data.is_editable, |ui| {
                tags(ui, data, sender);
                ui.add_space(8.0);
                speaker(ui, data, view, sender);
                ui.add_space(8.0);
                note(ui, data, view, sender);
            });
            ui.add_space(8.0);
            made(ui, data);
            ui.add_space(8.0);
            comments(ui, data, view, sender);
            ui.add_space(4.0);
            if theme.sizes.gap > 0.0 {
                ui.add_space(theme.sizes.gap);
            }
        });
}

fn caption(ui: &mut Ui, text: &str, theme: &Theme) {
    ui.label(
        RichText::new(text)
            .font(Theme::bold(theme.sizes.small))
            .color(theme.colours.muted),
    );
}

/// What a tag takes beside its name: swatch, button, margins.
const CHIP_WITHOUT_NAME: f32 = 68.0;

fn tags(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    let theme = data.theme;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(4.0);
        for id in &data.annotation.tags {
            let row = data.tags.iter().find(|row| row.id == *id);
            let name = visible_name(data.set.tag_name(id)).into_owned();
            let (ground, edge) = row.map_or((theme.colours.hover, theme.colours.border), |row| {
                (row.look.fill, row.look.ink)
            });
            let font = egui::TextStyle::Body.resolve(ui.style());
            let words = ui
                .painter()
                .layout_no_wrap(name.clone(), font, theme.colours.text);
            if ui.available_size_before_wrap().x < words.size().x + CHIP_WITHOUT_NAME {
                // A frame knows its width only once it is drawn: too late for the row to break before it.
                ui.end_row();
            }
            Frame::NONE
                .fill(ground)
                .stroke(Stroke::new(1.0, edge))
                .corner_radius(CornerRadius::same(theme.sizes.radius))
                .inner_margin(Margin {
                    left: 8,
                    right: 2,
                    top: 1,
                    bottom: 1,
                })
                .show(ui, |ui| {
                    ui.horizontal(|ui| {
                        ui.spacing_mut().item_spacing.x = 6.0;
                        if let Some(row) = row {
                            let (card, _) =
                                ui.allocate_exact_size(Vec2::splat(14.0), Sense::hover());
                            swatch(ui.painter(), card, &row.look);
                        }
                        ui.label(RichText::new(&name).color(theme.colours.text));
                        if icon_button(ui, Icon::Close, &format!("Take off {name}")).clicked() {
                            sender.send(AppCommand::Edit(Edit::Retag {
                                ids: vec![data.annotation.id],
                                tag: id.clone(),
                                give: false,
                            }));
                        }
                    });
                });
        }
        ui.menu_button("Add tag", |ui| {
            ui.set_min_width(180.0);
            let free = data
                .tags
                .iter()
                .filter(|row| !data.annotation.has_tag(&row.id));
            for row in free {
                let key = row
                    .key
                    .map_or_else(String::new, |key| key.to_uppercase().to_string());
                if ui
                    .add(egui::Button::new(&row.name).shortcut_text(key))
                    .clicked()
                {
                    sender.send(AppCommand::Edit(Edit::Retag {
                        ids: vec![data.annotation.id],
                        tag: row.id.clone(),
                        give: true,
                    }));
                    ui.close();
                }
            }
        });
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, Icon::Remove, "Remove annotation").clicked() {
                sender.send(AppCommand::Remove(data.annotation.id));
            }
        });
    });
}

/// Most names offered while a speaker is typed.
const MAX_SUGGESTIONS: usize = 6;

fn speaker(ui: &mut Ui, data: &Data<'_>, view: &mut View, sender: &CommandSender) {
    let theme = data.theme;
    caption(ui, "Speaker", theme);
    let response = ui.add(
        TextEdit::singleline(&mut view.speaker)
            .id(egui::Id::unique("speaker field"))
            .hint_text("Who says it?")
            .desired_width(f32::INFINITY)
            .margin(Margin::symmetric(8, 6)),
    );
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, data.is_editable, "Speaker"));
    if std::mem::take(&mut view.wants_speaker) {
        response.request_focus();
    }
    view.speaker_is_draft |= response.changed();
    let pointer_is_on_suggestions = view.suggestions.is_some_and(|rect| {
        ui.input(|input| {
            input
                .pointer
                .interact_pos()
                .is_some_and(|at| rect.contains(at))
        })
    });
    let offers = response.has_focus() || pointer_is_on_suggestions;
    view.suggestions = None;
    if offers {
        let typed = view.speaker.trim().to_lowercase();
        let known: Vec<&str> = data
            .set
            .speakers
            .values()
            .map(|speaker| speaker.name.as_str())
            .filter(|name| {
                let name = name.to_lowercase();
                name.contains(&typed) && name != typed
            })
            .take(MAX_SUGGESTIONS)
            .collect();
        if !known.is_empty() {
            let area = ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = Vec2::splat(4.0);
                for name in known {
                    if ui.small_button(&*visible_name(name)).clicked() {
                        name.clone_into(&mut view.speaker);
                        view.speaker_is_draft = true;
                        sender.send(AppCommand::CommitDrafts);
                    }
                }
            });
            view.suggestions = Some(area.response.rect);
        }
    }
    if response.lost_focus() && !pointer_is_on_suggestions && view.speaker_is_draft {
        sender.send(AppCommand::CommitDrafts);
    }
    let speaker = data.annotation.attribution.speaker.as_ref();
    if let Some(text) = speaker.and_then(|id| data.names.speaker(id)) {
        warning(ui, text, theme.colours.warning);
    }
}

/// Characters of a note that are shown again when something is hidden in it.
const MAX_SHOWN_NOTE: usize = 300;

fn note(ui: &mut Ui, data: &Data<'_>, view: &mut View, sender: &CommandSender) {
    let theme = data.theme;
    caption(ui, "Note", theme);
    let response = ui.add(
        TextEdit::multiline(&mut view.note)
            .id(egui::Id::unique("note field"))
            .hint_text("What should be remembered about this passage?")
            .desired_width(f32::INFINITY)
            .desired_rows(3)
            .margin(Margin::symmetric(8, 6)),
    );
    response
        .widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, data.is_editable, "Note"));
    if std::mem::take(&mut view.wants_note) {
        response.request_focus();
    }
    view.note_is_draft |= response.changed();
    if let Cow::Owned(shown) = visible(&view.note) {
        let shown: String = shown.chars().take(MAX_SHOWN_NOTE).collect();
        let text = format!("Hidden characters in the note: {shown}");
        warning(ui, &text, theme.colours.warning);
    }
    let finish = KeyboardShortcut::new(Modifiers::COMMAND, Key::Enter);
    let is_finished = response.has_focus() && ui.input_mut(|input| input.consume_shortcut(&finish));
    if is_finished {
        response.surrender_focus();
        sender.send(AppCommand::CommitDrafts);
        sender.send(AppCommand::FocusText);
    } else if response.lost_focus() && view.note_is_draft {
        sender.send(AppCommand::CommitDrafts);
    }
}

fn made(ui: &mut Ui, data: &Data<'_>) {
    let annotation = data.annotation;
    let name = |id| {
        let agent = data.set.agents.get(id);
        agent.map_or("an unknown annotator".into(), |agent| {
            visible_name(&agent.name)
        })
    };
    let mut text = format!(
        "By {} on {}",
        name(&annotation.creator),
        annotation.created.date()
    );
    if annotation.modified.date() != annotation.created.date() {
        text.push_str(&format!(", changed on {}", annotation.modified.date()));
    }
    ui.label(
        RichText::new(text)
            .size(data.theme.sizes.small)
            .color(data.theme.colours.muted),
    )
    .on_hover_text(format!(
        "Made {}, changed {}",
        annotation.created, annotation.modified
    ));
    if let Some(text) = data.names.agent(&annotation.creator) {
        warning(ui, text, data.theme.colours.warning);
    }
}

fn comments(ui: &mut Ui, data: &Data<'_>, view: &mut View, sender: &CommandSender) {
    let theme = data.theme;
    caption(ui, "Comments", theme);
    for comment in &data.annotation.comments {
        ui.push_id(comment.id, |ui| {
            let author = data.set.agents.get(&comment.author);
            let author = author.map_or("Somebody".into(), |agent| visible_name(&agent.name));
            ui.horizontal(|ui| {
                let head = format!("{author}, {}", comment.created.date());
                ui.label(
                    RichText::new(head)
                        .size(theme.sizes.small)
                        .color(theme.colours.muted),
                );
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if data.is_editable && icon_button(ui, Icon::Close, "Remove comment").clicked()
                    {
                        sender.send(AppCommand::Edit(Edit::RemoveComment {
                            id: data.annotation.id,
                            comment: comment.id,
                        }));
                    }
                });
            });
            let text = visible(&comment.text);
            ui.add(egui::Label::new(RichText::new(text).color(theme.colours.text)).wrap());
        });
    }
    ui.add_enabled_ui(data.is_editable, |ui| {
        let response = ui.add(
            TextEdit::singleline(&mut view.comment)
                .id(egui::Id::unique("comment field"))
                .hint_text("Add a comment and press Enter")
                .desired_width(f32::INFINITY)
                .margin(Margin::symmetric(8, 6)),
        );
        response
            .widget_info(|| WidgetInfo::labeled(Role::TextInput, data.is_editable, "New comment"));
        let is_entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if is_entered && !view.comment.trim().is_empty() {
            sender.send(AppCommand::Edit(Edit::AddComment {
                id: data.annotation.id,
                text: std::mem::take(&mut view.comment),
            }));
        }
    });
}
