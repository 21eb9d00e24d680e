//! The faces of the window: Inter, with egui's own faces behind it for symbols.

use egui::{Context, FontData, FontDefinitions, FontFamily};
use std::sync::Arc;

/// Name of the half-bold face.
pub const BOLD: &str = "half-bold";

/// Makes Inter the face of the window.
pub fn install(ctx: &Context) {
    let mut fonts = FontDefinitions::default();
    let faces: [(&str, &'static [u8]); 2] = [
        (
            "Inter",
            include_bytes!("../../../assets/fonts/Inter-Regular.ttf"),
        ),
        (
            BOLD,
            include_bytes!("../../../assets/fonts/Inter-SemiBold.ttf"),
        ),
    ];
    for (name, bytes) in faces {
        fonts
            .font_data
            .insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let fallback = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    let chain = |first: &[&str]| -> Vec<String> {
        first
            .iter()
            .map(|name| (*name).to_owned())
            .chain(fallback.iter().cloned())
            .collect()
    };
    fonts
        .families
        .insert(FontFamily::Proportional, chain(&["Inter"]));
    fonts
        .families
        .insert(FontFamily::Name(BOLD.into()), chain(&[BOLD, "Inter"]));
    ctx.set_fonts(fonts);
}
