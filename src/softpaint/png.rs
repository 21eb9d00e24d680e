//! Pictures as the bytes of a PNG file, for page export.
//!
//! Promises a file every PNG reader takes: 8 bits a channel, straight alpha, sRGB values.
//! Leaves to others: the disk. The bytes go through `files::write` like everything that is saved.

use image::ImageEncoder as _;
use image::codecs::png::PngEncoder;

use super::{Picture, SoftpaintError};

/// Returns `picture` as the bytes of a PNG file.
///
/// # Errors
/// [`SoftpaintError::Encode`] when a side of the picture is 0 pixels long.
pub fn encode_png(picture: &Picture) -> Result<Vec<u8>, SoftpaintError> {
    let (width_px, height_px) = picture.dimensions();
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(
            picture,
            width_px,
            height_px,
            image::ExtendedColorType::Rgba8,
        )
        .map_err(|source| SoftpaintError::Encode {
            width_px,
            height_px,
            source,
        })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgba;

    fn two_pixels() -> Picture {
        let mut picture = Picture::new(2, 1);
        picture.put_pixel(0, 0, Rgba([10, 20, 30, 255]));
        picture.put_pixel(1, 0, Rgba([200, 100, 0, 128]));
        picture
    }

    #[test]
    fn reading_what_was_encoded_gives_the_same_pixels() {
        let bytes = encode_png(&two_pixels()).unwrap();
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
        let read = image::load_from_memory(&bytes).unwrap();
        assert_eq!(read.to_rgba8(), two_pixels());
    }

    #[test]
    fn a_picture_without_pixels_is_an_error_that_names_its_size() {
        let error = encode_png(&Picture::new(0, 7)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot encode a picture of 0 x 7 pixels as PNG"
        );
    }
}
