//! The disk: saving, what it refuses, and settings.

/// Which path a message about permissions names.
mod denied;
/// What is made from a private article is private.
#[cfg(unix)]
mod permissions;

#[cfg(target_os = "linux")]
use crate::support::machine::skip;
use crate::support::sets::{ARTICLE, full_set};
use sourcemark::annotation::Annotation;
use sourcemark::files::{
    AnnotationsFile, Disk, Expected, FileErrorKind, Loaded, SaveOptions, Settings,
    annotations_beside, read_annotations, read_article, save_annotations,
};
use std::{fs, path::Path};

#[track_caller]
fn load(path: &Path) -> AnnotationsFile {
    match read_annotations(path) {
        Loaded::Loaded(file) => *file,
        other => panic!("{other:?}"),
    }
}

/// Names of all files in a folder, to see that nothing is left behind.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn an_article_and_its_annotations_there_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let article = folder.path().join("back-doors.txt");
    fs::write(&article, ARTICLE).unwrap();
    let read = read_article(&article, None).unwrap();
    assert_eq!(read.text.as_str(), ARTICLE);
    assert_eq!(
        (read.encoding, read.certain, read.had_bom),
        ("UTF-8", true, false)
    );
    assert_eq!(read.stat.unwrap().len, ARTICLE.len() as u64);

    let path = annotations_beside(&article);
    assert!(matches!(read_annotations(&path), Loaded::New));
    let mut set = full_set();
    let identity = save_annotations(&path, &set, Expected::New, false)
        .unwrap()
        .identity;
    let file = load(&path);
    assert_eq!((&file.set, &file.identity), (&set, &identity));
    assert_eq!(file.read_only, None);

    set.article.title = "Another".to_owned();
    let second = save_annotations(&path, &set, Expected::Same(identity), true)
        .unwrap()
        .identity;
    let file = load(&path);
    assert_eq!(
        (&file.set, file.crlf, &file.identity),
        (&set, true, &second)
    );
    assert_eq!(
        names(folder.path()),
        ["back-doors.txt", "back-doors.txt.annotations.ron"]
    );
}

#[test]
fn nothing_that_somebody_else_wrote_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt.annotations.ron");
    let set = full_set();
    let identity = save_annotations(&path, &set, Expected::New, false)
        .unwrap()
        .identity;

    let appeared = save_annotations(&path, &set, Expected::New, false).unwrap_err();
    assert!(appeared.to_string().contains("has appeared"), "{appeared}");

    let written = fs::read_to_string(&path).unwrap();
    // Of the same length, and within one tick of the clock.
    let theirs = written.replacen("Example Weekly", "Example Wookly", 1);
    fs::write(&path, &theirs).unwrap();
    let expected = Expected::Same(identity.clone());
    let changed = save_annotations(&path, &set, expected.clone(), false).unwrap_err();
    assert!(
        changed.to_string().contains("another program changed"),
        "{changed}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), theirs);

    // Touched, but the same: no reason to refuse.
    fs::write(&path, &written).unwrap();
    save_annotations(&path, &set, expected.clone(), false).unwrap();

    fs::remove_file(&path).unwrap();
    let gone = save_annotations(&path, &set, expected, false).unwrap_err();
    assert!(gone.to_string().contains("no longer exists"), "{gone}");
    assert_eq!(names(folder.path()), [""; 0]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_permissions_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (
        folder.path().join("real.ron"),
        folder.path().join("link.ron"),
    );
    let set = full_set();
    let identity = save_annotations(&real, &set, Expected::New, false)
        .unwrap()
        .identity;
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.ron", &link).unwrap();
    save_annotations(&link, &set, Expected::Same(identity), false).unwrap();
    assert!(link.is_symlink());
    assert_eq!(
        fs::metadata(&real).unwrap().permissions().mode() & 0o777,
        0o640
    );

    fs::set_permissions(&real, fs::Permissions::from_mode(0o440)).unwrap();
    let identity = load(&link).identity;
    let protected = save_annotations(&link, &set, Expected::Same(identity), false).unwrap_err();
    assert!(
        matches!(protected.kind, FileErrorKind::WriteProtected),
        "{protected}"
    );

    let dangling = folder.path().join("dangling.ron");
    symlink("nowhere.ron", &dangling).unwrap();
    assert!(matches!(
        read_annotations(&dangling),
        Loaded::Unreadable(error) if matches!(error.kind, FileErrorKind::DanglingLink)
    ));
    assert!(save_annotations(&dangling, &set, Expected::New, false).is_err());
    assert_eq!(
        names(folder.path()),
        ["dangling.ron", "link.ron", "real.ron"]
    );
}

#[cfg(unix)]
#[test]
fn names_of_every_length_are_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder
        .path()
        .join("n".repeat(255 - 16) + ".annotations.ron");
    let set = full_set();
    let saved = save_annotations(&path, &set, Expected::New, false).unwrap();
    save_annotations(&path, &set, Expected::Same(saved.identity), false).unwrap();
    assert_eq!(names(folder.path()).len(), 1);
    let longer = folder.path().join("n".repeat(256));
    let error = save_annotations(&longer, &set, Expected::New, false).unwrap_err();
    assert!(matches!(error.kind, FileErrorKind::NameTooLong), "{error}");
}

