//! What a person prefers, in the program's own types; `files::Settings` is how it is written down.

use crate::{
    annotation::{Agent, AgentId, AgentKind, IdSource, Kept, MAX_NAME_CHARS},
    app::base::{paths::shown_file_name, short},
    files::{self, Settings},
    reader::{Face, Numbering},
    text::{beginning, hidden::Reveal},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Which theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// Light or dark, as the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Sepia.
    Sepia,
    /// Dark.
    Dark,
}

/// Smallest, usual and largest text size in points.
pub const TEXT_SIZES: (f32, f32, f32) = (11.0, 18.0, 40.0);
/// Smallest, usual and largest length of lines in characters.
pub const MEASURES: (f32, f32, f32) = (40.0, 68.0, 120.0);
/// Longest headline remembered, in code points.
const MAX_HEADLINE_CHARS: usize = 200;
/// Most recent files remembered.
pub const MAX_RECENT: usize = 12;

/// Everything that is remembered between two runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Preferences {
    /// Who annotates.
    pub me: Agent,
    /// Theme.
    pub theme: ThemeChoice,
    /// Text size in points.
    pub text_size: f32,
    /// Length of lines in characters.
    pub measure: f32,
    /// Face of the article.
    pub face: Face,
    /// Numbers in the margin.
    pub numbering: Numbering,
    /// Which hidden characters are shown.
    pub reveal: Reveal,
    /// Whether tag names stand in the margin.
    pub margin_labels: bool,
    /// Left panel shown.
    pub left_panel: bool,
    /// Right panel shown.
    pub right_panel: bool,
    /// Size of the window in points.
    pub window: Option<(f32, f32)>,
    /// Files opened lately, the last first.
    pub recent: Vec<PathBuf>,
    /// Their headlines, as far as they are known.
    pub headlines: BTreeMap<PathBuf, String>,
}

impl Preferences {
    /// What `me` begins with.
    pub fn new(me: Agent) -> Self {
        Self {
            me,
            theme: ThemeChoice::System,
            text_size: TEXT_SIZES.1,
            measure: MEASURES.1,
            face: Face::Serif,
            numbering: Numbering::Paragraphs,
            reveal: Reveal::Deceptive,
            margin_labels: true,
            left_panel: true,
            right_panel: true,
            window: None,
            recent: Vec::new(),
            headlines: BTreeMap::new(),
        }
    }

    /// What `settings` say. Somebody who has no name yet is given one to sign with.
    pub fn from_settings(settings: &Settings, ids: &mut dyn IdSource) -> Self {
        let me = settings.me.clone().unwrap_or_else(|| files::Me {
            id: AgentId::new(ids),
            name: user_name(),
        });
        let agent = Agent {
            id: me.id,
            // Somebody may have edited the settings: a longer name could sign nothing.
            name: beginning(&me.name, MAX_NAME_CHARS).to_owned(),
            kind: AgentKind::Person,
            kept: Kept::default(),
        };
        let mut preferences = Self {
            theme: match settings.theme {
                files::Theme::System => ThemeChoice::System,
                files::Theme::Light => ThemeChoice::Light,
                files::Theme::Sepia => ThemeChoice::Sepia,
                files::Theme::Dark => ThemeChoice::Dark,
            },
            face: if settings.font == SANS {
                Face::Sans
            } else {
                Face::Serif
            },
            numbering: match settings.numbering {
                files::Numbering::None => Numbering::None,
                files::Numbering::Paragraphs => Numbering::Paragraphs,
                files::Numbering::Lines => Numbering::Lines,
            },
            reveal: match settings.hidden {
                files::HiddenCharacters::Nothing => Reveal::Nothing,
                files::HiddenCharacters::Deceptive => Reveal::Deceptive,
                files::HiddenCharacters::All => Reveal::All,
            },
            left_panel: settings.panels.tags,
            right_panel: settings.panels.annotations,
            margin_labels: settings.panels.details,
            window: Some((settings.window.width, settings.window.height)),
            recent: settings.recent.iter().map(PathBuf::from).collect(),
            headlines: settings.headlines.clone(),
            ..Self::new(agent)
        };
        preferences.set_text_size(settings.text_size);
        preferences.set_measure(settings.measure);
        preferences
    }

    /// The settings to write.
    pub fn to_settings(&self) -> Settings {
        let usual = Settings::default();
        let (width, height) = self
            .window
            .unwrap_or((usual.window.width, usual.window.height));
        Settings {
            me: Some(files::Me {
                id: self.me.id,
                name: self.me.name.clone(),
            }),
            theme: match self.theme {
                ThemeChoice::System => files::Theme::System,
                ThemeChoice::Light => files::Theme::Light,
                ThemeChoice::Sepia => files::Theme::Sepia,
                ThemeChoice::Dark => files::Theme::Dark,
            },
            text_size: self.text_size,
            measure: self.measure,
            font: match self.face {
                Face::Serif => String::new(),
                Face::Sans => SANS.to_owned(),
            },
            numbering: match self.numbering {
                Numbering::None => files::Numbering::None,
                Numbering::Paragraphs => files::Numbering::Paragraphs,
                Numbering::Lines => files::Numbering::Lines,
            },
            hidden: match self.reveal {
                Reveal::Nothing => files::HiddenCharacters::Nothing,
                Reveal::Deceptive => files::HiddenCharacters::Deceptive,
                Reveal::All => files::HiddenCharacters::All,
            },
            panels: files::Panels {
                tags: self.left_panel,
                annotations: self.right_panel,
                details: self.margin_labels,
                ..usual.panels
            },
            recent: files::RecentFiles::new(self.recent.iter().cloned()),
            headlines: self.headlines.clone(),
            window: files::WindowPlace {
                width,
                height,
                ..usual.window
            },
        }
    }

    /// Puts `path` at the head of the recent files.
    pub fn remember(&mut self, path: &Path) {
        self.recent.retain(|known| known != path);
        self.recent.insert(0, path.to_path_buf());
        self.recent.truncate(MAX_RECENT);
        self.headlines.retain(|path, _| self.recent.contains(path));
    }

    /// Remembers the headline of a recent file, or that it has none.
    pub fn remember_headline(&mut self, path: &Path, headline: &str) {
        let headline = beginning(headline.trim(), MAX_HEADLINE_CHARS);
        if headline.is_empty() {
            self.headlines.remove(path);
        } else if self.recent.iter().any(|known| known == path) {
            self.headlines
                .insert(path.to_path_buf(), headline.to_owned());
        }
    }

    /// Returns what a recent file is called for people: its headline, or its name.
    pub fn known_as(&self, path: &Path) -> String {
        let headline = self.headlines.get(path);
        headline.map_or_else(
            || shown_file_name(path),
            |headline| short::name(headline).into_owned(),
        )
    }

    /// Sets the text size, kept within reason.
    pub fn set_text_size(&mut self, size: f32) {
        self.text_size = size.clamp(TEXT_SIZES.0, TEXT_SIZES.2);
    }

    /// Sets the length of lines, kept within reason.
    pub fn set_measure(&mut self, measure: f32) {
        self.measure = measure.clamp(MEASURES.0, MEASURES.2);
    }
}

/// How the settings name the face without serifs.
const SANS: &str = "Inter";

/// What the system calls the person, or a word for one.
fn user_name() -> String {
    ["USER", "USERNAME", "LOGNAME"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.trim().is_empty())
        .unwrap_or_else(|| "Annotator".to_owned())
}
