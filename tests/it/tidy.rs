//! The house rules as tests: they read the source as text and list every breach at once.
//!
//! The rules are here; `scanner` takes a file apart for them; `wrong_files` holds each rule to small wrong
//! files, because a rule that cannot fail is no rule. Test parts of a file are free of every rule but the
//! floors, the GUI feature and unfinished work.

use std::fs;
use std::path::Path;

use scanner::{Name, Source, lines_where, macro_lines};

mod scanner;
mod wrong_files;

/// The floors, lowest first; rooms on one floor do not know each other.
const FLOORS: [(u8, &[&str]); 9] = [
    (1, &["text"]),
    (2, &["anchor"]),
    (3, &["annotation"]),
    (4, &["edit"]),
    (
        5,
        &[
            "search",
            "merge",
            "agreement",
            "claims",
            "teaching",
            "editions",
            "settling",
        ],
    ),
    (6, &["format", "import"]),
    (7, &["files", "worker"]),
    (8, &["reader", "softpaint"]),
    (9, &["app", "cli"]),
];

/// The floors inside `app`, lowest first. What stands directly in `app` (the list of tools aside) is above all of them.
const APP_FLOORS: [&str; 5] = ["base", "session", "core", "core/view", "tools"];
/// What every tool may use of the folder of tools: what a tool is.
const WHAT_A_TOOL_IS: &str = "tool";

/// The highest floor that reads no clock, disk or environment.
const HIGHEST_PURE_FLOOR: u8 = 6;

/// Imports that break the order of the floors, with the reason: file, room, why it must.
const FLOOR_EXCEPTIONS: [(&str, &str, &str); 0] = [];

/// Crates and the only places that may name them: rooms, or files below `src`.
const CRATES: [(&str, &[&str]); 12] = [
    ("clap", &["cli"]),
    ("eframe", &["app"]),
    ("egui", &["reader", "softpaint", "app", "cli/render"]),
    ("image", &["softpaint", "app", "import"]),
    ("parley", &["reader"]),
    ("regex_automata", &["search"]),
    ("rfd", &["app"]),
    ("ron", DISK_TYPES),
    ("serde", DISK_TYPES),
    ("serde_json", DISK_TYPES),
    ("skrifa", &["reader"]),
    ("vello_cpu", &["reader"]),
];
const DISK_TYPES: &[&str] = &["format", "files", "worker", "app/base/theme.rs", "cli"];

/// The atlas copies pixels of glyphs, which are no colours of the design.
const COLOURS: &[&str] = &[
    "app/base/theme.rs",
    "cli/render/palette.rs",
    "reader/atlas.rs",
    "softpaint",
];
/// A tag's own colour is data, so the floors below the window may write one down.
const NO_HEX_COLOURS: &[&str] = &["reader", "app", "cli"];
/// A search of a hundred megabytes is cut into pieces for all processors, and a large file is looked through on two;
/// such threads end before the work returns.
const THREADS: &[&str] = &[
    "anchor/chunks.rs",
    "app/base/jobs.rs",
    "files/read.rs",
    "format/ron/beside.rs",
    "worker",
];
/// The door to the disk. The second looks for the system's libraries before there is a window, and tells in its
/// own words what is missing.
const DISK: &[&str] = &[
    "files/fs/real.rs",
    "files/fs/dress.rs",
    "app/base/display.rs",
];
const PRINTING: &[&str] = &["main.rs"];
/// Where text of a file is written out for people in the window, and where it is edited: both cut it.
const SHORT: &[&str] = &["app/base/short.rs"];
const TEXT_FIELDS: &[&str] = &["app/base/widgets/field.rs"];
const GUI_FEATURE: &[&str] = &["lib.rs", "main.rs", "cli/mod.rs"];

