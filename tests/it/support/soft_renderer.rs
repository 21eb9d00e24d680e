//! `softpaint` as the renderer of `egui_kittest`: GUI tests take pictures without a GPU.
//!
//! ```ignore
//! let mut harness = Harness::builder().renderer(SoftRenderer::default()).build_ui(page);
//! harness.snapshot("page");  // UPDATE_SNAPSHOTS=1 to accept
//! ```

use egui_kittest::TestRenderer;
use sourcemark::softpaint::SoftPainter;

/// Paints the harness on the processor, over the panel colour of its theme.
///
/// The opaque background matters: `egui_kittest` takes pictures for premultiplied, `softpaint`
/// returns straight alpha, and the two are the same only where nothing is transparent.
#[derive(Default)]
pub struct SoftRenderer(SoftPainter);

impl TestRenderer for SoftRenderer {
    fn handle_delta(&mut self, delta: &mut egui::TexturesDelta) {
        self.0.apply(delta);
    }

    fn render(
        &mut self,
        context: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<image::RgbaImage, String> {
        let pixels_per_point = output.pixels_per_point;
        let size = context.content_rect().size() * pixels_per_point;
        let size_px = [size.x.round() as u32, size.y.round() as u32];
        let background = context.global_style().visuals.panel_fill;
        let primitives = context.tessellate(output.shapes.clone(), pixels_per_point);
        Ok(self
            .0
            .render(&primitives, pixels_per_point, size_px, background))
    }
}
