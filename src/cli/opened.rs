//! An article with its annotation file, opened for a command: the same steps for all of them.

use super::{CliError, Env, Output, output};
use crate::{
    annotation::{Agent, AgentId, AgentKind, AnnotationSet, Article, Kept, Marks},
    edit::Workspace,
    files::{
        Action, AnnotationsFile, ArticleFile, CREATOR_VARIABLE, Disk, Expected, FileError,
        FileErrorKind, Loaded, NameSource, SaveOptions, SavedFile, UserName, annotations_beside,
        article_of, read_article, read_as_recorded,
    },
    text::SourceText,
};
use imbl::OrdMap;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// An article and its annotations.
pub struct Opened {
    /// Where the annotations are kept.
    pub annotations_path: PathBuf,
    /// The article as read.
    pub article: ArticleFile,
    /// The annotations, and their places in it.
    pub workspace: Workspace,
    expected: Expected,
    options: SaveOptions,
    read_only: Option<String>,
}

impl Opened {
    /// Opens the article at `path`, or the article of the annotation file at `path`.
    ///
    /// # Errors
    /// When one of the two files cannot be read. That there are no annotations yet is none.
    pub fn open(disk: &Disk, path: &Path, forced_encoding: Option<&str>) -> Result<Self, CliError> {
        let article_path = article_of(path).unwrap_or_else(|| path.to_owned());
        let annotations_path = annotations_beside(&article_path);
        let loaded = load(disk, &annotations_path)?;
        let known = loaded.as_ref().map(|file| &file.set.article);
        let article = read_as_annotated(&article_path, forced_encoding, known)?;
        Ok(match loaded {
            Some(file) => Self {
                options: file.save_options(),
                workspace: workspace(&article.text, file.set)?,
                annotations_path,
                article,
                expected: Expected::Same(file.identity),
                read_only: file.read_only,
            },
            None => Self {
                workspace: workspace(&article.text, fresh(&article, &article_path))?,
                annotations_path,
                article,
                expected: Expected::New,
                options: SaveOptions::default(),
                read_only: None,
            },
        })
    }

    /// Returns the article's text.
    pub fn text(&self) -> &SourceText {
        &self.article.text
    }

    /// Checks that the annotation file may be written.
    ///
    /// # Errors
    /// When it may not, with the reason.
    pub fn writable(&self) -> Result<(), CliError> {
        match &self.read_only {
            None => Ok(()),
            Some(why) => Err(CliError::ReadOnly {
                path: output::path(&self.annotations_path),
                why: why.clone(),
            }),
        }
    }

    /// Writes the annotation file, unless it has changed since it was read, and reports what did not go as usual.
    ///
    /// # Errors
    /// When it cannot or must not be written.
    pub fn save(self, disk: &Disk, output: &mut Output<'_>) -> Result<(), CliError> {
        self.writable()?;
        let set = self.workspace.set();
        save(
            disk,
            &self.annotations_path,
            set,
            &self.expected,
            &self.options,
            output,
        )
    }

    /// Reports what a person should know about how the article was read.
    pub fn remark(&self, output: &mut Output<'_>) {
        let article = &self.article;
        let path = output::path(&article.path);
        if !article.certain {
            output.remark(format_args!(
                "the encoding is probably {}; if letters are wrong, use --force-encoding: `{path}`",
                article.encoding
            ));
        }
        if article.n_replaced > 0 {
            output.remark(format_args!(
                "{} places in the article are not valid text and are shown as U+FFFD: `{path}`",
                article.n_replaced
            ));
        }
        if !self.workspace.marks().same_edition() {
            output.remark(format_args!(
                "the article has changed since it was annotated; `sourcemark check` lists the passages that moved: `{path}`"
            ));
        }
    }

    /// Returns who annotates, as [`creator`] does for the annotators of this file.
    ///
    /// # Errors
    /// When there is no name at all.
    pub fn creator(
        &self,
        name: Option<&str>,
        output: &mut Output<'_>,
        env: &mut Env,
    ) -> Result<Agent, CliError> {
        creator(&self.workspace.set().agents, name, output, env)
    }
}

