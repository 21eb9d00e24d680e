//! One frame: builds what each panel shows from the session, and draws panels and tools.

use crate::{
    app::{
        base::{
            action::{ActionId, Actions},
            paths::{shown_file_name, shown_path},
            sender::Sender,
            short,
            theme::Theme,
            widgets::TagRow,
        },
        core::{
            command::CommandSender,
            resolve,
            table::UiCommand,
            view::{
                Views, annotation_list, article_list, banner, drop_hint, hits::Shown, hover_card,
                inspector, menu_bar, notices, reading, scene::Scene, selection_bar, start_page,
                status_bar, tag_list, text_menu, tool_bar,
            },
        },
        session::{
            Session, article::OpenArticle, facts::Environment, shown::annotation_of, tags::Tags,
        },
        tools::{Message, Place, Tools},
    },
    reader::{ReaderOutput, TextEngine},
};
use egui::{CentralPanel, Context, Frame, Margin, Panel, Stroke, StrokeKind, Ui};
use std::sync::Arc;

/// What is drawn, and with what.
pub struct Parts<'a> {
    /// What is open.
    pub session: &'a mut Session,
    /// What the eye is on in the panels.
    pub views: &'a mut Views,
    /// The tools.
    pub tools: &'a mut Tools,
    /// Lays text out.
    pub engine: &'a mut TextEngine,
    /// Where messages go.
    pub post: &'a Sender<Message>,
    /// Where commands of the core go.
    pub core: &'a CommandSender,
    /// Where actions go.
    pub act: &'a Sender<ActionId>,
}

/// Returns all actions as they are now.
pub fn actions(tools: &Tools, environment: &Environment) -> Actions {
    let mut views: Vec<_> = resolve::actions(environment).collect();
    views.extend(tools.actions(environment));
    Actions::new(views)
}

/// What does not change while a frame is drawn.
struct Given<'a> {
    environment: &'a Environment,
    tags: &'a [TagRow],
    actions: &'a Actions,
    is_mac: bool,
    theme: &'a Theme,
}

impl Given<'_> {
    fn scene<'s>(
        &'s self,
        session: &'s Session,
        act: &'s Sender<ActionId>,
        core: &'s CommandSender,
    ) -> Scene<'s> {
        Scene {
            session,
            environment: self.environment,
            tags: self.tags,
            actions: self.actions,
            act,
            core,
            is_mac: self.is_mac,
            theme: self.theme,
        }
    }
}

/// Draws everything.
pub fn frame(ui: &mut Ui, mut parts: Parts<'_>) {
    let parts = &mut parts;
    let ctx = ui.ctx().clone();
    let theme = Arc::clone(parts.session.theme());
    if let Some(article) = parts.session.article_mut() {
        article.tags.refresh(article.workspace.set());
        if article.names.refresh(article.workspace.set()) {
            ctx.request_repaint();
        }
    }
    let environment = parts.session.environment();
    let actions = actions(parts.tools, &environment);
    let article = parts.session.article();
    let tags = article.map_or_else(Vec::new, |article| Tags::new(article, &theme).first());
    let given = Given {
        environment: &environment,
        tags: &tags,
        actions: &actions,
        is_mac: ctx.os().is_mac(),
        theme: &theme,
    };
    bars(ui, parts, &given);
    let has_article = parts.session.article().is_some();
    if has_article && parts.session.preferences.left_panel {
        left(ui, parts, &given);
    }
    if has_article && parts.session.preferences.right_panel {
        right(ui, parts, &given);
    }
    let page = CentralPanel::default().frame(Frame::NONE.fill(theme.colours.page));
    let output = page.show(ui, |ui| centre(ui, parts, &given)).inner;
    if let Some((output, rect)) = output {
        let scene = given.scene(parts.session, parts.act, parts.core);
        over_the_text(&ctx, &scene, &output, rect, parts.engine);
    }
    let scene = given.scene(parts.session, parts.act, parts.core);
    parts
        .tools
        .show_modal(&ctx, &scene, parts.engine, parts.post);
    show_focus(&ctx, parts.session, &theme);
    let now = ctx.input(|input| input.time);
    if let Some(seconds) = parts.session.notifications.age(now) {
        ctx.request_repaint_after_secs(seconds as f32 + 0.05);
    }
    let shown = parts.session.notifications.shown();
    notices::show(&ctx, shown, &theme, parts.core);
    let n_hovering = ctx.input(|input| input.raw.hovered_files.len());
    if n_hovering > 0 {
        drop_hint::show(&ctx, n_hovering, &theme);
    }
}

