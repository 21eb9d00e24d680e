//! The bar over the reading pane: the query, its options, how many hits there are, and the way from one to the next.

use crate::{
    annotation::TagId,
    app::{
        base::{
            action::Row,
            sender::Sender,
            theme::Theme,
            widgets::{Icon, TagRow, TextField, count, icon_button},
        },
        core::command::Step,
        tools::find::{NEXT, PREVIOUS, Status, commands::FindCommand},
    },
    search::Query,
};
use egui::{
    Align, Button, Event, Frame, Id, Key, Label, Layout, Margin, Popup, Response, RichText,
    TextStyle, Ui, WidgetInfo,
    accesskit::{Live, Role},
    text::{CCursor, CCursorRange},
    text_edit::TextEditState,
    vec2,
};

/// Longest query, in code points.
const MAX_WORDS: usize = 1_000;
/// Width, in points, below which the bar shows its buttons in a second row.
const NARROW: f32 = 640.0;
/// Height of a row.
const ROW_HEIGHT: f32 = 32.0;
/// Room for "100 of 100,000 and more, from the top again" and for "3 of 41".
const STATUS_WIDTHS: (f32, f32) = (64.0, 200.0);

/// Most hits that are tagged at once: of more, nobody can say that all of them are meant.
const MAX_TAGGED: usize = 1_000;

/// What is being typed.
#[derive(Default)]
pub struct View {
    /// The query.
    pub query: Query,
    /// Whether the field is to have the keyboard, with all of its words selected.
    pub wants_focus: bool,
    /// The tag that all hits are to get, once that is confirmed.
    pub tag: Option<TagId>,
}

/// What the bar shows.
pub struct Data<'a> {
    /// What came of the search.
    pub status: &'a Status,
    /// The first tags, if the article can be edited.
    pub tags: &'a [TagRow],
    /// Whether keys are named as on a Mac.
    pub is_mac: bool,
    /// Theme.
    pub theme: &'a Theme,
}

/// Draws the bar.
pub fn show(ui: &mut Ui, data: &Data<'_>, view: &mut View, sender: &Sender<FindCommand>) {
    let theme = data.theme;
    let frame = Frame::NONE
        .fill(theme.colours.chrome)
        .inner_margin(Margin::symmetric(12, 6));
    let response = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        if ui.available_width() < NARROW {
            from_the_right(ui, |ui| {
                close(ui, sender);
                field(ui, view, sender);
            });
            let mut has_room = false;
            ui.horizontal(|ui| {
                options(ui, view, "Word", sender);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    steps(ui, data, sender);
                    tag_all(ui, data, view);
                    has_room = has_room_for_status(ui, data);
                    if has_room {
                        status(ui, data, ui.available_width());
                    }
                });
            });
            if !has_room {
                status(ui, data, ui.available_width());
            }
        } else {
            from_the_right(ui, |ui| {
                close(ui, sender);
                steps(ui, data, sender);
                tag_all(ui, data, view);
                let room = ui.available_width() * 0.3;
                status(ui, data, room.clamp(STATUS_WIDTHS.0, STATUS_WIDTHS.1));
                // From right to left, so the last one first.
                options(ui, view, "Whole words", sender);
                field(ui, view, sender);
            });
        }
        confirm(ui, data, view, sender);
        if let Status::Invalid(reason) = data.status {
            let text = format!("This is not a valid regular expression: {reason}.");
            let text = RichText::new(text).color(theme.colours.danger);
            live(ui.add(Label::new(text).wrap()));
        }
    });
    let rect = response.response.rect;
    let line = ui.visuals().widgets.noninteractive.bg_stroke;
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
}

/// A row that is filled from its right end, as high as a field.
fn from_the_right(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let size = vec2(ui.available_width(), ROW_HEIGHT);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), add);
}

