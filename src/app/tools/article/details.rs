//! What is known about the article: title, author, publisher, date, address.

use crate::{
    annotation::{AnnotationSet, Article, MAX_ADDRESS_CHARS, MAX_NAME_CHARS},
    app::{
        base::{
            form::{Pressed, buttons, field, is_entered, title},
            short,
            widgets::checkbox,
        },
        core::{
            command::{AppCommand, CommandSender},
            view::scene::Scene,
        },
    },
    edit::Edit,
    text::SourceText,
};
use egui::{RichText, Ui};

/// What is being typed.
pub struct View {
    article: Article,
    text: SourceText,
    embeds_text: bool,
}

impl View {
    /// The record as it is.
    pub fn new(set: &AnnotationSet, text: &SourceText) -> Self {
        Self {
            article: set.article.clone(),
            text: text.clone(),
            embeds_text: set.article.embedded_text.is_some(),
        }
    }

    /// The record as it was typed. The text that is embedded is the one that is shown.
    fn record(&self) -> Article {
        Article {
            embedded_text: self.embeds_text.then(|| self.text.as_str().into()),
            ..self.article.clone()
        }
    }
}

/// Draws the form.
pub fn show(ui: &mut Ui, data: &Scene<'_>, view: &mut View, sender: &CommandSender) {
    let theme = data.theme;
    title(ui, "Article details", theme);
    let article = &mut view.article;
    let fields = [
        ("Title", &mut article.title, "Headline"),
        ("Author", &mut article.author, "Byline"),
        (
            "Publisher",
            &mut article.publisher,
            "Newspaper, agency, site",
        ),
        ("Date", &mut article.date, "Such as 2026-03-01"),
    ];
    for (label, value, hint) in fields {
        field(ui, label, value, hint, MAX_NAME_CHARS, theme);
    }
    let (label, hint) = ("Address", "https://");
    field(ui, label, &mut article.url, hint, MAX_ADDRESS_CHARS, theme);
    ui.label(
        RichText::new(format!(
            "{} · {} characters · {} · {}",
            short::name(&article.file_name),
            article.n_chars,
            short::name(&article.encoding),
            article.newline.name()
        ))
        .size(theme.sizes.small)
        .color(theme.colours.muted),
    );
    let embeds = checkbox(
        ui,
        &mut view.embeds_text,
        "Include the article’s text in the annotation file",
        theme,
    );
    embeds.on_hover_text("Others can then open the annotations without the article.");
    let is_entered = is_entered(ui);
    let pressed = buttons(ui, "Save details", true, theme);
    if pressed == Pressed::Cancel {
        sender.send(AppCommand::CloseDialog);
    }
    if pressed == Pressed::Done || is_entered {
        let edit = Edit::DescribeArticle(Box::new(view.record()));
        sender.send(AppCommand::CloseDialog);
        sender.send(AppCommand::Edit(edit));
    }
}
