//! Arguments of `agree`.

use crate::agreement::UnitKind;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What `agree` is told.
#[derive(Args, Debug)]
pub struct AgreeArgs {
    /// Annotation files of two or more annotators, articles that have one beside them, folders with such files in
    /// them or in their folders, or collections; annotators are told apart by who made each annotation, in one file
    /// too
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Take each file for one annotator's work, whoever began the annotations in it; for pupils who correct copies
    /// of one file
    #[arg(long)]
    pub each_file: bool,
    /// Unit of kappa and alpha
    #[arg(long, value_enum, default_value_t)]
    pub unit: UnitName,
    /// Compare only this tag; may be repeated
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Everything as one JSON object: annotators, articles, unit, pairs, figures, attributes, confusions,
    /// disagreements, not_compared, re_anchored. A figure is value, low and high (its interval), passages, too_few,
    /// undefined (why there is no value); those of few passages are there too
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// One table as comma-separated values
    #[arg(long, value_enum, value_name = "TABLE", num_args = 0..=1, require_equals = true, default_missing_value = "figures")]
    pub csv: Option<TableName>,
    /// Cells as they are, for programs; without it those that a spreadsheet would carry out get an apostrophe
    #[arg(long, requires = "csv")]
    pub raw: bool,
    /// Work gamma out for more than two annotators too, which takes longer than all else: minutes for a class
    #[arg(long, conflicts_with = "no_gamma")]
    pub gamma: bool,
    /// Leave gamma out for two annotators too
    #[arg(long)]
    pub no_gamma: bool,
    /// What the samples of chance depend on; the same number gives the same figures
    #[arg(long, default_value_t = 4_772, value_name = "N")]
    pub seed: u64,
}

/// Units by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum UnitName {
    /// Each code point
    #[default]
    Character,
    /// Each sentence that a passage touches
    Sentence,
}

impl UnitName {
    /// The unit.
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
    /// Every figure of every tag
    Figures,
    /// Every disagreement with its place
    Disagreements,
    /// Which tags met which
    Confusion,
}
