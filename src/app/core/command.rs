//! A command with everything it needs: what `dispatch` carries out.

use crate::{
    annotation::{AnnotationId, AnnotationSet, TagId},
    app::{
        base::{jobs::JobFailure, sender::Sender},
        core::{job_kind::JobKind, look::Seen},
        session::{
            article::ArticleKey,
            event::DialogKind,
            outside::OnePath,
            preferences::{Preferences, ThemeChoice},
            shown::TagMap,
            tags::TagOrder,
        },
    },
    edit::{Edit, Point, Workspace},
    files::{
        ConflictCopy, FileError, FileLock, Holder, JournalEvent, LockOutcome, SaveOptions,
        SavedFile, fs::Stat,
    },
    reader::{Face, Numbering},
    text::{ByteOffset, SourceText, Survey, TextRange, hidden::Reveal},
};
use std::path::PathBuf;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// On.
    Forward,
    /// Back.
    Back,
}

/// Which end of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Where it begins.
    Start,
    /// Where it ends.
    End,
}

/// Which panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Articles and tags.
    Left,
    /// Annotations.
    Right,
}

/// What a file dialog was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickPurpose {
    /// Articles to open.
    Open,
    /// Where to save the annotations.
    SaveAs(ArticleKey),
}

/// An article's text was read; its marks are still looked for.
#[derive(Debug)]
pub struct ArticleOpened {
    /// Names it from now on.
    pub key: ArticleKey,
    /// Where it is.
    pub path: PathBuf,
    /// Where its annotations are saved.
    pub annotations_path: PathBuf,
    /// Which files those are.
    pub one_path: OnePath,
    /// Encoding it was read in.
    pub encoding: &'static str,
    /// Whether the encoding is beyond doubt.
    pub certain: bool,
    /// How many characters could not be read.
    pub n_replaced: usize,
    /// What the file system knows of its file; `None` when it has none.
    pub stat: Option<Stat>,
    /// An empty workspace over its text, so that it can be read at once.
    pub workspace: Workspace,
}

/// An article's marks were found, or it is known that there are none.
#[derive(Debug)]
pub struct MarksFound {
    /// The article.
    pub key: ArticleKey,
    /// Records and places.
    pub workspace: Workspace,
    /// Ticks of the map, counted.
    pub map: TagMap,
    /// The tags, sorted.
    pub tags: TagOrder,
    /// How many annotations stand elsewhere than they were marked.
    pub n_moved: usize,
    /// Words of the article.
    pub n_words: usize,
    /// What is on the disk; `None` when there is no file yet.
    pub identity: Option<crate::files::Identity>,
    /// How the file is to be written.
    pub options: SaveOptions,
    /// Why nothing may be written.
    pub read_only: Option<String>,
    /// Whether that is because the annotation file cannot be read.
    pub is_damaged: bool,
    /// What was found odd, as sentences.
    pub findings: Vec<String>,
    /// Shows others that it is open here; `None` when that cannot be shown, or somebody else was first.
    pub lock: Option<FileLock>,
    /// Who was first.
    pub holder: Option<Holder>,
    /// Copies that a synchronising service laid beside the annotation file.
    pub copies: Vec<ConflictCopy>,
}

/// A save has ended.
#[derive(Debug)]
pub struct Saved {
    /// The article.
    pub key: ArticleKey,
    /// Where the annotations were to go.
    pub path: PathBuf,
    /// Which file that is, by whatever links it was reached.
    pub one_path: PathBuf,
    /// What was saved.
    pub set: AnnotationSet,
    /// The point of the history that was saved.
    pub point: Point,
    /// What came of it.
    pub result: Result<SavedFile, FileError>,
}

/// Sends commands of the core.
pub type CommandSender = Sender<AppCommand>;