fn field(ui: &mut Ui, view: &mut View, sender: &Sender<FindCommand>) {
    let id = Id::unique("words to find");
    let field = TextField {
        role: Role::SearchInput,
        ..TextField::line(id, "Find in the article", MAX_WORDS).hint("Find in the article")
    };
    // Enter goes to the next hit, and the field keeps the keyboard.
    let response = field.show_with(ui, &mut view.query.words, |edit| edit.return_key(None));
    if std::mem::take(&mut view.wants_focus) {
        response.request_focus();
        let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
        let all = CCursorRange::two(CCursor::default(), CCursor::end_of_str(&view.query.words));
        state.cursor.set_char_range(Some(all));
        state.store(ui.ctx(), id);
    }
    if response.changed() {
        sender.send(FindCommand::Changed);
    }
    if response.has_focus() {
        for step in ui.input(|input| input.events.iter().filter_map(step_of).collect::<Vec<_>>()) {
            sender.send(FindCommand::Go(step));
        }
    }
}

/// Which way Enter goes.
fn step_of(event: &Event) -> Option<Step> {
    match event {
        Event::Key {
            key: Key::Enter,
            pressed: true,
            modifiers,
            ..
        } if !modifiers.command && !modifiers.alt => Some(if modifiers.shift {
            Step::Back
        } else {
            Step::Forward
        }),
        _ => None,
    }
}

/// The switches. In a layout from right to left they come the other way round.
fn options(ui: &mut Ui, view: &mut View, word: &str, sender: &Sender<FindCommand>) {
    let options = &mut view.query.options;
    let mut switches = [
        (
            "Aa",
            "Match case and accents",
            "“Café” is found only as “Café”, not as “cafe”.",
            &mut options.is_exact,
        ),
        (
            word,
            "Whole words",
            "“art” is not found in “party”.",
            &mut options.whole_words,
        ),
        (
            ".*",
            "Regular expression",
            "Each hit lies within one paragraph; ^ and $ are the ends of a line.",
            &mut options.is_regex,
        ),
    ];
    if ui.layout().prefer_right_to_left() {
        switches.reverse();
    }
    let mut has_changed = false;
    for (text, label, tooltip, is_on) in switches {
        let button = Button::selectable(*is_on, text).min_size(vec2(28.0, 28.0));
        let response = ui.add(button);
        let is_enabled = ui.is_enabled();
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, is_enabled, *is_on, label));
        let response = response.on_hover_ui(|ui| {
            ui.strong(label);
            ui.label(tooltip);
        });
        if response.clicked() {
            *is_on = !*is_on;
            has_changed = true;
        }
    }
    if has_changed {
        sender.send(FindCommand::Changed);
    }
}

/// The buttons to the next hit and the one before, the right one first.
fn steps(ui: &mut Ui, data: &Data<'_>, sender: &Sender<FindCommand>) {
    let has_hits = matches!(data.status, Status::Hits { .. });
    let mut button = |icon, label: &str, row: &Row, step| {
        let label = format!("{label} ({})", row.key_text(data.is_mac));
        let response = ui.add_enabled_ui(has_hits, |ui| icon_button(ui, icon, &label));
        if response.inner.clicked() {
            sender.send(FindCommand::Go(step));
        }
    };
    button(Icon::Down, "Next hit", &NEXT, Step::Forward);
    button(Icon::Up, "Previous hit", &PREVIOUS, Step::Back);
}

fn close(ui: &mut Ui, sender: &Sender<FindCommand>) {
    if icon_button(ui, Icon::Close, "Close Find (Esc)").clicked() {
        sender.send(FindCommand::Close);
    }
}

/// A menu of the tags that all hits can get.
fn tag_all(ui: &mut Ui, data: &Data<'_>, view: &mut View) {
    let n_hits = n_taggable(data);
    ui.add_enabled_ui(n_hits.is_some() && !data.tags.is_empty(), |ui| {
        let response = icon_button(ui, Icon::Marker, "Tag all hits…");
        Popup::menu(&response).show(|ui| {
            for tag in data.tags {
                if ui
                    .button(format!("Tag all hits as {}…", tag.name))
                    .clicked()
                {
                    view.tag = Some(tag.id.clone());
                }
            }
        });
    });
}

/// How many hits can be tagged at once, if all of them can.
fn n_taggable(data: &Data<'_>) -> Option<usize> {
    match data.status {
        Status::Hits {
            n_hits,
            is_searching: false,
            ..
        } => Some(*n_hits).filter(|n_hits| *n_hits <= MAX_TAGGED),
        _ => None,
    }
}

