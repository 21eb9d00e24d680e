//! What the two sheets of a picture show: the article's excerpt with its marks, and the legend.

use super::{Counts, Palette};
use crate::{
    annotation::{AnnotationSet, Marks, TagId},
    cli::CliError,
    reader::{Decoration, DecorationKey, Decorations, Look, Numbering},
    text::{SourceText, TextRange},
};
use std::collections::BTreeMap;

/// The paragraphs asked for, as a text of their own.
pub struct Excerpt {
    /// Their text.
    pub text: SourceText,
    /// Its place in the article.
    pub source_range: TextRange,
    from: usize,
}

impl Excerpt {
    /// Returns the paragraphs (lines that are not blank) number `from` to `to`, both from 1 and included; `to` may
    /// lie behind the last.
    ///
    /// # Errors
    /// When there is none of them.
    pub fn new(text: &SourceText, from: usize, to: Option<usize>) -> Result<Self, CliError> {
        let from = from.max(1);
        if from == 1 && to.is_none() {
            return Ok(Self {
                text: text.clone(),
                source_range: text.full_range(),
                from,
            });
        }
        let lines = (0..text.lines().n_lines()).filter_map(|line| text.line(line));
        let paragraphs: Vec<TextRange> = lines
            .filter(|line| !text.slice_or_empty(*line).trim().is_empty())
            .collect();
        let n_paragraphs = paragraphs.len();
        let to = to.unwrap_or(n_paragraphs);
        let chosen = paragraphs.get(from - 1..to.min(n_paragraphs));
        let ends = chosen.and_then(|chosen| chosen.first().zip(chosen.last()));
        let (first, last) = ends.ok_or(CliError::NoSuchParagraphs {
            from,
            to,
            n_paragraphs,
        })?;
        let source_range = first.cover(*last);
        let part = SourceText::new(text.slice_or_empty(source_range).to_owned());
        Ok(Self {
            text: part.map_err(|error| CliError::Picture(Box::new(error)))?,
            source_range,
            from,
        })
    }

    /// Paragraphs are numbered where the pane would number them rightly: from the first on.
    pub fn numbering(&self) -> Numbering {
        if self.from == 1 {
            Numbering::Paragraphs
        } else {
            Numbering::None
        }
    }
}

/// The marks on an excerpt.
pub struct PageMarks<'a> {
    set: &'a AnnotationSet,
    marks: &'a Marks,
    window: TextRange,
    looks: Vec<Look>,
    of_tag: BTreeMap<&'a TagId, u16>,
    plain: Look,
}

impl<'a> PageMarks<'a> {
    /// Collects the marks of `set` that are in `excerpt`; `marks` gives their places in the article.
    pub fn new(
        set: &'a AnnotationSet,
        marks: &'a Marks,
        palette: &Palette,
        excerpt: &Excerpt,
    ) -> Self {
        let tags = || set.tags.values();
        Self {
            set,
            marks,
            window: excerpt.source_range,
            looks: tags().map(|tag| palette.look(tag)).collect(),
            of_tag: tags().map(|tag| &tag.id).zip(0..u16::MAX).collect(),
            plain: palette.plain(),
        }
    }
}

impl Decorations for PageMarks<'_> {
    fn touching(&self, range: TextRange, out: &mut Vec<Decoration>) {
        let base = self.window.start().get();
        let (start, end) = (range.start().get() + base, range.end().get() + base);
        let in_source = TextRange::from_bytes(start..end);
        for mark in self.marks.index().touching(in_source) {
            let annotation = self.set.annotations.get(&mark.id);
            let inside = mark.range.intersection(self.window);
            let Some((annotation, inside)) = annotation.zip(inside) else {
                continue;
            };
            let looks = annotation.tags.iter();
            let looks = looks.filter_map(|tag| self.of_tag.get(tag).copied());
            let (start, end) = (inside.start().get() - base, inside.end().get() - base);
            out.push(Decoration {
                key: DecorationKey(mark.id.as_u128()),
                segment: mark.segment,
                range: TextRange::from_bytes(start..end),
                looks: looks.collect(),
            });
        }
    }

    fn looks(&self) -> &[Look] {
        &self.looks
    }

    fn revision(&self) -> u64 {
        0
    }

    fn plain(&self) -> &Look {
        &self.plain
    }
}

/// The tags that occur in a picture: one line for each, its name marked with itself, and how often it occurs.
pub struct Legend {
    /// Its lines.
    pub text: SourceText,
    names: Vec<Decoration>,
    looks: Vec<Look>,
    plain: Look,
}

impl Legend {
    /// Returns the legend of a picture of the article called `name`.
    ///
    /// # Errors
    /// None in practice: the text is a few lines long.
    pub fn new(
        set: &AnnotationSet,
        palette: &Palette,
        counts: &Counts,
        name: &str,
    ) -> Result<Self, CliError> {
        let mut text = match counts.n_annotations {
            1 => format!("{name}: 1 annotation"),
            n => format!("{name}: {n} annotations"),
        };
        let (mut names, mut looks) = (Vec::new(), Vec::new());
        let tags = set.tags_in_order();
        let unknown = counts.of_tag.keys().flatten();
        let unknown = unknown.filter(|tag| !set.tags.contains_key(*tag));
        let all = tags
            .iter()
            .map(|tag| (Some(tag.id.clone()), tag.name.as_str(), Some(&**tag)))
            .chain(unknown.map(|tag| (Some(tag.clone()), tag.as_str(), None)))
            .chain([(None, "no tag", None)]);
        for (id, name, tag) in all {
            let Some(n) = counts.of_tag.get(&id) else {
                continue;
            };
            text.push('\n');
            let start = text.len();
            text.push_str(name);
            names.push(Decoration {
                key: DecorationKey(names.len() as u128),
                segment: 0,
                range: TextRange::from_bytes(start..text.len()),
                looks: tag
                    .and_then(|_| u16::try_from(looks.len()).ok())
                    .into_iter()
                    .collect(),
            });
            // The name is in the text already.
            looks.extend(tag.map(|tag| Look {
                label: String::new(),
                ..palette.look(tag)
            }));
            text.push_str(&format!("  {n}"));
        }
        Ok(Self {
            text: SourceText::new(text).map_err(|error| CliError::Picture(Box::new(error)))?,
            names,
            looks,
            plain: palette.plain(),
        })
    }
}

impl Decorations for Legend {
    fn touching(&self, range: TextRange, out: &mut Vec<Decoration>) {
        let here = self.names.iter().filter(|name| name.range.overlaps(range));
        out.extend(here.cloned());
    }

    fn looks(&self) -> &[Look] {
        &self.looks
    }

    fn revision(&self) -> u64 {
        0
    }

    fn plain(&self) -> &Look {
        &self.plain
    }
}
