//! Finding passages again in another wording: failures that other programs are known for, one case each, and the
//! laws of the ladder.

use crate::support::{any_set::any_text, sets::source};
use proptest::prelude::*;
use sourcemark::{
    anchor::{Origin, Remap, Resolution, Rung, Selector, describe, resolve, resolve_all},
    text::{ByteOffset, Folded, Folding, SourceText, TextRange, boundary, fold},
};

/// The text without the brackets around the passage, and the passage.
fn marked(text: &str) -> (SourceText, TextRange) {
    let (start, end) = (text.find('[').unwrap(), text.find(']').unwrap() - 1);
    (
        source(&text.replace(['[', ']'], "")),
        TextRange::from_bytes(start..end),
    )
}

fn shown(found: &Resolution, text: &SourceText) -> String {
    let places: Vec<&str> = match found.range() {
        Some(range) => vec![text.slice_or_empty(range)],
        None => found
            .candidates()
            .iter()
            .map(|place| text.slice_or_empty(place.range))
            .collect(),
    };
    format!("{} [{}]", found.word(), places.join("|"))
}

/// Marks a passage in `old` and looks for it in `new`, without and with the old text; `new` holds the place to be
/// found in brackets when the answer is one place.
#[track_caller]
fn check(old: &str, new: &str, without: &str, with: &str) {
    let (old, range) = marked(old);
    let new = source(new);
    let selector = describe(&old, range).unwrap();
    let found = resolve(&new, Origin::Unknown, &selector);
    assert_eq!(shown(&found, &new), without, "old text withheld");
    let remap = Remap::new(&old, &new);
    let found = resolve(&new, Origin::Known(&remap), &selector);
    assert_eq!(shown(&found, &new), with, "old text given");
}

#[test]
fn a_short_name_is_not_found_inside_another_word() {
    check(
        "The kernel was begun by [Linus] in Helsinki, as a hobby.",
        "Many machines run a kernel today.",
        "orphan []",
        "orphan []",
    );
}

#[test]
fn a_corrected_passage_does_not_jump_to_an_earlier_one_with_the_old_words() {
    let sentence = "the ministry rejected the report";
    check(
        &format!(
            "On Monday {sentence}. Weeks went by, and nothing was heard. In spring [{sentence}] once more, it said."
        ),
        &format!(
            "On Monday {sentence}. Weeks went by, and nothing was heard. In spring the ministry accepted the report once more, it said."
        ),
        &format!("ambiguous [{sentence}|the ministry accepted the report]"),
        "changed [the ministry accepted the report]",
    );
}

#[test]
fn a_deleted_passage_is_not_taken_for_one_that_resembles_it() {
    let old = "Ann Lee, of the vendor, spoke first. [The spokeswoman firmly denied that the routers send data abroad.] The hearing went on for hours. \
               Later the regulator answered. The spokesman calmly denied that the switches send data abroad. Nobody asked him why.";
    let new = "Ann Lee, of the vendor, spoke first. The hearing went on for hours. \
               Later the regulator answered. The spokesman calmly denied that the switches send data abroad. Nobody asked him why.";
    let (old_text, range) = marked(old);
    let new_text = source(new);
    let selector = describe(&old_text, range).unwrap();
    let found = resolve(&new_text, Origin::Unknown, &selector);
    assert!(found.range().is_none(), "{found:?}");
    let remap = Remap::new(&old_text, &new_text);
    let found = resolve(&new_text, Origin::Known(&remap), &selector);
    assert_eq!(shown(&found, &new_text), "orphan []");
}

#[test]
fn the_one_of_two_equal_passages_that_is_left_is_not_taken_for_the_other() {
    check(
        "The ministry made no comment. Days later, the vendor, too, [made no comment]. That was all.",
        "The ministry made no comment. Days later, the vendor resigned. That was all.",
        "ambiguous [made no comment]",
        "orphan []",
    );
}

