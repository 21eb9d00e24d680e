//! Recognises files that are not plain text by their first bytes, and says what a person can do about them.

use std::fmt;

/// A kind of file that this program does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The name of the kind with its article: `a PDF document`.
    pub what: &'static str,
    /// What to do to get at its text, as a clause.
    pub advice: &'static str,
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.advice)
    }
}

const SAVE_AS_TEXT: &str = "save or copy its text as plain text first";
const UNPACK: &str = "unpack it first and open the text inside";
const PICTURE: &str =
    "a picture has no text to mark; copy or type the text into a plain text file first";
const NO_TEXT: &str = "there is no text to mark in it";

/// Number of bytes that are examined if the first ones are not conclusive.
const WINDOW: usize = 64 * 1024;

/// The offset of the mark, the mark, whether a NUL must be near it (marks that a text might begin with), and
/// what it says.
type Row = (usize, &'static [u8], bool, &'static str, &'static str);

const MARKS: &[Row] = &[
    (0, b"%PDF-", false, "a PDF document", SAVE_AS_TEXT),
    (0, b"{\\rtf", false, "an RTF document", SAVE_AS_TEXT),
    (
        0,
        b"%!PS-Adobe",
        false,
        "a PostScript document",
        SAVE_AS_TEXT,
    ),
    (
        0,
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        false,
        "an old or password-protected Office document (Word, Excel)",
        SAVE_AS_TEXT,
    ),
    (0, b"\x89PNG\r\n\x1A\n", false, "a PNG picture", PICTURE),
    (0, b"\xFF\xD8\xFF", false, "a JPEG picture", PICTURE),
    (0, b"GIF87a", true, "a GIF picture", PICTURE),
    (0, b"GIF89a", true, "a GIF picture", PICTURE),
    (8, b"WEBP", true, "a WebP picture", PICTURE),
    (0, b"II*\0", false, "a TIFF picture", PICTURE),
    (0, b"MM\0*", false, "a TIFF picture", PICTURE),
    (0, b"BM", true, "a BMP picture", PICTURE),
    (4, b"ftyphei", true, "an HEIF picture", PICTURE),
    (4, b"ftypavif", true, "an AVIF picture", PICTURE),
    (4, b"ftyp", true, "a film or sound recording", NO_TEXT),
    (0, b"ID3", true, "an MP3 recording", NO_TEXT),
    (0, b"OggS\0", false, "an Ogg recording", NO_TEXT),
    (8, b"WAVE", true, "a WAV recording", NO_TEXT),
    (0, b"\x1A\x45\xDF\xA3", false, "a film", NO_TEXT),
    (0, b"\x1F\x8B\x08", false, "a gzip archive", UNPACK),
    (0, b"BZh91AY&SY", false, "a bzip2 archive", UNPACK),
    (0, b"\xFD7zXZ\0", false, "an xz archive", UNPACK),
    (0, b"\x28\xB5\x2F\xFD", false, "a Zstandard archive", UNPACK),
    (0, b"7z\xBC\xAF\x27\x1C", false, "a 7-Zip archive", UNPACK),
    (0, b"Rar!\x1A\x07", false, "a RAR archive", UNPACK),
    (257, b"ustar", true, "a tar archive", UNPACK),
    (
        0,
        b"SQLite format 3\0",
        false,
        "an SQLite database",
        NO_TEXT,
    ),
    (0, b"\x7FELF", false, "a program for Linux", NO_TEXT),
    (0, b"MZ", true, "a program for Windows", NO_TEXT),
    (
        0,
        b"\xCF\xFA\xED\xFE",
        false,
        "a program for macOS",
        NO_TEXT,
    ),
    (
        0,
        b"\xCA\xFE\xBA\xBE",
        false,
        "a program for macOS or Java",
        NO_TEXT,
    ),
    (0, b"\0asm", false, "a WebAssembly program", NO_TEXT),
    (0, b"wOF", true, "a font", NO_TEXT),
    (0, b"\0\x01\0\0\0", false, "a font", NO_TEXT),
    (0, b"OTTO\0", false, "a font", NO_TEXT),
];

/// Names or content types inside a zip file that say what it is.
const ZIPPED: &[(&[u8], &str, &str)] = &[
    (b"application/epub+zip", "an EPUB book", SAVE_AS_TEXT),
    (
        b"application/vnd.oasis.opendocument.text",
        "an OpenDocument text (ODT)",
        SAVE_AS_TEXT,
    ),
    (
        b"application/vnd.oasis.opendocument",
        "an OpenDocument file",
        SAVE_AS_TEXT,
    ),
    (b"word/", "a Word document (DOCX)", SAVE_AS_TEXT),
    (b"ppt/", "a PowerPoint presentation (PPTX)", SAVE_AS_TEXT),
    (b"xl/", "an Excel workbook (XLSX)", SAVE_AS_TEXT),
    (b"AndroidManifest.xml", "a program for Android", NO_TEXT),
    (b"META-INF/MANIFEST.MF", "a Java program", NO_TEXT),
];

/// Returns what `bytes` are if they are of a known kind that is not plain text. Looks at the first and the last 64
/// KiB.
pub fn sniff(bytes: &[u8]) -> Option<Foreign> {
    let head = bytes.get(..WINDOW.min(bytes.len())).unwrap_or_default();
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(zip_by_content(bytes, head));
    }
    let has_nul = head.iter().take(1024).any(|byte| *byte == 0);
    MARKS
        .iter()
        .find(|(at, mark, needs_nul, ..)| {
            head.get(*at..).is_some_and(|rest| rest.starts_with(mark)) && (has_nul || !needs_nul)
        })
        .map(|(.., what, advice)| Foreign { what, advice })
}

/// Returns what a zip is by its names: they are listed at its end, and each is also before its content.
fn zip_by_content(bytes: &[u8], head: &[u8]) -> Foreign {
    let tail = bytes
        .get(bytes.len().saturating_sub(WINDOW)..)
        .unwrap_or_default();
    let found = ZIPPED.iter().find(|(name, ..)| {
        let finder = memchr::memmem::Finder::new(name);
        finder.find(head).or_else(|| finder.find(tail)).is_some()
    });
    found.map_or(
        Foreign {
            what: "a ZIP archive",
            advice: UNPACK,
        },
        |(_, what, advice)| Foreign { what, advice },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<&str>) {
        assert_eq!(sniff(bytes).map(|found| found.what), expected);
    }

    #[test]
    fn binary_files_are_called_by_their_name() {
        check(b"%PDF-1.7\n%\xE2\xE3", Some("a PDF document"));
        check(b"{\\rtf1\\ansi Hello}", Some("an RTF document"));
        check(b"\x89PNG\r\n\x1A\n\0\0", Some("a PNG picture"));
        check(b"\xFF\xD8\xFF\xE0\0\x10JFIF", Some("a JPEG picture"));
        check(
            b"PK\x03\x04\0\0mimetypeapplication/epub+zip",
            Some("an EPUB book"),
        );
        check(
            b"PK\x03\x04....[Content_Types].xml....word/document.xml",
            Some("a Word document (DOCX)"),
        );
        check(b"PK\x03\x04....notes.txt", Some("a ZIP archive"));
        check(b"\x7FELF\x02\x01\x01", Some("a program for Linux"));
        check(b"SQLite format 3\0", Some("an SQLite database"));
    }

    #[test]
    fn a_text_may_begin_with_letters_that_look_like_a_mark() {
        check(b"GIF89a is the name of a picture format.", None);
        check(b"MZ were his initials.", None);
        check(b"BMW denied it.", None);
        check(b"PK is short for Park.", None);
        check(b"", None);
    }
}
