//! The settings, for all articles, in a small RON file. No error in it keeps the program from starting.
//!
//! Each setting is read by itself. One that cannot be understood has its default, and a note says so; the file
//! with it is put aside before it is written again. Settings of a newer version are passed over.

use super::{
    Action, FileError, FileErrorKind, RecentFiles, fs::Fs, open::read_file, write::write_file,
};
use crate::{annotation::AgentId, format::shown};
use ron::{Options, ser::PrettyConfig, value::RawValue};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use std::{
    collections::BTreeMap,
    fmt, io,
    path::{Path, PathBuf},
};

/// Name of the file in the folder of the settings.
const FILE_NAME: &str = "settings.ron";
/// Where a damaged one is put.
const DAMAGED_NAME: &str = "settings.damaged.ron";
/// Largest file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// Deepest nesting that is read.
const MAX_DEPTH: usize = 48;

/// Who annotates on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// Their name in annotation files, given once.
    pub id: AgentId,
    /// What to call them.
    pub name: String,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Dark text on warm paper.
    Sepia,
    /// Light on dark.
    Dark,
}

/// What is counted in the margin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Numbering {
    /// Nothing.
    None,
    /// Paragraphs.
    #[default]
    Paragraphs,
    /// Lines of the file.
    Lines,
}

/// Which hidden characters of an article are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum HiddenCharacters {
    /// None.
    Nothing,
    /// Those that deceive.
    #[default]
    Deceptive,
    /// All.
    All,
}

/// Which panels are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Panels {
    /// The list of tags.
    pub tags: bool,
    /// The list of annotations.
    pub annotations: bool,
    /// The details of the chosen annotation.
    pub details: bool,
    /// The article's own details.
    pub article: bool,
}

impl Default for Panels {
    fn default() -> Self {
        Self {
            tags: true,
            annotations: true,
            details: true,
            article: false,
        }
    }
}

/// Size and state of the window when it was closed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowPlace {
    /// Width in points.
    pub width: f32,
    /// Height in points.
    pub height: f32,
    /// Whether it filled the screen.
    pub maximised: bool,
}

impl Default for WindowPlace {
    fn default() -> Self {
        Self {
            width: 1280.0,
            height: 800.0,
            maximised: false,
        }
    }
}

/// All settings. Numbers out of range are brought into it when they are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The annotator; `None` until the name is set.
    pub me: Option<Me>,
    /// Light or dark.
    pub theme: Theme,
    /// Size of the article's letters in points, 8 to 72.
    pub text_size: f32,
    /// Width of the column in characters, 30 to 200.
    pub measure: f32,
    /// Family name of the article's font; empty for the one that comes with the program.
    pub font: String,
    /// What is counted in the margin.
    pub numbering: Numbering,
    /// Which hidden characters are shown.
    pub hidden: HiddenCharacters,
    /// Which panels are open.
    pub panels: Panels,
    /// The files opened last.
    pub recent: RecentFiles,
    /// Headlines of these files, as far as they are known.
    pub headlines: BTreeMap<PathBuf, String>,
    /// The window.
    pub window: WindowPlace,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            me: None,
            theme: Theme::default(),
            text_size: 18.0,
            measure: 68.0,
            font: String::new(),
            numbering: Numbering::default(),
            hidden: HiddenCharacters::default(),
            panels: Panels::default(),
            recent: RecentFiles::default(),
            headlines: BTreeMap::new(),
            window: WindowPlace::default(),
        }
    }
}

