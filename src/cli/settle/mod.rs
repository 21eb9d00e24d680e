//! `settle`: one agreed file out of several annotators' files, difference by difference.

mod answers;
mod args;
mod inputs;
mod words;

pub use args::SettleArgs;

use super::{
    CliError, Env, Exit, Output,
    opened::creator,
    output,
    several::{AnyRecords, OpenFile, save_at, with_articles},
};
use crate::{
    annotation::{Agent, AnnotationSet, Article},
    files::{Disk, SaveOptions, read_article},
    settling::{Answers, Outcome, Question, settle},
    text::CharOffset,
};
use answers::Typed;
use imbl::OrdMap;
use inputs::ArticleFiles;
use std::path::{Path, PathBuf};

/// Lists the differences, settles those that are answered, and writes the agreed files.
///
/// # Errors
/// When a file cannot be read or written, or an answer makes no sense. No file has changed then, unless the last of
/// several agreed files cannot be written.
pub fn run(args: &SettleArgs, output: &mut Output<'_>, env: &mut Env) -> Result<Exit, CliError> {
    let (articles, alone) = inputs::read(&env.disk, &args.files, &args.output)?;
    let jobs = articles
        .iter()
        .map(|article| Job::new(&env.disk, article, args, &articles));
    let mut jobs = jobs.collect::<Result<Vec<_>, _>>()?;
    let who = match decides(args) {
        true => Some(creator(
            &agents(&jobs),
            args.creator.as_deref(),
            output,
            env,
        )?),
        false => None,
    };
    answer(&mut jobs, args, output)?;
    for job in &mut jobs {
        job.outcome = job.settle(&job.answers, (env.now, who.as_ref()));
    }
    for name in alone {
        output.remark(format_args!(
            "only one annotator's file on `{}` was given, so its marks were not settled",
            output::one_line(&name, 100)
        ));
    }
    let listed: Vec<Listed<'_>> = jobs
        .iter()
        .flat_map(|job| job.outcome.questions.iter().map(|it| Listed::new(job, it)))
        .collect();
    words::print(&jobs, &listed, args, output)?;
    let n_open = listed.iter().filter(|it| it.question.is_open()).count();
    let table = args
        .write_answers
        .as_ref()
        .map(|path| (path, answers::template(&listed)));
    let sources: Vec<PathBuf> = articles.iter().flat_map(|it| it.paths.clone()).collect();
    if !args.dry_run {
        for job in jobs {
            job.save(env, output)?;
        }
    }
    // Last, for a command is run again when a file was changed meanwhile, and this one is never written over.
    if let Some((path, text)) = table {
        env.disk.save_new_text(path, &text, &sources)?;
    }
    Ok(match n_open {
        0 => Exit::Done,
        _ => Exit::Differences,
    })
}

/// Returns whether the arguments settle anything, so that somebody must sign it.
fn decides(args: &SettleArgs) -> bool {
    let rules = [
        &args.edges,
        &args.tags,
        &args.only,
        &args.details,
        &args.rest,
    ];
    args.majority
        || args.answers.is_some()
        || !args.take.is_empty()
        || rules.into_iter().any(Option::is_some)
}

/// Returns all annotators that anybody knows.
fn agents(jobs: &[Job<'_>]) -> OrdMap<crate::annotation::AgentId, std::sync::Arc<Agent>> {
    let sides = jobs.iter().flat_map(|job| &job.article.sides);
    let sets = jobs
        .iter()
        .map(|job| &job.agreed)
        .chain(sides.map(|side| &side.set));
    let all = sets.flat_map(|set| set.agents.iter());
    all.map(|(id, agent)| (*id, agent.clone())).collect()
}

/// One article on its way into its agreed file.
struct Job<'a> {
    article: &'a ArticleFiles,
    /// Where the agreed marks go.
    path: PathBuf,
    /// The agreed file that is there.
    file: Option<OpenFile>,
    /// What it has.
    agreed: AnnotationSet,
    answers: Answers,
    outcome: Outcome,
}

