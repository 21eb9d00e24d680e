//! The name of the person at this machine, for annotations that are made without a name.

use super::git;
use std::path::Path;

/// Environment variable that names the annotator.
pub const CREATOR_VARIABLE: &str = "SOURCEMARK_CREATOR";

/// Longest name that is taken from the machine, in code points. A name in an annotation file may have 1,000.
const MAX_CHARS: usize = 200;

/// A name that the machine knows its user by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName {
    /// The name, on one line and not empty.
    pub name: String,
    /// Where it was found.
    pub source: NameSource,
}

/// Where a [`UserName`] was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameSource {
    /// `user.name` in git's configuration.
    Git,
    /// The account.
    System,
}

/// Returns the value of [`CREATOR_VARIABLE`], `None` if it is not set or blank.
pub fn creator_variable() -> Option<String> {
    variable(CREATOR_VARIABLE)
}

/// Returns the name in git's configuration, else the name of the account. `None` if neither is known: no git, no
/// account.
pub fn user_name() -> Option<UserName> {
    let from_git = || Some((git_name()?, NameSource::Git));
    let from_system = || Some((account_name()?, NameSource::System));
    let (name, source) = from_git().or_else(from_system)?;
    Some(UserName { name, source })
}

/// Returns `user.name` as git knows it in the current folder. A machine without git has none.
fn git_name() -> Option<String> {
    let said = git::ask(Path::new("."), &["config", "--get", "user.name"]);
    one_name(&String::from_utf8_lossy(&said.ok()??))
}

fn account_name() -> Option<String> {
    let in_environment = ["LOGNAME", "USER", "USERNAME"]
        .into_iter()
        .find_map(variable);
    // Containers have an account, but often no such variable.
    #[cfg(unix)]
    let in_environment = in_environment.or_else(|| {
        let accounts = super::read_bytes(Path::new("/etc/passwd")).ok()?;
        account_in(
            &String::from_utf8_lossy(&accounts),
            rustix::process::getuid().as_raw(),
        )
    });
    in_environment
}

/// Returns the name of the account with the number `uid` in the text of `/etc/passwd`.
#[cfg(any(unix, test))]
fn account_in(accounts: &str, uid: u32) -> Option<String> {
    let uid = uid.to_string();
    let mut lines = accounts.lines().map(|line| line.split(':'));
    let name = lines.find_map(|mut fields| {
        let name = fields.next()?;
        (fields.nth(1)? == uid).then_some(name)
    });
    one_name(name?)
}

fn variable(name: &str) -> Option<String> {
    one_name(&std::env::var_os(name)?.to_string_lossy())
}

/// Returns the first line of `text` without blanks around it, `None` if that is empty.
fn one_name(text: &str) -> Option<String> {
    let line = text.trim().lines().next()?.trim();
    Some(line.chars().take(MAX_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_number() {
        let accounts = "root:x:0:0:root:/root:/bin/bash\n# note\nann:x:1000:1000:Ann S:/home/ann:/bin/sh\n:x:7:\n";
        for (uid, name) in [
            (0, Some("root")),
            (1000, Some("ann")),
            (100, None),
            (7, None),
        ] {
            assert_eq!(account_in(accounts, uid).as_deref(), name, "{uid}");
        }
    }

    #[test]
    fn a_name_is_one_line_that_is_not_blank() {
        for (text, name) in [
            ("Ann Smith\n", Some("Ann Smith")),
            ("  李\u{660E}  \r\nsecond", Some("李明")),
            ("", None),
            (" \n ", None),
        ] {
            assert_eq!(one_name(text).as_deref(), name, "{text:?}");
        }
        let long = "é".repeat(1_000);
        assert_eq!(one_name(&long).unwrap().chars().count(), MAX_CHARS);
    }
}
