//! What the pane paints, from the page up: fills, selection, underlines, text, margins, caret, handles.

use super::{Reader, ReaderInput, ReaderOutput};
use crate::reader::{
    PageColours,
    engine::TextEngine,
    handles,
    margins::Margins,
    marking::{Marking, fill_band},
    quad::{Quad, QuadMesh},
    sheet::Sheet,
    view::{InSight, PieceQuads},
};
use egui::{Ui, Vec2};

impl Reader {
    /// Sees to it that all pieces in sight have their quads and a marking of the present revision.
    pub(super) fn prepare(
        &mut self,
        engine: &mut TextEngine,
        input: &ReaderInput<'_>,
        in_sight: &[InSight],
        sheet: &Sheet,
    ) {
        let generation = engine.atlas.generation();
        let revision = input.decorations.revision();
        for seen in in_sight {
            let range = self.view.pieces().range(seen.piece);
            let Some(piece) = self.view.piece(engine, seen.piece) else {
                continue;
            };
            if piece
                .quads
                .as_ref()
                .is_none_or(|quads| quads.generation != generation)
            {
                piece.quads = Some(PieceQuads {
                    generation,
                    glyphs: engine.quads(&piece.layout),
                    revealed: engine.revealed_quads(piece, &sheet.setting),
                });
            }
            if piece
                .marking
                .as_ref()
                .is_none_or(|marking| marking.revision != revision)
            {
                piece.marking = Some(Marking::new(
                    input.decorations,
                    range,
                    &piece.layout,
                    sheet.setting.size,
                ));
            }
        }
    }

    pub(super) fn paint(
        &mut self,
        engine: &mut TextEngine,
        input: &ReaderInput<'_>,
        in_sight: &[InSight],
        sheet: &Sheet,
        has_focus: bool,
        mesh: &mut QuadMesh,
    ) {
        let colours = &input.style.colours;
        let pieces: Vec<_> = in_sight
            .iter()
            .filter_map(|seen| Some((seen, self.view.kept(seen.piece)?)))
            .collect();
        let corner = |seen: &InSight, top: i32| sheet.origin + Vec2::new(0.0, seen.y + top as f32);
        for (seen, piece) in &pieces {
            if let Some(marking) = &piece.marking {
                mesh.add(&marking.fills, corner(seen, piece.top), colours.text);
            }
            if let Some(quads) = &piece.quads {
                let grounds = &quads.revealed.grounds;
                mesh.add(grounds, corner(seen, piece.top), colours.warning_ground);
            }
        }
        self.paint_selection(in_sight, sheet, colours, mesh);
        for (seen, piece) in &pieces {
            if let Some(marking) = &piece.marking {
                mesh.add(&marking.outlines, corner(seen, piece.top), colours.text);
                mesh.add(&marking.underlines, corner(seen, piece.top), colours.text);
            }
            if let Some(quads) = &piece.quads {
                let corner = corner(seen, piece.top);
                mesh.add(&quads.glyphs, corner, colours.text);
                mesh.add(&quads.revealed.inks, corner, colours.warning);
            }
        }
        let margins = Margins {
            sheet,
            colours,
            numbering: input.style.numbering,
            count: self.count.as_ref(),
        };
        for (seen, piece) in &pieces {
            margins.number(engine, &self.view, seen, mesh);
            if let Some(marking) = &piece.marking {
                let first = piece.layout.lines().next();
                let baseline = first.map_or(0.0, |line| line.metrics().baseline);
                let down = seen.y + piece.top as f32;
                margins.marks(engine, marking, baseline, down, mesh);
            }
        }
        if has_focus && let Some(caret) = self.view.caret_rect(in_sight, self.caret.place()) {
            let width = (1.5 * sheet.scale).round();
            let quad = Quad::flat(
                caret.min.x.round(),
                caret.min.y.round(),
                width,
                caret.height().round(),
                colours.accent,
            );
            mesh.add(&[quad], sheet.origin, colours.accent);
        }
    }

    /// Paints the selection, or the range that the dragged handle would give the chosen thing.
    pub(super) fn paint_selection(
        &self,
        in_sight: &[InSight],
        sheet: &Sheet,
        colours: &PageColours,
        mesh: &mut QuadMesh,
    ) {
        let range = self.handle.map_or(self.caret.range(), |drag| drag.range());
        let mut quads = Vec::new();
        for (rect, baseline) in self.view.range_rects(in_sight, range) {
            let (top, bottom) = fill_band(baseline, sheet.setting.size);
            let (left, right) = (rect.min.x.round(), rect.max.x.round());
            let (width, height) = (right - left, bottom - top);
            quads.push(Quad::flat(left, top, width, height, colours.selection));
            // Over marks of every colour the ground alone may not be seen: it has an edge.
            let edge = sheet.scale.round().max(1.0);
            for (x, y, w, h) in [
                (left, top, width, edge),
                (left, bottom - edge, width, edge),
                (left, top, edge, height),
                (right - edge, top, edge, height),
            ] {
                quads.push(Quad::flat(x, y, w, h, colours.accent));
            }
        }
        mesh.add(&quads, sheet.origin, colours.text);
    }

    pub(super) fn chosen(
        &mut self,
        ui: &mut Ui,
        input: &ReaderInput<'_>,
        in_sight: &[InSight],
        sheet: &Sheet,
        output: &mut ReaderOutput,
    ) {
        let Some(key) = input.chosen else {
            self.handle = None;
            return;
        };
        let colours = &input.style.colours;
        for (segment, range) in handles::chosen_stretches(&self.view, in_sight, key) {
            let rects = self.view.range_rects(in_sight, range);
            let first = rects.first().map(|(rect, _)| sheet.to_screen(*rect));
            output.chosen_rect = output.chosen_rect.or(first);
            handles::frame(&self.view, in_sight, range, sheet, colours, ui.painter());
            if input.editable {
                let stretch = (key, segment, range);
                handles::show(
                    ui,
                    &self.view,
                    in_sight,
                    stretch,
                    sheet,
                    colours,
                    &mut self.handle,
                    &mut output.events,
                );
            }
        }
        // Let go while its stretch was scrolled out of sight: nothing was there to notice.
        if !ui.input(|input| input.pointer.any_down()) {
            self.handle = None;
        }
    }
}
