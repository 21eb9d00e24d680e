//! One frame: builds what each panel shows from the state, and draws the panels.

use super::{
    command::{CommandSender, Environment, UiCommand},
    dialogs, find, notifications,
    panels::{
        self, annotation_list, article_list, banner, hover_card, inspector, menu_bar, reading,
        selection_bar, start_page, status_bar, tag_list, tool_bar, unplaced,
    },
    short,
    state::{AppState, OpenArticle, shown_file_name, shown_path},
    tags::Tags,
    theme::Theme,
    widgets::TagRow,
};
use crate::{
    annotation::TagId,
    reader::{ReaderOutput, TextEngine},
};
use egui::{CentralPanel, Context, Frame, Margin, Panel, Ui};
use std::sync::Arc;

/// Draws everything.
pub fn frame(ui: &mut Ui, state: &mut AppState, engine: &mut TextEngine, sender: &CommandSender) {
    let ctx = ui.ctx().clone();
    let theme = Arc::clone(state.theme());
    if let Some(article) = state.article_mut() {
        article.tags.refresh(article.workspace.set());
        if article.names.refresh(article.workspace.set()) {
            ctx.request_repaint();
        }
    }
    let environment = state.environment();
    let is_mac = ctx.os().is_mac();
    let tags = state
        .article()
        .map_or_else(Vec::new, |article| Tags::new(article, &theme).first());
    let scene = Scene {
        theme: &theme,
        environment: &environment,
        tags: &tags,
        is_mac,
    };
    bars(ui, state, &scene, sender);
    let has_article = state.article().is_some();
    if has_article && state.preferences.left_panel {
        left(ui, state, &scene, engine, sender);
    }
    if has_article && state.preferences.right_panel {
        right(ui, state, &scene, engine, sender);
    }
    let page = CentralPanel::default().frame(Frame::NONE.fill(theme.colours.page));
    let output = page
        .show(ui, |ui| centre(ui, state, &scene, engine, sender))
        .inner;
    if let Some((output, rect)) = output {
        over_the_text(&ctx, state, &scene, &output, rect, engine, sender);
    }
    // Taken out so that what it shows may be borrowed from the state: it changes nothing but itself.
    if let Some(mut dialog) = state.dialog.take() {
        let data = dialogs::Data::new(state, &environment, &tags, is_mac, &theme);
        if let dialogs::Dialog::Conflicts(view) = &mut dialog {
            view.follow(&state.articles);
        }
        dialogs::show(&ctx, &data, &mut dialog, engine, sender);
        state.dialog = Some(dialog);
    }
    let now = ctx.input(|input| input.time);
    if let Some(seconds) = state.notifications.age(now) {
        ctx.request_repaint_after_secs(seconds as f32 + 0.05);
    }
    notifications::show(&ctx, state.notifications.shown(), &theme, sender);
    let n_hovering = ctx.input(|input| input.raw.hovered_files.len());
    if n_hovering > 0 {
        panels::drop_hint::show(&ctx, n_hovering, &theme);
    }
}

/// What all panels are given.
struct Scene<'a> {
    theme: &'a Theme,
    environment: &'a Environment,
    /// The first of the tags: as many as fit a bar or a menu.
    tags: &'a [TagRow],
    is_mac: bool,
}

impl Scene<'_> {
    /// The ground of bars and panels.
    fn chrome(&self, margin: Margin) -> Frame {
        Frame::NONE
            .fill(self.theme.colours.chrome)
            .inner_margin(margin)
    }
}