#[test]
fn the_house_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = read_rust_files(root, "src");
    let tests = read_rust_files(root, "tests/it");
    assert!(
        source.len() >= 2 && tests.len() >= 2,
        "the rules read no source below {}",
        root.display()
    );
    let mut breaches: Vec<String> = source
        .iter()
        .flat_map(|(path, text)| breaches(path, text))
        .collect();
    breaches.extend(undeclared(&source));
    breaches.extend(undeclared(&tests));
    assert!(
        breaches.is_empty(),
        "{} breaches of the house rules:\n  {}\n",
        breaches.len(),
        breaches.join("\n  ")
    );
}

/// Returns one line for each breach in the file at `path` (`src/…`, with `/`).
fn breaches(path: &str, text: &str) -> Vec<String> {
    let file = Source::read(path, text);
    let rules: [fn(&Source) -> Vec<String>; 13] = [
        begins_with_its_job,
        knows_lower_floors_only,
        knows_lower_floors_of_app_only,
        names_crates_where_allowed,
        keeps_colours_in_the_theme,
        reads_no_clock_or_disk,
        reaches_the_disk_through_one_door,
        prints_in_main_only,
        cuts_what_the_window_shows,
        starts_threads_where_allowed,
        asks_for_the_gui_feature_in_shells_only,
        has_no_globs,
        leaves_nothing_unfinished,
    ];
    rules.iter().flat_map(|rule| rule(&file)).collect()
}

fn begins_with_its_job(file: &Source) -> Vec<String> {
    if file.text.starts_with("//!") {
        return Vec::new();
    }
    vec![format!(
        "{}:1: the first line must be //! and say the file's one job",
        file.path
    )]
}

fn knows_lower_floors_only(file: &Source) -> Vec<String> {
    if ["lib.rs", "main.rs"].contains(&file.inner) {
        return Vec::new();
    }
    let own_room = room_of(file.inner);
    let Some(own_floor) = floor_of(own_room) else {
        return vec![format!(
            "{}: the room {own_room} has no floor: list it in FLOORS",
            file.path
        )];
    };
    let mut breaches = Vec::new();
    for name in &file.names {
        let Some(room) = room_named(name, file) else {
            continue;
        };
        let allowed = room == own_room
            || FLOOR_EXCEPTIONS
                .iter()
                .any(|(path, other, _)| *path == file.path && *other == room);
        let breach = match floor_of(room) {
            _ if allowed => continue,
            Some(floor) if floor < own_floor => continue,
            Some(floor) => format!(
                "{} (floor {own_floor}) names crate::{room} (floor {floor}): \
                 move the thing down or pass it in",
                file.path
            ),
            None => format!("{} names crate::{room}, which is no floor", file.path),
        };
        if !breaches.contains(&breach) {
            breaches.push(breach);
        }
    }
    breaches
}

/// Inside `app`, what stands on one floor names only lower ones, and no tool names another tool.
fn knows_lower_floors_of_app_only(file: &Source) -> Vec<String> {
    let Some(own) = file.inner.strip_prefix("app/") else {
        return Vec::new();
    };
    let own_floor = app_floor_of(own);
    let own_tool = tool_of(own);
    let mut breaches = Vec::new();
    for name in file.names_outside_tests() {
        let Some(path) = path_in_app(name, file) else {
            continue;
        };
        let (floor, tool) = (app_floor_of(&path), tool_of(&path));
        let is_other_tool = own_tool.is_some() && tool.is_some() && tool != own_tool;
        let breach = if floor > own_floor {
            format!(
                "{} names app/{path}, which stands above it: ask by an event",
                file.path
            )
        } else if is_other_tool && tool != Some(WHAT_A_TOOL_IS) {
            format!(
                "{} names another tool, app/{path}: move what both need down",
                file.path
            )
        } else {
            continue;
        };
        if !breaches.contains(&breach) {
            breaches.push(breach);
        }
    }
    breaches
}