/// Returns who annotates: the annotator called `name` among `agents`, else the person of the settings if that is the
/// name, else somebody new. Without a name, takes the first that is set of `SOURCEMARK_CREATOR`, the window's settings,
/// git's `user.name` and the name of the account. A name of the last two is reported the first time it is used in a
/// file: nobody has chosen it for this.
///
/// # Errors
/// When there is no name at all.
pub fn creator(
    agents: &OrdMap<AgentId, Arc<Agent>>,
    name: Option<&str>,
    output: &mut Output<'_>,
    env: &mut Env,
) -> Result<Agent, CliError> {
    let me = env
        .settings_folder
        .as_deref()
        .and_then(|folder| env.disk.load_settings(folder).0.me);
    let person = |id: AgentId, name: &str| Agent {
        id,
        name: name.to_owned(),
        kind: AgentKind::Person,
        kept: Kept::default(),
    };
    let names = [name, env.creator.as_deref()].into_iter().flatten();
    let name = names.map(str::trim).find(|name| !name.is_empty());
    let name = match (name, &me) {
        (Some(name), _) => name.to_owned(),
        (None, Some(me)) => {
            let known = agents.get(&me.id).map(|agent| Agent::clone(agent));
            return Ok(known.unwrap_or_else(|| person(me.id, &me.name)));
        }
        (None, None) => {
            let UserName { name, source } = (env.user_name)().ok_or(CliError::NoCreator)?;
            if !agents.values().any(|agent| agent.name == name) {
                output.remark(format_args!(
                    "you annotate as `{}`, {}; --creator NAME or {CREATOR_VARIABLE} sets another name",
                    output::one_line(&name, 100),
                    match source {
                        NameSource::Git => "the name in git's configuration",
                        NameSource::System => "the name of your account",
                    }
                ));
            }
            name
        }
    };
    if let Some(known) = agents.values().find(|agent| agent.name == name) {
        return Ok(Agent::clone(known));
    }
    let mine = me.filter(|me| me.name == name).map(|me| me.id);
    let id = mine.unwrap_or_else(|| AgentId::new(&mut *env.ids));
    Ok(person(id, &name))
}

/// Returns the annotator of edits that are not signed, such as removing an annotation, so that no name is needed.
pub fn nobody() -> Agent {
    Agent {
        id: AgentId::from_u128(0),
        name: String::new(),
        kind: AgentKind::Person,
        kept: Kept::default(),
    }
}

/// Writes `set` to the annotation file at `path`, and reports what did not go as usual.
///
/// # Errors
/// When it cannot be written.
pub fn save(
    disk: &Disk,
    path: &Path,
    set: &AnnotationSet,
    expected: &Expected,
    options: &SaveOptions,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    let saved = disk.save_annotations(path, set, expected, options)?;
    remark_saved(&saved, path, output);
    Ok(())
}

/// Reports what did not go as usual in a save of the file at `path`.
pub fn remark_saved(saved: &SavedFile, path: &Path, output: &mut Output<'_>) {
    for note in &saved.notes {
        output.remark(format_args!("{note}: `{}`", output::path(path)));
    }
}

/// Returns the annotation file at `path`, `None` when there is none.
///
/// # Errors
/// When there is one that cannot be read.
pub fn load(disk: &Disk, path: &Path) -> Result<Option<AnnotationsFile>, FileError> {
    match disk.read_annotations(path) {
        Loaded::New => Ok(None),
        Loaded::Loaded(file) => Ok(Some(*file)),
        Loaded::Unreadable(error) => Err(error),
    }
}

/// Returns the annotation file at `path`, which must be there.
///
/// # Errors
/// When there is none, or one that cannot be read.
pub fn load_existing(disk: &Disk, path: &Path) -> Result<AnnotationsFile, FileError> {
    load(disk, path)?.ok_or_else(|| FileError {
        action: Action::OpenAnnotations,
        path: path.to_owned(),
        kind: FileErrorKind::NotFound,
    })
}

/// Returns the text that the annotations of `set`, read from the file at `path`, are in: the article beside it,
/// else the one the file holds; `None` when it is neither here nor there.
///
/// # Errors
/// When there is an article beside it that cannot be read.
pub fn text_of(path: &Path, set: &AnnotationSet) -> Result<Option<SourceText>, FileError> {
    let recorded = Path::new(&set.article.file_name).file_name();
    let beside = article_of(path).or_else(|| Some(path.with_file_name(recorded?)));
    if let Some(beside) = beside.filter(|beside| beside.exists()) {
        return Ok(Some(
            read_as_annotated(&beside, None, Some(&set.article))?.text,
        ));
    }
    let embedded = set.article.embedded_text.as_deref();
    Ok(embedded.and_then(|text| SourceText::new(text.to_owned()).ok()))
}

/// Returns `set` with its places in `text`.
///
/// # Errors
/// None in practice: the search is never stopped here.
pub fn workspace(text: &SourceText, set: AnnotationSet) -> Result<Workspace, CliError> {
    let marks = Marks::find(text, &set, &|| true);
    Ok(Workspace::new(set, marks.ok_or(CliError::Stopped)?))
}

/// Returns the article at `path`. Where its encoding is only a guess, the one that `known` records is taken if it
/// gives the very text that was annotated.
///
/// # Errors
/// When it cannot be read.
pub fn read_as_annotated(
    path: &Path,
    forced_encoding: Option<&str>,
    known: Option<&Article>,
) -> Result<ArticleFile, FileError> {
    let article = read_article(path, forced_encoding)?;
    let again = known
        .filter(|_| !article.certain)
        .and_then(|known| read_as_recorded(path, known));
    Ok(again.unwrap_or(article))
}

fn fresh(article: &ArticleFile, path: &Path) -> AnnotationSet {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    AnnotationSet::new(Article::describe(&article.text, &name, article.encoding))
}
