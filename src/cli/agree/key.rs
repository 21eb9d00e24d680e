//! `agree --key`: each pupil against the key of the article.

use super::{
    AgreeArgs, canonical, key_json, key_table, key_words, layer_file, layer_files, print_rows,
    remark, short_ids, wanted_tags,
};
use crate::{
    agreement::{KeyReport, LayerFile, LeftOut, LeftOutWhy, PointRule, Who, with_key},
    cli::{CliError, Env, Exit, Output, named_files::annotation_files_below, output},
};
use std::{collections::BTreeSet, path::PathBuf};

/// All there is to print.
pub struct Compared<'a> {
    /// The keys, as they are called.
    pub keys: Vec<&'a str>,
    /// Everybody against the key.
    pub report: KeyReport,
    /// What counts how much.
    pub rule: PointRule,
    /// Files that are on no article of a key.
    pub left_out: Vec<LeftOut>,
    /// Files that could not be read, with the reason.
    pub unread: Vec<String>,
}

/// Reads the keys and the pupils' files, compares them and prints the result.
///
/// # Errors
/// When a key cannot be read, two are on one article, no pupil's file is on an article of a key, a tag is not known, or
/// the output is closed.
pub fn run(args: &AgreeArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    let keys = layer_files(&env.disk, &args.keys)?;
    let (pupils, unread) = pupils(args, &keys, output, env)?;
    let files = || keys.iter().chain(&pupils);
    let wanted = wanted_tags(files(), &args.tags)?;
    let who = match args.each_file {
        true => Who::File,
        false => Who::Creator,
    };
    let (corpus, left_out) = with_key(&keys, &pupils, &wanted, who)?;
    remark(&corpus, output);
    for file in &left_out {
        output.remark(format_args!("{}", left_out_words(file)));
    }
    let mut exit = Exit::Done;
    if !left_out.is_empty() {
        exit = exit.max(Exit::Differences);
    }
    if !unread.is_empty() {
        exit = exit.max(Exit::Failed);
    }
    let compared = Compared {
        keys: keys.iter().map(|key| key.label.as_str()).collect(),
        report: KeyReport::of(corpus),
        rule: args.points.unwrap_or_default(),
        left_out,
        unread,
    };
    if args.json {
        output.json_value(&key_json::json(&compared))?;
    } else if let Some(table) = args.csv {
        print_rows(&key_table::rows(&compared, table)?, args, output)?;
    } else {
        key_words::print(&compared, &short_ids(files()), output)?;
    }
    Ok(exit)
}

/// Returns why a file is not compared, for people.
pub fn left_out_words(file: &LeftOut) -> String {
    let article = output::one_line(&file.article, 100);
    let why = match file.why {
        LeftOutWhy::NoKey => {
            format!(
                "it annotates `{article}`, and no key does; name the key of that article with --key"
            )
        }
        LeftOutWhy::OtherWording => format!(
            "it annotates another edition of `{article}` than the key; put the article beside the key"
        ),
    };
    format!("not compared: {why}: `{}`", file.label)
}

/// Returns the pupils' files, each once, and what there is to say about those that cannot be read.
fn pupils(
    args: &AgreeArgs,
    keys: &[LayerFile],
    output: &mut Output<'_>,
    env: &Env,
) -> Result<(Vec<LayerFile>, Vec<String>), CliError> {
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    let mut is_key: BTreeSet<PathBuf> = BTreeSet::new();
    for key in &args.keys {
        is_key.extend(
            annotation_files_below(&env.disk, key)?
                .iter()
                .map(|path| canonical(path)),
        );
    }
    let mut files = Vec::with_capacity(keys.len());
    let mut unread = Vec::new();
    let mut fail = |error: &CliError, output: &mut Output<'_>| {
        let said = error.to_string();
        output.remark(format_args!("not compared: {said}"));
        unread.push(said);
    };
    for argument in &args.files {
        let paths = match annotation_files_below(&env.disk, argument) {
            Ok(paths) => paths,
            Err(error) => {
                fail(&error, output);
                continue;
            }
        };
        for path in paths {
            let known = canonical(&path);
            if is_key.contains(&known) {
                output.remark(format_args!(
                    "the key is not compared with itself: `{}`",
                    output::path(&path)
                ));
            } else if seen.insert(known) {
                match layer_file(&env.disk, &path) {
                    Ok(file) => files.push(file),
                    Err(error) => fail(&error, output),
                }
            }
        }
    }
    Ok((files, unread))
}