fn bars(ui: &mut Ui, state: &mut AppState, scene: &Scene<'_>, sender: &CommandSender) {
    let theme = scene.theme;
    Panel::top("menu bar")
        .frame(scene.chrome(Margin::symmetric(8, 2)))
        .show_separator_line(false)
        .show(ui, |ui| {
            let data = menu_bar::Data {
                environment: scene.environment,
                tags: scene.tags,
                n_tags: n_tags(state),
                recent: &state.preferences.recent,
                is_mac: scene.is_mac,
                theme,
            };
            menu_bar::show(ui, &data, sender);
        });
    if state.article().is_some() {
        Panel::top("tool bar")
            .exact_size(44.0)
            .frame(scene.chrome(Margin::symmetric(12, 0)))
            .show(ui, |ui| {
                let chosen = state.article().and_then(OpenArticle::chosen_annotation);
                let chosen_tags: &[TagId] = chosen.map_or(&[], |annotation| &annotation.tags);
                let data = tool_bar::Data {
                    environment: scene.environment,
                    tags: scene.tags,
                    n_tags: n_tags(state),
                    chosen_tags,
                    marker: state.marker.as_ref().and_then(Option::as_ref),
                    is_mac: scene.is_mac,
                    theme,
                };
                tool_bar::show(ui, &data, sender);
            });
    }
    Panel::bottom("status bar")
        .exact_size(30.0)
        .frame(scene.chrome(Margin::symmetric(16, 0)))
        .show(ui, |ui| {
            let data = status_data(state, theme);
            // The view is taken out so that the data may borrow the articles.
            let mut view = std::mem::take(&mut state.views.status);
            let data = status_bar::Data {
                article: state.article().map(status_article),
                ..data
            };
            status_bar::show(ui, &data, &mut view, sender);
            state.views.status = view;
        });
}

/// How many tags the active article has.
fn n_tags(state: &AppState) -> usize {
    state
        .article()
        .map_or(0, |article| article.tags.all().len())
}

fn status_data<'a>(state: &AppState, theme: &'a Theme) -> status_bar::Data<'a> {
    let marker = state.marker.as_ref().map(|tag| {
        let set = state.article().map(|article| article.workspace.set());
        match (tag, set) {
            (Some(tag), Some(set)) => short::name(set.tag_name(tag)).into_owned(),
            _ => String::new(),
        }
    });
    status_bar::Data {
        article: None,
        opening: state
            .opening
            .iter()
            .map(|opening| shown_file_name(&opening.path))
            .collect(),
        marker,
        theme,
    }
}

fn status_article(article: &OpenArticle) -> status_bar::ArticleData<'_> {
    use status_bar::SaveState;
    let text = article.text();
    // A column is counted in code points, for which a job is just now making the index.
    let position = if article.is_loading {
        String::new()
    } else {
        let place = text.line_col(article.reader.caret());
        format!("Line {}, column {}", place.line + 1, place.column + 1)
    };
    let save = if article.is_loading {
        SaveState::Loading
    } else if article.why_read_only().is_some() {
        SaveState::ReadOnly
    } else if article.is_saving {
        SaveState::Saving
    } else if article.is_unsaved() {
        SaveState::Unsaved
    } else {
        SaveState::Saved
    };
    status_bar::ArticleData {
        text,
        position,
        n_words: article.n_words,
        selection: article.reader.selection(),
        n_annotations: article.workspace.marks().n_annotations(),
        conflicts: (article.workspace.set().conflicts.len(), article.key),
        survey: &article.survey,
        save,
        encoding: format!("{} · {}", article.encoding, text.newline().name()),
    }
}

/// Narrowest and widest that the panels may be.
const LEFT_WIDTHS: (f32, f32) = (180.0, 420.0);
const RIGHT_WIDTHS: (f32, f32) = (240.0, 560.0);
/// What panels leave to the text: a few words on a line, with the margins. The smallest window has this much.
const TEXT_WIDTH: f32 = 300.0;

/// How wide a panel may be beside the text and another panel of the width `taken`.
fn beside_the_text(ui: &Ui, (narrowest, widest): (f32, f32), taken: f32) -> egui::Rangef {
    let room = ui.available_width() - TEXT_WIDTH - taken;
    egui::Rangef::new(narrowest, room.clamp(narrowest, widest))
}