#[test]
fn a_changed_word_is_asked_about_and_shown() {
    check(
        "Yesterday, he said: [We never built a back door into our routers], and left.",
        "Yesterday, he said: We never built a hidden door into our routers, and left.",
        "changed [We never built a hidden door into our routers]",
        "changed [We never built a hidden door into our routers]",
    );
    check(
        "报道说，[公司坚决否认路由器中有后门的指控]，并表示将起诉。",
        "报道说，公司昨天坚决否认交换机中有后门的指控，并表示将起诉。",
        "changed [公司昨天坚决否认交换机中有后门的指控]",
        "changed [公司昨天坚决否认交换机中有后门的指控]",
    );
    check(
        "وقال المتحدث: [لم نبن أي باب خلفي في أجهزتنا]، ثم غادر القاعة.",
        "وقال المتحدث: لم نبن أي باب سري في أجهزتنا، ثم غادر القاعة.",
        "changed [لم نبن أي باب سري في أجهزتنا]",
        "changed [لم نبن أي باب سري في أجهزتنا]",
    );
}

#[test]
fn a_chapter_that_was_edited_is_found_as_a_whole() {
    let words = |n: usize| {
        (0..n)
            .map(|n| format!("word{} ", n * 7_919 % 10_007))
            .collect::<String>()
    };
    let chapter = words(900);
    let old = source(&format!(
        "First, a preface to it all. {chapter}And last, what came of it."
    ));
    let start = old.as_str().find(&chapter).unwrap();
    let range = TextRange::from_bytes(start..start + chapter.trim_end().len());
    let selector = describe(&old, range).unwrap();
    let edited = chapter
        .replace("word7919 ", "another ")
        .replace("word3000 ", "");
    let new = source(&format!(
        "Something new. First, a preface to it all. {edited}And last, what came of it."
    ));
    let found = resolve(&new, Origin::Unknown, &selector);
    assert_eq!(
        shown(&found, &new),
        format!("changed [{}]", edited.trim_end())
    );
}

#[test]
fn another_printing_of_the_same_words_is_the_same_passage() {
    check(
        "He said: [“We don’t spy – we never did,” and left the ser-\nvice entrance] at noon.",
        "Page 1. He said: \"We don't spy - we never did,\" and\nleft the service entrance at noon.",
        "moved [\"We don't spy - we never did,\" and\nleft the service entrance]",
        "moved [\"We don't spy - we never did,\" and\nleft the service entrance]",
    );
    check(
        "专家说，[所有\n人都知道这件事情]，没有例外。",
        "昨天，专家说，所有人都知道这件事情，没有例外。",
        "moved [所有人都知道这件事情]",
        "moved [所有人都知道这件事情]",
    );
}

#[test]
fn a_paragraph_that_was_moved_takes_its_marks_along() {
    let moved =
        "The inquiry found that the contract had been signed before the tender was published.";
    let rest = "A first paragraph that stays where it is, and is long enough to be told from the others.\n";
    check(
        &format!("[{moved}]\n{rest}The end of the story is told here, at some length.\n"),
        &format!("{rest}The end of the story is told here, at some length.\n{moved}\n"),
        &format!("moved [{moved}]"),
        &format!("moved [{moved}]"),
    );
}

#[test]
fn a_letter_that_got_an_accent_is_another_letter() {
    check(
        "他说：“没[有人警告过我]们”，然后走了。",
        "他说：“没有人警告过我\u{301}们”，然后走了。",
        "changed [有人警告过我\u{301}]",
        "changed [有人警告过]",
    );
}

/// Marks a passage in `old` and looks for it in `new`, compared with the old text.
#[track_caller]
fn check_given(old: &str, new: &str, expected: &str) {
    let ((old, range), new) = (marked(old), source(new));
    let selector = describe(&old, range).unwrap();
    let remap = Remap::new(&old, &new);
    let found = resolve(&new, Origin::Known(&remap), &selector);
    assert_eq!(shown(&found, &new), expected);
}

#[test]
fn a_copy_is_not_taken_for_the_passage_that_was_moved_and_edited() {
    let [passage, after] = [
        "the contract had been signed early",
        "before the tender was published.\n",
    ];
    let rest = "A first paragraph that stays where it is, and is long enough to be told from the others.\n";
    let end = "The end of the story is told here, at some length.\n";
    check_given(
        &format!("The inquiry found that [{passage}], {after}{rest}{end}"),
        &format!(
            "{rest}The inquiry says that {passage}, {after}{end}The inquiry found that {passage}, {after}"
        ),
        &format!("ambiguous [{passage}|{passage}]"),
    );
}

