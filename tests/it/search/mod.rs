//! Words in the text of an article: what is found, what is not, and laws for any text and query.

mod laws;

use crate::support::sets::source;
use sourcemark::{
    search::{Hits, Options, Pattern, Query, QueryError, SLICE_BYTES, Search},
    text::{ByteOffset, SourceText},
};
use std::{cell::Cell, sync::Arc};

const FOLDED: Options = Options {
    is_exact: false,
    whole_words: false,
    is_regex: false,
};
const EXACT: Options = Options {
    is_exact: true,
    ..FOLDED
};
const WHOLE: Options = Options {
    whole_words: true,
    ..FOLDED
};
const REGEX: Options = Options {
    is_regex: true,
    ..FOLDED
};

fn pattern(words: &str, options: Options) -> Option<Arc<Pattern>> {
    let query = Query {
        words: words.to_owned(),
        options,
    };
    Pattern::new(&query).unwrap().map(Arc::new)
}

fn search(text: &SourceText, words: &str, options: Options) -> Hits {
    let Some(pattern) = pattern(words, options) else {
        return Hits::default();
    };
    let search = Search::new(text, pattern, ByteOffset::ZERO);
    search.finish(SLICE_BYTES, &|| true).unwrap()
}

/// Checks that looking for `words` finds just what is between brackets in `marked`.
#[track_caller]
fn check(words: &str, options: Options, marked: &str) {
    let text = source(&marked.replace(['[', ']'], ""));
    let hits = search(&text, words, options);
    let mut found = String::new();
    let mut at = 0;
    for hit in hits.ranges() {
        let bytes = hit.bytes();
        found.push_str(&text.as_str()[at..bytes.start]);
        found.push('[');
        found.push_str(&text.as_str()[bytes.clone()]);
        found.push(']');
        at = bytes.end;
    }
    found.push_str(&text.as_str()[at..]);
    assert_eq!(found, marked, "{words:?} with {options:?}");
}

#[test]
fn case_and_accents_do_not_count() {
    check(
        "resume",
        FOLDED,
        "A [résumé], a [RE\u{301}SUME\u{301}], to [resume].",
    );
    check("RÉSUMÉ", FOLDED, "A [résumé], to [resume].");
    check("strasse", FOLDED, "[Straße], [STRASSE], [STRAẞE]");
    check("istanbul", FOLDED, "[İstanbul], [Istanbul], [ıstanbul]");
    check("lodz", FOLDED, "[Łódź]");
    check("οδυσσευσ", FOLDED, "[Ὀδυσσεύς]");
    check("елка", FOLDED, "[Ёлка], [е\u{308}лка]");
}

#[test]
fn other_letters_count() {
    check(
        "мои",
        FOLDED,
        "мой, [мои], МОИ\u{306}, мо[й]".replace("[й]", "й").as_str(),
    );
    check(
        "か",
        FOLDED,
        "が[か]か\u{3099}[カ]".replace("[カ]", "カ").as_str(),
    );
    check("10", FOLDED, "10²: [10]0".replace("10²", "[10]²").as_str());
    check("=", FOLDED, "a ≠ b [=] c");
    check("कि", FOLDED, "क की [कि]");
}

#[test]
fn printing_does_not_count() {
    check("\"denied\" it", FOLDED, "He [“denied”\r\n  it].");
    check(
        "service",
        FOLDED,
        "a [ser-\nvice], [ser\u{AD}vice], [ser\u{AD}\n vice]",
    );
    check("2019-2021 ... it's", FOLDED, "[2019–2021 … it’s]");
    check("final office", FOLDED, "[ﬁnal oﬃce]");
    check("ab1 x", FOLDED, "[ＡＢ１\u{3000}x]");
    check("ガス", FOLDED, "[ｶﾞｽ]");
    check("所有人", FOLDED, "[所有\n人]都知道");
    check("a b", FOLDED, "[a\u{A0}\u{200B} b]");
    check("한글", FOLDED, "[\u{1112}\u{1161}\u{11AB}글]");
}

#[test]
fn arabic_and_hebrew_points_do_not_count() {
    check("كتاب", FOLDED, "[كِتَاب] و[كتاب] و[كتـــاب]");
    check("اعلن", FOLDED, "[أعلن] [إعلن] [اعلن]");
    check(
        "مرحبا",
        FOLDED,
        "[\u{FEE3}\u{FEAE}\u{FEA3}\u{FE92}\u{FE8E}]",
    );
    check("שלום", FOLDED, "[שָׁלוֹם], [שלום]");
    check("צה\"ל", FOLDED, "[צה״ל]");
    check("مسؤول", FOLDED, "[مسؤول] مسوول");
}