impl Settings {
    /// Returns the settings in `folder`, with a note for each thing that was not as it should be. Never fails: what
    /// cannot be read has its default, and a file that is there but damaged is copied aside.
    pub(super) fn load(fs: &dyn Fs, folder: &Path) -> (Self, Vec<String>) {
        let path = folder.join(FILE_NAME);
        let bytes = match read_file(fs, &path, MAX_BYTES, Action::ReadSettings) {
            Ok(content) => content.bytes,
            Err(error) if matches!(error.kind, FileErrorKind::NotFound) => {
                return (Self::default(), Vec::new());
            }
            Err(error) => return (Self::default(), vec![error.to_string()]),
        };
        let (settings, mut notes) = Self::read(&String::from_utf8_lossy(&bytes));
        // For whoever wants to look at them; the last ones only.
        if !notes.is_empty() && write_file(fs, &folder.join(DAMAGED_NAME), &bytes).is_ok() {
            notes.push(format!("the old settings are kept in `{DAMAGED_NAME}`"));
        }
        (settings, notes)
    }

    /// Writes the settings to `folder`, which is made if need be. The last program to write wins.
    ///
    /// # Errors
    /// What the system says; the old settings are as they were then.
    pub(super) fn save(&self, fs: &dyn Fs, folder: &Path) -> Result<(), FileError> {
        let path = folder.join(FILE_NAME);
        let fail = |kind: FileErrorKind| FileError::new(Action::SaveSettings, &path, kind);
        fs.create_folder(folder)
            .map_err(|error| fail(error.into()))?;
        let text = self
            .write()
            .map_err(|error| fail(FileErrorKind::Io(io::Error::other(error))))?;
        // Dotfiles are often links into a folder under version control.
        let target = fs.canonical(&path).unwrap_or_else(|_| path.clone());
        write_file(fs, &target, text.as_bytes()).map_err(fail)
    }

    /// Reads each setting by itself.
    fn read(text: &str) -> (Self, Vec<String>) {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let mut notes = Vec::new();
        let options = Options::default().with_recursion_limit(MAX_DEPTH);
        let fields = match options.from_str::<Fields>(text) {
            Ok(fields) => fields,
            Err(error) => {
                let error = shown(&error.to_string(), 200);
                notes.push(format!(
                    "the settings could not be read ({error}); the defaults are used"
                ));
                return (Self::default(), notes);
            }
        };
        let mut reader = FieldReader { fields, notes };
        let new = Self::default();
        let me: Option<StoredMe> = reader.take("me", None);
        let me = me.and_then(|me| {
            let id = AgentId::parse(&me.id)?;
            Some(Me { id, name: me.name })
        });
        let within = |number: f32, low: f32, high: f32, default: f32| {
            if number.is_finite() {
                number.clamp(low, high)
            } else {
                default
            }
        };
        let window: WindowPlace = reader.take("window", new.window);
        let recent: Vec<String> = reader.take("recent", Vec::new());
        let headlines: BTreeMap<String, String> = reader.take("headlines", BTreeMap::new());
        let headlines = headlines.into_iter().take(RecentFiles::MAX);
        let settings = Self {
            me,
            theme: reader.take("theme", new.theme),
            text_size: within(
                reader.take("text_size", new.text_size),
                8.0,
                72.0,
                new.text_size,
            ),
            measure: within(
                reader.take("measure", new.measure),
                30.0,
                200.0,
                new.measure,
            ),
            font: reader.take("font", new.font),
            numbering: reader.take("numbering", new.numbering),
            hidden: reader.take("hidden", new.hidden),
            panels: reader.take("panels", new.panels),
            recent: RecentFiles::new(recent.into_iter().map(PathBuf::from)),
            headlines: headlines
                .map(|(path, headline)| (path.into(), headline))
                .collect(),
            window: WindowPlace {
                width: within(window.width, 200.0, 20_000.0, new.window.width),
                height: within(window.height, 200.0, 20_000.0, new.window.height),
                maximised: window.maximised,
            },
        };
        (settings, reader.notes)
    }

