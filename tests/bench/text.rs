//! Reading: what it takes until an article can be read, against reading, checking and scanning its bytes alone.

use crate::{
    data::prose,
    measure::{Table, shown, times},
};
use sourcemark::{
    annotation::{AnnotationSet, Article, Marks},
    edit::Workspace,
    files,
    reader::{Reader, TextEngine},
    text::{ByteOffset, CharOffset, SourceText},
};
use std::path::Path;

/// Measures reading.
pub fn measure(table: &mut Table, folder: &Path, quick: bool) {
    let sizes: &[(usize, &str)] = if quick {
        &[(1_000_000, "1 MB")]
    } else {
        &[
            (1_000_000, "1 MB"),
            (10_000_000, "10 MB"),
            (100_000_000, "100 MB"),
        ]
    };
    for (bytes, what) in sizes {
        let path = folder.join("article.txt");
        files_write(&path, prose(*bytes).as_bytes());
        let runs = if *bytes > 50_000_000 { 5 } else { 15 };
        // The limit: read into fresh memory, check UTF-8 once, look for every line ending once.
        let limit = times(runs, || {
            let read = std::fs::read(&path).expect("just written");
            let text = std::str::from_utf8(&read).expect("UTF-8");
            let n_lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
            (n_lines, read)
        });
        let mut engine = TextEngine::new(true);
        let style = crate::pane::style();
        let first_view = times(runs, || {
            let article = files::read_article(&path, None).expect("readable");
            let described = Article::unread(&article.text, "article.txt", article.encoding);
            let set = AnnotationSet::new(described);
            let workspace = Workspace::new(set, Marks::empty(&article.text));
            let mut reader = Reader::new(article.text);
            let mut head = sourcemark::softpaint::Headless::default();
            let output = crate::pane::bare_frame(&mut head, &mut reader, &mut engine, &style);
            (reader, output, workspace)
        });
        let name = format!("{what}: from the file to the first view, wrapped");
        if *bytes < 5_000_000 {
            // A small text is read in less time than one page takes to lay out: no ratio says anything.
            table.time(
                name,
                first_view.median,
                std::time::Duration::from_millis(20),
            );
        } else {
            table.ratio(name, first_view.median, limit.median, 3.0);
        }
        if *bytes < 50_000_000 {
            continue;
        }
        let text = SourceText::new(prose(*bytes)).expect("fits");
        let n_chars = text.n_chars();
        let far = CharOffset::new(n_chars / 3 * 2);
        let there = times(2_001, || text.to_byte(far));
        let back = times(2_001, || {
            text.to_char(text.floor_char(ByteOffset::new(text.len() / 3 * 2)))
        });
        let both = format!("{} and {}", shown(there.median), shown(back.median));
        table.note(format!("{what}: code point to byte and back"), both);
    }
}

/// Test data are written in place: nothing is lost if that fails.
fn files_write(path: &Path, bytes: &[u8]) {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path).expect("a writable folder");
    file.write_all(bytes).expect("room on the disk");
}
