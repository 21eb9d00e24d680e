//! The house rules held to small files, one a line: `path | text | breach`.
//!
//! `¶` in the text ends a line; the breach is what its message must contain, and nothing stands for a file
//! without one. The texts are strings, so that the rules do not find them here.

use super::{breaches, undeclared};

fn check(cases: &str) {
    for case in cases.lines().filter(|line| !line.trim().is_empty()) {
        let mut fields = case.split('|').map(str::trim);
        let mut field = || fields.next().unwrap_or_default();
        let (path, text, expected) = (field(), field().replace('¶', "\n"), field());
        let found = breaches(path, &format!("//! A room.\n{text}"));
        let is_as_expected = match found.as_slice() {
            [] => expected.is_empty(),
            [breach] => {
                !expected.is_empty() && breach.starts_with(path) && breach.contains(expected)
            }
            _ => false,
        };
        assert!(is_as_expected, "in {case}\nfound {found:#?}");
    }
}

#[test]
fn a_breach_says_where_and_what_to_do() {
    assert_eq!(
        breaches("src/merge/merge.rs", "//! A.\nuse crate::files::write;\n"),
        [
            "src/merge/merge.rs (floor 5) names crate::files (floor 7): \
             move the thing down or pass it in"
        ]
    );
    assert_eq!(
        breaches("src/text/range.rs", "use std::ops::Range;\n"),
        ["src/text/range.rs:1: the first line must be //! and say the file's one job"]
    );
    assert_eq!(
        breaches(
            "src/app/mod.rs",
            "//! A.\n\nuse clap::Parser;\nfn f() { dbg!() }\n"
        ),
        [
            "src/app/mod.rs:3: names clap: only cli",
            "src/app/mod.rs:4: unfinished code: dbg!, todo!, unimplemented!"
        ]
    );
}

#[test]
fn a_floor_of_the_window_knows_lower_floors_only() {
    check(
        "
        src/app/base/jobs.rs         | use crate::app::session::Session;           | names app/session/Session
        src/app/base/widgets/chip.rs | use super::super::super::session::Session;  | names app/session/Session
        src/app/session/mod.rs       | use super::core::command::AppCommand;       | names app/core/command/AppCommand
        src/app/core/open.rs         | use crate::app::core::view::Views;          | names app/core/view/Views
        src/app/core/open.rs         | fn f() { crate::app::tools::find::run() }   | names app/tools/find/run
        src/app/tools/find/mod.rs    | use crate::app::{App, core::edits};         | names app/App
        src/app/tools/find/bar.rs    | use crate::app::tools::palette::View;       | names another tool
        src/app/tools/find/mod.rs    | use super::palette::View;                   | names another tool
        src/app/tools/find/bar.rs    | use super::super::{tool::Cx, palette};      | names another tool
        src/app/tools/find/bar.rs    | use super::commands;¶use crate::app::tools::tool::Cx; |
        src/app/tools/find/mod.rs    | use super::tool::{Cx, Tool};                |
        src/app/tools/mod.rs         | use find::Find;¶use super::core::edits;     |
        src/app/core/view/reading.rs | use crate::app::core::edits;                |
        src/app/core/open.rs         | use super::edits;¶use super::super::session::Session; |
        src/app/mod.rs               | use crate::app::tools::find::Find;          |
        src/app/frame.rs             | use super::tools::Tools;                    |
        ",
    );
}

#[test]
fn a_room_knows_lower_floors_only() {
    check(
        "
        src/merge/merge.rs | use crate::files::write;                           | names crate::files (floor 7)
        src/merge/merge.rs | fn f() { crate::files::write::save() }             | names crate::files (floor 7)
        src/merge/merge.rs | use crate::{text::Line, files::{read, write}};     | names crate::files (floor 7)
        src/merge/merge.rs | use super::super::files::write;                    | names crate::files (floor 7)
        src/merge/merge.rs | pub(super) fn f() -> crate::files::Saved {}        | names crate::files (floor 7)
        src/merge/mod.rs   | use super::files::write;                           | names crate::files (floor 7)
        src/merge.rs       | use super::files::write;                           | names crate::files (floor 7)
        src/merge/merge.rs | #[cfg(test)]¶mod tests { use crate::files::read; } | names crate::files (floor 7)
        src/reader/paint.rs| use crate::softpaint::png;                         | names crate::softpaint (floor 8)
        src/edit/apply.rs  | use crate::attic::Box;                             | names crate::attic, which is no floor
        src/attic/mod.rs   |                                                    | the room attic has no floor
        src/merge/merge.rs | use crate::{edit, merge::conflict::Conflict, text}; |
        src/merge/merge.rs | use super::conflict::Conflict;                     |
        src/merge/merge.rs | // use crate::files::write;                        |
        src/merge.rs       | use crate::text;                                   |
        src/app/state.rs   | use super::search::files::View;                    |
        src/lib.rs         | pub use crate::app::run;                           |
        src/main.rs        | use crate::cli;¶fn main() { println!(); }          |
        ",
    );
}

