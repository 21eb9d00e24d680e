//! `edit`: changes annotations: their fields, passages, comments and links.

use super::{
    CliError, Env, Exit, Output,
    check::annotations_path,
    diff::Comparison,
    edit_args::{EditArgs, FieldName, ModeName},
    opened::{self, Opened, creator, nobody},
    output,
    places::{Place, Places},
    several::{AnyRecords, OpenFile},
    tag_words, which,
};
use crate::{
    annotation::{
        Annotation, AnnotationId, AnnotationSet, Attribution, LinkKind, QuoteMode, Speaker,
        SpeakerId, TagId,
    },
    edit::{Edit, EditError, Stamp, Workspace},
    files::{Disk, article_of},
    text::{SourceText, TextRange},
};

/// Changes the annotations that the arguments name and prints what has changed.
///
/// # Errors
/// When an annotation, passage or tag is not there or not the only one, or a file cannot be read or written. The
/// annotation file is as it was then.
pub fn run(args: &EditArgs, output: &mut Output<'_>, env: &mut Env) -> Result<Exit, CliError> {
    let mut subject = Subject::open(args, &env.disk)?;
    subject.writable()?;
    let before = subject.workspace().set().clone();
    let ids = subject.meant(args)?;
    let agent = match args.comment.is_some() || links(args).next().is_some() {
        true => creator(&before.agents, args.creator.as_deref(), output, env)?,
        false => nobody(),
    };
    let moved_to = subject.segments(args)?;
    let mut stamp = Stamp {
        now: env.now,
        agent,
        ids: &mut *env.ids,
    };
    let workspace = subject.workspace_mut();
    for id in &ids {
        edit_one(workspace, *id, args, &mut stamp)?;
    }
    match ids.as_slice() {
        [only] => edit_alone(workspace, *only, args, &moved_to, &mut stamp)?,
        several => only_one(args, several.len())?,
    }
    let after = workspace.set().clone();
    let is_changed = before != after;
    let comparison = Comparison::of(
        &AnyRecords::Annotations(Box::new(before)),
        &AnyRecords::Annotations(Box::new(after)),
    )?;
    subject.remark(output);
    if is_changed {
        subject.save(env, output)?;
    } else {
        output.remark(format_args!("nothing to change"));
    }
    comparison.print(args.json, output)?;
    Ok(Exit::Done)
}

/// What is edited: an article's annotations, or an annotation file without its article.
enum Subject {
    /// The article is there.
    Article(Box<Opened>),
    /// The file has a name of its own, or its article is elsewhere.
    File {
        file: Box<OpenFile>,
        workspace: Box<Workspace>,
        has_text: bool,
    },
}

impl Subject {
    fn open(args: &EditArgs, disk: &Disk) -> Result<Self, CliError> {
        let path = annotations_path(disk, &args.article);
        let stands_alone =
            path == args.article && !article_of(&path).is_some_and(|article| article.exists());
        if !stands_alone {
            let opened = Opened::open(disk, &args.article, args.encoding.forced.as_deref())?;
            return Ok(Self::Article(Box::new(opened)));
        }
        let file = OpenFile::on(disk, &path)?;
        let AnyRecords::Annotations(set) = &file.records else {
            return Err(CliError::MixedKinds);
        };
        let text = opened::text_of(&path, set)?;
        let has_text = text.is_some();
        let text = match text {
            Some(text) => text,
            None => SourceText::new(String::new()).map_err(EditError::from)?,
        };
        Ok(Self::File {
            workspace: Box::new(opened::workspace(&text, AnnotationSet::clone(set))?),
            file: Box::new(file),
            has_text,
        })
    }

    fn workspace(&self) -> &Workspace {
        match self {
            Self::Article(opened) => &opened.workspace,
            Self::File { workspace, .. } => workspace,
        }
    }

    fn workspace_mut(&mut self) -> &mut Workspace {
        match self {
            Self::Article(opened) => &mut opened.workspace,
            Self::File { workspace, .. } => workspace,
        }
    }

    fn writable(&self) -> Result<(), CliError> {
        match self {
            Self::Article(opened) => opened.writable(),
            Self::File { file, .. } => file.writable(),
        }
    }

    /// Checks that the text is there, to find passages in.
    fn need_text(&self) -> Result<(), CliError> {
        match self {
            Self::File {
                file,
                workspace,
                has_text: false,
            } => Err(CliError::NoArticle {
                article: output::one_line(&workspace.set().article.file_name, 100),
                path: output::path(&file.path),
            }),
            _ => Ok(()),
        }
    }

