//! What is made from a private article is private.

use crate::support::{
    machine::skip,
    sets::{CountingIds, full_set, time},
};
use sourcemark::{
    cli::{self, Env, Exit, Outcome},
    files::{Disk, Expected, SaveOptions, fs::RealFs, save_annotations},
};
use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    process::Command,
    sync::Arc,
};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// What a new file gets where nothing narrows it.
fn usual(folder: &Path) -> u32 {
    let probe = folder.join("probe");
    fs::write(&probe, "").unwrap();
    mode(&probe)
}

#[test]
fn a_new_annotation_file_has_no_more_permissions_than_its_article() {
    for article_mode in [
        0o600, 0o640, 0o644, 0o664, 0o666, 0o604, 0o400, 0o444, 0o755,
    ] {
        let room = tempfile::tempdir().unwrap();
        let article = room.path().join("a.txt");
        let path = room.path().join("a.txt.annotations.ron");
        fs::write(&article, "An article.").unwrap();
        set_mode(&article, article_mode);
        save_annotations(&path, &full_set(), Expected::New, false).unwrap();
        let expected = (article_mode & usual(room.path())) | 0o600;
        assert_eq!(mode(&path), expected, "{article_mode:o}: {:o}", mode(&path));
    }
}

#[test]
fn a_copy_elsewhere_has_no_more_permissions_than_what_it_comes_from() {
    let room = tempfile::tempdir().unwrap();
    let sources = ["open", "narrow", "private"].map(|name| room.path().join(name));
    for (source, mode) in sources.iter().zip([0o644, 0o640, 0o600]) {
        fs::write(source, "").unwrap();
        set_mode(source, mode);
    }
    let usual = usual(room.path());
    for (name, sources, bound) in [
        ("1", &sources[..1], 0o644),
        ("2", &sources[..2], 0o640),
        ("3", &sources[..], 0o600),
        ("4", &[room.path().join("nowhere")][..], 0o666),
    ] {
        let path = room.path().join(name);
        let options = SaveOptions {
            sources: sources.to_vec(),
            ..SaveOptions::default()
        };
        Disk::plain()
            .save_annotations(&path, &full_set(), &Expected::New, &options)
            .unwrap();
        assert_eq!(mode(&path), (bound & usual) | 0o600, "{name}");
    }
}

/// Makes a file of a group that a new file of this person would not get.
#[test]
fn a_new_file_is_of_the_group_of_its_article() {
    let room = tempfile::tempdir().unwrap();
    let article = room.path().join("a.txt");
    fs::write(&article, "An article.").unwrap();
    set_mode(&article, 0o640);
    if std::os::unix::fs::chown(&article, None, Some(12_345)).is_err() {
        return skip("root, to give a file to another group");
    }
    let path = room.path().join("a.txt.annotations.ron");
    save_annotations(&path, &full_set(), Expected::New, false).unwrap();
    let made = fs::metadata(&path).unwrap();
    assert_eq!((made.gid(), made.mode() & 0o777), (12_345, 0o640));
    // Two groups: nobody may read what only the other group may.
    let other = room.path().join("b.txt");
    fs::write(&other, "Another.").unwrap();
    set_mode(&other, 0o640);
    let both = room.path().join("both.ron");
    let options = SaveOptions {
        sources: vec![article, other],
        ..SaveOptions::default()
    };
    Disk::plain()
        .save_annotations(&both, &full_set(), &Expected::New, &options)
        .unwrap();
    assert_eq!(mode(&both), 0o600);
}

#[cfg(target_os = "linux")]
#[test]
fn the_list_of_a_folder_lets_nobody_in() {
    let room = tempfile::tempdir().unwrap();
    let list = |rule: &str, path: &Path| {
        let set = Command::new("setfacl")
            .args(["-m", rule])
            .arg(path)
            .status();
        set.is_ok_and(|status| status.success())
    };
    if !list("d:u:12345:rw", room.path()) {
        return skip("setfacl, and a disk with access lists");
    }
    let entries = |path: &Path| {
        let read = Command::new("getfacl")
            .arg("-cpn")
            .arg(path)
            .output()
            .unwrap();
        String::from_utf8(read.stdout).unwrap()
    };
    let article = room.path().join("a.txt");
    fs::write(&article, "An article.").unwrap();
    let set = Command::new("setfacl").arg("-b").arg(&article).status();
    assert!(set.unwrap().success());
    set_mode(&article, 0o640);
    let path = room.path().join("a.txt.annotations.ron");
    let saved = save_annotations(&path, &full_set(), Expected::New, false).unwrap();
    assert!(!entries(&path).contains("12345"), "{}", entries(&path));
    assert_eq!(mode(&path), 0o640 & (usual(room.path()) | 0o040));
    // Saving over a file does not add the folder's list either.
    save_annotations(&path, &full_set(), Expected::Same(saved.identity), true).unwrap();
    assert!(!entries(&path).contains("12345"), "{}", entries(&path));
    // A list of the article is taken over whole.
    assert!(list("u:23456:r", &article));
    fs::remove_file(&path).unwrap();
    save_annotations(&path, &full_set(), Expected::New, false).unwrap();
    assert!(
        entries(&path).contains("user:23456:r--"),
        "{}",
        entries(&path)
    );
    assert!(!entries(&path).contains("12345"), "{}", entries(&path));
}