fn left(
    ui: &mut Ui,
    state: &mut AppState,
    scene: &Scene<'_>,
    engine: &mut TextEngine,
    sender: &CommandSender,
) {
    let theme = scene.theme;
    let margin = Margin::symmetric(theme.sizes.margin, theme.sizes.margin);
    let taken = if state.preferences.right_panel {
        RIGHT_WIDTHS.0
    } else {
        0.0
    };
    Panel::left("articles and tags")
        .default_size(theme.sizes.left_panel)
        .size_range(beside_the_text(ui, LEFT_WIDTHS, taken))
        .frame(scene.chrome(margin))
        .show(ui, |ui| {
            let rows: Vec<article_list::Row> = state
                .articles
                .iter()
                .map(|article| article_list::Row {
                    key: article.key,
                    title: article.title(),
                    file_name: shown_file_name(&article.path),
                    path: shown_path(&article.path),
                    is_unsaved: article.is_unsaved(),
                    is_active: state.active == Some(article.key),
                    is_loading: article.is_loading,
                    n_annotations: article.workspace.marks().n_annotations(),
                })
                .collect();
            let data = article_list::Data { rows: &rows, theme };
            let room = ui.available_height();
            ui.scope(|ui| {
                ui.set_max_height(room * 0.45);
                article_list::show(ui, &data, engine, sender);
            });
            ui.add_space(16.0);
            let data = tag_list::Data {
                tags: state.article().map(|article| Tags::new(article, theme)),
                is_editable: scene.environment.editable().is_some(),
                theme,
            };
            tag_list::show(ui, &data, sender);
        });
}

fn right(
    ui: &mut Ui,
    state: &mut AppState,
    scene: &Scene<'_>,
    engine: &mut TextEngine,
    sender: &CommandSender,
) {
    let theme = scene.theme;
    let zone = state.zone.clone();
    let margin = Margin::symmetric(theme.sizes.margin, theme.sizes.margin);
    let mut views = std::mem::take(&mut state.views);
    Panel::right("annotations")
        .default_size(theme.sizes.right_panel)
        .size_range(beside_the_text(ui, RIGHT_WIDTHS, 0.0))
        .frame(scene.chrome(Margin::ZERO))
        .show(ui, |ui| {
            let Some(article) = state.article() else {
                return;
            };
            if let Some(annotation) = article.chosen_annotation() {
                Panel::bottom("inspector")
                    .resizable(true)
                    .default_size(320.0)
                    .min_size(160.0)
                    .max_size((ui.available_height() - 160.0).max(170.0))
                    .frame(scene.chrome(margin))
                    .show(ui, |ui| {
                        let data = inspector::Data {
                            annotation,
                            set: article.workspace.set(),
                            names: &article.names,
                            tags: Tags::new(article, theme),
                            first_tags: scene.tags,
                            is_editable: article.is_editable(),
                            theme,
                            zone: &zone,
                        };
                        inspector::show(ui, &data, &mut views.inspector, sender);
                    });
            }
            CentralPanel::default()
                .frame(scene.chrome(margin))
                .show(ui, |ui| {
                    let has_selection = article.reader.selection().is_some();
                    let data = unplaced::Data::new(
                        &article.workspace,
                        &article.looks,
                        has_selection,
                        &views.unplaced,
                        theme,
                    );
                    unplaced::show(ui, &data, &mut views.unplaced, engine, sender);
                    let data = annotation_list::Data {
                        article: Some(annotation_list::ArticleData {
                            key: article.key,
                            workspace: &article.workspace,
                            filter: &article.filter,
                            looks: &article.looks,
                            chosen: article.chosen,
                            is_loading: article.is_loading,
                            is_damaged: article.shows_damage(),
                        }),
                        theme,
                    };
                    annotation_list::show(ui, &data, &mut views.annotations, engine, sender);
                });
        });
    state.views = views;
}

