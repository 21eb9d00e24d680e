//! `render`: an article's marks as a picture.

use super::{ARTICLE, OnArticle as _, desk};
use crate::support::desk::Desk;
use sourcemark::cli::Exit;
use std::fs;

#[test]
fn a_page_is_drawn_with_its_marks() {
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial"]);
    let draw = |desk: &Desk, args: &[&str]| {
        let fixed = [
            "render",
            "@a.txt",
            "--no-system-fonts",
            "--width",
            "400",
            "-o",
            "@a.png",
        ];
        let said = desk.run(&[&fixed, args].concat());
        assert_eq!(
            (said.exit, said.out.as_str()),
            (Exit::Done, "a.png\n"),
            "{}",
            said.err
        );
        image::open(desk.path("a.png")).unwrap().into_rgba8()
    };
    let whole = draw(&desk, &[]);
    assert_eq!(whole.width(), 400);
    let blue = |picture: &image::RgbaImage| {
        let is_blue = |pixel: &&image::Rgba<u8>| pixel.0[2] > pixel.0[0].saturating_add(60);
        picture.pixels().filter(is_blue).count()
    };
    assert!(blue(&whole) > 50, "the tag is seen");
    let first = draw(&desk, &["--to", "1"]);
    assert!(first.height() < whole.height() && blue(&first) == 0);
    let large = draw(&desk, &["--scale", "2", "--theme", "dark"]);
    assert_eq!(large.width(), 800);

    let over = desk.run(&["render", "@a.txt", "-o", "@a.txt"]);
    assert_eq!(over.exit, Exit::Failed, "{}", over.err);
    assert_eq!(fs::read_to_string(desk.path("a.txt")).unwrap(), ARTICLE);
    let none = desk.run(&["render", "@a.txt", "-o", "@b.png", "--from", "9"]);
    assert!(none.err.contains("has 4 paragraphs"), "{}", none.err);
    fs::write(
        desk.path("long.txt"),
        "A line of a long text.\n".repeat(5_000),
    )
    .unwrap();
    let high = desk.run(&["render", "@long.txt", "-o", "@b.png", "--no-system-fonts"]);
    assert!(high.err.contains("the limit is 30000"), "{}", high.err);
    assert!(!desk.path("b.png").exists());
}
