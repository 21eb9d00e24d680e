//! A new tag, or a tag's record: name, colour, pattern, key, guideline.

use crate::{
    annotation::{
        AnnotationSet, Kept, MAX_NAME_CHARS, MAX_NAMED_RECORDS, Pattern, Rgb8, Tag, TagId,
    },
    app::{
        base::{
            action::Actions,
            form::{Pressed, buttons, caption, field, is_entered, title},
            short,
            theme::{Theme, line_style},
            widgets::{TextField, count, pattern_line, swatch},
        },
        core::{
            command::{AppCommand, CommandSender},
            view::scene::Scene,
        },
    },
    edit::Edit,
    reader::Look,
};
use egui::{
    Rect, RichText, ScrollArea, Sense, StrokeKind, Ui, Vec2, WidgetInfo, accesskit::Role, pos2,
    vec2,
};
use imbl::OrdMap;
use std::sync::Arc;

/// Colours that are told apart, also by people who see fewer of them (Okabe and Ito, and shades between).
const PALETTE: [[u8; 3]; 12] = [
    [213, 94, 0],
    [0, 114, 178],
    [0, 158, 115],
    [176, 82, 140],
    [140, 109, 49],
    [86, 112, 140],
    [150, 80, 80],
    [90, 130, 40],
    [110, 100, 150],
    [200, 140, 0],
    [60, 150, 190],
    [120, 120, 120],
];

/// Height of the guideline's field; a longer guideline scrolls.
const GUIDELINE_HEIGHT: f32 = 220.0;

/// What is being typed.
pub struct View {
    /// The tag that is edited; `None` for a new one.
    known: Option<TagId>,
    name: String,
    colour: Rgb8,
    pattern: Pattern,
    key: String,
    guideline: String,
    kept: Kept,
    /// The tags there are.
    others: OrdMap<TagId, Arc<Tag>>,
    /// Why it cannot be saved yet, and of which name and key that was said.
    complaint: Option<(String, String, String)>,
}

impl View {
    /// An empty tag in the first colour and with the first digit that are free.
    pub fn new_tag(set: &AnnotationSet) -> Self {
        let colours = PALETTE.map(|[red, green, blue]| Rgb8 { red, green, blue });
        let is_free = |colour: &Rgb8| set.tags.values().all(|tag| tag.colour != *colour);
        let colour = colours.into_iter().find(is_free).unwrap_or(Rgb8 {
            red: 120,
            green: 120,
            blue: 120,
        });
        let patterns = Pattern::ALL;
        let pattern = patterns
            .into_iter()
            .nth(set.tags.len() % Pattern::ALL.len())
            .unwrap_or(Pattern::Solid);
        let key = "1234567890"
            .chars()
            .find(|key| set.tags.values().all(|tag| tag.key != Some(*key)));
        Self {
            known: None,
            name: String::new(),
            colour,
            pattern,
            key: key.map_or_else(String::new, String::from),
            guideline: String::new(),
            kept: Kept::default(),
            others: set.tags.clone(),
            complaint: None,
        }
    }

    /// The record of `id`; `None` when there is none.
    pub fn edit(set: &AnnotationSet, id: &TagId) -> Option<Self> {
        let tag = set.tag(id)?;
        Some(Self {
            known: Some(id.clone()),
            name: tag.name.clone(),
            colour: tag.colour,
            pattern: tag.pattern.clone(),
            key: tag.key.map_or_else(String::new, String::from),
            guideline: tag.guideline.clone(),
            kept: tag.kept.clone(),
            others: set.tags.without(id),
            complaint: None,
        })
    }

    /// The key as a letter; `None` for none.
    fn key(&self) -> Option<char> {
        self.key
            .trim()
            .chars()
            .next()
            .map(|key| key.to_ascii_lowercase())
    }

