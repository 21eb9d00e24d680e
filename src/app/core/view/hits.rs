//! What the reading pane paints of a search: an outline around each hit, a ground behind the one that is shown, ticks.

use crate::{
    app::base::theme::Theme,
    reader::{Decoration, Decorations, Look, MapTick, Outline},
    search::Hits,
    text::{ByteOffset, TextRange},
};
use egui::Color32;

/// Most ticks down the height of the map.
const N_BUCKETS: usize = 2_048;

/// What is painted of a search.
pub struct Shown<'a> {
    /// What was found; `None` while the bar is closed.
    pub hits: Option<&'a Hits>,
    /// The hit that is shown.
    pub current: Option<TextRange>,
    /// Its ticks in the map.
    pub ticks: &'a [MapTick],
    /// Another number whenever any of this is another.
    pub revision: u64,
    /// Colour of outlines.
    pub ink: Color32,
    /// Behind the hit that is shown.
    pub ground: Color32,
}

impl Shown<'_> {
    /// Nothing to paint.
    pub fn nothing() -> Self {
        Self {
            hits: None,
            current: None,
            ticks: &[],
            revision: 0,
            ink: Color32::TRANSPARENT,
            ground: Color32::TRANSPARENT,
        }
    }
}

/// The decorations of an article with the hits of a search over them.
pub struct WithHits<'a> {
    /// Those of the article.
    pub decorations: &'a dyn Decorations,
    /// The hits.
    pub shown: &'a Shown<'a>,
}

impl Decorations for WithHits<'_> {
    fn touching(&self, range: TextRange, out: &mut Vec<Decoration>) {
        self.decorations.touching(range, out);
    }

    fn looks(&self) -> &[Look] {
        self.decorations.looks()
    }

    fn revision(&self) -> u64 {
        // Neither counter comes near to the other's bits.
        self.decorations.revision() ^ (self.shown.revision << 40)
    }

    fn plain(&self) -> &Look {
        self.decorations.plain()
    }

    fn outlined(&self, range: TextRange, out: &mut Vec<Outline>) {
        let Some(hits) = self.shown.hits else {
            return;
        };
        let (_, touching) = hits.touching(range);
        let outline = |range: TextRange, is_current: bool| Outline {
            range,
            ink: self.shown.ink,
            ground: is_current.then_some(self.shown.ground),
        };
        let current = self.shown.current.filter(|current| current.overlaps(range));
        out.extend(current.map(|current| outline(current, true)));
        let others = touching.iter().filter(|hit| Some(**hit) != current);
        out.extend(others.map(|hit| outline(*hit, false)));
    }
}

/// One tick for each part of a text of `length` bytes in which a hit begins.
pub fn ticks(hits: &Hits, length: usize, theme: &Theme) -> Vec<MapTick> {
    let bucket_bytes = (length / N_BUCKETS).max(1);
    let mut ticks: Vec<MapTick> = Vec::new();
    let mut last = None;
    for hit in hits.ranges() {
        let bucket = hit.start().get() / bucket_bytes;
        if last != Some(bucket) {
            last = Some(bucket);
            ticks.push(MapTick {
                offset: ByteOffset::new(hit.start().get()),
                column: MapTick::ACROSS,
                ink: theme.colours.hit,
            });
        }
    }
    ticks
}