    /// Returns the annotations that the arguments name, each once.
    fn meant(&self, args: &EditArgs) -> Result<Vec<AnnotationId>, CliError> {
        let workspace = self.workspace();
        if !args.on.0.0.is_empty() {
            self.need_text()?;
            return Ok(vec![which::by_place(workspace, &args.on.0, None)?]);
        }
        let mut ids: Vec<AnnotationId> = Vec::new();
        for written in &args.ids {
            let id = which::by_id(workspace.set(), written)?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// Returns where the annotation moves to; empty when it does not move.
    fn segments(&self, args: &EditArgs) -> Result<Vec<TextRange>, CliError> {
        let Places(places) = &args.to.0;
        if !places.is_empty() {
            self.need_text()?;
        }
        args.to.0.segments(self.workspace().text())
    }

    fn remark(&self, output: &mut Output<'_>) {
        if let Self::Article(opened) = self {
            opened.remark(output);
        }
    }

    fn save(self, env: &Env, output: &mut Output<'_>) -> Result<(), CliError> {
        match self {
            Self::Article(opened) => opened.save(&env.disk, output),
            Self::File {
                file, workspace, ..
            } => {
                let records = AnyRecords::Annotations(Box::new(workspace.set().clone()));
                file.replaced(records)?.save(&env.disk, output)
            }
        }
    }
}

/// Makes the edits that can apply to several annotations at once.
fn edit_one(
    workspace: &mut Workspace,
    id: AnnotationId,
    args: &EditArgs,
    stamp: &mut Stamp<'_>,
) -> Result<(), CliError> {
    retag(workspace, id, args, stamp)?;
    let clears = |field| args.clear.contains(&field);
    let note = args.note.clone();
    if let Some(note) = note.or_else(|| clears(FieldName::Note).then(String::new)) {
        workspace.apply(&Edit::SetNote { id, note }, stamp)?;
    }
    let attribution = attribution(workspace, id, args, stamp)?;
    workspace.apply(&Edit::SetAttribution { id, attribution }, stamp)?;
    if let Some(text) = &args.comment {
        let text = text.clone();
        workspace.apply(&Edit::AddComment { id, text }, stamp)?;
    }
    relink(workspace, id, args, stamp)
}

fn annotation(workspace: &Workspace, id: AnnotationId) -> Result<Annotation, CliError> {
    let known = workspace.set().annotations.get(&id);
    let known = known.map(|annotation| Annotation::clone(annotation));
    Ok(known.ok_or(EditError::NoSuchAnnotation(id))?)
}

fn retag(
    workspace: &mut Workspace,
    id: AnnotationId,
    args: &EditArgs,
    stamp: &mut Stamp<'_>,
) -> Result<(), CliError> {
    let mut given: Vec<TagId> = Vec::new();
    for word in args.retag.iter().chain(&args.add_tag) {
        given.push(tag_words::find_or_add(
            workspace,
            word,
            args.new_tag,
            stamp,
        )?);
    }
    let mut taken: Vec<TagId> = Vec::new();
    for word in &args.remove_tag {
        taken.push(tag_words::find(workspace.set(), word)?);
    }
    if !args.retag.is_empty() || args.clear.contains(&FieldName::Tags) {
        let others = annotation(workspace, id)?.tags.into_iter();
        taken.extend(others.filter(|tag| !given.contains(tag)));
    }
    let taken = taken.into_iter().map(|tag| (tag, false));
    for (tag, give) in taken.chain(given.into_iter().map(|tag| (tag, true))) {
        let ids = vec![id];
        workspace.apply(&Edit::Retag { ids, tag, give }, stamp)?;
    }
    Ok(())
}

/// Returns the new attribution.
fn attribution(
    workspace: &mut Workspace,
    id: AnnotationId,
    args: &EditArgs,
    stamp: &mut Stamp<'_>,
) -> Result<Attribution, CliError> {
    let mut attribution = annotation(workspace, id)?.attribution;
    for field in &args.clear {
        match field {
            FieldName::Speaker => attribution.speaker = None,
            FieldName::Cue => attribution.cue.clear(),
            FieldName::Mode => attribution.mode = None,
            FieldName::ReportedBy => attribution.reported_by.clear(),
            FieldName::Note | FieldName::Tags => {}
        }
    }
    if let Some(name) = &args.speaker {
        attribution.speaker = speaker(workspace, name, stamp)?;
    }
    if let Some(cue) = &args.cue {
        attribution.cue.clone_from(cue);
    }
    if let Some(mode) = args.mode {
        attribution.mode = Some(match mode {
            ModeName::Direct => QuoteMode::Direct,
            ModeName::Indirect => QuoteMode::Indirect,
            ModeName::Mixed => QuoteMode::Mixed,
        });
    }
    if !args.reported_by.is_empty() {
        attribution.reported_by.clear();
        for name in &args.reported_by {
            attribution
                .reported_by
                .extend(speaker(workspace, name, stamp)?);
        }
    }
    Ok(attribution)
}

/// Returns the speaker with this id or name, created if it does not exist; `None` for a blank name.
fn speaker(
    workspace: &mut Workspace,
    written: &str,
    stamp: &mut Stamp<'_>,
) -> Result<Option<SpeakerId>, CliError> {
    let (set, name) = (workspace.set(), written.trim());
    let by_id = SpeakerId::parse(name).filter(|id| set.speakers.contains_key(id));
    let known = by_id.or_else(|| set.speaker_named(name).map(|speaker| speaker.id));
    if name.is_empty() || known.is_some() {
        return Ok(known.filter(|_| !name.is_empty()));
    }
    let id = SpeakerId::new(stamp.ids);
    let speaker = Speaker::named(id, name);
    workspace.apply(&Edit::DefineSpeaker(speaker), stamp)?;
    Ok(Some(id))
}

/// Returns the links to make: what they say, and to which annotation.
fn links(args: &EditArgs) -> impl Iterator<Item = (LinkKind, &String)> {
    let kinds = [
        (LinkKind::RespondsTo, &args.responds_to),
        (LinkKind::Supports, &args.supports),
        (LinkKind::SameStatement, &args.same_as),
    ];
    kinds
        .into_iter()
        .flat_map(|(kind, ids)| vec![kind; ids.len()].into_iter().zip(ids))
}

/// Checks that no option was given that needs exactly one annotation.
fn only_one(args: &EditArgs, n_meant: usize) -> Result<(), CliError> {
    let has = |places: &Places, is_meant: fn(&Place) -> bool| places.0.iter().any(is_meant);
    let option = match args {
        _ if has(&args.to.0, |place| matches!(place, Place::At { .. })) => "at",
        _ if has(&args.to.0, |_| true) => "to",
        _ if args.remove_comment.is_some() => "remove-comment",
        _ => return Ok(()),
    };
    Err(CliError::OneAnnotation { option, n_meant })
}

/// Makes the edits that apply to one annotation only.
fn edit_alone(
    workspace: &mut Workspace,
    id: AnnotationId,
    args: &EditArgs,
    moved_to: &[TextRange],
    stamp: &mut Stamp<'_>,
) -> Result<(), CliError> {
    if !moved_to.is_empty() {
        relocate(workspace, id, moved_to, stamp)?;
    }
    if let Some(number) = args.remove_comment {
        let comments = annotation(workspace, id)?.comments;
        let number = number as usize;
        let Some(comment) = comments.get(number - 1).map(|comment| comment.id) else {
            let listed = comments.iter().enumerate().map(|(idx, comment)| {
                format!("{} {}", idx + 1, output::one_line(&comment.text, 60))
            });
            let comments = listed.collect();
            return Err(CliError::NoSuchComment {
                id,
                number,
                comments,
            });
        };
        workspace.apply(&Edit::RemoveComment { id, comment }, stamp)?;
    }
    Ok(())
}

/// Moves the annotation to `ranges`, which are in order and do not overlap.
fn relocate(
    workspace: &mut Workspace,
    id: AnnotationId,
    ranges: &[TextRange],
    stamp: &mut Stamp<'_>,
) -> Result<(), CliError> {
    let n_before = annotation(workspace, id)?.segments.len();
    for segment in (ranges.len()..n_before).rev() {
        workspace.apply(&Edit::RemoveSegment { id, segment }, stamp)?;
    }
    for (segment, range) in ranges.iter().copied().enumerate() {
        let edit = match segment < n_before {
            true => Edit::Retarget { id, segment, range },
            false => Edit::AddSegment { id, range },
        };
        workspace.apply(&edit, stamp)?;
    }
    Ok(())
}

/// Links the annotation to others, and takes links away.
fn relink(
    workspace: &mut Workspace,
    from: AnnotationId,
    args: &EditArgs,
    stamp: &mut Stamp<'_>,
) -> Result<(), CliError> {
    for written in &args.unlink {
        let to = which::by_id(workspace.set(), written)?;
        let all = workspace.set().links.values();
        let gone: Vec<_> = all
            .filter(|link| (link.from, link.to) == (from, to))
            .map(|link| link.id)
            .collect();
        for link in gone {
            workspace.apply(&Edit::Unlink(link), stamp)?;
        }
    }
    for (kind, written) in links(args) {
        let to = which::by_id(workspace.set(), written)?;
        let is_it = |link: &crate::annotation::Link| {
            (link.from, link.to) == (from, to) && link.kind == kind
        };
        if !workspace.set().links.values().any(|link| is_it(link)) {
            workspace.apply(&Edit::Link { from, to, kind }, stamp)?;
        }
    }
    Ok(())
}