#[test]
fn the_original_of_an_older_version_stays_beside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ron");
    let mut set = full_set();
    let saved = save_annotations(&path, &set, Expected::New, false).unwrap();
    let original = fs::read(&path).unwrap();
    let options = SaveOptions {
        keep_original_as: Some(".v1.bak".to_owned()),
        ..SaveOptions::default()
    };
    let mut expected = Expected::Same(saved.identity);
    for title in ["one", "two"] {
        set.article.title = title.to_owned();
        let saved = Disk::plain()
            .save_annotations(&path, &set, &expected, &options)
            .unwrap();
        expected = Expected::Same(saved.identity);
        assert_eq!(
            fs::read(folder.path().join("a.ron.v1.bak")).unwrap(),
            original
        );
    }
    assert_eq!(names(folder.path()), ["a.ron", "a.ron.v1.bak"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_system_has_noted_about_a_file_stays() {
    use rustix::fs::{XattrFlags, getxattr, setxattr};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ron");
    let set = full_set();
    let saved = save_annotations(&path, &set, Expected::New, false).unwrap();
    if setxattr(&path, "user.colour", b"green", XattrFlags::empty()).is_err() {
        return skip("a disk with extended attributes");
    }
    save_annotations(&path, &set, Expected::Same(saved.identity), false).unwrap();
    let mut value = [0; 16];
    let n_bytes = getxattr(&path, "user.colour", &mut value[..]).unwrap();
    assert_eq!(&value[..n_bytes], b"green");
}

#[test]
fn a_save_that_fails_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere").join("a.ron");
    let error = save_annotations(&nowhere, &full_set(), Expected::New, false).unwrap_err();
    assert!(matches!(error.kind, FileErrorKind::FolderGone), "{error}");
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn settings_survive_and_damaged_ones_are_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("config").join("sourcemark");
    assert_eq!(
        Disk::plain().load_settings(&folder),
        (Settings::default(), Vec::new())
    );
    let settings = Settings {
        font: "Literata".to_owned(),
        ..Settings::default()
    };
    Disk::plain().save_settings(&settings, &folder).unwrap();
    assert_eq!(
        Disk::plain().load_settings(&folder),
        (settings.clone(), Vec::new())
    );

    fs::write(folder.join("settings.ron"), "(font: \"Literata\", theme: ").unwrap();
    let (loaded, notes) = Disk::plain().load_settings(&folder);
    assert_eq!((loaded, notes.len()), (Settings::default(), 2));
    Disk::plain().save_settings(&settings, &folder).unwrap();
    assert_eq!(Disk::plain().load_settings(&folder), (settings, Vec::new()));
    assert_eq!(names(&folder), ["settings.damaged.ron", "settings.ron"]);
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt.annotations.ron");
    let refused = |change: &dyn Fn(&mut Annotation), words: &str| {
        let mut set = full_set();
        let (id, first) = set.annotations.iter().next().unwrap();
        let (id, mut first) = (*id, Annotation::clone(first));
        change(&mut first);
        set.annotations.insert(id, first.into());
        let error = save_annotations(&path, &set, Expected::New, false).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(!path.exists());
    };
    refused(
        &|one| one.note = "x".repeat((16 << 20) + 1),
        "bytes in one field",
    );
    refused(
        &|one| one.segments = vec![one.segments[0].clone(); 10_001],
        "has 10001 segments, and a file may hold 10000",
    );
}
