//! A file that may be an annotation file or a collection, for commands that do the same with both.

use super::{CliError, Env, Output, check::annotations_path, opened, output};
use crate::{
    annotation::{Agent, AgentId, AgentKind, AnnotationSet, Article, Collection, ConflictId, Kept},
    edit::{Edit, EditError, Stamp, apply},
    files::{Disk, Expected, FileError, SaveOptions, article_of, is_collection},
    text::SourceText,
};
use std::path::{Path, PathBuf};

/// What was read, and how to write it again.
pub struct OpenFile {
    /// Its path.
    pub path: PathBuf,
    /// Its records.
    pub records: AnyRecords,
    expected: Expected,
    options: SaveOptions,
    read_only: Option<String>,
}

/// The records of either kind of file.
pub enum AnyRecords {
    /// An annotation file's.
    Annotations(Box<AnnotationSet>),
    /// A collection's.
    Collection(Box<Collection>),
}

impl AnyRecords {
    /// Returns a file of the same kind with nothing in it.
    ///
    /// # Errors
    /// None in practice: an empty text is a text.
    pub fn nothing_like(&self) -> Result<Self, CliError> {
        Ok(match self {
            Self::Annotations(_) => Self::Annotations(Box::new(nothing()?)),
            Self::Collection(_) => Self::Collection(Box::default()),
        })
    }

    /// Returns what knows the names of the records.
    ///
    /// # Errors
    /// None in practice: an empty text is a text.
    pub fn names(&self) -> Result<AnnotationSet, CliError> {
        match self {
            Self::Annotations(set) => Ok(AnnotationSet::clone(set)),
            Self::Collection(it) => Ok(AnnotationSet {
                tags: it.tags.clone(),
                agents: it.agents.clone(),
                speakers: it.speakers.clone(),
                claims: it.claims.clone(),
                ..nothing()?
            }),
        }
    }

    /// Returns the annotations, if it is an annotation file.
    pub fn annotations(&self) -> Option<&AnnotationSet> {
        match self {
            Self::Annotations(set) => Some(set),
            Self::Collection(_) => None,
        }
    }

    /// Returns the collection, if it is one.
    pub fn collection(&self) -> Option<&Collection> {
        match self {
            Self::Annotations(_) => None,
            Self::Collection(it) => Some(it),
        }
    }

