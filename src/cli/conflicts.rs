//! `conflicts`, `tombstones` and `unify`: what a merge leaves for a person to decide.

use super::{
    CliError, Env, Exit, Output, merge,
    merge_args::{ConflictsArgs, TombstonesArgs, UnifyArgs},
    output,
    record_words::names,
    several::{AnyRecords, OpenFile, edit, signer},
};
use crate::{
    annotation::{
        AnnotationSet, Choice, Conflict, RecordKind, RecordRef, Records, SettleError, Side,
        Timestamp, Tombstone, WRITTEN_SINCE, as_asked, clear_tombstones, settle, twins,
    },
    edit::{Edit, EditError},
};
use std::sync::Arc;

/// Lists conflicts, or settles those that are meant.
///
/// # Errors
/// When the file cannot be read or written, or a conflict cannot be settled so.
pub fn run(args: &ConflictsArgs, output: &mut Output<'_>, env: &mut Env) -> Result<Exit, CliError> {
    let mut file = OpenFile::open(&env.disk, &args.file)?;
    let meant: Vec<Arc<Conflict>> = match &file.records {
        AnyRecords::Annotations(set) => meant(&**set, args)?,
        AnyRecords::Collection(it) => meant(&**it, args)?,
    };
    let Some(take) = &args.take else {
        return show(&file, &meant, output);
    };
    let (mut n_fallen, mut n_passed) = (0, 0);
    for conflict in &meant {
        // The removal of the record, taken a moment ago, has settled all that was asked about it.
        if !file.records.has_conflict(conflict.id) {
            n_fallen += 1;
            continue;
        }
        let conflict = match &file.records {
            AnyRecords::Annotations(set) => as_asked(&**set, conflict),
            AnyRecords::Collection(it) => as_asked(&**it, conflict),
        };
        // A rule for all conflicts was made without knowing of it.
        let is_since = |side: &Side| side.name == WRITTEN_SINCE;
        if args.all
            && conflict.sides.iter().any(is_since)
            && !["both", WRITTEN_SINCE].contains(&take.as_str())
        {
            n_passed += 1;
            continue;
        }
        let choice = choice(&conflict, take)?;
        match &mut file.records {
            AnyRecords::Annotations(set) => {
                let conflict = conflict.id;
                edit(set, &Edit::Settle { conflict, choice }, env)?;
            }
            AnyRecords::Collection(it) => {
                let signature = (env.now, Some(signer(env)).filter(|me| !me.name.is_empty()));
                let (now, who) = signature;
                let who = who.map(|me| me.id);
                settle(&mut **it, conflict.id, &choice, (now, who)).map_err(EditError::from)?;
            }
        }
    }
    let left = match &file.records {
        AnyRecords::Annotations(set) => set.conflicts.len(),
        AnyRecords::Collection(it) => it.conflicts.len(),
    };
    let n_settled = meant.len() - n_passed;
    if n_settled > 0 {
        file.save(&env.disk, output)?;
    }
    if n_passed > 0 {
        output.remark(format_args!(
            "{} skipped, because another value was written since; list them without --take, and settle each by its id",
            output::count(n_passed, "conflict")
        ));
    }
    let fallen = match n_fallen {
        0 => String::new(),
        1 => " (1 because its record was removed)".to_owned(),
        n => format!(" ({n} because their records were removed)"),
    };
    output.line(format_args!("{n_settled} settled{fallen}, {left} left"))?;
    Ok(if left == 0 {
        Exit::Done
    } else {
        Exit::Differences
    })
}

fn show(
    file: &OpenFile,
    meant: &[Arc<Conflict>],
    output: &mut Output<'_>,
) -> Result<Exit, CliError> {
    let known = file.records.names()?;
    let names = names(Some(&known));
    match &file.records {
        AnyRecords::Annotations(set) => {
            merge::list(meant, &**set, &names, output)?;
            for twins in twins(set) {
                let note = crate::merge::Note::Twins(twins);
                output.remark(format_args!("{}", merge::remark(&note, &names)));
            }
        }
        AnyRecords::Collection(it) => merge::list(meant, &**it, &names, output)?,
    }
    if meant.is_empty() {
        output.remark(format_args!("no conflicts"));
    }
    Ok(if meant.is_empty() {
        Exit::Done
    } else {
        Exit::Differences
    })
}

/// Returns the conflicts that the arguments name: all without an id.
fn meant<S: Records>(set: &S, args: &ConflictsArgs) -> Result<Vec<Arc<Conflict>>, CliError> {
    let all = set.conflicts().values().cloned();
    let Some(written) = &args.id else {
        return Ok(all.collect());
    };
    let prefix = written.trim().to_lowercase();
    let found: Vec<Arc<Conflict>> = all
        .filter(|conflict| conflict.id.to_string().starts_with(&prefix))
        .collect();
    let settled = set
        .tombstones()
        .iter()
        .find(|(record, _)| record.kind == RecordKind::Conflict && record.id.starts_with(&prefix));
    match (found.as_slice(), settled) {
        ([_], _) => Ok(found),
        ([], Some((_, tombstone))) if !prefix.is_empty() => Err(CliError::SettledBefore {
            written: output::one_line(written, 60),
            when: tombstone.when,
        }),
        (several, _) => Err(CliError::WhichConflict {
            written: output::one_line(written, 60),
            n_found: several.len(),
        }),
    }
}