#[test]
fn no_command_makes_a_private_article_public() {
    let room = tempfile::tempdir().unwrap();
    let at = |name: &str| room.path().join(name).display().to_string();
    let mut env = Env {
        now: time("2026-03-01T12:00:00Z"),
        ids: Box::new(CountingIds(0)),
        creator: None,
        settings_folder: None,
        user_name: || None,
        disk: Disk::plain(),
    };
    for name in ["a.txt", "b.txt"] {
        fs::write(room.path().join(name), "He denied it. She said so.").unwrap();
        set_mode(&room.path().join(name), 0o600);
    }
    let public = room.path().join("public.txt");
    fs::write(&public, "Today he spoke. He denied it. She said so.").unwrap();
    set_mode(&public, 0o644);
    for args in [
        &[
            "tag",
            &at("a.txt"),
            "--quote",
            "denied",
            "--as",
            "denial",
            "--creator",
            "A",
        ][..],
        &[
            "tag",
            &at("b.txt"),
            "--quote",
            "denied",
            "--as",
            "denial",
            "--creator",
            "B",
        ],
        &[
            "merge",
            "--layers",
            &at("a.txt"),
            &at("b.txt"),
            "-o",
            &at("all.ron"),
        ],
        &[
            "reanchor",
            &at("a.txt.annotations.ron"),
            "--to",
            &at("public.txt"),
            "-o",
            &at("moved.annotations.ron"),
        ],
        &["collection", &at(""), "-o", &at("collection.ron")],
        #[cfg(feature = "gui")]
        &[
            "render",
            &at("a.txt"),
            "-o",
            &at("a.png"),
            "--no-system-fonts",
        ],
    ] {
        let args = std::iter::once("sourcemark").chain(args.iter().copied());
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let ended = cli::run(args.map(Into::into), &mut out, &mut err, &mut env);
        let said = String::from_utf8_lossy(&err).into_owned();
        assert!(
            matches!(ended, Outcome::Exit(Exit::Done | Exit::Differences)),
            "{said}"
        );
    }
    let mut n_files = 0;
    for entry in fs::read_dir(room.path()).unwrap() {
        let path = entry.unwrap().path();
        if path != public {
            assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
            n_files += 1;
        }
    }
    assert!(n_files >= 7, "{n_files}");
}

#[test]
fn journals_and_earlier_versions_are_for_their_owner_alone() {
    let room = tempfile::tempdir().unwrap();
    let state = room.path().join("state");
    // On the same disk an earlier version is the old file itself, of one with two names it is a copy.
    for name in ["one.txt", "two.txt"] {
        let article = room.path().join(name);
        fs::write(&article, "An article.").unwrap();
        set_mode(&article, 0o644);
        let path = room.path().join(format!("{name}.annotations.ron"));
        let disk = Disk::new(Arc::new(RealFs), Some(state.clone()));
        let options = SaveOptions::default();
        let mut set = full_set();
        let mut saved = disk
            .save_annotations(&path, &set, &Expected::New, &options)
            .unwrap();
        set_mode(&path, 0o644);
        if name == "two.txt" {
            fs::hard_link(&path, room.path().join("second name")).unwrap();
        }
        for title in ["once", "twice"] {
            set.article.title = title.to_owned();
            let expected = Expected::Same(saved.identity);
            saved = disk
                .save_annotations(&path, &set, &expected, &options)
                .unwrap();
        }
        assert_eq!(mode(&path), 0o644, "the file itself stays as it was");
        let versions = disk.earlier_versions(&path).unwrap();
        assert_eq!(versions.len(), 2);
    }
    let mut n_files = 0;
    for folder in fs::read_dir(state.join("backups")).unwrap() {
        for version in fs::read_dir(folder.unwrap().path()).unwrap() {
            let version = version.unwrap().path();
            assert_eq!(mode(&version), 0o600, "{}", version.display());
            n_files += 1;
        }
    }
    assert_eq!(n_files, 4);
}