    /// Why it cannot be saved yet; empty when it can. Worked out when something was typed, not in each frame.
    fn complaint(&mut self, actions: &Actions) -> String {
        if let Some((name, key, said)) = &self.complaint
            && *name == self.name
            && *key == self.key
        {
            return said.clone();
        }
        let said = self.complain(actions);
        self.complaint = Some((self.name.clone(), self.key.clone(), said.clone()));
        said
    }

    fn complain(&self, actions: &Actions) -> String {
        if self.known.is_none() && self.others.len() >= MAX_NAMED_RECORDS {
            return format!(
                "The file has {} tags; at most {} are allowed. Remove unused tags.",
                count(self.others.len()),
                count(MAX_NAMED_RECORDS)
            );
        }
        if self.name.trim().is_empty() {
            return "A tag needs a name.".to_owned();
        }
        let wanted = self.name.trim().to_lowercase();
        // A letter takes at most three bytes more in lower case, so longer names need not be looked at.
        let may_be = |tag: &&Arc<Tag>| tag.name.len() <= 4 * wanted.len();
        let mut names = self.others.values().filter(may_be);
        if names.any(|tag| tag.name.to_lowercase() == wanted) {
            return "A tag with this name already exists.".to_owned();
        }
        let Some(key) = self.key() else {
            return String::new();
        };
        if let Some(other) = self.others.values().find(|tag| tag.key == Some(key)) {
            return format!(
                "The key {} is already used for “{}”.",
                key.to_uppercase(),
                short::name(&other.name)
            );
        }
        if actions.reserved_letters().contains(&key) {
            return format!(
                "The key {} is already used for another command.",
                key.to_uppercase()
            );
        }
        if !key.is_alphanumeric() {
            return "Enter one digit or letter.".to_owned();
        }
        String::new()
    }

    /// The record as typed; `None` when no id can be made of the name.
    fn tag(&self) -> Option<Tag> {
        let id = match &self.known {
            Some(id) => id.clone(),
            None => free_id(&self.name, &self.others)?,
        };
        Some(Tag {
            id,
            name: self.name.trim().to_owned(),
            colour: self.colour,
            pattern: self.pattern.clone(),
            key: self.key(),
            guideline: self.guideline.trim().to_owned(),
            kept: self.kept.clone(),
        })
    }
}

/// An id made of the name that no other tag has.
fn free_id(name: &str, others: &OrdMap<TagId, Arc<Tag>>) -> Option<TagId> {
    let is_free = |id: &TagId| !others.contains_key(id);
    let plain = TagId::from_label(name)?;
    if is_free(&plain) {
        return Some(plain);
    }
    (2..1_000)
        .filter_map(|number| TagId::from_label(&format!("{name} {number}")))
        .find(is_free)
}

/// Draws the form.
pub fn show(ui: &mut Ui, data: &Scene<'_>, view: &mut View, sender: &CommandSender) {
    let theme = data.theme;
    let heading = if view.known.is_some() {
        "Edit tag"
    } else {
        "New tag"
    };
    title(ui, heading, theme);
    let (hint, most) = ("For example: Apology", MAX_NAME_CHARS);
    let name = field(ui, "Name", &mut view.name, hint, most, theme);
    if view.name.is_empty() && ui.memory(|memory| memory.focused().is_none()) {
        name.request_focus();
    }
    caption(ui, "Colour", theme);
    colours(ui, view, theme);
    ui.add_space(6.0);
    caption(ui, "Line", theme);
    patterns(ui, view, theme);
    ui.add_space(6.0);
    caption(ui, "Key", theme);
    ui.horizontal(|ui| {
        let field = TextField::line(ui.make_persistent_id("key"), "Key", 1);
        field.show_with(ui, &mut view.key, |edit| edit.desired_width(36.0));
        ui.label(
            RichText::new("Digit or letter (optional)")
                .size(theme.sizes.small)
                .color(theme.colours.muted),
        );
    });
    ui.add_space(6.0);
    caption(ui, "Guideline", theme);
    let id = ui.make_persistent_id("guideline");
    let field = TextField::lines(id, "Guideline", 4).hint("When to use this tag, and when not");
    ScrollArea::vertical()
        .id_salt("guideline")
        .max_height(GUIDELINE_HEIGHT)
        .show(ui, |ui| field.show(ui, &mut view.guideline));
    let complaint = view.complaint(data.actions);
    let is_full = view.known.is_none() && view.others.len() >= MAX_NAMED_RECORDS;
    if !complaint.is_empty() && (is_full || !view.name.is_empty()) {
        ui.add_space(4.0);
        let complaint = RichText::new(&complaint).color(theme.colours.danger);
        ui.add(egui::Label::new(complaint).wrap());
    }
    let does = if view.known.is_some() {
        "Save tag"
    } else {
        "Add tag"
    };
    let is_entered = is_entered(ui) && complaint.is_empty();
    let pressed = buttons(ui, does, complaint.is_empty(), theme);
    if pressed == Pressed::Cancel {
        sender.send(AppCommand::CloseDialog);
    }
    if (pressed == Pressed::Done || is_entered)
        && let Some(tag) = view.tag()
    {
        sender.send(AppCommand::CloseDialog);
        sender.send(AppCommand::Edit(Edit::DefineTag(tag)));
    }
}

