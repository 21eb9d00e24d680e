//! Every script that the program promises: what is laid out is the text, in logical order, to the last cluster;
//! and a passage described in it is found again.

use crate::support::soft_renderer::SoftRenderer;
use egui::accesskit::Role;
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use sourcemark::{
    anchor::{Origin, Resolution, describe, resolve},
    reader::{Reader, TextEngine},
    text::{ByteOffset, SourceText, TextRange, boundary},
};
use std::path::Path;

const SCRIPTS: &[(&str, &str)] = &[
    (
        "Latin",
        "The firm denied it – “naïve”, she said; e\u{301}a\u{308} and Z\u{336}a\u{336}.",
    ),
    ("Greek", "Ο υπουργός αρνήθηκε την κατηγορία."),
    ("Cyrillic", "Министр отрицал это обвинение."),
    (
        "Arabic",
        "نفى المتحدث باسم الشركة الاتهام في 12 مارس (نسخة 2.5).",
    ),
    ("Hebrew", "הדובר הכחיש את הטענה: \"שָׁלוֹם\" 2026."),
    ("Persian", "سخنگو می‌گوید این ادعا نادرست است."),
    ("Urdu", "ترجمان نے الزام کی تردید کی۔"),
    ("Hindi", "प्रवक्ता ने आरोप को क्षत्रिय ज्ञान से नकारा।"),
    ("Bengali", "মুখপাত্র অভিযোগ অস্বীকার করেছেন।"),
    ("Tamil", "செய்தித் தொடர்பாளர் மறுத்தார்."),
    ("Thai", "โฆษกปฏิเสธข้อกล่าวหานี้อย่างสิ้นเชิง"),
    ("Tibetan", "བོད་ཡིག་གི་སྐད་ཆ་འདི་བདེན་པ་མ་རེད།"),
    ("Chinese", "发言人否认了这项指控。專家不同意。"),
    ("Japanese", "報道官は疑惑を否定した。カタカナも。"),
    ("Korean", "대변인은 의혹을 부인했다."),
    ("Emoji", "No 👩‍👩‍👧‍👦 comment 👍🏽 from 🇸🇪 or 🏳️‍🌈, ❤️ 1️⃣."),
    (
        "Mixed",
        "The word السلام means “peace”, and שלום is its sister, ok?",
    ),
];

struct Pane {
    reader: Reader,
    engine: TextEngine,
}

/// What a screen reader reads of `text`, from a pane high enough for all of it.
fn heard(text: &str) -> String {
    let pane = Pane {
        reader: Reader::new(SourceText::new(text.to_owned()).unwrap()),
        engine: TextEngine::new(false),
    };
    let show = |ui: &mut egui::Ui, pane: &mut Pane| {
        super::pane::show_plain(ui, &mut pane.reader, &mut pane.engine);
    };
    let mut harness = Harness::builder()
        .with_size(egui::vec2(700.0, 4000.0))
        .renderer(SoftRenderer::default())
        .build_ui_state(show, pane);
    harness.run();
    let document = harness.get_by_role(Role::Document);
    document.accesskit_node().document_range().text()
}

/// Marks every third word of the first line and looks for it again.
fn check_marks(name: &str, text: &SourceText) {
    let mut at = ByteOffset::ZERO;
    for _ in 0..40 {
        let word = boundary::trim(text, boundary::word_at(text, at));
        if !word.is_empty() {
            assert_eq!(
                boundary::snap(text, word),
                word,
                "{name}: a cluster would be cut"
            );
            let selector = describe(text, word).unwrap();
            let found = resolve(text, Origin::This, &selector);
            let Resolution::Exact { range, .. } = found else {
                panic!("{name}: {found:?}");
            };
            assert_eq!(range, word, "{name}");
        }
        at = (0..3).fold(at, |at, _| boundary::next_word(text, at));
    }
}

#[test]
fn every_script_is_laid_out_whole_and_marked_exactly() {
    for (name, text) in SCRIPTS {
        assert_eq!(heard(text).trim_end_matches('\n'), *text, "{name}");
        check_marks(name, &SourceText::new((*text).to_owned()).unwrap());
    }
}

#[test]
fn real_texts_in_many_languages_are_laid_out_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/corpora/udhr");
    let Ok(entries) = folder.read_dir() else {
        eprintln!("skipped: the texts are not part of the project");
        return;
    };
    let mut n = 0;
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let name = path.display().to_string();
        let start: String = text.chars().take(1_200).collect();
        let start = start.trim();
        let expected: String = start.replace(['\t', '\u{0B}', '\u{0C}'], " ");
        let heard = heard(start);
        assert_eq!(
            heard.trim_end().lines().collect::<Vec<_>>(),
            expected.lines().collect::<Vec<_>>(),
            "{name}"
        );
        let whole = SourceText::new(text).unwrap();
        check_marks(&name, &whole);
        let middle = boundary::sentence_at(&whole, ByteOffset::new(whole.len() / 2));
        assert!(TextRange::encloses(whole.full_range(), middle), "{name}");
        n += 1;
    }
    assert!(n > 0 || folder.read_dir().is_err());
}