#[test]
fn of_two_equal_passages_that_were_taken_out_neither_is_what_came_back() {
    let sentence = "the ministry rejected the report in full";
    let rest = "A first paragraph that stays where it is, and is long enough to be told from the others.\n";
    let end = "The end of the story is told here, at some length.\n";
    check_given(
        &format!("At noon {sentence}, it said.\n{rest}In May [{sentence}] again.\n{end}"),
        &format!("{rest}{end}Once more, {sentence}; nobody knew why.\n"),
        &format!("ambiguous [{sentence}]"),
    );
}

#[test]
fn of_a_sentence_that_was_put_in_again_beside_itself_both_are_shown() {
    check_given(
        "It began. [The ministry denied it.] It ended.",
        "It began. The ministry denied it. Then, The ministry denied it. It ended.",
        "ambiguous [The ministry denied it.|The ministry denied it.]",
    );
}

#[test]
fn offsets_of_an_older_text_are_not_believed_after_a_newer_was_adopted() {
    let (old, range) = marked("One [no] here. Two.");
    let selector = describe(&old, range).unwrap();
    // By chance the same two letters stand at the same place.
    let new = source("Any note on it.");
    assert_eq!(new.slice_or_empty(range), "no");
    let found = resolve(&new, Origin::This, &selector);
    assert!(found.range().is_none(), "{found:?}");
}

#[test]
fn the_reason_travels_with_the_result() {
    let (old, range) = marked("Before it. [The passage that is marked here], after it.");
    let selector = describe(&old, range).unwrap();
    let rung = |new: &str, origin: Origin<'_>| match resolve(&source(new), origin, &selector) {
        Resolution::Exact { rung, .. } | Resolution::Moved { rung, .. } => rung,
        Resolution::Changed { best } => best.rung,
        other => panic!("{other:?}"),
    };
    assert_eq!(rung(old.as_str(), Origin::This), Rung::Position);
    assert_eq!(
        rung(&format!("{} More.", old.as_str()), Origin::Unknown),
        Rung::SamePlace
    );
    assert_eq!(
        rung(&format!("More. {}", old.as_str()), Origin::Unknown),
        Rung::Quote
    );
    assert_eq!(
        rung(
            &old.as_str().replace("is marked", "is\n marked"),
            Origin::Unknown
        ),
        Rung::Folded
    );
    assert_eq!(
        rung(&old.as_str().replace("marked", "tagged"), Origin::Unknown),
        Rung::Bracket
    );
}

#[test]
fn a_search_can_be_followed_and_stopped() {
    let text = source(&"word after word ".repeat(400));
    let (old, range) = marked("Nothing of [this is in it] at all.");
    let selector = describe(&old, range).unwrap();
    let told = std::cell::RefCell::new(Vec::new());
    let found = resolve_all(&text, Origin::Unknown, &[&selector], &|share| {
        told.borrow_mut().push(share);
        true
    });
    assert_eq!(found.unwrap().len(), 1);
    assert!(told.borrow().is_sorted(), "{told:?}");
    assert_eq!(told.borrow().last(), Some(&1.0));
    assert!(resolve_all(&text, Origin::Unknown, &[&selector], &|_| false).is_none());
    assert!(resolve_all(&text, Origin::Unknown, &[&selector], &|share| share < 0.5).is_none());
}

