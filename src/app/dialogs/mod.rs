//! Dialogs: one at a time, over the window. Escape and a click beside it close it.

mod about;
mod comparison;
pub mod conflicts;
mod details;
mod encoding;
mod guideline;
mod help;
mod palette;
mod path;
mod preferences;
pub mod reading;
pub mod recovery;
mod salvaged;
mod tag;
mod unsaved;
pub mod versions;

use super::{
    command::{AppCommand, ArticleKey, CommandSender, DialogKind, Environment, Salvage},
    comparison::Comparison,
    state::{AppState, shown_file_name},
    tags::Tags,
    theme::Theme,
    widgets::{TagRow, TextField},
};
use crate::{
    annotation::TagId,
    reader::{PageStyle, TextEngine},
};
use egui::{Button, Frame, Id, Margin, Modal, RichText, ScrollArea, Ui, vec2};
use jiff::tz::TimeZone;

/// The open dialog with what is being typed in it.
pub enum Dialog {
    /// All commands by name.
    Palette(palette::View),
    /// All keys.
    Help,
    /// What this program is.
    About,
    /// Name, theme, text.
    Preferences(Box<preferences::View>),
    /// A tag's record.
    Tag(Box<tag::View>),
    /// When to use a tag.
    Guideline(TagId),
    /// Title, author, date.
    Details(Box<details::View>),
    /// Encodings.
    Encoding,
    /// A path.
    Path(path::View),
    /// Two versions of an article's annotations.
    Comparison(Box<Comparison>),
    /// Unsaved work of a program that has ended, article by article.
    UnsavedWork,
    /// What the work on one article would change.
    Recover(Box<recovery::View>),
    /// What could be read of a damaged file.
    Salvaged(ArticleKey, Option<Box<Salvage>>),
    /// The versions that were saved before.
    Versions(versions::View),
    /// What a merge has left open.
    Conflicts(Box<conflicts::View>),
    /// A long text, to be read.
    Reading(Box<reading::View>),
    /// Unsaved changes.
    Unsaved {
        /// The articles.
        keys: Vec<ArticleKey>,
        /// The program is to end after that.
        is_quitting: bool,
    },
}

impl Dialog {
    /// A dialog with what the state knows filled in; `None` when it needs an article and none is open.
    pub fn new(kind: DialogKind, state: &AppState) -> Option<Self> {
        let article = state.article();
        let set = article.map(|article| article.workspace.set());
        Some(match kind {
            DialogKind::Palette => Self::Palette(palette::View::default()),
            DialogKind::Help => Self::Help,
            DialogKind::About => Self::About,
            DialogKind::Preferences => {
                Self::Preferences(Box::new(preferences::View::new(&state.preferences)))
            }
            DialogKind::NewTag => Self::Tag(Box::new(tag::View::new_tag(set?))),
            DialogKind::EditTag(id) => Self::Tag(Box::new(tag::View::edit(set?, &id)?)),
            DialogKind::Guideline(id) => {
                set?.tag(&id)?;
                Self::Guideline(id)
            }
            DialogKind::ArticleDetails => {
                Self::Details(Box::new(details::View::new(set?, state.article()?.text())))
            }
            DialogKind::Encoding => {
                article?;
                Self::Encoding
            }
            DialogKind::OpenPath => {
                let near = article
                    .map(|article| article.path.clone())
                    .or_else(|| state.preferences.recent.first().cloned());
                Self::Path(path::View::open(near))
            }
            DialogKind::SavePath(key) => {
                let article = state.find(key)?;
                Self::Path(path::View::save(key, &article.annotations_path))
            }
        })
    }
}