#[test]
fn crates_stay_in_their_rooms() {
    check(
        r##"
        src/edit/apply.rs     | use egui::Ui;                           | :2: names egui: only reader, softpaint, app, cli/render
        src/cli/args.rs       | fn f(ui: &mut ::egui::Ui) {}            | :2: names egui
        src/cli/args.rs       | fn f() -> ::egui::Ui {}                 | :2: names egui
        src/cli/args.rs       | fn f() { <egui::Ui as A>::b() }         | :2: names egui
        src/reader/paint.rs   | ¶use eframe::{App, egui};               | :3: names eframe: only app
        src/app/mod.rs        | use parley as text_layout;              | :2: names parley: only reader
        src/app/mod.rs        | use clap::Parser;                       | :2: names clap: only cli
        src/reader/atlas.rs   | use rfd;                                | :2: names rfd: only app
        src/annotation/tag.rs | #[derive(serde::Serialize)] struct T;   | :2: names serde: only format
        src/app/base/jobs.rs       | fn f() { ron::to_string(&1) }           | :2: names ron: only format
        src/cli/render/page.rs| use egui::Ui;¶use crate::softpaint::png; |
        src/app/base/theme.rs      | use serde::Deserialize;                 |
        src/app/base/jobs.rs       | use crate::format::{csv, ron};¶fn f() { ron::read() } |
        src/app/base/jobs.rs       | fn f() { crate::format::ron::read() }   |
        src/edit/mod.rs       | mod image;¶fn f() { image::read() }     |
        src/edit/apply.rs     | fn f(image: u8) {}                      |
        src/edit/apply.rs     | // egui::Ui¶/* egui::Ui /* */ egui::Ui */ |
        src/edit/apply.rs     | const A: &str = "egui::Ui \" egui::Ui"; |
        src/edit/apply.rs     | const A: &str = r#"" egui::Ui"#;        |
        src/edit/apply.rs     | const A: [char; 2] = ['"', '\''];¶use egui::Ui; | :3: names egui
        src/edit/apply.rs     | fn f<'a>(a: &'a str) {}¶use egui::Ui;   | :3: names egui
        src/edit/apply.rs     | #[cfg(test)]¶mod tests { use egui::Ui; } |
        src/edit/tests.rs     | use egui::Ui;                           |
        "##,
    );
}

#[test]
fn colours_stay_in_the_theme() {
    check(
        r##"
        src/reader/paint.rs   | fn f() { Color32::from_gray(3); }        | :2: a colour of its own: colours live in app/base/theme.rs
        src/reader/paint.rs   | fn f() { egui::Color32::LIGHT_BLUE; }    | :2: a colour of its own
        src/app/article.rs    | fn f() { egui::hex_color!("#123456"); }  | :2: a colour of its own
        src/app/article.rs    | const RED: &str = "#ff0000";             | :2: a colour of its own
        src/reader/paint.rs   | fn f() { (Color32::TRANSPARENT, Color32::PLACEHOLDER); } |
        src/app/base/theme.rs      | fn f() { egui::Color32::from_rgb(1, 2, 3); "#ff0000" } |
        src/softpaint/mod.rs  | fn f() { egui::Color32::BLACK; }         |
        src/app/article.rs    | #[cfg(test)]¶mod tests { fn f() { Color32::RED; "#ff0000"; } } |
        src/app/article.rs    | const LINK: &str = "a#beef12x #1234567"; |
        src/annotation/tag.rs | const RED: &str = "#ff0000";             |
        "##,
    );
}

#[test]
fn the_lower_floors_read_no_clock_and_no_disk() {
    check(
        "
        src/edit/apply.rs  | fn f() { std::time::SystemTime::now(); }   | :2: reads the clock
        src/import/html.rs | fn f() { Instant::now(); }                 | :2: reads the clock
        src/format/csv.rs  | use std::{fmt, fs::File};                  | :2: reads disk or environment
        src/text/range.rs  | fn f() { std::env::var(a); }               | :2: reads disk or environment
        src/files/read.rs  | fn f() { Instant::now(); }                 |
        src/edit/apply.rs  | #[cfg(test)]¶mod tests { fn f() { Instant::now(); } } |
        ",
    );
}