/// Draws a ring around whatever has the keyboard and does not show it by itself, such as a button in full colour.
fn show_focus(ctx: &Context, session: &Session, theme: &Theme) {
    let in_text = session.article().is_some_and(|article| article.has_focus);
    let focused = ctx.memory(|memory| memory.focused());
    let focused = focused.filter(|_| !in_text && !ctx.text_edit_focused());
    if let Some(response) = focused.and_then(|id| ctx.read_response(id)) {
        let ring = Stroke::new(2.0, theme.colours.accent);
        let rect = response.interact_rect.expand(3.0);
        let radius = f32::from(theme.sizes.radius) + 3.0;
        let painter = ctx.layer_painter(response.layer_id);
        painter.rect_stroke(rect, radius, ring, StrokeKind::Inside);
    }
}

fn bars(ui: &mut Ui, parts: &mut Parts<'_>, given: &Given<'_>) {
    let scene = given.scene(parts.session, parts.act, parts.core);
    let theme = scene.theme;
    Panel::top("menu bar")
        .frame(scene.chrome(Margin::symmetric(8, 2)))
        .show_separator_line(false)
        .show(ui, |ui| menu_bar::show(ui, &scene));
    if scene.session.article().is_some() {
        Panel::top("tool bar")
            .exact_size(44.0)
            .frame(scene.chrome(Margin::symmetric(12, 0)))
            .show(ui, |ui| tool_bar::show(ui, &scene));
    }
    Panel::bottom("status bar")
        .exact_size(30.0)
        .frame(scene.chrome(Margin::symmetric(16, 0)))
        .show(ui, |ui| {
            let data = status_bar::Data {
                article: scene.session.article().map(status_article),
                ..status_data(scene.session, theme)
            };
            status_bar::show(ui, &data, &mut parts.views.status, scene.core);
        });
}

fn status_data<'a>(state: &'a Session, theme: &'a Theme) -> status_bar::Data<'a> {
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
        hint: state.hint.as_deref(),
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

fn left(ui: &mut Ui, parts: &mut Parts<'_>, given: &Given<'_>) {
    let scene = given.scene(parts.session, parts.act, parts.core);
    let (theme, session) = (scene.theme, scene.session);
    let margin = Margin::symmetric(theme.sizes.margin, theme.sizes.margin);
    let taken = if session.preferences.right_panel {
        RIGHT_WIDTHS.0
    } else {
        0.0
    };
    Panel::left("articles and tags")
        .default_size(theme.sizes.left_panel)
        .size_range(beside_the_text(ui, LEFT_WIDTHS, taken))
        .frame(scene.chrome(margin))
        .show(ui, |ui| {
            let rows: Vec<article_list::Row> = session
                .articles
                .iter()
                .map(|article| article_list::Row {
                    key: article.key,
                    title: article.title(),
                    file_name: session.name_of(article),
                    path: shown_path(&article.path),
                    is_unsaved: article.is_unsaved(),
                    is_active: session.active == Some(article.key),
                    is_loading: article.is_loading,
                    n_annotations: article.workspace.marks().n_annotations(),
                })
                .collect();
            let data = article_list::Data { rows: &rows, theme };
            let room = ui.available_height();
            ui.scope(|ui| {
                ui.set_max_height(room * 0.45);
                article_list::show(ui, &data, parts.engine, scene.core);
            });
            ui.add_space(16.0);
            let data = tag_list::Data {
                tags: scene.all_tags(),
                is_editable: scene.environment.editable().is_some(),
                theme,
            };
            tag_list::show(ui, &data, scene.core);
        });
}

fn right(ui: &mut Ui, parts: &mut Parts<'_>, given: &Given<'_>) {
    // Taken out so that the article may be borrowed from the session with them.
    let mut drafts = std::mem::take(&mut parts.session.drafts);
    let wishes = std::mem::take(&mut parts.session.list);
    parts.views.annotations.follow(wishes);
    let scene = given.scene(parts.session, parts.act, parts.core);
    let (theme, views) = (scene.theme, &mut *parts.views);
    let margin = Margin::symmetric(theme.sizes.margin, theme.sizes.margin);
    Panel::right("annotations")
        .default_size(theme.sizes.right_panel)
        .size_range(beside_the_text(ui, RIGHT_WIDTHS, 0.0))
        .frame(scene.chrome(Margin::ZERO))
        .show(ui, |ui| {
            let Some(article) = scene.session.article() else {
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
                            zone: &scene.session.zone,
                        };
                        inspector::show(ui, &data, &mut drafts, scene.core);
                    });
            }
            CentralPanel::default()
                .frame(scene.chrome(margin))
                .show(ui, |ui| {
                    let (engine, post) = (&mut *parts.engine, parts.post);
                    parts.tools.show(Place::Side, ui, &scene, engine, post);
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
                    let view = &mut views.annotations;
                    annotation_list::show(ui, &data, view, parts.engine, scene.core);
                });
        });
    parts.session.drafts = drafts;
}