impl<'a> Job<'a> {
    /// Reads the agreed file, if there is one, and finds the differences.
    fn new(
        disk: &Disk,
        article: &'a ArticleFiles,
        args: &SettleArgs,
        all: &[ArticleFiles],
    ) -> Result<Self, CliError> {
        let path = agreed_path(&args.output, article, all.len())?;
        let (file, agreed) = match path.exists() {
            true => {
                let file = OpenFile::on(disk, &path)?;
                file.writable()?;
                let AnyRecords::Annotations(set) = &file.records else {
                    return Err(CliError::OtherKindThere {
                        path: output::path(&path),
                    });
                };
                let set = AnnotationSet::clone(set);
                (Some(file), set)
            }
            false => (None, fresh(article)?),
        };
        let edition = article.sides.first().map(|side| side.set.article.edition);
        if Some(agreed.article.edition) != edition {
            return Err(CliError::OtherWordings {
                article: output::one_line(&article.name, 100),
                path: output::path(&path),
            });
        }
        let answers = Answers {
            rules: answers::rules(args, &article.sides)?,
            reason: args.reason.clone(),
            ..Answers::default()
        };
        let nothing = Answers::default();
        let text = article.text.as_ref();
        let nobody = (crate::annotation::Timestamp::from_unix_seconds(0), None);
        let outcome = settle(&article.sides, text, &agreed, &nothing, nobody);
        Ok(Self {
            article,
            path,
            file,
            agreed,
            answers,
            outcome,
        })
    }

    fn settle(
        &self,
        answers: &Answers,
        signature: (crate::annotation::Timestamp, Option<&Agent>),
    ) -> Outcome {
        let text = self.article.text.as_ref();
        settle(&self.article.sides, text, &self.agreed, answers, signature)
    }

    /// Writes the agreed file, if it is new or anything in it is.
    fn save(self, env: &Env, output: &mut Output<'_>) -> Result<(), CliError> {
        let is_changed = self.outcome.set != self.agreed;
        let records = AnyRecords::Annotations(Box::new(self.outcome.set));
        match self.file {
            Some(_) if !is_changed => Ok(()),
            Some(file) => file.replaced(records)?.save(&env.disk, output),
            None => {
                if let Some(folder) = self.path.parent().filter(|it| !it.as_os_str().is_empty()) {
                    env.disk.create_folder(folder)?;
                }
                let options = SaveOptions {
                    sources: with_articles(self.article.paths.iter().map(PathBuf::as_path)),
                    ..SaveOptions::default()
                };
                save_at(&env.disk, &self.path, records, &options, output)
            }
        }
    }
}

/// Returns where the agreed marks of an article go.
fn agreed_path(
    output: &Path,
    article: &ArticleFiles,
    n_articles: usize,
) -> Result<PathBuf, CliError> {
    let ends_with_slash = output.as_os_str().as_encoded_bytes().ends_with(b"/");
    let is_file = output.exists() && !output.is_dir();
    if output.is_dir() || n_articles > 1 || ends_with_slash {
        return match is_file {
            true => Err(CliError::NotAFolder {
                n_articles,
                path: output::path(output),
            }),
            false => Ok(output.join(&article.file_name)),
        };
    }
    if !is_file && output.extension().is_none_or(|it| it != "ron") {
        return Err(CliError::NotAnAnnotationFile {
            path: output::path(output),
        });
    }
    Ok(output.to_owned())
}

/// Returns an agreed set without marks: what the sides know about the article, the same whichever comes first.
fn fresh(article: &ArticleFiles) -> Result<AnnotationSet, CliError> {
    let mut known: Vec<&Article> = article.sides.iter().map(|side| &side.set.article).collect();
    known.sort_by_cached_key(|article| format!("{article:?}"));
    let Some(first) = known.first() else {
        return Err(CliError::NobodyToSettle);
    };
    let mut one = Article::clone(first);
    for other in known {
        let pairs = [
            (&mut one.title, &other.title),
            (&mut one.url, &other.url),
            (&mut one.publisher, &other.publisher),
            (&mut one.author, &other.author),
            (&mut one.date, &other.date),
        ];
        for (mine, its) in pairs {
            if mine.is_empty() {
                mine.clone_from(its);
            }
        }
        if one.embedded_text.is_none() {
            one.embedded_text.clone_from(&other.embedded_text);
        }
    }
    let mut set = AnnotationSet::new(one);
    set.tags.clear();
    Ok(set)
}