fn choice(conflict: &Conflict, take: &str) -> Result<Choice, CliError> {
    let named = conflict.sides.iter().position(|side| side.name == take);
    let side = match take {
        "both" => return Ok(Choice::Both),
        _ if named.is_some() => named,
        "ours" => Some(0),
        "theirs" => Some(1),
        number => number.parse().ok().and_then(|n: usize| n.checked_sub(1)),
    };
    match side {
        Some(side) if side < conflict.sides.len() => Ok(Choice::Side(side)),
        Some(side) => Err(EditError::from(SettleError::NoSuchSide {
            side,
            n_sides: conflict.sides.len(),
        })
        .into()),
        None => Err(CliError::WhichSide {
            take: output::one_line(take, 60),
            sides: conflict
                .sides
                .iter()
                .map(|side| output::one_line(&side.name, 60))
                .collect(),
        }),
    }
}

/// Lists what was removed, or forgets what was removed long ago.
///
/// # Errors
/// When the date is none, or the file cannot be read or written.
pub fn tombstones(
    args: &TombstonesArgs,
    output: &mut Output<'_>,
    env: &mut Env,
) -> Result<Exit, CliError> {
    let mut file = OpenFile::open(&env.disk, &args.file)?;
    if let Some(written) = &args.clear_before {
        let moment = Timestamp::parse(written)
            .or_else(|| Timestamp::parse(&format!("{written}T00:00:00Z")))
            .ok_or_else(|| CliError::NoDate {
                written: output::one_line(written, 60),
            })?;
        let n_before = n_tombstones(&file.records);
        match &mut file.records {
            AnyRecords::Annotations(set) => {
                edit(set, &Edit::ClearTombstones { before: moment }, env)?;
            }
            AnyRecords::Collection(it) => drop(clear_tombstones(&mut **it, moment)),
        }
        let n_after = n_tombstones(&file.records);
        if n_after < n_before {
            file.save(&env.disk, output)?;
        }
        output.line(format_args!(
            "{} forgotten, {n_after} left",
            n_before - n_after
        ))?;
        return Ok(Exit::Done);
    }
    let known = file.records.names()?;
    let names = names(Some(&known));
    let all = match &file.records {
        AnyRecords::Annotations(set) => set.tombstones(),
        AnyRecords::Collection(it) => it.tombstones(),
    };
    for (record, tombstone) in all {
        let who = tombstone
            .who
            .map(|who| format!(" by {}", names.agent(&who.to_string())));
        let instead = tombstone
            .instead
            .as_ref()
            .map(|instead| format!(", now {}", output::one_line(instead, 100)));
        output.line(format_args!(
            "{} {}{}{}",
            tombstone.when,
            output::one_line(&record.to_string(), 100),
            who.unwrap_or_default(),
            instead.unwrap_or_default(),
        ))?;
    }
    Ok(Exit::Done)
}

fn n_tombstones(records: &AnyRecords) -> usize {
    match records {
        AnyRecords::Annotations(set) => set.tombstones.len(),
        AnyRecords::Collection(it) => it.tombstones.len(),
    }
}

/// Makes two tags, annotators, speakers or claims one, or all that have one name.
///
/// # Errors
/// When they are not two of one kind, or the file cannot be read or written.
pub fn unify(args: &UnifyArgs, output: &mut Output<'_>, env: &mut Env) -> Result<Exit, CliError> {
    let mut file = OpenFile::open(&env.disk, &args.file)?;
    let AnyRecords::Annotations(set) = &mut file.records else {
        return Err(CliError::MixedKinds);
    };
    let before = AnnotationSet::clone(set);
    match (&args.keep, &args.other) {
        (Some(keep), Some(other)) => {
            let (keep, other) = (named(set, keep)?, named(set, other)?);
            edit(set, &Edit::Unify { keep, other }, env)?;
        }
        _ => edit(set, &Edit::UnifySameNames, env)?,
    }
    let said = joined(&before, set);
    if said.is_empty() {
        output.remark(format_args!("no two records have the same name"));
        return Ok(Exit::Done);
    }
    file.save(&env.disk, output)?;
    for line in &said {
        output.line(format_args!("{line}"))?;
    }
    Ok(Exit::Done)
}

/// Returns one line for each record that has become one with another.
fn joined(before: &AnnotationSet, after: &AnnotationSet) -> Vec<String> {
    let names = names(Some(before));
    let is_new = |(record, tombstone): &(&RecordRef, &Arc<Tombstone>)| {
        before.tombstones.get(*record) != Some(*tombstone)
    };
    let new = after.tombstones.iter().filter(is_new);
    new.filter_map(|(record, tombstone)| {
        let instead = tombstone.instead.as_ref()?;
        let fields = before.fields_of(record)?;
        Some(format!(
            "{}: {} is {} now",
            names.record(record, &fields),
            output::one_line(&record.id, 100),
            output::one_line(instead, 100),
        ))
    })
    .collect()
}

/// Returns the tag, annotator, speaker or claim with this id.
fn named(set: &AnnotationSet, id: &str) -> Result<RecordRef, CliError> {
    use RecordKind::{Agent, Claim, Speaker, Tag};
    [Tag, Agent, Speaker, Claim]
        .into_iter()
        .map(|kind| RecordRef {
            kind,
            id: id.into(),
        })
        .find(|record| set.fields_of(record).is_some())
        .ok_or_else(|| CliError::NoSuchRecord {
            written: output::one_line(id, 60),
        })
}
