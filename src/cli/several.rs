//! A file that may be an annotation file or a collection, for commands that do the same with both.

use super::{CliError, Env, check::annotations_path, opened, output};
use crate::{
    annotation::{Agent, AgentId, AgentKind, AnnotationSet, Collection, Kept},
    edit::{Edit, Stamp, apply},
    files::{
        Expected, FileError, Settings, is_collection, read_collection, save_annotations,
        save_collection,
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
    crlf: bool,
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
                records: AnyRecords::Annotations(Box::new(file.set)),
                expected: Expected::Same(file.identity),
                crlf: file.crlf,
                read_only: file.read_only,
            }),
            Err(error) if is_collection(&error) => {
                let (found, identity) = read_collection(path)?;
                Ok(Self {
                    path: path.to_owned(),
                    records: AnyRecords::Collection(Box::new(found.collection)),
                    expected: Expected::Same(identity),
                    crlf: found.crlf,
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
    pub fn save(self) -> Result<(), CliError> {
        if let Some(why) = self.read_only {
            let path = output::path(&self.path);
            return Err(CliError::ReadOnly { path, why });
        }
        save_over(&self.path, &self.records, self.expected, self.crlf)
    }

    /// Writes other records of the same kind in its place.
    pub fn replaced(self, records: AnyRecords) -> Self {
        Self { records, ..self }
    }

    /// Whether its lines end with CR LF.
    pub fn crlf(&self) -> bool {
        self.crlf
    }
}

/// Writes `records` to `path`, whatever is there now if it can be read, in the manner of lines given by `crlf`.
///
/// # Errors
/// When what is there cannot be read, or nothing can be written.
pub fn save_at(path: &Path, records: AnyRecords, crlf: bool) -> Result<(), CliError> {
    if path.exists() {
        OpenFile::at(path)?.replaced(records).save()
    } else {
        save_over(path, &records, Expected::New, crlf)
    }
}

fn save_over(
    path: &Path,
    records: &AnyRecords,
    expected: Expected,
    crlf: bool,
) -> Result<(), CliError> {
    match records {
        AnyRecords::Annotations(set) => save_annotations(path, set, expected, crlf)?,
        AnyRecords::Collection(it) => save_collection(path, it, &expected, crlf)?,
    };
    Ok(())
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
        let (settings, _) = Settings::load(folder);
        settings.me
    });
    Agent {
        id: me.as_ref().map_or(AgentId::from_u128(0), |me| me.id),
        name: me.map_or(String::new(), |me| me.name),
        kind: AgentKind::Person,
        kept: Kept::default(),
    }
}
