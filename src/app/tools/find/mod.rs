//! Find in the article: what is looked for, what was found, and which hit is shown.
//!
//! The bar ([`bar`]) draws a [`Status`] and edits the query; everything else is done by [`commands`]. The search itself
//! is a job, see [`crate::search`]. The reading pane paints the hits as [`Shown`] says.

pub mod bar;
mod commands;

use crate::{
    app::{
        base::{
            action::{Menu, Row, cmd, plain, shift},
            theme::Theme,
        },
        core::{
            command::Step,
            view::hits::{self, Shown},
        },
        session::{article::ArticleKey, event::Event},
        tools::tool::{Action, Cx, Place, Tool, ViewCx},
    },
    reader::{MapTick, Place as ReaderPlace},
    search::{Hits, Query},
    text::{ByteOffset, SourceText, TextRange},
};
use commands::{FindCommand, cancel, follow, run};
use egui::{Key, Ui};
use std::sync::{Arc, atomic::AtomicBool};

/// What is looked for in the articles, and what was found in the one that is shown.
#[derive(Default)]
pub struct Find {
    /// The query as it is being typed.
    pub view: bar::View,
    is_open: bool,
    sought: Option<Sought>,
    outcome: Outcome,
    /// Whether a job is looking.
    is_searching: bool,
    /// The hit that is shown.
    current: Option<TextRange>,
    /// Where the reader was when the bar was opened.
    origin: Option<Origin>,
    /// Whether a hit was shown while the query was typed.
    has_peeked: bool,
    /// Whether a hit was gone to by a key or a button.
    has_gone: bool,
    /// Whether the last step went round the end, and which way.
    wrapped: Option<Step>,
    /// What to do as soon as there are hits.
    next: Next,
    /// Where the caret was after the last step: a caret elsewhere was put there by the person.
    caret: ByteOffset,
    stop: Arc<AtomicBool>,
    /// Counts searches: what an earlier one sends is not listened to.
    n_searches: u64,
    /// Counts what was found.
    n_results: u64,
    /// Counts what may be seen of it.
    revision: u64,
    ticks: Ticks,
}

/// What the last search was for.
struct Sought {
    key: ArticleKey,
    text: SourceText,
    query: Query,
}

/// What came of it.
#[derive(Default)]
enum Outcome {
    /// Nothing is looked for.
    #[default]
    Nothing,
    /// It cannot be looked for, and why.
    Invalid(String),
    /// What was found; maybe nothing.
    Hits(Arc<Hits>),
}

/// What to do as soon as there are hits.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Next {
    /// Mark them.
    #[default]
    Nothing,
    /// Show the first at or after the place where the reader was.
    Peek,
    /// Go to the next or the one before.
    Go(Step),
}

/// Where the reader was.
#[derive(Clone, Copy)]
struct Origin {
    place: ReaderPlace,
    at: ByteOffset,
}

/// The ticks of the hits, made for one result in one theme.
#[derive(Default)]
struct Ticks {
    made_for: Option<(u64, String)>,
    ticks: Vec<MapTick>,
}

/// What the bar says about the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing is looked for.
    Empty,
    /// The search has found nothing yet.
    Searching,
    /// The regular expression is not valid, and why.
    Invalid(String),
    /// The words are not in the article.
    NotFound,
    /// There are hits.
    Hits {
        /// The one that is shown, from 0.
        current: Option<usize>,
        /// How many are known.
        n_hits: usize,
        /// Whether there are more than are kept.
        is_capped: bool,
        /// Whether the search goes on.
        is_searching: bool,
        /// Whether the last step went round the end, and which way.
        wrapped: Option<Step>,
    },
}

/// The row of the action that goes to the next hit.
const NEXT: Row = Row::new("FindNext", Menu::Edit, 2, "Find next")
    .tooltip("Go to the next match.")
    .keys(&[plain(Key::F3)]);
/// The row of the action that goes to the hit before.
const PREVIOUS: Row = Row::new("FindPrevious", Menu::Edit, 2, "Find previous")
    .tooltip("Go to the previous match.")
    .keys(&[shift(Key::F3)]);