/// Sentences of different words, so that every passage of them is one of a kind.
fn any_article() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[a-z]{3,9}( [a-z]{2,9}){5,12}\\. ", 3..12)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_folded_view_leads_there_and_back(text in any_text(80)) {
        for folding in [Folding::Typography, Folding::WhiteSpace] {
            let folded = Folded::new(&text, folding);
            prop_assert_eq!(folded.as_str(), fold(&text, folding));
            prop_assert_eq!(folded.to_source(0..folded.as_str().len()).end <= text.len(), true);
            let mut last = 0;
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let there = folded.to_folded(at);
                prop_assert!(there >= last && there <= folded.as_str().len(), "not monotone at {at}");
                last = there;
            }
            prop_assert_eq!(last, folded.as_str().len());
            let mut ends = 0;
            for (at, c) in folded.as_str().char_indices() {
                let back = folded.to_source(at..at + c.len_utf8());
                prop_assert!(!back.is_empty() && back.end >= ends, "{at} → {back:?}");
                prop_assert!(text.get(back.clone()).is_some(), "{back:?} cuts a character");
                prop_assert!(folded.to_folded(back.start) <= at);
                ends = back.end;
            }
        }
    }

    #[test]
    fn folding_twice_is_folding_once(text in any_text(60)) {
        let once = fold(&text, Folding::WhiteSpace);
        prop_assert_eq!(fold(&once, Folding::WhiteSpace), once);
    }

    #[test]
    fn a_text_compared_with_itself_moves_nothing(text in any_text(120), a in 0usize..4000, b in 0usize..4000) {
        let text = source(&text);
        let place = |n: usize| text.floor_char(ByteOffset::new(n % (text.len() + 1)));
        let range = boundary::trim(&text, TextRange::new(place(a), place(b)));
        let remap = Remap::new(&text, &text);
        if !range.is_empty() {
            let mapped = remap.map(range).unwrap();
            prop_assert_eq!(mapped.range, range);
            prop_assert_eq!(mapped.n_kept, range.len());
            let selector = describe(&text, range).unwrap();
            let found = resolve(&text, Origin::Known(&remap), &selector);
            prop_assert!(found.range().is_none_or(|found| found == range), "{:?}", found);
        }
    }

    #[test]
    fn comparing_twice_leads_where_comparing_once_does(
        sentences in any_article(), put_in in "[A-Z]{4,12} ", at in any::<prop::sample::Index>(),
        which in any::<prop::sample::Index>(),
    ) {
        let (first, at, which) = (source(&sentences.concat()), at.index(sentences.len()), which.index(sentences.len()));
        let mut changed = sentences.clone();
        changed.insert(at, put_in);
        let second = source(&changed.concat());
        let start: usize = sentences[..which].iter().map(String::len).sum();
        let range = TextRange::from_bytes(start..start + sentences[which].trim_end().len());
        let (there, back) = (Remap::new(&first, &second), Remap::new(&second, &first));
        let moved = there.map(range).unwrap().range;
        prop_assert_eq!(second.slice_or_empty(moved), sentences[which].trim_end());
        prop_assert_eq!(back.map(moved).unwrap().range, range);
    }

    #[test]
    fn edits_elsewhere_leave_a_mark_where_its_words_are(
        sentences in any_article(), which in any::<prop::sample::Index>(), edited in any::<prop::sample::Index>(),
        put_in in "[A-Z][a-z]{3,8}( [a-z]{2,6}){0,9}\\. ",
    ) {
        let (which, edited) = (which.index(sentences.len()), edited.index(sentences.len()));
        prop_assume!(which.abs_diff(edited) > 1);
        let mut changed = sentences.clone();
        changed[edited] = put_in;
        check_found(&sentences, &changed, which);
    }

    #[test]
    fn a_passage_that_was_taken_out_is_never_taken_for_another(
        sentences in any_article(), which in any::<prop::sample::Index>(),
    ) {
        let which = which.index(sentences.len());
        let mut changed = sentences.clone();
        changed.remove(which);
        let (old, selector) = sentence(&sentences, which);
        let new = source(&changed.concat());
        prop_assume!(!new.as_str().contains(&*selector.quote.exact));
        let remap = Remap::new(&old, &new);
        for origin in [Origin::Unknown, Origin::Known(&remap)] {
            let found = resolve(&new, origin, &selector);
            prop_assert!(found.range().is_none(), "{:?}", found);
        }
    }
}

fn sentence(sentences: &[String], which: usize) -> (SourceText, Selector) {
    let text = source(&sentences.concat());
    let start: usize = sentences[..which].iter().map(String::len).sum();
    let range = TextRange::from_bytes(start..start + sentences[which].trim_end().len());
    let selector = describe(&text, range).unwrap();
    (text, selector)
}

fn check_found(sentences: &[String], changed: &[String], which: usize) {
    let (old, selector) = sentence(sentences, which);
    let new = source(&changed.concat());
    let start: usize = changed[..which].iter().map(String::len).sum();
    let remap = Remap::new(&old, &new);
    for origin in [Origin::Unknown, Origin::Known(&remap)] {
        let found = resolve(&new, origin, &selector);
        assert_eq!(
            found.range().map(|range| range.start().get()),
            Some(start),
            "{found:?}"
        );
        assert!(matches!(
            found,
            Resolution::Exact { .. } | Resolution::Moved { .. }
        ));
    }
}
