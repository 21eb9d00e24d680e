//! The question: a number, and what it counts.

use super::{Message, Unit};
use crate::app::{
    base::{
        form::{Pressed, buttons, is_entered, title},
        widgets::{TextField, count},
    },
    tools::tool::ViewCx,
};
use egui::{Id, RichText, Ui};

/// Most digits of a number.
const MAX_DIGITS: usize = 12;

/// What is being typed.
pub struct View {
    number: String,
    unit: Unit,
    n_lines: usize,
    has_focus: bool,
}

impl View {
    /// An empty number that counts `unit`, in a text of `n_lines` lines.
    pub fn new(unit: Unit, n_lines: usize) -> Self {
        Self {
            number: String::new(),
            unit,
            n_lines,
            has_focus: false,
        }
    }

    /// The number as typed, if it is one above 0.
    fn number(&self) -> Option<usize> {
        let number = self.number.trim().parse();
        number.ok().filter(|number| *number > 0)
    }
}

/// Draws the question.
pub fn show(ui: &mut Ui, view: &mut View, cx: &ViewCx<'_, '_, Message>) {
    let theme = cx.scene.theme;
    title(ui, "Go to", theme);
    let field = TextField::line(Id::unique("number to go to"), "Number", MAX_DIGITS).hint("Number");
    let response = field.show(ui, &mut view.number);
    if !std::mem::replace(&mut view.has_focus, true) {
        response.request_focus();
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.selectable_value(&mut view.unit, Unit::Paragraph, "Paragraph");
        ui.selectable_value(&mut view.unit, Unit::Line, "Line");
        if view.unit == Unit::Line {
            let text = format!("of {}", count(view.n_lines));
            ui.label(RichText::new(text).color(theme.colours.muted));
        }
    });
    let number = view.number();
    let is_entered = is_entered(ui) && number.is_some();
    let pressed = buttons(ui, "Go", number.is_some(), theme);
    if pressed == Pressed::Cancel {
        cx.close();
    }
    if let Some(number) = number
        && (pressed == Pressed::Done || is_entered)
    {
        cx.close();
        cx.send(Message::Go(view.unit, number));
    }
}
