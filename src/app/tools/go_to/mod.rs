//! Goes to a paragraph or a line by its number.

mod view;

use super::tool::{Action, Cx, Place, Tool, ViewCx};
use crate::{
    app::{
        base::{
            action::{Menu, Row, cmd},
            form::ModalLook,
            jobs::{Job, JobFailure},
        },
        core::command::AppCommand,
        session::article::ArticleKey,
    },
    reader::Numbering,
    text::{ByteOffset, ParagraphCount, SourceText, TextRange},
};
use egui::{Key, Ui};
use view::View;

/// The question for a number, while it is open.
#[derive(Default)]
pub struct GoTo {
    view: Option<View>,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Lines of the file that are not blank.
    Paragraph,
    /// Lines of the file.
    Line,
}

/// What the tool is told and asked.
#[derive(Debug)]
pub enum Message {
    /// Ask for a number.
    Ask,
    /// Go to the paragraph or line of this number, counted from 1; to the last one when there are fewer.
    Go(Unit, usize),
    /// A job has found where it begins.
    Found(ArticleKey, SourceText, ByteOffset),
    /// A job did not get to its end.
    Failed(JobFailure),
}

/// The job that counts to the number.
#[derive(Clone, Copy)]
struct Work;

impl Job for Work {
    type Message = Message;

    fn name(self) -> &'static str {
        "go to"
    }

    fn failed(self, failure: JobFailure) -> Message {
        Message::Failed(failure)
    }
}

impl Tool for GoTo {
    type Message = Message;
    const NAME: &'static str = "go to";
    const ACTIONS: &'static [Action<Self>] = &[Action {
        row: Row::new("GoTo", Menu::Go, 0, "Go to paragraph…")
            .tooltip("Go to a paragraph or a line by its number.")
            .keys(&[cmd(Key::G)])
            .order(90),
        message: |_, environment| environment.article.as_ref().map(|_| Message::Ask),
    }];

    fn update(&mut self, message: Message, cx: &mut Cx<'_, Message>) {
        match message {
            Message::Ask => {
                let session = cx.session();
                let Some(article) = session.article() else {
                    return;
                };
                let unit = match session.preferences.numbering {
                    Numbering::Lines => Unit::Line,
                    Numbering::Paragraphs | Numbering::None => Unit::Paragraph,
                };
                self.view = Some(View::new(unit, article.text().lines().n_lines()));
                cx.open();
            }
            Message::Go(unit, number) => {
                let Some(article) = cx.session().article() else {
                    return;
                };
                let (key, text) = (article.key, article.text().clone());
                cx.awaited_job(Work, move |sender| {
                    let start = start_of(&text, unit, number);
                    sender.send(Message::Found(key, text, start));
                });
            }
            Message::Found(key, text, start) => {
                let article = cx.session().article();
                let is_shown = article.is_some_and(|it| it.key == key && it.text().is_same(&text));
                if is_shown {
                    cx.run(AppCommand::Select(TextRange::empty(start)));
                }
            }
            Message::Failed(failure) => {
                cx.job_failed("The paragraph was not found", &failure, "Try again.");
            }
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        self.view.as_ref().map(|_| ModalLook::new("Go to", 320.0))
    }

    fn close(&mut self) {
        self.view = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Message>) {
        if let (Place::Modal, Some(view)) = (place, &mut self.view) {
            view::show(ui, view, cx);
        }
    }
}

/// Where the paragraph or line of a number begins; the last one when there are fewer.
fn start_of(text: &SourceText, unit: Unit, number: usize) -> ByteOffset {
    let n_lines = text.lines().n_lines();
    let line = match unit {
        Unit::Line => number.clamp(1, n_lines.max(1)) - 1,
        Unit::Paragraph => {
            let count = ParagraphCount::new(text);
            let last = || {
                (0..n_lines)
                    .rev()
                    .find(|line| count.number(text, *line).is_some())
            };
            count
                .line_of(text, number.max(1))
                .or_else(last)
                .unwrap_or(0)
        }
    };
    text.lines().start(line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_leads_to_its_line_or_to_the_last() {
        let text = SourceText::new("One.\n\nTwo.\r\n\r\nThree.\n\n".to_owned()).unwrap();
        let at = |unit, number| {
            text.as_str()[start_of(&text, unit, number).get()..]
                .lines()
                .next()
        };
        for (number, words) in [
            (0, "One."),
            (1, "One."),
            (2, "Two."),
            (3, "Three."),
            (9, "Three."),
        ] {
            assert_eq!(
                at(Unit::Paragraph, number),
                Some(words),
                "paragraph {number}"
            );
        }
        assert_eq!(at(Unit::Line, 3), Some("Two."));
        assert_eq!(at(Unit::Line, 2), Some(""));
        let end = start_of(&text, Unit::Line, 1_000);
        assert_eq!(text.line_col(end).line + 1, text.lines().n_lines());
        let empty = SourceText::new(String::new()).unwrap();
        assert_eq!(start_of(&empty, Unit::Paragraph, 4).get(), 0);
        assert_eq!(start_of(&empty, Unit::Line, 4).get(), 0);
    }
}
