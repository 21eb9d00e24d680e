//! Arguments of `agree`.

use crate::agreement::{PointRule, UnitKind};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const WITH_KEY: &str = "\
With --key, each file is one pupil's work and is compared with the key only. On the same passage (at least one character \
in common), a mark is right (same tags, same edges), or has other edges (same tags), or a wrong tag. A passage of the \
key without a mark is missed; a mark on no passage of the key is extra. No figures are computed.

Exit codes: 0 success; 1 a file is on no article of the key; 2 invalid arguments; 3 a file could not be read. With --key \
the remaining files are still compared.";

/// Arguments of `agree`.
#[derive(Args, Debug)]
#[command(after_help = WITH_KEY)]
pub struct AgreeArgs {
    /// Annotation files, their articles, folders of such files, or collections, of two or more annotators; the creator of
    /// each annotation counts, so one file may hold the work of several
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Compare each file with this key only, and give points: an annotation file, a folder of keys, or a collection; may be
    /// repeated, one key for each article
    #[arg(long = "key", value_name = "KEY", conflicts_with_all = ["gamma", "unit", "seed"])]
    pub keys: Vec<PathBuf>,
    /// With --key, the points for each result [default: right=1,edges=0.5,tag=0,missed=0,extra=-0.5]; a pupil's total is
    /// never below 0
    #[arg(long, value_name = "NAME=POINTS,…", requires = "keys", value_parser = points, allow_hyphen_values = true)]
    pub points: Option<PointRule>,
    /// Count each file as one annotator's work, whoever created its annotations; for pupils who correct copies of one file
    #[arg(long)]
    pub each_file: bool,
    /// Unit of kappa and alpha
    #[arg(long, value_enum, default_value_t)]
    pub unit: UnitName,
    /// Compare only this tag; may be repeated
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Print everything as a JSON object: annotators, articles, unit, pairs, figures, attributes, confusions,
    /// disagreements, not_compared, re_anchored. A figure is value, low and high (its interval), passages, too_few,
    /// undefined (why there is no value); those of few passages are there too. With --key: key, articles, points,
    /// pupils, passages, confusions, disagreements, not_compared, files_not_compared, re_anchored
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print one table as comma-separated values [default: figures; with --key: pupils]
    #[arg(long, value_enum, value_name = "TABLE", num_args = 0..=1, require_equals = true)]
    pub csv: Option<Option<TableName>>,
    /// With --csv, print the exact values, for programs; otherwise cells that a spreadsheet would run get an apostrophe
    #[arg(long, requires = "csv")]
    pub raw: bool,
    /// Compute gamma for more than two annotators too; for a class it takes minutes
    #[arg(long, conflicts_with = "no_gamma")]
    pub gamma: bool,
    /// Do not compute gamma, for two annotators either
    #[arg(long)]
    pub no_gamma: bool,
    /// Seed of the random samples; the same seed gives the same figures
    #[arg(long, default_value_t = 4_772, value_name = "N")]
    pub seed: u64,
}

/// Units by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum UnitName {
    /// Code point
    #[default]
    Character,
    /// Sentence
    Sentence,
}

impl UnitName {
    /// Returns the unit.
    pub fn kind(self) -> UnitKind {
        match self {
            Self::Character => UnitKind::Character,
            Self::Sentence => UnitKind::Sentence,
        }
    }
}

/// Tables by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableName {
    /// All figures of all tags
    Figures,
    /// All disagreements with their places
    Disagreements,
    /// Counts of tag pairs
    Confusion,
    /// With --key: points and counts of each pupil
    Pupils,
    /// With --key: passages of the key, and how many pupils missed each
    Passages,
}

impl TableName {
    /// Returns the name as it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Figures => "figures",
            Self::Disagreements => "disagreements",
            Self::Confusion => "confusion",
            Self::Pupils => "pupils",
            Self::Passages => "passages",
        }
    }
}

/// Reads `right=1,edges=0.5`; what is not named stays as it is by default.
fn points(written: &str) -> Result<PointRule, String> {
    let mut rule = PointRule::default();
    for part in written.split(',') {
        let (name, number) = part
            .split_once('=')
            .ok_or_else(|| format!("`{part}` is not NAME=POINTS, such as edges=0.5"))?;
        let number = number.trim().parse::<f64>().ok();
        let number = number.filter(|number| number.abs() <= MOST_POINTS);
        let number = number.ok_or_else(|| {
            format!("`{part}` has no number from -{MOST_POINTS} to {MOST_POINTS} after `=`")
        })?;
        let field = match name.trim() {
            "right" => &mut rule.right,
            "edges" => &mut rule.edges,
            "tag" => &mut rule.other_tag,
            "missed" => &mut rule.missed,
            "extra" => &mut rule.extra,
            _ => {
                return Err(format!(
                    "`{part}` is not one of right, edges, tag, missed and extra"
                ));
            }
        };
        *field = number;
    }
    Ok(rule)
}

/// Most points for one passage.
const MOST_POINTS: f64 = 1_000.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read() {
        let rule = points("tag=0.25, extra=-1").unwrap();
        assert_eq!((rule.right, rule.edges), (1.0, 0.5));
        assert_eq!((rule.other_tag, rule.missed, rule.extra), (0.25, 0.0, -1.0));
        for (written, said) in [
            ("", "`` is not NAME=POINTS"),
            ("edges", "`edges` is not NAME=POINTS"),
            ("edges=half", "`edges=half` has no number"),
            ("edges=NaN", "`edges=NaN` has no number"),
            ("edges=1e9", "`edges=1e9` has no number"),
            (
                "wrong=1",
                "is not one of right, edges, tag, missed and extra",
            ),
        ] {
            let error = points(written).unwrap_err();
            assert!(error.contains(said), "{written}: {error}");
        }
    }
}
