//! Tags are data: only this file knows the four that every new set begins with.

use super::{Kept, TagId};
use crate::text::beginning;
use std::fmt;

/// A colour as written in files, `#rrggbb`. The theme decides how it looks on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb8 {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl Rgb8 {
    /// Reads `#rrggbb` in either case; `None` for anything else.
    pub fn parse(written: &str) -> Option<Self> {
        let digits = written
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self {
            red: channel(0)?,
            green: channel(2)?,
            blue: channel(4)?,
        })
    }
}

impl fmt::Display for Rgb8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// How a tag's underline is drawn, so that tags differ on a black-and-white copy too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// One solid line.
    Solid,
    /// Two solid lines.
    Double,
    /// Dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// A wave.
    Wavy,
    /// A pattern of a newer version, as written; drawn as a solid line.
    Kept(String),
}

impl Pattern {
    /// The patterns this version draws.
    pub const ALL: [Self; 5] = [
        Self::Solid,
        Self::Double,
        Self::Dashed,
        Self::Dotted,
        Self::Wavy,
    ];
}

/// A category that passages are tagged with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The stable id.
    pub id: TagId,
    /// The name on screen.
    pub name: String,
    /// The colour of its marks.
    pub colour: Rgb8,
    /// The pattern of its underline.
    pub pattern: Pattern,
    /// The key that gives the tag.
    pub key: Option<char>,
    /// The guideline: when to use the tag, in one paragraph.
    pub guideline: String,
    /// Fields of a newer version.
    pub kept: Kept,
}

/// Longest beginning of a name that decides about its place, in code points: names differ before that.
const PLACE_CHARS: usize = 100;

impl Tag {
    /// Returns the place among the tags of a set: those with a key first, by key, then the others by name.
    pub fn place(&self) -> impl Ord + use<> {
        // The key 0 is to the right of 9 on every keyboard.
        let key = self.key.map(|key| if key == '0' { ':' } else { key });
        let name = beginning(&self.name, PLACE_CHARS).to_lowercase();
        (self.key.is_none(), key, name, self.id.clone())
    }
}

struct Row(
    &'static str,
    &'static str,
    [u8; 3],
    Pattern,
    Option<char>,
    &'static str,
);

impl Row {
    fn tag(self) -> Option<Tag> {
        let Self(id, name, [red, green, blue], pattern, key, guideline) = self;
        Some(Tag {
            id: TagId::parse(id)?,
            name: name.to_owned(),
            colour: Rgb8 { red, green, blue },
            pattern,
            key,
            guideline: guideline.trim().to_owned(),
            kept: Kept::default(),
        })
    }
}

/// Returns the tags of a new set. The colours can be distinguished in the common kinds of colour blindness (Okabe and Ito's
/// vermilion, blue, bluish green and reddish purple), patterns without any colour.
pub fn standard_tags() -> Vec<Tag> {
    let rows = [
        Row(
            "allegation",
            "Allegation",
            [213, 94, 0],
            Pattern::Solid,
            Some('1'),
            include_str!("../../assets/codebook/allegation.txt"),
        ),
        Row(
            "denial",
            "Denial",
            [0, 114, 178],
            Pattern::Double,
            Some('2'),
            include_str!("../../assets/codebook/denial.txt"),
        ),
        Row(
            "expert-opinion",
            "Expert opinion",
            [0, 158, 115],
            Pattern::Dotted,
            Some('3'),
            include_str!("../../assets/codebook/expert-opinion.txt"),
        ),
        Row(
            "precedent",
            "Precedent",
            [176, 82, 140],
            Pattern::Wavy,
            Some('4'),
            include_str!("../../assets/codebook/precedent.txt"),
        ),
    ];
    rows.into_iter().filter_map(Row::tag).collect()
}

/// Tags that the codebook offers beside the four, switched off until a person adds them to a set.
pub fn companion_tags() -> Vec<Tag> {
    let rows = [
        Row(
            "finding",
            "Finding",
            [140, 109, 49],
            Pattern::Solid,
            Some('5'),
            include_str!("../../assets/codebook/finding.txt"),
        ),
        Row(
            "rule",
            "Rule",
            [86, 112, 140],
            Pattern::Dashed,
            Some('6'),
            include_str!("../../assets/codebook/rule.txt"),
        ),
        Row(
            "no-comment",
            "No comment",
            [120, 120, 120],
            Pattern::Dotted,
            Some('7'),
            include_str!("../../assets/codebook/no-comment.txt"),
        ),
        Row(
            "no-evidence",
            "No evidence",
            [150, 80, 80],
            Pattern::Dashed,
            Some('8'),
            include_str!("../../assets/codebook/no-evidence.txt"),
        ),
        Row(
            "evidence",
            "Evidence",
            [90, 130, 40],
            Pattern::Double,
            Some('9'),
            include_str!("../../assets/codebook/evidence.txt"),
        ),
        Row(
            "background",
            "Background",
            [110, 100, 150],
            Pattern::Dotted,
            Some('0'),
            include_str!("../../assets/codebook/background.txt"),
        ),
    ];
    rows.into_iter().filter_map(Row::tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_shipped_tag_is_whole_and_unlike_the_others() {
        let all: Vec<Tag> = standard_tags()
            .into_iter()
            .chain(companion_tags())
            .collect();
        assert_eq!(all.len(), 10);
        assert_eq!(
            all.iter()
                .map(|tag| tag.id.clone())
                .collect::<BTreeSet<_>>()
                .len(),
            10
        );
        assert_eq!(
            all.iter().map(|tag| tag.key).collect::<BTreeSet<_>>().len(),
            10
        );
        assert!(
            all.iter()
                .all(|tag| tag.guideline.len() > 100 && !tag.guideline.contains('\n'))
        );
        let looks: BTreeSet<String> = standard_tags()
            .iter()
            .map(|tag| format!("{:?}", tag.pattern))
            .collect();
        assert_eq!(looks.len(), 4, "the four differ without colour");
    }

    #[test]
    fn a_colour_reads_as_it_was_written() {
        let colour = Rgb8::parse("#D55e00").unwrap();
        assert_eq!(colour.to_string(), "#d55e00");
        for bad in [
            "d55e00",
            "#d55e0",
            "#d55e0é",
            "#ggg000",
            "#d55e0000",
            "#+1+2+3",
        ] {
            assert_eq!(Rgb8::parse(bad), None, "{bad}");
        }
    }
}
