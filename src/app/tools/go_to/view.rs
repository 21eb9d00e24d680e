//! The question: a number, and what it counts.

use super::{Message, Unit};
use crate::app::{
    base::{
        form::{Pressed, buttons, is_entered, title},
        widgets::{TextField, count},
    },
    tools::tool::ViewCx,
};
use egui::{Id, Key, RichText, Ui};

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

    /// The number as typed, in the digits of any script, if it is one above 0.
    fn number(&self) -> Option<usize> {
        let mut number = 0_usize;
        for letter in self.number.trim().chars() {
            number = number.checked_mul(10)?.checked_add(digit(letter)?)?;
        }
        (number > 0).then_some(number)
    }
}

/// Draws the question.
pub fn show(ui: &mut Ui, view: &mut View, cx: &ViewCx<'_, '_, Message>) {
    let theme = cx.scene.theme;
    title(ui, "Go to", theme);
    let field = TextField::line(Id::unique("number to go to"), "Number", MAX_DIGITS).hint("Number");
    let response = field.show(ui, &mut view.number);
    // Enter on what is no number lets go of the field, which is to be mended.
    let is_left = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let is_wrong = !view.number.trim().is_empty() && view.number().is_none();
    if !std::mem::replace(&mut view.has_focus, true) || is_left && view.number().is_none() {
        response.request_focus();
    }
    if is_wrong {
        let text = RichText::new("Enter a whole number from 1.").size(theme.sizes.small);
        ui.label(text.color(theme.colours.danger));
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

/// The zeros of scripts with decimal digits of their own; the other nine follow each.
const ZEROS: [char; 19] = [
    '0', '\u{660}', '\u{6F0}', '\u{7C0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{B66}',
    '\u{BE6}', '\u{C66}', '\u{CE6}', '\u{D66}', '\u{E50}', '\u{ED0}', '\u{F20}', '\u{1040}',
    '\u{17E0}', '\u{FF10}',
];

/// What a decimal digit counts.
fn digit(letter: char) -> Option<usize> {
    let offsets = ZEROS
        .iter()
        .map(|zero| (letter as usize).checked_sub(*zero as usize));
    offsets.flatten().find(|offset| *offset < 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_are_a_number() {
        let number = |typed: &str| {
            let mut view = View::new(Unit::Line, 1);
            typed.clone_into(&mut view.number);
            view.number()
        };
        for typed in ["12", " 12 ", "١٢", "۱۲", "१२", "１２"] {
            assert_eq!(number(typed), Some(12), "{typed}");
        }
        for typed in ["", "0", "-1", "1.5", "abc", "99999999999999999999999"] {
            assert_eq!(number(typed), None, "{typed}");
        }
    }
}
