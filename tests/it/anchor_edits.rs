//! Finding passages again, with the old text, after the edits that real articles have: a sentence replaced by another
//! one, a passage torn apart by an insertion, a paragraph copied. One case each for what was once answered wrongly.

use crate::support::sets::source;
use sourcemark::{
    anchor::{Origin, Remap, Resolution, describe, resolve},
    text::{SourceText, TextRange},
};

/// The text without the brackets around the passage, and the passage.
fn marked(text: &str) -> (SourceText, TextRange) {
    let (start, end) = (text.find('[').unwrap(), text.find(']').unwrap() - 1);
    (
        source(&text.replace(['[', ']'], "")),
        TextRange::from_bytes(start..end),
    )
}

fn answer(old: &str, new: &SourceText) -> Resolution {
    let (old, range) = marked(old);
    let selector = describe(&old, range).unwrap();
    resolve(new, Origin::Known(&Remap::new(&old, new)), &selector)
}

/// Marks a passage in `old` and looks for it in `new`, where brackets show the one place that must be the answer.
#[track_caller]
fn check(old: &str, new: &str, word: &str) {
    let (new, place) = marked(new);
    let found = answer(old, &new);
    let places: Vec<TextRange> = found
        .range()
        .into_iter()
        .chain(found.candidates().iter().map(|candidate| candidate.range))
        .collect();
    let shown: Vec<&str> = places
        .iter()
        .map(|range| new.slice_or_empty(*range))
        .collect();
    assert_eq!(
        (found.word(), places.as_slice()),
        (word, [place].as_slice()),
        "{shown:?}"
    );
}

/// An article in which the common words are common.
const BEFORE: &str = "The port of the town was built by the crown in the spring of the year of the great fire. In the \
    years after the war the owner of the yard and the council of the town argued about the price of the land. ";
const AFTER: &str = "The council of the town met in the hall of the old mill, and the owner of the yard was not there. \
    Most of the people of the town had read of it in the papers of the capital before the end of the week. ";

#[test]
fn common_words_of_another_sentence_are_not_what_is_left_of_a_passage() {
    let old = format!(
        "{BEFORE}[Three of the witnesses told the judge that the driver of the van had never seen the letter.] {AFTER}"
    );
    let new = source(&format!(
        "{BEFORE}Prices in the harbour fell by half of what the traders had hoped for in the autumn of that year. {AFTER}"
    ));
    let found = answer(&old, &new);
    assert_eq!(found.word(), "orphan", "{found:?}");
}

#[test]
fn a_passage_torn_apart_is_shown_from_its_first_to_its_last_word() {
    let first = "She resigned as the chair of the harbour board in March,";
    let last = "and moved to Lisbon with her two sons that same summer.";
    let between = "after a report of the auditors had found that nine of the contracts for the dredging of the canal \
        were signed by a clerk who had no right to sign them, which the board had known for most of a year, as its \
        minutes of that time show and as three of its former members have told this paper, one of them under oath,";
    check(
        &format!("{BEFORE}[{first} {last}] {AFTER}"),
        &format!("{BEFORE}[{first} {between} {last}] {AFTER}"),
        "changed",
    );
}

#[test]
fn a_common_word_of_the_next_sentence_does_not_stretch_a_passage() {
    let (kept, gone) = (
        "Three of the witnesses told the judge that the driver had never seen the letter.",
        "The owner of the van denied it.",
    );
    let other = "Prices in the harbour fell by half, and nobody on the quay denied that the autumn would be hard.";
    check(
        &format!("{BEFORE}[{kept} {gone}] {AFTER}"),
        &format!("{BEFORE}[{kept}] {other} {AFTER}"),
        "changed",
    );
}

/// Paragraphs in scripts and spellings with marks of their own; invented.
const PARAGRAPHS: &[[&str; 5]] = &[
    [
        "Ụlọ ahịa ahụ mechiri ụzọ n’ụtụtụ, onye ọ bụla lara n’ụlọ ya.",
        "Nwaanyị ahụ sịrị na ọ dịghị onye gwara ya ihe mere n’abalị.",
        "Ndị ahụ atọ hụrụ ụgbọala ojii n’akụkụ mmiri ahụ.",
        "Onye nwe ya gọrọ agọ, wee jụ ịbịa n’ụlọ ikpe.",
        "Akwa mmiri ahụ dara n’afọ ahụ, e wughachighị ya.",
    ],
    [
        "ຕະຫຼາດປິດໃນຕອນເຊົ້າ ແລະທຸກຄົນກັບບ້ານ.",
        "ແມ່ຍິງຄົນນັ້ນເວົ້າວ່າບໍ່ມີໃຜບອກນາງ.",
        "ພະຍານສາມຄົນເຫັນລົດສີດຳຢູ່ແຄມນ້ຳ.",
        "ເຈົ້າຂອງປະຕິເສດ ແລະບໍ່ມາສານ.",
        "ຂົວພັງລົງໃນປີນັ້ນ ແລະບໍ່ມີໃຜສ້ອມແປງ.",
    ],
    [
        "The market closed at dawn and everybody went home.",
        "The woman said that nobody had told her of that night.",
        "Three witnesses saw a black car beside the water.",
        "Its owner denied it and never came to the court.",
        "The bridge fell that year and was not built again.",
    ],
];

#[test]
fn of_a_copy_and_the_unchanged_original_the_original_wins() {
    for [a, b, c, d, e] in PARAGRAPHS {
        let old = format!("{a}\n{b}\n[{c}]\n{d}\n{e}\n");
        // The lines beside the original have changed, so that no whole line but the copied one agrees.
        let new = format!("{a} *\n{c}\n{b} *\n[{c}]\n{d} *\n{e} *\n");
        check(&old, &new, "moved");
        let new = format!("{a} *\n{b} *\n[{c}]\n{d} *\n{c}\n{e} *\n");
        check(&old, &new, "moved");
        // The copy has more of what stood after the original than the original itself has.
        let new = format!("{a} *\n{c}\n{d}\n{b} *\n[{c}]\n* {d}\n{e} *\n");
        check(&old, &new, "moved");
    }
}
