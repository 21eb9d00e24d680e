//! The chosen annotation in full: tags, speaker, note, comments.

use crate::{
    annotation::{Annotation, AnnotationSet, MAX_NAME_CHARS, MAX_NAMED_RECORDS},
    app::{
        base::{
            quotes::short_quote,
            short,
            theme::Theme,
            widgets::{
                Icon, MAX_TEXT_CHARS, TagRow, TextField, count, icon_button, local_date, swatch,
                warning,
            },
        },
        core::{
            command::{AppCommand, CommandSender},
            view::menu_bar::more_tags,
        },
        session::{drafts::Drafts, event::DialogKind, names::NameWarnings, tags::Tags},
    },
    edit::Edit,
    text::{cut, is_longer},
};
use egui::{
    Button, CornerRadius, Frame, Id, Key, KeyboardShortcut, Margin, Modifiers, RichText,
    ScrollArea, Sense, Stroke, Ui, Vec2,
};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// What is shown.
pub struct Data<'a> {
    /// The chosen annotation.
    pub annotation: &'a Arc<Annotation>,
    /// The records it refers to.
    pub set: &'a AnnotationSet,
    /// What is odd about names.
    pub names: &'a NameWarnings,
    /// All tags.
    pub tags: Tags<'a>,
    /// The first of them.
    pub first_tags: &'a [TagRow],
    /// Whether it may be changed.
    pub is_editable: bool,
    /// Theme.
    pub theme: &'a Theme,
    /// The time zone of the computer.
    pub zone: &'a TimeZone,
}