    fn write(&self) -> Result<String, ron::Error> {
        let stored = Stored {
            me: self.me.as_ref().map(|me| StoredMe {
                id: me.id.to_string(),
                name: me.name.clone(),
            }),
            theme: self.theme,
            text_size: self.text_size,
            measure: self.measure,
            font: &self.font,
            numbering: self.numbering,
            hidden: self.hidden,
            panels: self.panels,
            // A name that is not UTF-8 cannot be written and is soon forgotten.
            recent: self.recent.iter().filter_map(Path::to_str).collect(),
            headlines: self
                .headlines
                .iter()
                .filter_map(|(path, headline)| Some((path.to_str()?, headline.as_str())))
                .collect(),
            window: self.window,
        };
        let config = PrettyConfig::new().new_line("\n").indentor("  ");
        Ok(ron::ser::to_string_pretty(&stored, config)? + "\n")
    }
}

#[derive(Serialize, Deserialize)]
struct StoredMe {
    id: String,
    name: String,
}

/// The settings as they are in the file.
#[derive(Serialize)]
struct Stored<'a> {
    me: Option<StoredMe>,
    theme: Theme,
    text_size: f32,
    measure: f32,
    font: &'a str,
    numbering: Numbering,
    hidden: HiddenCharacters,
    panels: Panels,
    recent: Vec<&'a str>,
    headlines: BTreeMap<&'a str, &'a str>,
    window: WindowPlace,
}

/// The fields of a file as they are written there, by name.
struct Fields(BTreeMap<String, Box<RawValue>>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Raw;
        impl<'de> Visitor<'de> for Raw {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the settings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = BTreeMap::new();
                while let Some(FieldName(name)) = map.next_key()? {
                    fields.insert(name, map.next_value()?);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_struct("Settings", &[], Raw)
    }
}

struct FieldName(String);

impl<'de> Deserialize<'de> for FieldName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = FieldName;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a setting")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<FieldName, E> {
                Ok(FieldName(name.to_owned()))
            }
        }
        deserializer.deserialize_identifier(Name)
    }
}

struct FieldReader {
    fields: Fields,
    notes: Vec<String>,
}

impl FieldReader {
    /// Returns the setting `name`, or `default` when it is not there or cannot be understood.
    fn take<T: DeserializeOwned>(&mut self, name: &str, default: T) -> T {
        let Some(written) = self.fields.0.remove(name) else {
            return default;
        };
        match written.into_rust() {
            Ok(value) => value,
            Err(_) => {
                let written = shown(written.get_ron(), 40);
                self.notes.push(format!(
                    "the setting `{name}: {written}` is not valid; its default is used"
                ));
                default
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_they_are_the_same() {
        let mut settings = Settings {
            me: Some(Me {
                id: AgentId::from_u128(7),
                name: "Ana “A” Müller".to_owned(),
            }),
            theme: Theme::Dark,
            text_size: 21.5,
            numbering: Numbering::Lines,
            hidden: HiddenCharacters::All,
            ..Settings::default()
        };
        let path = Path::new("/a/b \"c\".txt");
        settings.recent.push(path);
        let headline = "“No”, says the maker".to_owned();
        settings.headlines.insert(path.to_owned(), headline);
        let text = settings.write().unwrap();
        assert_eq!(Settings::read(&text), (settings, Vec::new()));
    }

    #[test]
    fn one_damaged_setting_leaves_the_others() {
        let (settings, notes) = Settings::read(
            "(theme: Sepia(3), text_size: 1e9, measure: NaN, future: [1, (a: 2)], font: \"X\")",
        );
        assert_eq!(
            notes,
            ["the setting `theme: Sepia(3)` is not valid; its default is used"]
        );
        assert_eq!(settings.font, "X");
        assert_eq!((settings.text_size, settings.measure), (72.0, 68.0));
    }

    #[test]
    fn a_damaged_file_is_as_new() {
        for damaged in [
            "",
            "(theme: Dark",
            "[[[[",
            "\0\0\0",
            "<html>",
            &"(a:".repeat(100_000),
        ] {
            let (settings, notes) = Settings::read(damaged);
            assert_eq!(settings, Settings::default());
            assert_eq!(notes.len(), 1, "{notes:?}");
        }
    }
}
