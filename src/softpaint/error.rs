//! What can go wrong when a picture becomes a file.
//!
//! Painting itself cannot fail: an unknown texture or a mesh outside the picture paints nothing.

/// Failures of the room `softpaint`.
#[derive(Debug, thiserror::Error)]
pub enum SoftpaintError {
    /// The encoder refused the picture, for example because a side is 0 pixels long.
    #[error("cannot encode a picture of {width_px} x {height_px} pixels as PNG")]
    Encode {
        /// Width in physical pixels.
        width_px: u32,
        /// Height in physical pixels.
        height_px: u32,
        /// What the encoder said.
        source: image::ImageError,
    },
}