#[test]
fn exact_means_case_and_accents() {
    check("Café", EXACT, "[Café], café, Cafe, [Cafe\u{301}]");
    check("Polish", EXACT, "polish [Polish]");
    check("\"It's\"", EXACT, "[“It’s”] “it’s”");
}

#[test]
fn whole_words_are_not_cut() {
    check(
        "art",
        WHOLE,
        "party, [art], [ART]. smart-[art] art_1 [art]'s",
    );
    check("été", WHOLE, "l’[été] étés");
    check("3", WHOLE, "3.5 and 1,3 but [3]. [3]");
    check("الوزير", WHOLE, "قال [الوزير]. والوزيران");
    check("否定", WHOLE, "大臣は[否定]した");
}

#[test]
fn regular_expressions_lie_within_a_paragraph() {
    check(r"den(y|ied)", REGEX, "He [denied]. They [DENY].");
    check(r"^\w+", REGEX, "[One] two\r\n[three] four");
    check(r"one\s+two", REGEX, "[one\ntwo]\n\none\n\ntwo");
    check(r"x*", REGEX, "a[xx]b[x]");
    check(r"é", REGEX, "[é] e\u{301}");
    check(r"e", REGEX, "[e] e\u{301}");
    let exact = Options {
        is_exact: true,
        ..REGEX
    };
    check(r"[A-Z]\w+", exact, "the [Maker] denies");
}

#[test]
fn a_regular_expression_that_is_not_valid_says_why() {
    let error = |words: &str| {
        let words = words.to_owned();
        Pattern::new(&Query {
            words,
            options: REGEX,
        })
        .err()
        .map(|error| error.to_string())
    };
    assert_eq!(error("a(b"), Some("unclosed group".to_owned()));
    assert_eq!(error("[z-a]").map(|it| it.contains("range")), Some(true));
    let large = Pattern::new(&Query {
        words: r"\w{1000}{1000}".to_owned(),
        options: REGEX,
    });
    assert!(matches!(
        large,
        Err(QueryError::TooLarge | QueryError::Syntax(_))
    ));
}

#[test]
fn letters_are_not_cut() {
    check("e", EXACT, "e\u{301} [e]");
    check("f", FOLDED, "ﬁ [f]");
    check("👩", FOLDED, "👩\u{200D}🚀 [👩]");
    check("하", FOLDED, "한 [하]");
    check("\n", FOLDED, "a[\r\n]b");
}

#[test]
fn nothing_is_looked_for_without_words() {
    let text = source("a\u{AD}b");
    for words in ["", "\u{AD}", "\u{200B}\u{FEFF}"] {
        assert!(search(&text, words, FOLDED).is_empty(), "{words:?}");
    }
    assert!(search(&source(""), "a", FOLDED).is_empty());
}

#[test]
fn many_hits_are_capped_and_those_near_the_reader_come_first() {
    let text = source(&"a line\n".repeat(100));
    let place = ByteOffset::new(350);
    let search = Search::new(&text, pattern("line", FOLDED).unwrap(), place).with_most(60);
    let hits = search.finish(1, &|| true).unwrap();
    assert!(hits.is_capped());
    assert_eq!(hits.len(), 60);
    let start = |idx: Option<usize>| hits.get(idx.unwrap()).unwrap().start();
    assert_eq!(start(hits.from_place(place)), ByteOffset::new(352));
    let all = Search::new(&text, pattern("line", FOLDED).unwrap(), place).with_most(100);
    let all = all.finish(1, &|| true).unwrap();
    assert!(!all.is_capped());
    assert_eq!(all.len(), 100);
}

#[test]
fn a_search_can_be_stopped() {
    let text = source(&"nothing of the kind\n\n".repeat(20_000));
    for options in [FOLDED, REGEX] {
        let left = Cell::new(3);
        let may_go_on = || {
            left.set(left.get() - 1);
            left.get() > 0
        };
        let search = Search::new(&text, pattern("x", options).unwrap(), ByteOffset::ZERO);
        assert!(search.finish(1_000, &may_go_on).is_none());
    }
}

#[test]
fn hostile_texts_and_expressions_end() {
    let texts = [
        "\u{AD}".repeat(200_000),
        "-\u{AD}\n".repeat(100_000),
        format!("e{}", "\u{301}".repeat(100_000)),
        "- ".repeat(200_000),
        "a".repeat(300_000),
    ];
    for text in texts {
        let text = source(&text);
        for words in ["a b", "e", "-"] {
            search(&text, words, FOLDED);
        }
        search(&text, r"(a|a)*b", REGEX);
        search(&text, r"([a-z]{2,30}){1,10}x", REGEX);
        search(&text, r"\w{30}x", REGEX);
    }
}