/// Asks whether all hits are to be tagged.
fn confirm(ui: &mut Ui, data: &Data<'_>, view: &mut View, sender: &Sender<FindCommand>) {
    let tag = view.tag.as_ref();
    let tag = tag.and_then(|id| data.tags.iter().find(|tag| tag.id == *id));
    let (Some(tag), Some(n_hits)) = (tag, n_taggable(data)) else {
        view.tag = None;
        return;
    };
    let plural = if n_hits == 1 { "" } else { "s" };
    let n_hits = format!("{} hit{plural}", count(n_hits));
    let mut is_answered = false;
    ui.horizontal_wrapped(|ui| {
        ui.label(format!("Tag {n_hits} as {}?", tag.name));
        if ui.button(format!("Tag {n_hits}")).clicked() {
            sender.send(FindCommand::TagHits(tag.id.clone()));
            is_answered = true;
        }
        is_answered |= ui.button("Cancel").clicked();
    });
    if is_answered {
        view.tag = None;
    }
}

/// How many hits there are, in a place of `width` points, so that nothing moves while the number does.
fn status(ui: &mut Ui, data: &Data<'_>, width: f32) {
    let colours = &data.theme.colours;
    let colour = match data.status {
        Status::NotFound => colours.warning,
        _ => colours.muted,
    };
    let words = status_words(data.status);
    let layout = Layout::right_to_left(Align::Center);
    ui.allocate_ui_with_layout(vec2(width, 28.0), layout, |ui| {
        ui.set_width(width);
        let text = RichText::new(words).color(colour);
        live(ui.add(Label::new(text).truncate()));
    });
}

/// Whether the row that is being filled has room for all that the status says.
fn has_room_for_status(ui: &Ui, data: &Data<'_>) -> bool {
    let font = TextStyle::Body.resolve(ui.style());
    let words = status_words(data.status);
    let galley = ui
        .painter()
        .layout_no_wrap(words, font, data.theme.colours.muted);
    galley.size().x <= ui.available_width()
}

/// Lets a screen reader say what the label says whenever it says something else.
fn live(response: Response) {
    let node = |node: &mut egui::accesskit::Node| node.set_live(Live::Polite);
    response.ctx.accesskit_node_builder(response.id, node);
}

/// What the bar says about the search, in a few words.
pub fn status_words(status: &Status) -> String {
    let Status::Hits {
        current,
        n_hits,
        is_capped,
        is_searching,
        wrapped,
    } = status
    else {
        return match status {
            Status::Searching => "Searching…",
            Status::NotFound => "Not found",
            _ => "",
        }
        .to_owned();
    };
    let more = match (is_capped, is_searching) {
        (true, _) => " and more",
        (false, true) => "…",
        (false, false) => "",
    };
    let again = match wrapped {
        Some(Step::Forward) => ", from the top again",
        Some(Step::Back) => ", from the end again",
        None => "",
    };
    match (current, n_hits) {
        (Some(idx), _) => format!("{} of {}{more}{again}", count(idx + 1), count(*n_hits)),
        (None, 1) => format!("1 hit{more}"),
        (None, _) => format!("{} hits{more}", count(*n_hits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_hits_there_are() {
        let words = |current, n_hits, is_capped, is_searching, wrapped| {
            status_words(&Status::Hits {
                current,
                n_hits,
                is_capped,
                is_searching,
                wrapped,
            })
        };
        assert_eq!(words(Some(2), 41, false, false, None), "3 of 41");
        assert_eq!(
            words(Some(0), 41, false, false, Some(Step::Forward)),
            "1 of 41, from the top again"
        );
        assert_eq!(
            words(None, 100_000, true, false, None),
            "100,000 hits and more"
        );
        assert_eq!(words(Some(4), 7, false, true, None), "5 of 7…");
        assert_eq!(words(None, 1, false, false, None), "1 hit");
        assert_eq!(status_words(&Status::NotFound), "Not found");
    }
}