/// A command with its payload.
#[derive(Debug)]
pub enum AppCommand {
    /// Let the person choose articles.
    PickFiles(PickPurpose),
    /// A file dialog was closed; `None` when none could be shown.
    Picked(PickPurpose, Option<Vec<PathBuf>>),
    /// Open these files and folders.
    OpenPaths(Vec<PathBuf>),
    /// A folder was looked through for articles.
    FolderRead(ArticleKey, PathBuf, Vec<PathBuf>),
    /// An article can be shown.
    ArticleOpened(Box<ArticleOpened>),
    /// An article's marks can be shown.
    MarksFound(Box<MarksFound>),
    /// An article was looked through for what is hidden in it.
    Surveyed(ArticleKey, SourceText, Box<Survey>),
    /// Whether git has merged the annotations of an article: what is left to do about that.
    MergeLeft(ArticleKey, Option<String>),
    /// An article could not be opened.
    OpenFailed(ArticleKey, PathBuf, FileError),
    /// A job has not got to its end.
    JobFailed(JobKind, JobFailure),
    /// Stop opening what is being opened.
    CancelOpening,
    /// Read the article again in this encoding.
    Reopen(ArticleKey, &'static str),
    /// Forget a recent file.
    ForgetRecent(PathBuf),
    /// Save the annotations.
    Save(ArticleKey),
    /// Save them at this path.
    SaveAt(ArticleKey, PathBuf),
    /// Save them over a file that was changed by others.
    SaveOver(ArticleKey),
    /// Save all that is unsaved.
    SaveAll,
    /// A save has ended.
    Saved(Box<Saved>),
    /// Close, asking first when something is unsaved.
    Close(ArticleKey),
    /// Close these without saving; `true` when the program is to end after that.
    Discard(Vec<ArticleKey>, bool),
    /// Save these, then close what could be saved; `true` when the program is to end after that.
    SaveAndClose(Vec<ArticleKey>, bool),
    /// Close the program, asking first when something is unsaved.
    Quit,
    /// The system ends the program: no time for questions.
    Terminate,
    /// These files were written, renamed or removed, perhaps by others.
    Touched(Vec<PathBuf>),
    /// See what others have done to all open files.
    LookAtAll,
    /// See what others have done to the files of the active article, if that was not done a moment ago.
    LookBeforeEdit,
    /// The files of an article were looked at.
    Seen(Box<Seen>),
    /// Ask again whether the annotation file is free.
    TryLock(ArticleKey),
    /// A job has asked whether this annotation file is free.
    LockTried(ArticleKey, PathBuf, Result<LockOutcome, FileError>),
    /// The journal has something to say.
    JournalSaid(JournalEvent),
    /// Show this article.
    Activate(ArticleKey),
    /// Show the next or previous article.
    CycleArticle(Step),

    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// Tag the selection, or give or take the tag of the chosen annotation.
    Tag(TagId),
    /// Tag all of these passages of the active article.
    TagAll(Vec<TextRange>, TagId),
    /// Highlight the selection without tag.
    Highlight,
    /// A selection was finished by the pointer.
    SelectionFinished(TextRange),
    /// Any other edit of the active article.
    Edit(Edit),
    /// Remove an annotation.
    Remove(AnnotationId),
    /// Place an annotation that was not found at the selection.
    PlaceHere(AnnotationId),
    /// Move an end of the chosen annotation by a word.
    MoveEnd(End, Step),
    /// Let the chosen annotation go on at the selection.
    AddPart,
    /// Take from the chosen annotation the part at the caret.
    RemovePart,
    /// Adopt the present text.
    AdoptText,
    /// Add the codebook's further tags.
    AddCompanionTags,
    /// Write what was typed in the inspector into the annotation.
    CommitDrafts,

    /// Choose an annotation (or nothing) without moving.
    Choose(Option<AnnotationId>),
    /// Back to where the eye was before the last jump.
    Back,
    /// Choose an annotation and bring it into sight.
    GoTo(AnnotationId),
    /// Select a stretch of the text and bring it into sight.
    Select(TextRange),
    /// Something in the text was clicked: these annotations, innermost first.
    Clicked(ByteOffset, Vec<AnnotationId>),
    /// To the next or previous annotation.
    CycleAnnotation(Step),
    /// To the next or previous hidden character.
    CycleHidden(Step),
    /// Among the annotations here, the next.
    CycleOverlapping,
    /// Put the keyboard into the text.
    FocusText,
    /// Put the keyboard into the note field.
    FocusNote,
    /// Put the keyboard into the speaker field.
    FocusSpeaker,
    /// Grow the selection.
    GrowSelection,
    /// Shrink it.
    ShrinkSelection,
    /// Select everything.
    SelectAll,
    /// Copy the selection without hidden characters that deceive.
    Copy,
    /// Copy the selection as it stands in the article.
    CopyExactly,
    /// Copy this stretch of the active article as it stands there.
    CopyRange(TextRange),
    /// Marker up or down.
    ToggleMarker,
    /// Take this tag's marker in hand.
    TakeMarker(TagId),
    /// Marker down, selection off, nothing chosen.
    Cancel,
    /// Show only this tag in list and text, or all again.
    FilterTag(TagId),
    /// Show or hide a tag in the text.
    ToggleTagShown(TagId),
    /// Show or hide a panel.
    TogglePanel(Side),
    /// From the text to the list and back.
    OtherPane,
    /// Theme.
    Theme(ThemeChoice),
    /// Text size, in steps; 0 for the usual.
    TextSize(i32),
    /// Length of lines, in steps.
    Measure(i32),
    /// Face of the article.
    Face(Face),
    /// Numbers in the margin.
    Numbering(Numbering),
    /// Which hidden characters are shown.
    Reveal(Reveal),
    /// New preferences.
    SetPreferences(Box<Preferences>),
    /// Show a dialog.
    Show(DialogKind),
    /// Close the dialog.
    CloseDialog,
    /// Close a notification.
    Dismiss(u64),
    /// Settings were written, or could not be.
    SettingsWritten(Option<FileError>),
}

impl AppCommand {
    /// Whether what was typed and not yet taken over has to be in the records before the command is carried out.
    pub fn needs_drafts(&self) -> bool {
        matches!(
            self,
            Self::PickFiles(_)
                | Self::Save(_)
                | Self::SaveAt(..)
                | Self::SaveOver(_)
                | Self::SaveAll
                | Self::Close(_)
                | Self::SaveAndClose(..)
                | Self::Quit
                | Self::Terminate
                | Self::Activate(_)
                | Self::CycleArticle(_)
                | Self::Undo
                | Self::Choose(_)
                | Self::GoTo(_)
                | Self::Clicked(..)
                | Self::CommitDrafts
                | Self::Cancel
                | Self::Show(_)
        )
    }
}
