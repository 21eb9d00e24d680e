//! The command line: what it prints, what it writes, and how it ends.

mod checking;
mod columns;
mod edit;
mod editions;
mod file_kinds;
mod hostile;
#[cfg(unix)]
mod leftovers;
mod line_numbers;
mod program;
#[cfg(feature = "gui")]
mod render;
mod tagging;

use crate::support::desk::Desk;
use sourcemark::{cli::Exit, files::annotations_beside};
use std::fs;

const ARTICLE: &str = "# Back doors?\n\n\
    “We never built a back door,” said Ann\n  Smith, “and we never will.”\n\
    The ministry insists on a back door. 漢字で否定した。\n";

/// A desk with one article.
fn desk() -> Desk {
    let desk = Desk::new();
    fs::write(desk.path("a.txt"), ARTICLE).unwrap();
    desk
}

/// What the tests do with the article of [`desk`].
trait OnArticle {
    /// Returns the annotation file of the article, if there is one.
    fn annotations(&self) -> Option<String>;
    /// Tags in the name of Ana, which must succeed, and returns the line that says so.
    fn tag(&self, args: &[&str]) -> String;
    /// Returns the list as JSON.
    fn list(&self, args: &[&str]) -> serde_json::Value;
}

impl OnArticle for Desk {
    fn annotations(&self) -> Option<String> {
        fs::read_to_string(annotations_beside(&self.path("a.txt"))).ok()
    }

    #[track_caller]
    fn tag(&self, args: &[&str]) -> String {
        let said = self.run(&[&["tag", "@a.txt", "--creator", "Ana"], args].concat());
        assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""));
        said.out
    }

    #[track_caller]
    fn list(&self, args: &[&str]) -> serde_json::Value {
        let said = self.run(&[&["list", "@a.txt", "--json"], args].concat());
        assert_eq!(said.exit, Exit::Done, "{}", said.err);
        serde_json::from_str(&said.out).unwrap()
    }
}

/// A command that must end with `exit` and a message that holds `fragment`, and write nothing.
#[track_caller]
fn check_refused(args: &[&str], exit: Exit, fragment: &str) {
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial"]);
    let before = desk.annotations();
    let said = desk.run(args);
    assert_eq!(said.exit, exit, "{args:?}: {}", said.err);
    assert!(said.err.contains(fragment), "{args:?}: {}", said.err);
    assert_eq!(said.out, "", "{args:?}");
    assert_eq!(desk.annotations(), before, "{args:?}");
}
