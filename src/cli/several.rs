//! A file that may be an annotation file or a collection, for commands that do the same with both.

use super::{CliError, Env, Output, check::annotations_path, opened, output};
use crate::{
    annotation::{Agent, AgentId, AgentKind, AnnotationSet, Collection, Kept},
    edit::{Edit, Stamp, apply},
    files::{
        Disk, Expected, FileError, SaveOptions, is_collection, read_collection, save_collection,
    },
    text::SourceText,
};
use std::path::{Path, PathBuf};

/// What was read, and how it is to be written again.
pub struct OpenFile {
    /// Where it lies.
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

impl OpenFile {
    /// Opens the file at `path`, or the annotation file beside the article there.
    ///
    /// # Errors
    /// When there is none, or it is neither.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        Self::at(&annotations_path(path))
    }

    /// Opens the very file at `path`, whatever it is called.
    ///
    /// # Errors
    /// When there is none, or it is neither.
    pub fn at(path: &Path) -> Result<Self, FileError> {
        match opened::load_existing(path) {
            Ok(file) => Ok(Self {
                path: path.to_owned(),
                options: file.save_options(),
                records: AnyRecords::Annotations(Box::new(file.set)),
                expected: Expected::Same(file.identity),
                read_only: file.read_only,
            }),
            Err(error) if is_collection(&error) => {
                let (found, identity) = read_collection(path)?;
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

    /// Writes the records to where they came from.
    ///
    /// # Errors
    /// When the file must not be written, has changed meanwhile, or cannot be written.
    pub fn save(self, disk: &Disk, output: &mut Output<'_>) -> Result<(), CliError> {
        if let Some(why) = self.read_only {
            let path = output::path(&self.path);
            return Err(CliError::ReadOnly { path, why });
        }
        let (expected, options) = (self.expected, self.options);
        save_over(disk, &self.path, &self.records, &expected, &options, output)
    }

    /// Writes other records of the same kind in its place.
    pub fn replaced(self, records: AnyRecords) -> Self {
        Self { records, ..self }
    }

    /// Whether its lines end with CR LF.
    pub fn crlf(&self) -> bool {
        self.options.crlf
    }
}

/// Writes `records` to `path`, over what is there now if that can be read, a new file with lines in the manner of
/// `crlf`.
///
/// # Errors
/// When what is there cannot be read, or nothing can be written.
pub fn save_at(
    disk: &Disk,
    path: &Path,
    records: AnyRecords,
    crlf: bool,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    if path.exists() {
        return OpenFile::at(path)?.replaced(records).save(disk, output);
    }
    let options = SaveOptions {
        crlf,
        ..SaveOptions::default()
    };
    save_over(disk, path, &records, &Expected::New, &options, output)
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
            save_collection(path, it, expected, options.crlf)?;
            Ok(())
        }
    }
}

/// Carries out an edit that needs no text, such as settling a conflict.
///
/// # Errors
/// When it does not fit.
pub fn edit(set: &mut AnnotationSet, edit: &Edit, env: &mut Env) -> Result<(), CliError> {
    let no_text = SourceText::new(String::new()).map_err(crate::edit::EditError::from)?;
    let agent = signer(env);
    let mut stamp = Stamp {
        now: env.now,
        agent,
        ids: &mut *env.ids,
    };
    apply(set, &no_text, edit, &mut stamp)?.replay(set);
    Ok(())
}

/// Who signs: the person of the settings, or nobody.
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