/// Gives the answers to the questions they are for.
fn answer(
    jobs: &mut [Job<'_>],
    args: &SettleArgs,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    for pair in args.take.chunks_exact(2) {
        let [take, id] = pair else { continue };
        let typed = Typed {
            take: take.clone(),
            id: id.clone(),
            reason: args.reason.clone(),
        };
        match give(jobs, &typed)? {
            1 => {}
            n_found => {
                let written = output::one_line(id, 60);
                return Err(CliError::WhichDifference { written, n_found });
            }
        }
    }
    let Some(path) = &args.answers else {
        return Ok(());
    };
    let file = read_article(path, None)?;
    let text = file.text.slice_or_empty(file.text.full_range());
    for (line, mut typed) in answers::read(text, path)? {
        if typed.reason.is_empty() {
            typed.reason.clone_from(&args.reason);
        }
        let bad = |why: String| CliError::BadAnswer {
            path: output::path(path),
            line,
            why,
        };
        match give(jobs, &typed) {
            Ok(1) => {}
            Ok(0) => output.remark(format_args!(
                "line {line} was skipped, because no difference has the id `{}`; the marks have changed since: `{}`",
                output::one_line(&typed.id, 60),
                output::path(path)
            )),
            Ok(n) => return Err(bad(format!("the ids of {n} differences begin with it"))),
            Err(error) => return Err(bad(error.to_string())),
        }
    }
    Ok(())
}

/// Gives one answer to the one difference it is for, named by its own id or that of one of its marks; returns how many
/// there are.
fn give(jobs: &mut [Job<'_>], typed: &Typed) -> Result<usize, CliError> {
    let prefix = typed.id.trim().to_lowercase();
    let meant = |is_meant: &dyn Fn(&Question) -> bool| -> Vec<(usize, &Question)> {
        let numbered = jobs.iter().enumerate();
        let all =
            numbered.flat_map(|(idx, job)| job.outcome.questions.iter().map(move |it| (idx, it)));
        all.filter(|(_, it)| is_meant(it)).collect()
    };
    let mut found = meant(&|it| it.id.to_string().starts_with(&prefix));
    if found.is_empty() && !prefix.is_empty() {
        found = meant(&|it| it.has_mark(&prefix));
    }
    let [(idx, question)] = found.as_slice() else {
        return Ok(found.len());
    };
    let Some(job) = jobs.get(*idx) else {
        return Ok(0);
    };
    let pick = answers::pick(&typed.take, &job.article.sides)?;
    if question.picked(pick).is_none() {
        return Err(CliError::NothingToTake {
            take: output::one_line(&typed.take, 60),
            id: question.id.to_string(),
            n_marks: question.variants.len(),
        });
    }
    let (idx, id) = (*idx, question.id);
    if let Some(job) = jobs.get_mut(idx) {
        let answer = (pick, typed.reason.clone());
        job.answers.by_id.insert(id, answer);
    }
    Ok(1)
}

/// A difference with its place.
pub struct Listed<'a> {
    /// The article.
    article: &'a ArticleFiles,
    /// Knows the names of tags and annotators.
    set: &'a AnnotationSet,
    /// Line and column, or the code point.
    place: String,
    question: &'a Question,
}

impl<'a> Listed<'a> {
    fn new(job: &'a Job<'_>, question: &'a Question) -> Self {
        let start = question.start();
        let text = job.article.text.as_ref();
        let line_col = text.zip(start).and_then(|(text, start)| {
            let offset = text.to_byte(CharOffset::new(start)).ok()?;
            Some(text.line_col(offset).to_string())
        });
        let counted = || start.map_or("?".to_owned(), |start| format!("code point {start}"));
        Self {
            article: job.article,
            set: &job.outcome.set,
            place: line_col.unwrap_or_else(counted),
            question,
        }
    }
}
