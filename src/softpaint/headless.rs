//! egui without a window: frames in, a picture out.
//!
//! Promises that nothing but the calls decides the picture: there is no clock (each frame is a
//! sixtieth of a second after the one before), no screen, no GPU. One thing remains: egui draws
//! its glyphs with `vello_cpu`, which uses what the processor offers (fused multiply-add), so the
//! edge of a glyph may differ by a step between two kinds of processor. Compare with a tolerance.
//! Leaves to others: fonts and theme, which the caller sets on the context; finding widgets and
//! clicking them by name, which `egui_kittest` does better.

use egui::epaint::ClippedShape;

use super::{Picture, SoftPainter};

/// A context with its painter. Run frames, then take the picture of the last one.
///
/// A new page needs two frames as a rule: egui learns the size of some widgets in the first.
#[derive(Default)]
pub struct Headless {
    context: egui::Context,
    painter: SoftPainter,
    shapes: Vec<ClippedShape>,
    size_points: egui::Vec2,
    pixels_per_point: f32,
}

impl Headless {
    /// Starts with a context that already has its fonts, theme and style.
    ///
    /// The context must not have run a frame elsewhere: that painter would have the font atlas.
    pub fn new(context: egui::Context) -> Self {
        Self {
            context,
            ..Self::default()
        }
    }

    /// Returns the context, to change fonts, theme or style between frames.
    pub fn context(&self) -> &egui::Context {
        &self.context
    }

    /// Runs `ui` for one frame of `size` points and returns what egui wants of the platform.
    ///
    /// `pixels_per_point` is that of the screen; a zoom factor of the context multiplies it.
    /// `ui` may be called twice if a widget asks for a second pass. The texture changes of the
    /// output are already applied, and its delta is empty.
    pub fn frame(
        &mut self,
        size: egui::Vec2,
        pixels_per_point: f32,
        events: Vec<egui::Event>,
        ui: impl FnMut(&mut egui::Ui),
    ) -> egui::FullOutput {
        let mut input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, size)),
            events,
            ..Default::default()
        };
        let window = input.viewports.entry(egui::ViewportId::ROOT).or_default();
        window.native_pixels_per_point = Some(pixels_per_point);

        let mut output = self.context.run_ui(input, ui);
        self.painter.apply(&mut output.textures_delta);
        self.shapes.clone_from(&output.shapes);
        self.size_points = size;
        self.pixels_per_point = output.pixels_per_point;
        output
    }

    /// Returns the last frame over `background`; 0 by 0 pixels before the first frame.
    ///
    /// The picture has the size of the frame in physical pixels, rounded to the nearest.
    pub fn picture(&self, background: egui::Color32) -> Picture {
        if self.shapes.is_empty() {
            // Before the first frame the context has no fonts, and tessellation would panic.
            return self.painter.render(&[], 1.0, self.size_px(), background);
        }
        let primitives = self
            .context
            .tessellate(self.shapes.clone(), self.pixels_per_point);
        self.painter.render(
            &primitives,
            self.pixels_per_point,
            self.size_px(),
            background,
        )
    }

    fn size_px(&self) -> [u32; 2] {
        let size = self.size_points * self.pixels_per_point;
        [size.x.round() as u32, size.y.round() as u32]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Color32, Event, PointerButton, Rect, pos2, vec2};

    const SIZE: egui::Vec2 = vec2(120.0, 40.0);

    fn counter(ui: &mut egui::Ui, n_clicks: &mut usize) -> Rect {
        let button = ui.button(format!("Clicked {n_clicks}"));
        *n_clicks += usize::from(button.clicked());
        button.rect
    }

    /// Returns the share of pixels that differ from white, in percent.
    fn ink_percent(picture: &Picture) -> usize {
        let n_painted = picture.pixels().filter(|p| p.0 != [255; 4]).count();
        100 * n_painted / picture.pixels().len().max(1)
    }

    #[test]
    fn before_the_first_frame_there_is_no_picture() {
        assert_eq!(
            Headless::default().picture(Color32::WHITE).dimensions(),
            (0, 0)
        );
    }

    #[test]
    fn an_empty_frame_is_background() {
        let mut page = Headless::default();
        page.frame(SIZE, 1.5, vec![], |_| {});
        let picture = page.picture(Color32::WHITE);
        assert_eq!(
            (picture.dimensions(), ink_percent(&picture)),
            ((180, 60), 0)
        );
    }

    #[test]
    fn a_button_is_painted_and_can_be_clicked() {
        let mut page = Headless::default();
        let (mut n_clicks, mut rect) = (0, Rect::NOTHING);
        page.frame(SIZE, 1.0, vec![], |ui| rect = counter(ui, &mut n_clicks));
        let before = page.picture(Color32::WHITE);
        assert!((10..90).contains(&ink_percent(&before)));

        let button = |pressed| Event::PointerButton {
            pos: rect.center(),
            button: PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        for events in [
            vec![Event::PointerMoved(rect.center()), button(true)],
            vec![button(false), Event::PointerMoved(pos2(119.0, 39.0))],
            vec![],
        ] {
            let output = page.frame(SIZE, 1.0, events, |ui| {
                counter(ui, &mut n_clicks);
            });
            assert!(output.textures_delta.is_empty());
        }
        assert_eq!(n_clicks, 1);
        assert_ne!(page.picture(Color32::WHITE), before);
    }

    #[test]
    fn the_same_frames_give_the_same_picture() {
        let run = || {
            let mut page = Headless::default();
            for _ in 0..3 {
                page.frame(SIZE, 1.25, vec![], |ui| {
                    ui.label("The mayor denied it.");
                    ui.spinner();
                });
            }
            page.picture(Color32::WHITE)
        };
        assert_eq!(run(), run());
    }

    #[test]
    fn zoom_of_the_context_enlarges_the_picture() {
        let mut page = Headless::default();
        page.context().set_zoom_factor(2.0);
        page.frame(SIZE, 1.0, vec![], |ui| {
            ui.label("x");
        });
        assert_eq!(page.picture(Color32::WHITE).dimensions(), (240, 80));
    }
}