fn centre(
    ui: &mut Ui,
    parts: &mut Parts<'_>,
    given: &Given<'_>,
) -> Option<(ReaderOutput, egui::Rect)> {
    let theme = given.theme;
    if parts.session.article().is_none() {
        let session = &*parts.session;
        let data = start_page::Data {
            preferences: &session.preferences,
            samples: session.samples.as_ref(),
            is_opening: !session.opening.is_empty(),
            open_key: &UiCommand::Open.row().key_text(given.is_mac),
            theme,
        };
        start_page::show(ui, &data, parts.core);
        return None;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let scene = given.scene(parts.session, parts.act, parts.core);
    for place in [Place::Strip, Place::Bar] {
        parts
            .tools
            .show(place, ui, &scene, parts.engine, parts.post);
        if place == Place::Strip {
            for strip in strips(scene.session) {
                banner::show(ui, &strip, theme, scene.core);
            }
        }
    }
    let style = parts.session.page_style();
    let has_marker = parts.session.marker.is_some();
    let article = parts.session.article_mut()?;
    let hits = parts.tools.hits(article.key, theme);
    let over = reading::Over {
        has_marker,
        hits: hits.unwrap_or_else(Shown::nothing),
    };
    let output = reading::show(ui, article, &style, theme, &over, parts.engine, parts.core);
    if let Some(response) = &output.response {
        let scene = given.scene(parts.session, parts.act, parts.core);
        text_menu::show(response, &scene);
    }
    let rect = output
        .response
        .as_ref()
        .map_or(ui.min_rect(), |response| response.rect);
    Some((output, rect))
}

/// What must be known about the active article.
fn strips(state: &Session) -> Vec<banner::Data> {
    let mut strips = Vec::new();
    let Some(article) = state.article() else {
        return strips;
    };
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
    scene: &Scene<'_>,
    output: &ReaderOutput,
    page: egui::Rect,
    engine: &mut TextEngine,
) {
    let (state, sender) = (scene.session, scene.core);
    let Some(article) = state.article() else {
        return;
    };
    if state.modal.is_some() {
        return;
    }
    // A selection that is being made has no bar yet; a bar that is being clicked stays.
    let bar = selection_bar::rect(ctx);
    let is_still = ctx.input(|input| {
        let pressed = input.pointer.press_origin();
        let is_on_bar = pressed.is_some_and(|at| bar.is_some_and(|bar| bar.contains(at)));
        (!input.pointer.any_down() || is_on_bar) && !input.modifiers.shift
    });
    // What was just marked is tagged further by keys or in the tool bar: the bar must not cover what is read next.
    let is_marked = article
        .chosen
        .and_then(|id| article.place_of(id))
        .is_some_and(|range| article.reader.selection() == Some(range));
    if let Some(selection) = output.selection_rect
        && article.is_editable()
        && state.marker.is_none()
        && is_still
        && !is_marked
    {
        let set = article.workspace.set();
        let chosen = article.chosen_annotation();
        let data = selection_bar::Data {
            selection,
            page,
            tags: scene.tags,
            continues: chosen.map(|annotation| set.speaker_name(annotation)),
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
            .map(|key| annotation_of(*key))
            .collect();
        let mut data =
            hover_card::Data::new(&ids, article.workspace.set(), &article.looks, scene.theme);
        data.explanation.clone_from(&output.explanation);
        hover_card::show(response, &data, engine);
    }
}