/// Returns the floor of a path below `app`, from 0; 5 above all that are listed.
fn app_floor_of(path: &str) -> usize {
    let is_in = |folder: &&&str| {
        let rest = path.strip_prefix(**folder);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let longest = APP_FLOORS.iter().filter(is_in).max_by_key(|it| it.len());
    let floor = longest.and_then(|folder| APP_FLOORS.iter().position(|it| it == folder));
    floor.unwrap_or(APP_FLOORS.len())
}

/// Returns the tool that a path below `app` belongs to; none for the list of tools.
fn tool_of(path: &str) -> Option<&str> {
    let tool = path.strip_prefix("tools/")?.split('/').next()?;
    let tool = tool.strip_suffix(".rs").unwrap_or(tool);
    (tool != "mod").then_some(tool)
}

/// Returns the path below `app` that a name leads to, with `/`; none when it leads out of `app`.
fn path_in_app(name: &Name, file: &Source) -> Option<String> {
    let parts = name.parts.iter().map(String::as_str);
    if name.first() == "crate" {
        let mut parts = parts.skip(1);
        return (parts.next() == Some("app")).then(|| parts.collect::<Vec<_>>().join("/"));
    }
    let n_up = parts.clone().take_while(|part| *part == "super").count();
    if n_up == 0 {
        return None;
    }
    // A `mod.rs` is its folder, any other file is its name in the folder.
    let module = file.inner.strip_suffix(".rs").unwrap_or(file.inner);
    let module = module.strip_suffix("/mod").unwrap_or(module);
    let mut path: Vec<&str> = module.split('/').collect();
    path.truncate(path.len().checked_sub(n_up)?);
    path.extend(parts.skip(n_up));
    let mut path = path.into_iter();
    (path.next() == Some("app")).then(|| path.collect::<Vec<_>>().join("/"))
}

fn names_crates_where_allowed(file: &Source) -> Vec<String> {
    let mut breaches = Vec::new();
    for (name, places) in CRATES {
        // A file may have a module of its own called like the crate, such as `format::ron`.
        if is_in(file, places) || file.own_names.iter().any(|own| own == name) {
            continue;
        }
        let names_crate =
            |found: &&Name| found.first() == name && (found.in_use || found.parts.len() > 1);
        let lines = file
            .names_outside_tests()
            .filter(names_crate)
            .map(|found| found.line);
        breaches.extend(file.at(lines, &format!("names {name}: only {}", places.join(", "))));
    }
    breaches
}

fn keeps_colours_in_the_theme(file: &Source) -> Vec<String> {
    if is_in(file, COLOURS) {
        return Vec::new();
    }
    let is_constant = |part: &str| {
        part.chars().all(|c| c.is_ascii_uppercase() || c == '_')
            && !["TRANSPARENT", "PLACEHOLDER"].contains(&part)
    };
    let is_colour = |name: &&Name| {
        name.pairs()
            .any(|(a, b)| a == "Color32" && (b.starts_with("from_") || is_constant(b)))
    };
    let mut lines: Vec<usize> = file
        .names_outside_tests()
        .filter(is_colour)
        .map(|name| name.line)
        .collect();
    lines.extend(file.macros_outside_tests(&["hex_color"]));
    if is_in(file, NO_HEX_COLOURS) {
        lines.extend(lines_where(&file.literals, has_hex_colour));
    }
    file.at(
        lines,
        "a colour of its own: colours live in app/base/theme.rs",
    )
}

fn reads_no_clock_or_disk(file: &Source) -> Vec<String> {
    if floor_of(room_of(file.inner)).is_none_or(|floor| floor > HIGHEST_PURE_FLOOR) {
        return Vec::new();
    }
    let is_clock = |name: &&Name| {
        name.pairs().any(|(a, b)| {
            b == "now" && ["SystemTime", "Instant", "Timestamp", "Zoned"].contains(&a)
        })
    };
    let is_disk = |name: &&Name| {
        name.first() == "std"
            && name
                .parts
                .get(1)
                .is_some_and(|part| part == "fs" || part == "env")
    };
    let lines = |is_it: &dyn Fn(&&Name) -> bool| -> Vec<usize> {
        file.names_outside_tests()
            .filter(|name| is_it(name))
            .map(|name| name.line)
            .collect()
    };
    let mut breaches = file.at(
        lines(&is_clock),
        "reads the clock: time comes in as an argument",
    );
    breaches.extend(file.at(
        lines(&is_disk),
        "reads disk or environment: pass the content in",
    ));
    breaches
}

fn reaches_the_disk_through_one_door(file: &Source) -> Vec<String> {
    // The pure floors have a rule of their own.
    let is_pure = floor_of(room_of(file.inner)).is_none_or(|floor| floor <= HIGHEST_PURE_FLOOR);
    if is_pure || is_in(file, DISK) {
        return Vec::new();
    }
    let is_disk = |name: &&Name| name.pairs().any(|pair| pair == ("std", "fs"));
    let lines = file
        .names_outside_tests()
        .filter(is_disk)
        .map(|name| name.line);
    file.at(
        lines,
        "reaches the disk: only files/fs may, others ask files::fs::Fs",
    )
}

fn prints_in_main_only(file: &Source) -> Vec<String> {
    if is_in(file, PRINTING) {
        return Vec::new();
    }
    let lines = file.macros_outside_tests(&["println", "eprintln", "print", "eprint"]);
    file.at(
        lines,
        "prints: write to the writer that was passed in, or send a notification",
    )
}

fn cuts_what_the_window_shows(file: &Source) -> Vec<String> {
    if room_of(file.inner) != "app" {
        return Vec::new();
    }
    let lines = |is_it: &dyn Fn(&&Name) -> bool| -> Vec<usize> {
        file.names_outside_tests()
            .filter(|name| is_it(name))
            .map(|name| name.line)
            .collect()
    };
    let mut breaches = Vec::new();
    if !is_in(file, SHORT) {
        let writes_out = |name: &&Name| {
            name.pairs()
                .any(|(a, b)| a == "hidden" && ["visible", "visible_name"].contains(&b))
        };
        breaches.extend(file.at(
            lines(&writes_out),
            "shows text of any length: only app/base/short.rs writes text out, and cuts it",
        ));
    }
    if !is_in(file, TEXT_FIELDS) {
        let edits = |name: &&Name| {
            name.pairs()
                .any(|(a, b)| a == "TextEdit" && ["singleline", "multiline"].contains(&b))
        };
        breaches.extend(file.at(lines(&edits), "a text field without a limit: use TextField"));
    }
    breaches
}

fn starts_threads_where_allowed(file: &Source) -> Vec<String> {
    if is_in(file, THREADS) {
        return Vec::new();
    }
    let starts = |name: &&Name| {
        name.pairs()
            .any(|(a, b)| a == "thread" && ["spawn", "scope", "Builder"].contains(&b))
    };
    let lines = file
        .names_outside_tests()
        .filter(starts)
        .map(|name| name.line);
    file.at(
        lines,
        &format!("starts a thread: only {}", THREADS.join(", ")),
    )
}

fn asks_for_the_gui_feature_in_shells_only(file: &Source) -> Vec<String> {
    if is_in(file, GUI_FEATURE) {
        return Vec::new();
    }
    let asks = |line: &str| line.replace(' ', "").contains("feature=\"gui\"");
    let lines = lines_where(&file.without_comments, asks);
    file.at(
        lines,
        &format!(
            "asks for the feature gui: only {}: make it a module of its own",
            GUI_FEATURE.join(", ")
        ),
    )
}

fn has_no_globs(file: &Source) -> Vec<String> {
    let lines = file
        .names_outside_tests()
        .filter(|name| name.in_use && name.parts.last().is_some_and(|part| part == "*"))
        .map(|name| name.line);
    file.at(lines, "imports a glob: name what is used")
}

fn leaves_nothing_unfinished(file: &Source) -> Vec<String> {
    let is_left = |line: &str| {
        line.split(|c: char| !c.is_alphanumeric())
            .any(|word| word == "TODO" || word == "FIXME")
    };
    let mut breaches = file.at(
        lines_where(&file.comments, is_left),
        "a reminder left behind: do it or drop it",
    );
    breaches.extend(file.at(
        macro_lines(&file.tokens, &["dbg", "todo", "unimplemented"]),
        "unfinished code: dbg!, todo!, unimplemented!",
    ));
    breaches
}

/// Every file must be declared by the file above it: nobody compiles the others.
fn undeclared(files: &[(String, String)]) -> Vec<String> {
    let mut breaches = Vec::new();
    for (path, _) in files {
        let module = path.strip_suffix("/mod.rs").or(path.strip_suffix(".rs"));
        let Some((folder, name)) = module.and_then(|module| module.rsplit_once('/')) else {
            continue;
        };
        let is_root = |folder: &str| folder == "src" || folder == "tests/it";
        if is_root(folder) && ["lib", "main"].contains(&name) {
            continue;
        }
        let parents = if is_root(folder) {
            vec![format!("{folder}/lib.rs"), format!("{folder}/main.rs")]
        } else {
            vec![format!("{folder}/mod.rs"), format!("{folder}.rs")]
        };
        let is_declared =
            files
                .iter()
                .filter(|(path, _)| parents.contains(path))
                .any(|(path, text)| {
                    let tokens = &Source::read(path, text).tokens;
                    tokens.windows(3).any(|window| {
                        let words: Vec<&str> =
                            window.iter().map(|token| token.text.as_str()).collect();
                        words == ["mod", name, ";"]
                    })
                });
        if !is_declared {
            breaches.push(format!(
                "{path} is compiled by nobody: declare `mod {name};` in {}",
                parents.join(" or ")
            ));
        }
    }
    breaches
}

fn floor_of(room: &str) -> Option<u8> {
    let (floor, _) = FLOORS.iter().find(|(_, rooms)| rooms.contains(&room))?;
    Some(*floor)
}

/// Returns the room of a file below `src`: `merge` for `merge/merge.rs` and for `merge.rs`.
fn room_of(inner: &str) -> &str {
    let first = inner.split('/').next().unwrap_or(inner);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// Returns the room a path leads to, by `crate::room` or by climbing out of its own room with `super`.
fn room_named<'a>(name: &'a Name, file: &Source) -> Option<&'a str> {
    if name.first() == "crate" {
        return name.parts.get(1).map(String::as_str);
    }
    let climbed = name
        .parts
        .iter()
        .take_while(|part| *part == "super")
        .count();
    let depth = file.inner.trim_end_matches("/mod.rs").split('/').count();
    if climbed == 0 || climbed < depth || name.in_test {
        return None;
    }
    let room = name.parts.get(climbed)?;
    floor_of(room).map(|_| room.as_str())
}

