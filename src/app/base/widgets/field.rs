//! Text fields that hold at most so much, and give their memory back when they go.
//!
//! egui lays the whole of a field out with each key and keeps up to a hundred earlier states of it, so a megabyte
//! that is pasted would cost hundreds. What is longer than a field may hold is shown by its beginning, and stays as it
//! is until the person clears it.

use crate::{
    app::base::{short, widgets::count},
    text::{beginning, is_longer},
};
use egui::{
    Context, Event, Id, Label, Margin, Response, RichText, TextBuffer, TextEdit, Ui, WidgetInfo,
    accesskit::Role, text::CharIndex, text_edit::TextEditState,
};
use std::{any::TypeId, ops::Range};

/// Most code points of a text that is written in the window: five pages.
pub const MAX_TEXT_CHARS: usize = 10_000;
/// Most code points of what is only looked for, or of a path.
pub const MAX_WORDS_CHARS: usize = 4_000;
/// How much of a text that is too long is shown, in code points.
const BEGINNING: usize = 300;

/// How a field looks, what it is called, and how much it holds.
pub struct TextField<'a> {
    /// Names it for egui.
    pub id: Id,
    /// Names it for people.
    pub label: &'a str,
    /// What is shown while it is empty.
    pub hint: &'a str,
    /// Most code points.
    pub most: usize,
    /// Rows of a field of several lines; `None` for one line.
    pub n_rows: Option<usize>,
    /// What it is.
    pub role: Role,
    /// Blank space inside its edge.
    pub margin: Margin,
}

/// Notes that of what was pasted only `most` characters were taken.
fn note_cut(ctx: &Context, most: usize) {
    ctx.data_mut(|data| data.insert_temp(Id::unique("cut"), most));
}

/// Returns how many characters a field has room for into which more were pasted since this was asked last.
pub fn take_cut(ctx: &Context) -> Option<usize> {
    ctx.data_mut(|data| data.remove_temp(Id::unique("cut")))
}

impl<'a> TextField<'a> {
    /// A field of one line for a name of at most `most` code points.
    pub fn line(id: Id, label: &'a str, most: usize) -> Self {
        Self {
            id,
            label,
            hint: "",
            most,
            n_rows: None,
            role: Role::TextInput,
            margin: Margin::symmetric(8, 6),
        }
    }

    /// A field of `n_rows` lines or more.
    pub fn lines(id: Id, label: &'a str, n_rows: usize) -> Self {
        Self {
            n_rows: Some(n_rows),
            role: Role::MultilineTextInput,
            ..Self::line(id, label, MAX_TEXT_CHARS)
        }
    }

    /// The same with words that are shown while it is empty.
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    /// Whether `value` can be edited in it.
    pub fn holds(&self, value: &str) -> bool {
        !is_longer(value, self.most)
    }

    /// Shows the field with `value` in it, as wide as the space there is.
    pub fn show(&self, ui: &mut Ui, value: &mut String) -> Response {
        self.show_with(ui, value, |edit| edit)
    }

    /// The same for a field that has something more about it.
    pub fn show_with(
        &self,
        ui: &mut Ui,
        value: &mut String,
        more: impl FnOnce(TextEdit<'_>) -> TextEdit<'_>,
    ) -> Response {
        if !self.holds(value) {
            return self.show_long(ui, value);
        }
        let mut buffer = Bounded {
            text: value,
            most: self.most,
            has_cut: false,
        };
        let edit = match self.n_rows {
            Some(n_rows) => TextEdit::multiline(&mut buffer).desired_rows(n_rows),
            None => TextEdit::singleline(&mut buffer),
        };
        let edit = edit
            .id(self.id)
            .hint_text(self.hint.to_owned())
            .desired_width(f32::INFINITY)
            .margin(self.margin);
        let response = ui.add(more(edit));
        let is_enabled = ui.is_enabled();
        response.widget_info(|| WidgetInfo::labeled(self.role, is_enabled, self.label));
        remember(ui.ctx(), self.id);
        // A letter that there is no room for is seen not to come.
        if buffer.has_cut && has_pasted(ui) {
            note_cut(ui.ctx(), self.most);
        }
        response
    }

    /// The beginning of a value that is too long, and the way to another one.
    fn show_long(&self, ui: &mut Ui, value: &mut String) -> Response {
        let shown = short::paragraph(value, BEGINNING).into_owned();
        ui.add(Label::new(shown).wrap());
        let n_chars = value.chars().count();
        let text = format!(
            "{} characters. At most {} can be edited here; the whole is kept as it is.",
            count(n_chars),
            count(self.most)
        );
        ui.add(Label::new(RichText::new(text).weak()).wrap());
        let mut clear = ui.button("Clear");
        clear.widget_info(|| {
            let label = format!("Clear the field {}", self.label);
            WidgetInfo::labeled(Role::Button, ui.is_enabled(), label)
        });
        if clear.clicked() {
            value.clear();
            clear.mark_changed();
            ui.memory_mut(|memory| memory.request_focus(self.id));
        }
        clear
    }
}

fn has_pasted(ui: &Ui) -> bool {
    let is_paste =
        |event: &Event| matches!(event, Event::Paste(_) | Event::MiddleClickPaste { .. });
    ui.input(|input| input.events.iter().any(is_paste))
}

/// A text to edit with room for `most` code points. egui's own limit would cut inside a letter.
struct Bounded<'a> {
    text: &'a mut String,
    most: usize,
    /// Whether something was left out.
    has_cut: bool,
}

impl TextBuffer for Bounded<'_> {
    fn is_mutable(&self) -> bool {
        true
    }

    fn as_str(&self) -> &str {
        self.text
    }

    fn insert_text(&mut self, text: &str, char_index: CharIndex) -> usize {
        let room = self.most.saturating_sub(self.text.chars().count());
        let kept = beginning(text, room);
        self.has_cut |= kept.len() < text.len();
        self.text.insert_text(kept, char_index)
    }

    fn delete_char_range(&mut self, char_range: Range<CharIndex>) {
        self.text.delete_char_range(char_range);
    }

    fn type_id(&self) -> TypeId {
        TypeId::of::<Bounded<'static>>()
    }
}

/// The fields that were shown in this frame and in the one before.
#[derive(Clone, Default)]
struct Shown {
    now: Vec<Id>,
    before: Vec<Id>,
}

fn remember(ctx: &Context, id: Id) {
    ctx.data_mut(|data| {
        let shown = data.get_temp_mut_or_default::<Shown>(Id::NULL);
        if !shown.now.contains(&id) {
            shown.now.push(id);
        }
    });
}

/// Ends a frame: a field that was not shown in it gives back what egui kept of it, its earlier states above all.
pub fn forget_fields_out_of_sight(ctx: &Context) {
    ctx.data_mut(|data| {
        let shown = data.get_temp_mut_or_default::<Shown>(Id::NULL);
        let now = std::mem::take(&mut shown.now);
        let before = std::mem::replace(&mut shown.before, now.clone());
        for id in before.into_iter().filter(|id| !now.contains(id)) {
            data.remove::<TextEditState>(id);
        }
    });
}