/// What dialogs show of the state.
pub struct Data<'a> {
    /// What is possible now.
    pub environment: &'a Environment,
    /// The first tags of the active article.
    pub tags: &'a [TagRow],
    /// All its tags; `None` when none is open.
    pub all_tags: Option<Tags<'a>>,
    /// How the reading pane is set.
    pub style: PageStyle,
    /// Names of the articles that are unsaved, by key.
    pub unsaved: Vec<(ArticleKey, String)>,
    /// Unsaved work of a program that has ended.
    pub unsaved_work: Vec<recovery::Found>,
    /// The active article and its encoding.
    pub encoding: Option<(ArticleKey, &'static str)>,
    /// Whether keys are named as on a Mac.
    pub is_mac: bool,
    /// The clock on the person's wall.
    pub zone: &'a TimeZone,
    /// Theme.
    pub theme: &'a Theme,
}

impl<'a> Data<'a> {
    /// What the dialogs show of `state`.
    pub fn new(
        state: &'a AppState,
        environment: &'a Environment,
        tags: &'a [TagRow],
        is_mac: bool,
        theme: &'a Theme,
    ) -> Self {
        Self {
            environment,
            tags,
            all_tags: state.article().map(|article| Tags::new(article, theme)),
            style: state.page_style(),
            unsaved: state
                .articles
                .iter()
                .filter(|article| article.is_unsaved())
                .map(|article| (article.key, shown_file_name(&article.path)))
                .collect(),
            unsaved_work: state
                .unsaved_work
                .iter()
                .map(|unsaved| recovery::Found {
                    id: unsaved.id,
                    article: unsaved.recovery.article.clone(),
                    written: unsaved.recovery.last_written,
                    n_changes: unsaved.recovery.n_changes,
                })
                .collect(),
            encoding: state
                .article()
                .map(|article| (article.key, article.encoding)),
            is_mac,
            zone: &state.zone,
            theme,
        }
    }
}

/// Draws the open dialog.
pub fn show(
    ctx: &egui::Context,
    data: &Data<'_>,
    dialog: &mut Dialog,
    engine: &mut TextEngine,
    sender: &CommandSender,
) {
    let theme = data.theme;
    let (name, width): (&str, f32) = match dialog {
        Dialog::Palette(_) => ("Find a command", 520.0),
        Dialog::Help => ("Keys and help", 640.0),
        Dialog::About => ("About Sourcemark", 420.0),
        Dialog::Preferences(_) => ("Preferences", 440.0),
        Dialog::Tag(_) => ("Tag", 460.0),
        Dialog::Guideline(_) => ("Guideline", 520.0),
        Dialog::Details(_) => ("Article details", 480.0),
        Dialog::Encoding => ("Encoding", 360.0),
        Dialog::Path(_) => ("Path", 560.0),
        Dialog::Comparison(_) => ("Two versions", 600.0),
        Dialog::UnsavedWork => ("Unsaved work", 560.0),
        Dialog::Recover(_) => ("Recover unsaved work", 600.0),
        Dialog::Salvaged(..) => ("Damaged file", 560.0),
        Dialog::Versions(_) => ("Earlier versions", 480.0),
        Dialog::Conflicts(_) => ("Conflicts", 600.0),
        Dialog::Reading(_) => ("Long text", 640.0),
        Dialog::Unsaved { .. } => ("Unsaved annotations", 440.0),
    };
    let is_palette = matches!(dialog, Dialog::Palette(_));
    let mut area = Modal::default_area(Id::unique(("dialog", name)));
    if is_palette {
        area = area.anchor(egui::Align2::CENTER_TOP, vec2(0.0, 96.0));
    }
    let response = Modal::new(Id::unique(("dialog", name)))
        .area(
            area.accessible_name(name)
                .role(egui::accesskit::Role::Dialog),
        )
        .backdrop_color(theme.colours.backdrop)
        .frame(
            Frame::window(&ctx.global_style()).inner_margin(Margin::same(if is_palette {
                8
            } else {
                20
            })),
        )
        .show(ctx, |ui| {
            ui.set_width(width.min(ctx.content_rect().width() - 64.0));
            match dialog {
                Dialog::Palette(view) => palette::show(ui, data, view, sender),
                Dialog::Help => help::show(ui, data, sender),
                Dialog::About => about::show(ui, data, sender),
                Dialog::Preferences(view) => preferences::show(ui, data, view, sender),
                Dialog::Tag(view) => tag::show(ui, data, view, sender),
                Dialog::Guideline(tag) => guideline::show(ui, data, tag, sender),
                Dialog::Reading(view) => reading::show(ui, data, view, engine, sender),
                Dialog::Details(view) => details::show(ui, data, view, sender),
                Dialog::Encoding => encoding::show(ui, data, sender),
                Dialog::Path(view) => path::show(ui, data, view, sender),
                Dialog::Comparison(known) => comparison::show(ui, data, known, engine, sender),
                Dialog::UnsavedWork => recovery::show_list(ui, data, sender),
                Dialog::Recover(view) => recovery::show(ui, data, view, engine, sender),
                Dialog::Salvaged(key, salvage) => salvaged::show(ui, data, *key, salvage, sender),
                Dialog::Versions(view) => versions::show(ui, data, view, sender),
                Dialog::Conflicts(view) => conflicts::show(ui, data, view, engine, sender),
                Dialog::Unsaved { keys, is_quitting } => {
                    unsaved::show(ui, data, keys, *is_quitting, sender);
                }
            }
        });
    if response.should_close() {
        sender.send(AppCommand::CloseDialog);
    }
}

