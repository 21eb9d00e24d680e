//! What a test needs of the machine it runs on. Where it is missing, the test fails if `CI` is set, and says that it was
//! skipped otherwise: no test passes silently.

use std::{
    ffi::OsString,
    io::{self, Write},
};

/// Ends a test that `what` is missing for; its caller returns. Panics where `CI` is set.
#[track_caller]
pub fn skip(what: &str) {
    skip_where(what, std::env::var_os("CI"));
}

#[track_caller]
fn skip_where(what: &str, ci: Option<OsString>) {
    if ci.is_some_and(|value| !value.is_empty()) {
        panic!("this test needs {what}, and CI must run every test");
    }
    skip_optional(what);
}

/// Ends a test of data that is not part of the project; its caller returns.
pub fn skip_optional(what: &str) {
    // Not by a macro, which the test runner would catch.
    let line = format!("skipped: this test needs {what}\n");
    io::stderr().write_all(line.as_bytes()).unwrap();
}

/// Runs a test that needs files which may not be read: here, or, where the user is root and may read all files, in a
/// process without that right. `name` is the path of the test, `is_denied` says whether this process lacks the right.
#[cfg(unix)]
#[track_caller]
pub fn without_root_rights(name: &str, is_denied: bool, test: impl FnOnce()) {
    if is_denied {
        return test();
    }
    if std::env::var_os(AGAIN).is_some() {
        return skip("a user who may not read every file");
    }
    let rights = "-dac_override,-dac_read_search";
    let again = std::process::Command::new("setpriv")
        .args(["--inh-caps", rights, "--bounding-set", rights, "--"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", name, "--test-threads=1"])
        .env(AGAIN, "1")
        .output();
    match again {
        Ok(output) if output.status.success() => {
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(said.contains("1 passed"), "there is no test {name}: {said}");
        }
        Ok(output) if output.stdout.is_empty() => {
            let said = String::from_utf8_lossy(&output.stderr);
            skip(&format!(
                "a user who may not read every file, or setpriv: {said}"
            ));
        }
        Ok(output) => {
            let said = [output.stdout, output.stderr].concat();
            panic!("{}", String::from_utf8_lossy(&said));
        }
        Err(error) => skip(&format!(
            "a user who may not read every file, or setpriv: {error}"
        )),
    }
}

/// Variable that is set in the process that [`without_root_rights`] starts.
#[cfg(unix)]
const AGAIN: &str = "SOURCEMARK_TEST_WITHOUT_ROOT_RIGHTS";

#[test]
fn what_is_missing_fails_only_in_ci() {
    skip_where("nothing", None);
    skip_where("nothing", Some(OsString::new()));
    let failed = std::panic::catch_unwind(|| skip_where("git", Some("1".into())));
    let message = failed.unwrap_err();
    let message = message.downcast_ref::<String>().unwrap();
    assert!(message.starts_with("this test needs git"), "{message}");
}