impl Tool for Find {
    type Message = FindCommand;
    const NAME: &'static str = "find";
    const ACTIONS: &'static [Action<Self>] = &[
        Action {
            row: Row::new("Find", Menu::Edit, 2, "Find in article…")
                .tooltip("Find words in the text of the article.")
                .keys(&[cmd(Key::F)]),
            message: |_, environment| {
                let article = environment.article.as_ref();
                article.map(|_| FindCommand::Open)
            },
        },
        Action {
            row: NEXT,
            message: |find, environment| {
                let article = environment.article.as_ref();
                article
                    .filter(|_| find.has_query())
                    .map(|_| FindCommand::Go(Step::Forward))
            },
        },
        Action {
            row: PREVIOUS,
            message: |find, environment| {
                let article = environment.article.as_ref();
                article
                    .filter(|_| find.has_query())
                    .map(|_| FindCommand::Go(Step::Back))
            },
        },
    ];

    fn update(&mut self, message: FindCommand, cx: &mut Cx<'_, FindCommand>) {
        run(self, message, cx);
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, FindCommand>) {
        if *event == Event::Handled {
            follow(self, cx);
        }
    }

    fn cancel(&mut self, cx: &mut Cx<'_, FindCommand>) -> bool {
        cancel(self, cx)
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, FindCommand>) {
        if place == Place::Bar && self.is_open {
            let scene = cx.scene;
            let data = bar::Data {
                status: &self.status(),
                tags: if scene.environment.editable().is_some() {
                    scene.tags
                } else {
                    &[]
                },
                is_mac: scene.is_mac,
                theme: scene.theme,
            };
            bar::show(ui, &data, &mut self.view, &cx.sender);
        }
    }

    fn hits(&mut self, key: ArticleKey, theme: &Theme) -> Option<Shown<'_>> {
        Some(self.shown(key, theme))
    }
}

impl Find {
    /// Forgets the search that is under way, and what it has found.
    pub fn forget_search(&mut self) {
        self.sought = None;
        self.outcome = Outcome::Nothing;
        self.is_searching = false;
        self.n_results += 1;
        self.revision += 1;
    }

    /// Whether there is a query to look for again.
    pub fn has_query(&self) -> bool {
        !self.view.query.words.is_empty()
    }

    /// What the bar says.
    pub fn status(&self) -> Status {
        match &self.outcome {
            Outcome::Nothing => Status::Empty,
            Outcome::Invalid(reason) => Status::Invalid(reason.clone()),
            Outcome::Hits(hits) if hits.is_empty() && self.is_searching => Status::Searching,
            Outcome::Hits(hits) if hits.is_empty() => Status::NotFound,
            Outcome::Hits(hits) => Status::Hits {
                current: self.current.and_then(|current| position(hits, current)),
                n_hits: hits.len(),
                is_capped: hits.is_capped(),
                is_searching: self.is_searching,
                wrapped: self.wrapped,
            },
        }
    }

    /// All hits in the article called `key`; none while they are looked for, or when its text is another one.
    pub fn all_hits(&self, key: ArticleKey, text: &SourceText) -> Vec<TextRange> {
        let is_for = |sought: &Sought| sought.key == key && sought.text.is_same(text);
        match &self.outcome {
            Outcome::Hits(hits)
                if !self.is_searching && self.sought.as_ref().is_some_and(is_for) =>
            {
                hits.ranges().to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// The hit that is shown.
    pub fn current(&self) -> Option<TextRange> {
        self.current
    }

    /// What the pane of the article called `key` paints of the search.
    pub fn shown(&mut self, key: ArticleKey, theme: &Theme) -> Shown<'_> {
        let is_here = self.is_open && self.sought.as_ref().is_some_and(|it| it.key == key);
        let hits = match &self.outcome {
            Outcome::Hits(hits) if is_here => Some(&**hits),
            _ => None,
        };
        let length = self.sought.as_ref().map_or(0, |sought| sought.text.len());
        let stamp = (self.n_results, theme.name.clone());
        if hits.is_some() && self.ticks.made_for.as_ref() != Some(&stamp) {
            self.ticks.ticks = hits.map_or_else(Vec::new, |hits| hits::ticks(hits, length, theme));
            self.ticks.made_for = Some(stamp);
        }
        Shown {
            hits,
            current: self.current.filter(|_| is_here),
            ticks: if hits.is_some() {
                &self.ticks.ticks
            } else {
                &[]
            },
            revision: self.revision,
            ink: theme.colours.hit,
            ground: theme.colours.hit_ground,
        }
    }
}

/// Which hit begins where `range` does.
fn position(hits: &Hits, range: TextRange) -> Option<usize> {
    let by_start = |hit: &TextRange| hit.start().cmp(&range.start());
    hits.ranges().binary_search_by(by_start).ok()
}
