//! The text itself: hands the article to the reading pane and turns what happened there into commands.

use crate::{
    app::{
        base::{paths::shown_file_name, theme::Theme},
        core::{
            command::{AppCommand, CommandSender},
            view::hits::{Shown, WithHits},
        },
        session::{
            article::OpenArticle,
            shown::{ArticleDecorations, annotation_of, key_of},
        },
    },
    edit::Edit,
    reader::{PageStyle, ReaderEvent, ReaderInput, ReaderOutput, TextEngine},
};
use egui::Ui;

/// What is shown beside the article and its marks.
pub struct Over<'a> {
    /// Whether a marker is in hand.
    pub has_marker: bool,
    /// What was found.
    pub hits: Shown<'a>,
}

/// Shows the pane; what the pane said stays for the bars and cards beside it.
pub fn show(
    ui: &mut Ui,
    article: &mut OpenArticle,
    style: &PageStyle,
    theme: &Theme,
    over: &Over<'_>,
    engine: &mut TextEngine,
    sender: &CommandSender,
) -> ReaderOutput {
    article
        .looks
        .refresh(&article.workspace, theme, &article.filter);
    let name = shown_file_name(&article.path);
    let editable = article.is_editable();
    let map = article
        .map
        .ticks(article.tags.all(), &article.looks, &article.filter);
    let both;
    let map = if over.hits.ticks.is_empty() {
        map
    } else {
        both = [map, over.hits.ticks].concat();
        &both
    };
    let decorations = ArticleDecorations {
        workspace: &article.workspace,
        looks: &article.looks,
        filter: &article.filter,
    };
    let decorations = WithHits {
        decorations: &decorations,
        shown: &over.hits,
    };
    let input = ReaderInput {
        style,
        decorations: &decorations,
        chosen: article.chosen.map(key_of),
        editable,
        map,
        marker: over.has_marker,
        name: &name,
    };
    let output = article.reader.show(ui, engine, &input);
    article.has_focus = output.has_focus;
    for event in &output.events {
        for command in commands(event) {
            sender.send(command);
        }
    }
    output
}

/// What an event of the pane asks for.
fn commands(event: &ReaderEvent) -> Vec<AppCommand> {
    match event {
        ReaderEvent::Clicked { at, keys } => {
            let ids = keys.iter().map(|key| annotation_of(*key)).collect();
            vec![AppCommand::Clicked(*at, ids)]
        }
        ReaderEvent::CopyAsked => vec![AppCommand::Copy],
        ReaderEvent::Selected { range } => vec![AppCommand::SelectionFinished(*range)],
        ReaderEvent::EndMoved {
            key,
            segment,
            range,
        } => vec![AppCommand::Edit(Edit::Retarget {
            id: annotation_of(*key),
            segment: *segment as usize,
            range: *range,
        })],
    }
}