/// Whether the file is one of `places`: a room, or a file or folder below `src`.
fn is_in(file: &Source, places: &[&str]) -> bool {
    let is_below = |folder: &str| {
        let rest = file.inner.strip_prefix(folder);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    places
        .iter()
        .any(|place| *place == file.inner || *place == room_of(file.inner) || is_below(place))
}

fn has_hex_colour(line: &str) -> bool {
    line.split('#').skip(1).any(|rest| {
        let n_digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
        let ends = rest
            .chars()
            .nth(n_digits)
            .is_none_or(|c| !c.is_alphanumeric());
        ends && (n_digits == 6 || n_digits == 8)
    })
}

/// Returns the `.rs` files below `folder` with their text, sorted by path; paths are relative to `root`.
fn read_rust_files(root: &Path, folder: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let entries = fs::read_dir(root.join(folder))
        .unwrap_or_else(|error| panic!("cannot list {folder}: {error}"));
    for entry in entries {
        let entry = entry.unwrap_or_else(|error| panic!("cannot list {folder}: {error}"));
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files.extend(read_rust_files(root, &path));
        } else if path.ends_with(".rs") {
            let text = fs::read_to_string(entry.path())
                .unwrap_or_else(|error| panic!("cannot read {path}: {error}"));
            files.push((path, text));
        }
    }
    files.sort();
    files
}