/// Draws the inspector.
pub fn show(ui: &mut Ui, data: &Data<'_>, view: &mut Drafts, sender: &CommandSender) {
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

/// Most tags of one annotation that are shown.
const MAX_CHIPS: usize = 30;

fn tags(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    let theme = data.theme;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(4.0);
        for id in data.annotation.tags.iter().take(MAX_CHIPS) {
            let row = data.tags.of(id);
            let row = row.as_ref();
            let name = short::name(data.set.tag_name(id)).into_owned();
            let (ground, edge) = row
                .map_or((theme.colours.hover, theme.colours.strong_border), |row| {
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
                        if icon_button(ui, Icon::Close, &format!("Remove tag {name}")).clicked() {
                            sender.send(AppCommand::Edit(Edit::Retag {
                                ids: vec![data.annotation.id],
                                tag: id.clone(),
                                give: false,
                            }));
                        }
                    });
                });
        }
        let n_more = data.annotation.tags.len().saturating_sub(MAX_CHIPS);
        if n_more > 0 {
            ui.weak(format!("and {} more", count(n_more)));
        }
        ui.menu_button("Add tag", |ui| {
            ui.set_min_width(180.0);
            let free = data
                .first_tags
                .iter()
                .filter(|row| !data.annotation.has_tag(&row.id));
            for row in free {
                let key = row
                    .key
                    .map_or_else(String::new, |key| key.to_uppercase().to_string());
                if ui.add(Button::new(&row.name).shortcut_text(key)).clicked() {
                    sender.send(AppCommand::Edit(Edit::Retag {
                        ids: vec![data.annotation.id],
                        tag: row.id.clone(),
                        give: true,
                    }));
                    ui.close();
                }
            }
            more_tags(ui, data.tags.len(), data.first_tags.len(), sender);
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

fn speaker(ui: &mut Ui, data: &Data<'_>, view: &mut Drafts, sender: &CommandSender) {
    let theme = data.theme;
    caption(ui, "Speaker", theme);
    let id = Id::unique(("speaker field", data.annotation.id));
    let field = TextField::line(id, "Speaker", MAX_NAME_CHARS).hint("Who makes this statement?");
    let response = field.show(ui, &mut view.speaker);
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
            .take(MAX_NAMED_RECORDS)
            .map(|speaker| speaker.name.as_str())
            .filter(|name| !is_longer(name, MAX_NAME_CHARS))
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
                    if ui.small_button(&*short::name(name)).clicked() {
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

fn note(ui: &mut Ui, data: &Data<'_>, view: &mut Drafts, sender: &CommandSender) {
    let theme = data.theme;
    caption(ui, "Note", theme);
    let id = Id::unique(("note field", data.annotation.id));
    let field = TextField::lines(id, "Note", 3).hint("Your note on this passage");
    if !field.holds(&view.note) && ui.button("Read note…").clicked() {
        // A passage is often a quotation, which begins with a mark of its own.
        let quote = short_quote(data.annotation, 60);
        let title = format!("Note on: {quote}");
        sender.send(AppCommand::Show(DialogKind::LongText(
            title,
            view.note.clone(),
        )));
    }
    let response = field.show(ui, &mut view.note);
    if std::mem::take(&mut view.wants_note) {
        response.request_focus();
    }
    view.note_is_draft |= response.changed();
    if let Some(shown) = short::with_hidden(&view.note, MAX_TEXT_CHARS) {
        let shown = cut(&shown, MAX_SHOWN_NOTE);
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
            short::name(&agent.name)
        })
    };
    let created = local_date(annotation.created, data.zone);
    let modified = local_date(annotation.modified, data.zone);
    let mut text = format!("Added by {} on {created}", name(&annotation.creator));
    if modified != created {
        text.push_str(&format!(", changed on {modified}"));
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

/// Most comments that are shown at a time; the last ones first.
const COMMENTS_A_PAGE: usize = 20;

/// Buttons to go from page to page where there are more comments than one page shows; returns how many come before
/// the page.
fn turn_pages(ui: &mut Ui, n_all: usize, view: &mut Drafts) -> usize {
    let n_pages = n_all.div_ceil(COMMENTS_A_PAGE).max(1);
    view.comments_page = view.comments_page.min(n_pages - 1);
    let n_after = view.comments_page * COMMENTS_A_PAGE;
    let n_before = n_all.saturating_sub(n_after + COMMENTS_A_PAGE);
    if n_pages > 1 {
        ui.horizontal(|ui| {
            let earlier = ui.add_enabled(n_before > 0, Button::new("Show earlier comments"));
            let later = ui.add_enabled(n_after > 0, Button::new("Show later comments"));
            if earlier.clicked() {
                view.comments_page += 1;
            }
            if later.clicked() {
                view.comments_page -= 1;
            }
            ui.weak(format!("{} comments", count(n_all)));
        });
    }
    n_before
}

fn comments(ui: &mut Ui, data: &Data<'_>, view: &mut Drafts, sender: &CommandSender) {
    let theme = data.theme;
    caption(ui, "Comments", theme);
    let all = &data.annotation.comments;
    let n_before = turn_pages(ui, all.len(), view);
    for comment in all.iter().skip(n_before).take(COMMENTS_A_PAGE) {
        ui.push_id(comment.id, |ui| {
            let author = data.set.agents.get(&comment.author);
            let author = author.map_or("Somebody".into(), |agent| short::name(&agent.name));
            ui.horizontal(|ui| {
                let head = format!("{author}, {}", local_date(comment.created, data.zone));
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
            let text = short::page(&comment.text);
            ui.add(egui::Label::new(RichText::new(text).color(theme.colours.text)).wrap());
            if is_longer(&comment.text, short::TEXT_CHARS)
                && ui.small_button("Read comment…").clicked()
            {
                let title = format!("Comment on “{}”", short_quote(data.annotation, 60));
                sender.send(AppCommand::Show(DialogKind::LongText(
                    title,
                    comment.text.clone(),
                )));
            }
        });
    }
    ui.add_enabled_ui(data.is_editable, |ui| {
        let id = Id::unique(("comment field", data.annotation.id));
        let field = TextField::line(id, "New comment", MAX_TEXT_CHARS)
            .hint("Add a comment and press Enter");
        let response = field.show(ui, &mut view.comment);
        let is_entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if is_entered && !view.comment.trim().is_empty() {
            sender.send(AppCommand::Edit(Edit::AddComment {
                id: data.annotation.id,
                text: std::mem::take(&mut view.comment),
            }));
        }
    });
}