    /// Returns whether the conflict called `id` is open.
    pub fn has_conflict(&self, id: ConflictId) -> bool {
        match self {
            Self::Annotations(set) => set.conflicts.contains_key(&id),
            Self::Collection(it) => it.conflicts.contains_key(&id),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// Returns an annotation file without any record.
fn nothing() -> Result<AnnotationSet, CliError> {
    let nothing = SourceText::new(String::new()).map_err(EditError::from)?;
    let mut set = AnnotationSet::new(Article::describe(&nothing, "", "UTF-8"));
    set.tags.clear();
    Ok(set)
}

impl OpenFile {
    /// Opens the file at `path`, or the annotation file beside the article there.
    ///
    /// # Errors
    /// When there is none, or it is neither.
    pub fn open(disk: &Disk, path: &Path) -> Result<Self, FileError> {
        Self::on(disk, &annotations_path(disk, path))
    }

    /// Opens a file that git passes under a temporary name, on a disk without a state folder.
    ///
    /// # Errors
    /// When there is none, or it is neither.
    pub fn at(path: &Path) -> Result<Self, FileError> {
        Self::on(&Disk::plain(), path)
    }

    /// Opens the very file at `path`.
    ///
    /// # Errors
    /// When there is none, or it is neither.
    pub fn on(disk: &Disk, path: &Path) -> Result<Self, FileError> {
        match opened::load_existing(disk, path) {
            Ok(file) => Ok(Self {
                path: path.to_owned(),
                options: file.save_options(),
                records: AnyRecords::Annotations(Box::new(file.set)),
                expected: Expected::Same(file.identity),
                read_only: file.read_only,
            }),
            Err(error) if is_collection(&error) => {
                let (found, identity) = disk.read_collection(path)?;
                Ok(Self {
                    path: path.to_owned(),
                    records: AnyRecords::Collection(Box::new(found.collection)),
                    expected: Expected::Same(identity),
                    options: SaveOptions {
                        crlf: found.crlf,
                        ..SaveOptions::default()
                    },
                    read_only: None,
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Returns `records` for the place of a file that cannot be read, and of which all is known to be elsewhere.
    ///
    /// # Errors
    /// When the file cannot be looked at.
    pub fn over_damage(path: &Path, records: AnyRecords, disk: &Disk) -> Result<Self, FileError> {
        Ok(Self {
            path: path.to_owned(),
            records,
            expected: Expected::Same(disk.identity(path)?),
            options: SaveOptions::default(),
            read_only: None,
        })
    }

    /// Writes the records to where they came from.
    ///
    /// # Errors
    /// When the file must not be written, has changed meanwhile, or cannot be written.
    pub fn save(self, disk: &Disk, output: &mut Output<'_>) -> Result<(), CliError> {
        self.writable()?;
        let (expected, options) = (self.expected, self.options);
        save_over(disk, &self.path, &self.records, &expected, &options, output)
    }

    /// Writes other records in its place.
    ///
    /// # Errors
    /// When they are of another kind than those that are there: what is there was not meant then.
    pub fn replaced(self, records: AnyRecords) -> Result<Self, CliError> {
        match self.records.is_like(&records) {
            true => Ok(Self { records, ..self }),
            false => Err(CliError::OtherKindThere {
                path: output::path(&self.path),
            }),
        }
    }

    /// Checks that the file may be written.
    ///
    /// # Errors
    /// When it is of a newer version of the format.
    pub fn writable(&self) -> Result<(), CliError> {
        match &self.read_only {
            None => Ok(()),
            Some(why) => Err(CliError::ReadOnly {
                path: output::path(&self.path),
                why: why.clone(),
            }),
        }
    }

    /// Returns whether its lines end with CR LF.
    pub fn crlf(&self) -> bool {
        self.options.crlf
    }
}

/// Returns the files at `paths` and the articles beside them: what comes from them gets no more permissions than they
/// have.
pub fn with_articles<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Vec<PathBuf> {
    let both = |path: &'a Path| [Some(path.to_owned()), article_of(path)];
    paths.into_iter().flat_map(both).flatten().collect()
}

/// Writes `records` to `path`, over what is there now if that can be read, else a new file as `options` say.
///
/// # Errors
/// When what is there cannot be read, or nothing can be written.
pub fn save_at(
    disk: &Disk,
    path: &Path,
    records: AnyRecords,
    options: &SaveOptions,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    if path.exists() {
        return OpenFile::on(disk, path)?
            .replaced(records)?
            .save(disk, output);
    }
    save_over(disk, path, &records, &Expected::New, options, output)
}

fn save_over(
    disk: &Disk,
    path: &Path,
    records: &AnyRecords,
    expected: &Expected,
    options: &SaveOptions,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    match records {
        AnyRecords::Annotations(set) => opened::save(disk, path, set, expected, options, output),
        AnyRecords::Collection(it) => {
            let saved = disk.save_collection(path, it, expected, options)?;
            opened::remark_saved(&saved, path, output);
            Ok(())
        }
    }
}

/// Carries out an edit that needs no text, such as settling a conflict.
///
/// # Errors
/// When it does not fit.
pub fn edit(set: &mut AnnotationSet, edit: &Edit, env: &mut Env) -> Result<(), CliError> {
    let no_text = SourceText::new(String::new()).map_err(EditError::from)?;
    let agent = signer(env);
    let mut stamp = Stamp {
        now: env.now,
        agent,
        ids: &mut *env.ids,
    };
    apply(set, &no_text, edit, &mut stamp)?.replay(set);
    Ok(())
}

/// Returns who signs: the person of the settings, or nobody.
pub fn signer(env: &Env) -> Agent {
    let me = env.settings_folder.as_deref().and_then(|folder| {
        let (settings, _) = env.disk.load_settings(folder);
        settings.me
    });
    Agent {
        id: me.as_ref().map_or(AgentId::from_u128(0), |me| me.id),
        name: me.map_or(String::new(), |me| me.name),
        kind: AgentKind::Person,
        kept: Kept::default(),
    }
}