#[test]
fn the_disk_has_one_door() {
    check(
        "
        src/files/write.rs   | use std::fs;                              | :2: reaches the disk: only files/fs may
        src/cli/fmt.rs       | fn f() { std::fs::read(a); }              | :2: reaches the disk
        src/app/base/jobs.rs      | use std::{fs::File, io};                  | :2: reaches the disk
        src/files/fs/mod.rs  | use std::{io, fs};                        | :2: reaches the disk
        src/files/fs/real.rs | use std::fs::File;                        |
        src/app/base/display.rs   | fn f() { std::fs::read(a); }              |
        src/files/write.rs   | use super::fs::Fs;¶fn f() { fs::g(); }    |
        src/files/write.rs   | #[cfg(test)]¶mod tests { use std::fs; }   |
        ",
    );
}

#[test]
fn prints_threads_and_globs_stay_away() {
    check(
        r##"
        src/cli/output.rs   | fn f() { eprintln!("a"); }                  | :2: prints
        src/cli/output.rs   | fn f() { writeln!(out, "println!"); }       |
        src/app/state.rs    | fn f() { std::thread::spawn(g); }           | :2: starts a thread: only anchor/chunks.rs, app/base/jobs.rs, files/read.rs, format/ron/beside.rs, worker
        src/files/write.rs  | fn f() { thread::Builder::new(); }          | :2: starts a thread
        src/app/base/jobs.rs     | fn f() { std::thread::spawn(g); }           |
        src/worker/child.rs | fn f() { thread::Builder::new(); }          |
        src/text/range.rs   | use std::{fmt::*, ops};                     | :2: imports a glob
        src/text/range.rs   | fn f() -> impl Sized + use<'_> { 2 * 3 }    |
        src/text/range.rs   | macro_rules! m { (use {a; b}) => {} }       |
        src/text/range.rs   | #[cfg(test)]¶mod tests {¶use super::*;¶}    |
        src/text/range.rs   | #[cfg(test)]¶fn f(a: [u8; 3]) { {} }¶use std::ops::*; | :4: imports a glob
        "##,
    );
}

#[test]
fn only_the_shells_ask_for_the_gui_feature() {
    check(
        r##"
        src/files/read.rs | #[cfg(feature = "gui")] mod window;          | :2: asks for the feature gui
        src/files/read.rs | #[cfg(all(test, feature="gui"))] mod window; | :2: asks for the feature gui
        src/lib.rs        | #[cfg(feature = "gui")] mod window;          |
        src/main.rs       | #[cfg(feature = "gui")] mod window;          |
        src/cli/mod.rs    | #[cfg(feature = "gui")] mod window;          |
        src/files/read.rs | // feature = "gui"                           |
        "##,
    );
}

#[test]
fn nothing_is_left_unfinished_not_even_in_tests() {
    check(
        r##"
        src/text/range.rs | // TODO(ana): later                              | :2: a reminder left behind
        src/text/range.rs | /// FIXME: later                                 | :2: a reminder left behind
        src/text/range.rs | #[cfg(test)] mod tests { fn f() { dbg!(1); } }   | :2: unfinished code
        src/text/range.rs | fn f() { todo!() }                               | :2: unfinished code
        src/text/range.rs | const T: &str = "TODO todo!()"; // all TODOs done |
        "##,
    );
}

#[test]
fn every_file_is_declared() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let files = [
        file("tests/it/main.rs", "mod anchor;\n// mod lost;\nmod gui;\n"),
        file("tests/it/anchor.rs", ""),
        file("tests/it/lost.rs", ""),
        file("tests/it/gui/mod.rs", "mod open;"),
        file("tests/it/gui/open.rs", ""),
        file("tests/it/gui/undo.rs", ""),
    ];
    assert_eq!(
        undeclared(&files),
        [
            "tests/it/lost.rs is compiled by nobody: \
             declare `mod lost;` in tests/it/lib.rs or tests/it/main.rs",
            "tests/it/gui/undo.rs is compiled by nobody: \
             declare `mod undo;` in tests/it/gui/mod.rs or tests/it/gui.rs",
        ]
    );
}

#[test]
fn the_window_cuts_what_it_shows() {
    check(
        "
        src/app/panels/a.rs | use crate::text::hidden::visible;              | shows text of any length
        src/app/panels/a.rs | use crate::text::hidden::{Reveal, visible_name}; | shows text of any length
        src/app/panels/a.rs | fn f() { egui::TextEdit::singleline(x) }        | a text field without a limit
        src/app/base/short.rs    | use crate::text::hidden::visible;              |
        src/app/mod.rs      | use crate::text::hidden::isolated;             |
        src/cli/list.rs     | use crate::text::hidden::visible;              |
        ",
    );
}
