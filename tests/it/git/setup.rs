//! What `git install` writes into a repository, and that `git uninstall` gives the very bytes back.

use super::{FILE, Place, begun};
use crate::support::sets::CountingIds;
use std::fs;

#[test]
fn what_is_installed_is_taken_out_again_and_nothing_else_is_touched() {
    let place = Place::new();
    let repo = place.repo("a repo");
    let mine = "# mine\r\n*.png binary\r\n";
    repo.write(".gitattributes", mine);
    repo.git(&["config", "merge.mine.driver", "true"]);
    let config = repo.read(".git/config");
    assert_eq!(repo.sourcemark(&["git", "status"]).0, 1);
    repo.install();
    let (attributes, installed) = (repo.read(".gitattributes"), repo.read(".git/config"));
    assert!(attributes.starts_with(mine) && attributes.ends_with("diff=sourcemark\r\n"));
    repo.install();
    assert_eq!(repo.read(".gitattributes"), attributes);
    assert_eq!(repo.read(".git/config"), installed);
    assert_eq!(repo.sourcemark(&["git", "status"]).0, 0);
    assert_eq!(repo.sourcemark(&["git", "uninstall"]).0, 0);
    assert_eq!(repo.read(".gitattributes"), mine);
    assert_eq!(repo.read(".git/config"), config);
    let (code, said) = repo.sourcemark(&["git", "uninstall"]);
    assert_eq!(code, 0);
    assert!(said.contains("not installed"), "{said}");
    let nowhere = place.open(".");
    assert_eq!(nowhere.sourcemark(&["git", "install"]).0, 3);
}

/// What a repository may have of its own, byte for byte.
#[test]
fn attributes_of_any_form_are_as_they_were_afterwards() {
    let place = Place::new();
    let before: [&[u8]; 6] = [
        b"*.png binary\n",
        b"*.png binary",
        b"# mine\r\n*.png binary",
        b"\xEF\xBB\xBF*.png binary\n\n\n",
        b"caf\xE9.txt text\n",
        b"  *.annotations.ron   text\n",
    ];
    for (n, before) in before.into_iter().enumerate() {
        let repo = place.repo(&format!("repo {n}"));
        fs::write(repo.path(".gitattributes"), before).unwrap();
        let config = repo.read(".git/config");
        repo.install();
        let (code, said) = repo.sourcemark(&["git", "status"]);
        assert_eq!(code, 0, "{said}");
        let installed = fs::read(repo.path(".gitattributes")).unwrap();
        repo.install();
        assert_eq!(fs::read(repo.path(".gitattributes")).unwrap(), installed);
        assert_eq!(repo.sourcemark(&["git", "uninstall"]).0, 0);
        assert_eq!(fs::read(repo.path(".gitattributes")).unwrap(), before);
        assert_eq!(repo.read(".git/config"), config);
    }
}

/// git does not follow such a link: lines behind it would do nothing.
#[cfg(unix)]
#[test]
fn attributes_that_are_a_link_are_left_alone() {
    let place = Place::new();
    for content in ["*.png binary\n", ""] {
        let repo = place.repo(&format!("r{}", content.len()));
        repo.write("shared", content);
        std::os::unix::fs::symlink("shared", repo.path(".gitattributes")).unwrap();
        let config = repo.read(".git/config");
        let (code, said) = repo.sourcemark(&["git", "install"]);
        assert!(code == 3 && said.contains("a link"), "{said}");
        assert!(repo.path(".gitattributes").is_symlink());
        assert_eq!(repo.read("shared"), content);
        assert_eq!(repo.read(".git/config"), config, "nothing was half done");
        assert_eq!(repo.sourcemark(&["git", "uninstall"]).0, 0);
    }
}

/// The line in the configuration names the program, which may have moved.
#[test]
fn another_program_is_told_and_replaced() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    repo.git(&[
        "config",
        "merge.sourcemark.driver",
        "/gone/sourcemark git merge %O %A %B %P",
    ]);
    repo.git(&["config", "--add", "merge.sourcemark.driver", "/twice"]);
    let (code, said) = repo.sourcemark(&["git", "status"]);
    assert!(
        code == 1 && said.contains("another program: /twice"),
        "{said}"
    );
    assert!(
        said.contains("run `sourcemark git install` to repair it"),
        "{said}"
    );
    repo.git(&[
        "config",
        "--replace-all",
        "merge.sourcemark.driver",
        "'/gone/it'\\''s' git merge -- %O %A %B %P %X %Y",
    ]);
    let (code, said) = repo.sourcemark(&["git", "status"]);
    assert!(
        code == 1 && said.contains("the program no longer exists at `/gone/it's`"),
        "{said}"
    );
    repo.install();
    let (code, said) = repo.sourcemark(&["git", "status", "--repo", "."]);
    assert_eq!(code, 0, "{said}");
    let attributes = repo.git(&["check-attr", "merge", "--", FILE]);
    assert!(attributes.ends_with("merge: sourcemark\n"), "{attributes}");
}