/// The heading of a dialog.
fn title(ui: &mut Ui, text: &str, theme: &Theme) {
    let heading = RichText::new(text)
        .font(Theme::bold(theme.sizes.heading))
        .color(theme.colours.text);
    ui.add(egui::Label::new(heading).wrap());
    ui.add_space(12.0);
}

/// A word above a field.
fn caption(ui: &mut Ui, text: &str, theme: &Theme) {
    ui.label(
        RichText::new(text)
            .font(Theme::bold(theme.sizes.small))
            .color(theme.colours.muted),
    );
}

/// A field with its word above it, for at most `most` code points.
fn field(
    ui: &mut Ui,
    label: &str,
    value: &mut String,
    hint: &str,
    most: usize,
    theme: &Theme,
    sender: &CommandSender,
) -> egui::Response {
    caption(ui, label, theme);
    let id = ui.make_persistent_id(label);
    let field = TextField::line(id, label, most).hint(hint);
    let response = field.show(ui, value, sender);
    ui.add_space(6.0);
    response
}

/// Whether Enter was pressed and is no widget's own: a field of one line lets go of the keyboard with it.
fn is_entered(ui: &Ui) -> bool {
    ui.input(|input| input.key_pressed(egui::Key::Enter))
        && ui.memory(|memory| memory.focused().is_none())
}

/// The buttons at the foot: Cancel, and the one that does it.
fn buttons(ui: &mut Ui, does: &str, is_ready: bool, theme: &Theme, sender: &CommandSender) -> bool {
    ui.add_space(12.0);
    let mut is_done = false;
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        is_done = ui.add_enabled(is_ready, primary(does, theme)).clicked();
        if ui
            .add(Button::new("Cancel").min_size(vec2(88.0, 32.0)))
            .clicked()
        {
            sender.send(AppCommand::CloseDialog);
        }
    });
    is_done
}

/// The one button that stands out.
fn primary<'a>(text: &str, theme: &Theme) -> Button<'a> {
    Button::new(
        RichText::new(text)
            .font(Theme::bold(theme.sizes.body))
            .color(theme.colours.on_accent),
    )
    .fill(theme.colours.accent)
    .min_size(vec2(88.0, 32.0))
}

/// A list that scrolls when it is longer than the window.
fn scrolled(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let room = ui.ctx().content_rect().height() - 220.0;
    ScrollArea::vertical()
        .max_height(room.max(160.0))
        .auto_shrink([false, true])
        .show(ui, contents);
}
