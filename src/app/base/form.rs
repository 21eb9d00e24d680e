//! The parts that dialogs share: the frame, headings, fields, buttons.

use crate::app::base::{theme::Theme, widgets::TextField};
use egui::{Button, Context, Frame, Id, Margin, Modal, RichText, ScrollArea, Ui, vec2};

/// What a dialog looks like from outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModalLook {
    /// What it is called, for screen readers.
    pub name: &'static str,
    /// Its width in points, if the window is wide enough.
    pub width: f32,
    /// Whether it hangs from the top edge, with little space around what is in it.
    pub is_list: bool,
}

impl ModalLook {
    /// A dialog in the middle of the window.
    pub const fn new(name: &'static str, width: f32) -> Self {
        Self {
            name,
            width,
            is_list: false,
        }
    }
}

/// Draws the frame of a dialog over the window, and `contents` in it. Returns whether it is to be closed: Escape was
/// pressed, or something beside it was clicked.
pub fn modal(
    ctx: &Context,
    look: ModalLook,
    theme: &Theme,
    contents: impl FnOnce(&mut Ui),
) -> bool {
    let id = Id::unique(("dialog", look.name));
    let mut area = Modal::default_area(id);
    if look.is_list {
        area = area.anchor(egui::Align2::CENTER_TOP, vec2(0.0, 96.0));
    }
    let margin = if look.is_list { 8 } else { 20 };
    let response = Modal::new(id)
        .area(
            area.accessible_name(look.name)
                .role(egui::accesskit::Role::Dialog),
        )
        .backdrop_color(theme.colours.backdrop)
        .frame(Frame::window(&ctx.global_style()).inner_margin(Margin::same(margin)))
        .show(ctx, |ui| {
            ui.set_width(look.width.min(ctx.content_rect().width() - 64.0));
            contents(ui);
        });
    response.should_close()
}

/// The heading of a dialog.
pub fn title(ui: &mut Ui, text: &str, theme: &Theme) {
    let heading = RichText::new(text)
        .font(Theme::bold(theme.sizes.heading))
        .color(theme.colours.text);
    ui.add(egui::Label::new(heading).wrap());
    ui.add_space(12.0);
}

/// A word above a field.
pub fn caption(ui: &mut Ui, text: &str, theme: &Theme) {
    ui.label(
        RichText::new(text)
            .font(Theme::bold(theme.sizes.small))
            .color(theme.colours.muted),
    );
}

/// A field with its word above it, for at most `most` code points.
pub fn field(
    ui: &mut Ui,
    label: &str,
    value: &mut String,
    hint: &str,
    most: usize,
    theme: &Theme,
) -> egui::Response {
    caption(ui, label, theme);
    let id = ui.make_persistent_id(label);
    let field = TextField::line(id, label, most).hint(hint);
    let response = field.show(ui, value);
    ui.add_space(6.0);
    response
}

/// Whether Enter was pressed and is no widget's own: a field of one line lets go of the keyboard with it.
pub fn is_entered(ui: &Ui) -> bool {
    ui.input(|input| input.key_pressed(egui::Key::Enter))
        && ui.memory(|memory| memory.focused().is_none())
}

/// What was pressed at the foot of a dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// Nothing.
    Nothing,
    /// Cancel.
    Cancel,
    /// The button that does it.
    Done,
}

/// The buttons at the foot: Cancel, and the one that does it.
pub fn buttons(ui: &mut Ui, does: &str, is_ready: bool, theme: &Theme) -> Pressed {
    ui.add_space(12.0);
    let mut pressed = Pressed::Nothing;
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if ui.add_enabled(is_ready, primary(does, theme)).clicked() {
            pressed = Pressed::Done;
        }
        if ui
            .add(Button::new("Cancel").min_size(vec2(88.0, 32.0)))
            .clicked()
        {
            pressed = Pressed::Cancel;
        }
    });
    pressed
}

/// The one button that stands out.
pub fn primary<'a>(text: &str, theme: &Theme) -> Button<'a> {
    Button::new(
        RichText::new(text)
            .font(Theme::bold(theme.sizes.body))
            .color(theme.colours.on_accent),
    )
    .fill(theme.colours.accent)
    .min_size(vec2(88.0, 32.0))
}

/// A list that scrolls when it is longer than the window.
pub fn scrolled(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let room = ui.ctx().content_rect().height() - 220.0;
    ScrollArea::vertical()
        .max_height(room.max(160.0))
        .auto_shrink([false, true])
        .show(ui, contents);
}