fn colours(ui: &mut Ui, view: &mut View, theme: &Theme) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(4.0);
        let own = [view.colour.red, view.colour.green, view.colour.blue];
        let extra = (!PALETTE.contains(&own)).then_some(own);
        for [red, green, blue] in PALETTE.into_iter().chain(extra) {
            let colour = Rgb8 { red, green, blue };
            let is_chosen = colour == view.colour;
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(28.0), Sense::click());
            response.widget_info(|| {
                WidgetInfo::selected(
                    Role::RadioButton,
                    true,
                    is_chosen,
                    format!("Colour {colour}"),
                )
            });
            ui.painter()
                .rect_filled(rect.shrink(4.0), 5.0, theme.swatch(colour));
            if is_chosen || response.has_focus() {
                let stroke = egui::Stroke::new(2.0, theme.colours.text);
                ui.painter()
                    .rect_stroke(rect, 7.0, stroke, StrokeKind::Inside);
            }
            if response.clicked() {
                view.colour = colour;
            }
        }
    });
}

fn patterns(ui: &mut Ui, view: &mut View, theme: &Theme) {
    ui.horizontal(|ui| {
        for pattern in Pattern::ALL {
            let is_chosen = pattern == view.pattern;
            let name = match pattern {
                Pattern::Solid | Pattern::Kept(_) => "Solid line",
                Pattern::Double => "Double line",
                Pattern::Dashed => "Dashed line",
                Pattern::Dotted => "Dotted line",
                Pattern::Wavy => "Wavy line",
            };
            let (rect, response) = ui.allocate_exact_size(vec2(56.0, 30.0), Sense::click());
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_chosen, name));
            if is_chosen || response.hovered() {
                ui.painter().rect_filled(rect, 6.0, theme.colours.hover);
            }
            let edge = if is_chosen {
                theme.colours.text
            } else {
                theme.colours.border
            };
            ui.painter()
                .rect_stroke(rect, 6.0, egui::Stroke::new(1.0, edge), StrokeKind::Inside);
            let line = pos2(rect.left() + 10.0, rect.center().y);
            pattern_line(
                ui.painter(),
                line,
                rect.width() - 20.0,
                line_style(&pattern),
                theme.ink(view.colour),
            );
            if response.on_hover_text(name).clicked() {
                view.pattern = pattern;
            }
        }
        ui.add_space(8.0);
        let (rect, _) = ui.allocate_exact_size(vec2(28.0, 28.0), Sense::hover());
        let look = Look {
            fill: theme.fill(view.colour),
            ink: theme.ink(view.colour),
            line: line_style(&view.pattern),
            label: String::new(),
        };
        swatch(
            ui.painter(),
            Rect::from_center_size(rect.center(), Vec2::splat(22.0)),
            &look,
        );
    });
}
