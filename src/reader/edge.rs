//! The place of a caret in a layout, and the rectangles of a stretch of text.
//!
//! parley answers both by the clusters on the left and right of a place, even when one of them is on another
//! line: where a wrapped line begins or ends in the other direction of writing (Arabic with English words), the
//! caret jumps to the wrong line and a stretch that ends there is not painted. Here only the cluster that the
//! place belongs to decides. Offsets are bytes from the start of the layout, lengths physical pixels.

use super::{engine::TextLayout, reveal::Ink};
use egui::{Rect, pos2};
use parley::{Cluster, Line};
use std::ops::Range;

/// The place of a caret.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The line, from 0.
    pub line: usize,
    /// How many clusters of the line are to its left.
    pub n_left: usize,
    /// The caret: no width, as high as its line.
    pub rect: Rect,
}

/// Returns where a caret at `at` is drawn. At a wrap, and where directions meet, one offset has two places on the
/// page: `upstream` takes the one after the text before it.
pub fn edge(layout: &TextLayout, at: usize, upstream: bool) -> Edge {
    let before = at
        .checked_sub(1)
        .and_then(|before| Cluster::from_byte_index(layout, before))
        .map(|cluster| (cluster, true));
    let after = Cluster::from_byte_index(layout, at).map(|cluster| (cluster, false));
    let found = if upstream {
        before.or(after)
    } else {
        after.or(before)
    };
    let line = match &found {
        // Behind the last line separator there is a line without a cluster.
        Some((cluster, at_end)) if !(*at_end && cluster.is_hard_line_break()) => {
            let start = cluster.text_range().start;
            layout
                .lines()
                .position(|line| line.text_range().contains(&start))
        }
        _ => None,
    };
    let last = layout.len().saturating_sub(1);
    let line_idx = line.unwrap_or(last);
    let Some(line) = layout.get(line_idx) else {
        return Edge {
            line: 0,
            n_left: 0,
            rect: Rect::from_min_max(pos2(0.0, 0.0), pos2(0.0, 0.0)),
        };
    };
    let (mut x, mut n_left) = (left_of(&line), 0);
    if let Some((cluster, at_end)) = found {
        for here in line.runs().flat_map(|run| run.visual_clusters()) {
            let is_it = here.text_range() == cluster.text_range();
            if is_it && at_end == here.is_rtl() {
                break;
            }
            x += here.advance();
            n_left += 1;
            if is_it {
                break;
            }
        }
    }
    let (top, bottom) = block(&line);
    Edge {
        line: line_idx,
        n_left,
        rect: Rect::from_min_max(pos2(x, top), pos2(x, bottom)),
    }
}

/// Rectangles of a stretch of a layout, several on a line of mixed directions, each with the number of its line.
pub fn rects(layout: &TextLayout, range: Range<usize>) -> Vec<(Rect, usize)> {
    let mut found: Vec<(Rect, usize)> = Vec::new();
    for (line_idx, line) in layout.lines().enumerate() {
        let here = line.text_range();
        if here.start >= range.end || range.start >= here.end {
            continue;
        }
        let (top, bottom) = block(&line);
        let mut x = left_of(&line);
        if range.start < here.start && here.end < range.end {
            let right = x + line.metrics().advance;
            let rect = Rect::from_min_max(pos2(x, top), pos2(right, bottom));
            found.push((rect, line_idx));
            continue;
        }
        let mut goes_on = false;
        for cluster in line.runs().flat_map(|run| run.visual_clusters()) {
            let right = x + cluster.advance();
            let is_in = range.contains(&cluster.text_range().start);
            match found.last_mut().filter(|_| goes_on && is_in) {
                Some((rect, _)) => rect.max.x = right,
                None if is_in => {
                    let rect = Rect::from_min_max(pos2(x, top), pos2(right, bottom));
                    found.push((rect, line_idx));
                }
                None => {}
            }
            goes_on = is_in;
            x = right;
        }
    }
    found.retain(|(rect, _)| rect.width() > 0.0);
    found
}

fn left_of(line: &Line<'_, Ink>) -> f32 {
    line.metrics().offset + line.metrics().inline_min_coord
}

fn block(line: &Line<'_, Ink>) -> (f32, f32) {
    let metrics = line.metrics();
    (
        metrics.block_min_coord.min(metrics.content_block_min_coord),
        metrics.block_max_coord.max(metrics.content_block_max_coord),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::{
        engine::{Setting, TextEngine},
        style::Face,
    };
    use crate::text::hidden::Reveal;

    const TEXTS: [&str; 4] = [
        "He denied it at once, and she denied it later, but nobody had asked either of them about it.",
        "قالت Denmere Holdings Limited International إن المتحدث باسم the very same company in London نفى ذلك يوم الثلاثاء",
        "The word السلام عليكم ورحمة الله وبركاته means peace, and قال المتحدث باسم الشركة إنه لا يعلم means that he knows nothing.",
        "政府否认了这项指控并表示将继续调查所有相关人员直到真相大白为止",
    ];

    fn layouts(text: &str) -> impl Iterator<Item = TextLayout> {
        let mut engine = TextEngine::new(false);
        (80..400).step_by(23).map(move |width| {
            let setting = Setting {
                size: 18.0,
                leading: 1.5,
                face: Face::Serif,
                width: width as f32,
                language: None,
                reveal: Reveal::Nothing,
            };
            engine.layout(text, &setting)
        })
    }

    fn line_of(layout: &TextLayout, at: usize) -> Option<usize> {
        layout
            .lines()
            .position(|line| line.text_range().contains(&at))
    }

    #[test]
    fn a_caret_is_on_the_line_of_the_text_it_belongs_to() {
        for text in TEXTS {
            for layout in layouts(text) {
                for (at, _) in text.char_indices() {
                    let found = edge(&layout, at, false);
                    assert_eq!(Some(found.line), line_of(&layout, at), "{text:?} at {at}");
                    let before = at.checked_sub(1).and_then(|at| line_of(&layout, at));
                    if let Some(line) = before {
                        assert_eq!(edge(&layout, at, true).line, line, "{text:?} at {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_stretch_covers_the_width_of_its_characters() {
        for text in TEXTS {
            for layout in layouts(text) {
                let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                for (idx, start) in places.iter().enumerate().step_by(3) {
                    for end in places.iter().skip(idx + 1).step_by(5) {
                        let clusters: Vec<_> = layout
                            .lines()
                            .flat_map(|line| line.runs().collect::<Vec<_>>())
                            .flat_map(|run| run.clusters().collect::<Vec<_>>())
                            .filter(|cluster| (*start..*end).contains(&cluster.text_range().start))
                            .collect();
                        let expected: f32 = clusters.iter().map(|cluster| cluster.advance()).sum();
                        let found = rects(&layout, *start..*end);
                        let width: f32 = found.iter().map(|(rect, _)| rect.width()).sum();
                        assert!(
                            (width - expected).abs() < 1.0,
                            "{text:?} {start}..{end}: {width} instead of {expected}"
                        );
                    }
                }
            }
        }
    }
}