fn centre(
    ui: &mut Ui,
    state: &mut AppState,
    scene: &Scene<'_>,
    engine: &mut TextEngine,
    sender: &CommandSender,
) -> Option<(ReaderOutput, egui::Rect)> {
    let theme = scene.theme;
    let style = state.page_style();
    let has_marker = state.marker.is_some();
    if state.article().is_none() {
        let data = start_page::Data {
            recent: &state.preferences.recent,
            samples: state.samples.as_ref(),
            is_opening: !state.opening.is_empty(),
            open_key: &UiCommand::Open.key_text(scene.is_mac),
            theme,
        };
        start_page::show(ui, &data, sender);
        return None;
    }
    let strips = strips(state);
    // Taken out so that the article may be borrowed from the state with it.
    let mut find = std::mem::take(&mut state.find);
    let output = state.article_mut().map(|article| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for strip in strips {
            banner::show(ui, &strip, theme, sender);
        }
        if find.is_open() {
            let data = find::bar::Data {
                status: &find.status(),
                tags: if scene.environment.editable().is_some() {
                    scene.tags
                } else {
                    &[]
                },
                is_mac: scene.is_mac,
                theme,
            };
            find::bar::show(ui, &data, &mut find.view, sender);
        }
        let over = reading::Over {
            has_marker,
            hits: find.shown(article.key, theme),
        };
        reading::show(ui, article, &style, theme, &over, engine, sender)
    });
    state.find = find;
    let output = output?;
    let rect = output
        .response
        .as_ref()
        .map_or(ui.min_rect(), |response| response.rect);
    Some((output, rect))
}

/// What must be known about the active article.
fn strips(state: &AppState) -> Vec<banner::Data> {
    let mut strips = Vec::new();
    let Some(article) = state.article() else {
        return strips;
    };
    let mut unsaved = state.unsaved_work.iter();
    let one_path = &article.outside.one_path;
    let unsaved = unsaved.find(|unsaved| unsaved.recovery.article == one_path.article);
    strips.extend(unsaved.map(|unsaved| banner::Data::UnsavedWork(unsaved.id)));
    if let Some(reason) = article.why_read_only() {
        strips.push(if article.shows_damage() {
            banner::Data::Damaged(reason, article.key)
        } else {
            let key = article.outside.holder.as_ref().map(|_| article.key);
            banner::Data::ReadOnly(reason, key)
        });
    }
    strips.extend(
        article
            .outside
            .merge_left
            .clone()
            .map(banner::Data::MergeLeft),
    );
    if article.outside.theirs.is_some() {
        strips.push(banner::Data::Theirs(article.key));
    }
    strips.extend(
        article
            .outside
            .copies
            .first()
            .map(|copy| banner::Data::Copy {
                key: article.key,
                path: copy.path.clone(),
                n_more: article.outside.copies.len() - 1,
            }),
    );
    if article.has_changed_text() {
        let marks = article.workspace.marks();
        let n_unplaced = marks.unplaced().len();
        strips.push(banner::Data::TextChanged {
            n_found: marks
                .n_annotations()
                .saturating_sub(n_unplaced + article.n_moved),
            n_moved: article.n_moved,
            n_unplaced,
        });
    }
    strips
}

/// The bar beside the selection and the card over marks.
fn over_the_text(
    ctx: &Context,
    state: &AppState,
    scene: &Scene<'_>,
    output: &ReaderOutput,
    page: egui::Rect,
    engine: &mut TextEngine,
    sender: &CommandSender,
) {
    let Some(article) = state.article() else {
        return;
    };
    if state.dialog.is_some() {
        return;
    }
    let is_still = ctx.input(|input| !input.pointer.any_down() && !input.modifiers.shift);
    if let Some(selection) = output.selection_rect
        && article.is_editable()
        && state.marker.is_none()
        && is_still
    {
        let chosen = article.chosen_annotation();
        let is_chosen = article
            .chosen
            .and_then(|id| article.place_of(id))
            .is_some_and(|range| article.reader.selection() == Some(range));
        let chosen_tags: &[TagId] = chosen
            .filter(|_| is_chosen)
            .map_or(&[], |annotation| &annotation.tags);
        let data = selection_bar::Data {
            selection,
            page,
            tags: scene.tags,
            chosen_tags,
            theme: scene.theme,
        };
        selection_bar::show(ctx, &data, sender);
    }
    if let Some(response) = &output.response
        && is_still
        && (!output.hovered.is_empty() || output.explanation.is_some())
    {
        let ids: Vec<_> = output
            .hovered
            .iter()
            .map(|key| super::article::annotation_of(*key))
            .collect();
        let mut data =
            hover_card::Data::new(&ids, article.workspace.set(), &article.looks, scene.theme);
        data.explanation.clone_from(&output.explanation);
        hover_card::show(response, &data, engine);
    }
}
