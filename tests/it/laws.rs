//! Laws that hold for whatever is put in: texts of every script, sets with every field, edits in any order.

use crate::support::sets::{CountingIds, source};
use proptest::{collection::vec, prelude::*, sample::select};
use sourcemark::{
    anchor::{Selector, TextPositionSelector, TextQuoteSelector, describe, resolve},
    annotation::{
        Agent, AgentId, AgentKind, Annotation, AnnotationId, AnnotationSet, Article, Attribution,
        Claim, ClaimId, ClaimStance, Comment, CommentId, Kept, Link, LinkId, LinkKind, Marks,
        Pattern, QuoteMode, Rgb8, Speaker, SpeakerId, Stance, Tag, TagId, Timestamp,
    },
    edit::{Edit, Stamp, Workspace},
    format::ron::{Trailer, WriteOptions, read, write},
    text::{ByteOffset, CharOffset, EditionId, Newline, SourceText, TextRange, boundary},
};
use std::{collections::BTreeMap, sync::Arc};

/// Letters, marks and newlines of many scripts, weighted so that clusters and line endings really form.
fn any_text(max: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-z ]{1,6}",
        2 => select(vec!["\n", "\r\n", "\r", ". ", "\t", "\u{2028}", "\u{85}"]).prop_map(str::to_owned),
        1 => select(vec![
            "e\u{301}", "क्षि", "ปฏิญ", "각", "👩\u{200D}🚀", "🇮🇳", "مرحبا", "שלום", "漢字", "Ω",
            "\u{202E}", "\u{200B}", "\u{FEFF}", "می\u{200C}خواهم", "𝒳", "ß", "\0", "\"", "\\",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    vec(piece, 0..max).prop_map(|pieces| pieces.concat())
}

fn range_in(text: &SourceText, a: usize, b: usize) -> TextRange {
    let place = |n: usize| text.floor_char(ByteOffset::new(n % (text.len() + 1)));
    TextRange::new(place(a), place(b))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn offsets_there_and_back(text in any_text(400)) {
        let text = source(&text);
        let mut n_chars = 0;
        for byte in text.as_str().char_indices().map(|(at, _)| at).chain([text.len()]) {
            let byte = ByteOffset::new(byte);
            let char = text.to_char(byte).unwrap();
            prop_assert_eq!(char, CharOffset::new(n_chars));
            prop_assert_eq!(text.to_byte(char).unwrap(), byte);
            n_chars += 1;
        }
        prop_assert_eq!(text.n_chars() + 1, n_chars);
        prop_assert!(text.to_byte(CharOffset::new(n_chars)).is_err());
    }

    #[test]
    fn what_is_described_is_found_where_it_was(text in any_text(60), a in 0usize..4000, b in 0usize..4000) {
        let text = source(&text);
        let range = range_in(&text, a, b);
        let selector = describe(&text, range).unwrap();
        let found = resolve(&text, &selector, true);
        if range.is_empty() {
            prop_assert_eq!(found.word(), "not-found");
        } else {
            prop_assert_eq!(found.range(), Some(range));
        }
        let snapped = boundary::snap(&text, range);
        prop_assert!(snapped.encloses(range) || range.is_empty());
        prop_assert_eq!(boundary::snap(&text, snapped), snapped);
    }

    #[test]
    fn what_was_written_is_read(set in any_set(), crlf in any::<bool>()) {
        let options = WriteOptions { crlf, ..WriteOptions::default() };
        let written = write(&set, options);
        let file = read(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
        prop_assert_eq!(&file.set, &set);
        prop_assert_eq!(file.trailer, Trailer::Good);
        prop_assert_eq!(file.crlf, crlf);
        prop_assert_eq!(write(&file.set, options), written, "the same bytes twice");
    }

    #[test]
    fn undo_and_redo_lead_there_and_back(
        old in any_text(40),
        new in any_text(10),
        steps in vec((0u8..16, 0usize..4000, 0usize..4000, any::<bool>()), 1..40),
    ) {
        check_history(&old, &new, &steps);
    }
}

/// Edits a set that was made on `old` and is opened on `new` + `old`.
fn check_history(old: &str, new: &str, steps: &[(u8, usize, usize, bool)]) {
    let ids = &mut CountingIds(0);
    let old = source(old);
    let mut set = AnnotationSet::new(Article::describe(&old, "a.txt", "UTF-8"));
    for n in 0..4 {
        let range = range_in(&old, n * 7, n * 13 + 5);
        let mut made = AnnotationSet::clone(&set);
        let marks = Marks::find(&old, &set, &|| true).unwrap();
        let mut workspace = Workspace::new(made.clone(), marks);
        let edit = Edit::Annotate {
            segments: vec![range],
            tags: Vec::new(),
            note: String::new(),
            speaker: None,
        };
        if workspace.apply(&edit, &mut stamp(ids, n as i64)).is_ok() {
            made = workspace.set().clone();
        }
        set = made;
    }
    let text = source(&format!("{new}{}", old.as_str()));
    let marks = Marks::find(&text, &set, &|| true).unwrap();
    let start = set.clone();
    let mut workspace = Workspace::new(set, marks);
    for (n, step) in steps.iter().enumerate() {
        let before = workspace.set().clone();
        let edit = edit_of(&workspace, *step);
        match workspace.apply(&edit, &mut stamp(ids, 100 + n as i64)) {
            Ok(change) if change.is_empty() => assert_eq!(workspace.set(), &before),
            Ok(_) => {}
            Err(_) => assert_eq!(workspace.set(), &before, "a refused edit changes nothing"),
        }
        check_marks(&workspace, &format!("after {edit:?}"));
    }
    let end = workspace.set().clone();
    let mut n_undone = 0;
    while workspace.undo().is_some() {
        n_undone += 1;
        check_marks(&workspace, "after undo");
    }
    assert_eq!(workspace.set(), &start);
    assert!(workspace.history().is_saved());
    while workspace.redo().is_some() {
        n_undone -= 1;
    }
    assert_eq!((workspace.set(), n_undone), (&end, 0));
    check_marks(&workspace, "after redo");
}

fn stamp(ids: &mut CountingIds, second: i64) -> Stamp<'_> {
    Stamp {
        now: Timestamp::from_unix_seconds(second),
        agent: Agent {
            id: AgentId::from_u128(1),
            name: "Ana".to_owned(),
            kind: AgentKind::Person,
            kept: Kept::default(),
        },
        ids,
    }
}

/// The places that were followed edit by edit are those found from scratch.
#[track_caller]
fn check_marks(workspace: &Workspace, when: &str) {
    let followed = workspace.marks();
    let found = Marks::find(workspace.text(), workspace.set(), &|| true).unwrap();
    assert_eq!(followed.same_edition(), found.same_edition(), "{when}");
    let lists = |marks: &Marks| -> [Vec<_>; 2] {
        [marks.index(), marks.order()].map(|list| list.iter().copied().collect())
    };
    assert_eq!(lists(followed), lists(&found), "{when}");
    assert_eq!(followed.unplaced(), found.unplaced(), "{when}");
    assert_eq!(followed.n_annotations(), found.n_annotations(), "{when}");
    for id in workspace.set().annotations.keys() {
        assert_eq!(followed.placement(*id), found.placement(*id), "{when}");
    }
    for tag in workspace.set().tags.keys() {
        assert_eq!(followed.n_tagged(tag), found.n_tagged(tag), "{when}");
    }
}

fn edit_of(workspace: &Workspace, (kind, a, b, flag): (u8, usize, usize, bool)) -> Edit {
    let (set, text) = (workspace.set(), workspace.text());
    let range = range_in(text, a, b);
    let nobody = AnnotationId::from_u128(0);
    let pick = |n: usize| {
        let n_annotations = set.annotations.len().max(1);
        let found = set.annotations.keys().nth(n % n_annotations);
        found.copied().unwrap_or(nobody)
    };
    let tag = |n: usize| {
        let found = set.tags.keys().nth(n % set.tags.len().max(1));
        found
            .cloned()
            .unwrap_or_else(|| TagId::parse("gone").unwrap())
    };
    let new_tag = |n: usize| Tag {
        id: TagId::parse(&format!("tag-{}", n % 5)).unwrap(),
        name: format!("Tag {n}"),
        colour: Rgb8 {
            red: 1,
            green: 2,
            blue: 3,
        },
        pattern: Pattern::Wavy,
        key: flag.then_some('x'),
        guideline: String::new(),
        kept: Kept::default(),
    };
    match kind {
        0..=2 => Edit::Annotate {
            segments: if flag {
                vec![range]
            } else {
                vec![range, range_in(text, b, b + 9)]
            },
            tags: vec![tag(a)],
            note: "note".repeat(a % 2),
            speaker: flag.then(|| format!("Speaker {}", b % 3)),
        },
        3 => Edit::Retag {
            ids: vec![pick(a), pick(b)],
            tag: tag(b),
            give: flag,
        },
        4 => Edit::SetNote {
            id: pick(a),
            note: format!("{}", b % 3),
        },
        5 => Edit::SetSpeaker {
            id: pick(a),
            speaker: format!("Speaker {}", b % 3),
        },
        6 => Edit::Retarget {
            id: pick(a),
            segment: b % 2,
            range,
        },
        7 => Edit::AddSegment { id: pick(a), range },
        8 => Edit::RemoveSegment {
            id: pick(a),
            segment: b % 2,
        },
        9 => Edit::AddComment {
            id: pick(a),
            text: "Why?".to_owned(),
        },
        10 => Edit::Remove { ids: vec![pick(a)] },
        11 => Edit::DefineTag(new_tag(a)),
        12 => Edit::RemoveTag(tag(a)),
        13 => Edit::Link {
            from: pick(a),
            to: pick(b),
            kind: LinkKind::Supports,
        },
        14 => {
            let mut article = set.article.clone();
            article.title = format!("Title {a}");
            Edit::DescribeArticle(Box::new(article))
        }
        _ => {
            let found = set
                .annotations
                .keys()
                .filter_map(|id| Some((*id, workspace.marks().placement(*id)?.ranges())));
            Edit::AdoptText {
                article: Box::new(Article::describe(text, "a.txt", "UTF-8")),
                found: found
                    .flat_map(|(id, ranges)| ranges.map(move |(n, range)| (id, n, range)))
                    .collect(),
            }
        }
    }
}

// Sets with everything in them. Strings are any strings, ids any ids, words also those of newer versions.

fn any_string() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), any::<String>(), any_text(6)]
}

fn any_kept() -> impl Strategy<Value = Kept> {
    let name = prop_oneof![
        "future_[a-z]{0,4}",
        "zz[a-z0-9.+-]{0,6}",
        select(vec![
            "naïve_x", "_1", "ζeta", "r", "true_", "9lives", "-dash", "b2"
        ])
        .prop_map(str::to_owned),
    ];
    let value = select(vec![
        "1",
        "-2.50",
        "\"a\\u{1f600}\\n\"",
        "'x'",
        "Some(None)",
        "()",
        "(a: 1, b: [Denies, X(2)])",
        "{\"k\": {1: true}}",
        "[\n      1,\n      2,\n    ]",
        "Word",
        "Deep(A(B(C(1))))",
        "r#\"raw \" \"#",
        "(/* inside */ 1 // to the end\n)",
        "0x1F",
        "inf",
    ]);
    let fields = vec((name, value), 1..4).prop_map(|fields| {
        Kept::new(
            fields
                .into_iter()
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
        )
    });
    prop_oneof![4 => Just(Kept::default()), 1 => fields]
}

/// A segment carries fields of its two inner records too.
fn any_segment_kept() -> impl Strategy<Value = Kept> {
    (any_kept(), select(vec!["", "position/", "quote/"])).prop_map(|(kept, place)| {
        let fields = kept
            .iter()
            .map(|(name, value)| (format!("{place}{name}"), value.to_owned()));
        Kept::new(fields.collect())
    })
}

/// A word of this version or, one time in five, of a newer one.
fn any_word<T: Clone + std::fmt::Debug + 'static>(
    known: Vec<T>,
    kept: fn(String) -> T,
) -> impl Strategy<Value = T> {
    let newer = select(vec![
        "Newer",
        "With(a: [1, 2], b: Some(\"x\"))",
        "Two(1, 2)",
        "r#odd-one",
    ]);
    prop_oneof![4 => select(known), 1 => newer.prop_map(move |word| kept(word.to_owned()))]
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![4 => 0i64..4_000_000_000, 1 => any::<i64>()].prop_map(Timestamp::from_unix_seconds)
}

fn any_tag_id() -> impl Strategy<Value = TagId> {
    let made = any::<String>().prop_filter_map("no tag id", |word| TagId::from_label(&word));
    prop_oneof![
        "[a-z]{1,3}".prop_map(|word| TagId::parse(&word).unwrap()),
        made
    ]
}

fn any_segment() -> impl Strategy<Value = Selector> {
    let quote = (any_text(5), any_string(), any_string());
    (any::<u32>(), any::<u32>(), quote, any_segment_kept()).prop_map(|(start, end, quote, kept)| {
        Selector {
            position: TextPositionSelector {
                start: CharOffset::new(start as usize),
                end: CharOffset::new(end as usize),
            },
            quote: TextQuoteSelector {
                exact: quote.0.into(),
                prefix: quote.1.into(),
                suffix: quote.2.into(),
            },
            kept,
        }
    })
}

fn any_attribution() -> impl Strategy<Value = Attribution> {
    let known = vec![QuoteMode::Direct, QuoteMode::Indirect, QuoteMode::Mixed];
    let mode = proptest::option::of(any_word(known, QuoteMode::Kept));
    let speaker = proptest::option::of(any::<u128>());
    (
        speaker,
        any_string(),
        mode,
        vec(any::<u128>(), 0..3),
        any_kept(),
    )
        .prop_map(|(speaker, cue, mode, reporters, kept)| Attribution {
            speaker: speaker.map(SpeakerId::from_u128),
            cue,
            mode,
            reported_by: reporters.into_iter().map(SpeakerId::from_u128).collect(),
            kept,
        })
}

fn any_comment() -> impl Strategy<Value = Comment> {
    (
        any::<u128>(),
        any::<u128>(),
        any_time(),
        any_string(),
        any_kept(),
    )
        .prop_map(|(id, author, created, text, kept)| Comment {
            id: CommentId::from_u128(id),
            author: AgentId::from_u128(author),
            created,
            text,
            kept,
        })
}

fn any_stance() -> impl Strategy<Value = ClaimStance> {
    let known = vec![
        Stance::Supports,
        Stance::Denies,
        Stance::Queries,
        Stance::Comments,
    ];
    (any::<u128>(), any_word(known, Stance::Kept), any_kept()).prop_map(|(claim, stance, kept)| {
        ClaimStance {
            claim: ClaimId::from_u128(claim),
            stance,
            kept,
        }
    })
}

fn any_annotation() -> impl Strategy<Value = Annotation> {
    let said = (
        vec(any_tag_id(), 0..4),
        any_string(),
        vec(any_comment(), 0..3),
        any_attribution(),
    );
    let more = (
        vec(any_stance(), 0..3),
        proptest::collection::btree_map(any_string(), any_string(), 0..3),
    );
    let made = (
        any::<u128>(),
        any::<u128>(),
        any_time(),
        any_time(),
        any_kept(),
    );
    (vec(any_segment(), 0..3), said, more, made).prop_map(
        |(segments, (mut tags, note, comments, attribution), (claims, attributes), made)| {
            tags.sort();
            tags.dedup();
            let (id, creator, created, modified, kept) = made;
            Annotation {
                id: AnnotationId::from_u128(id),
                segments,
                tags,
                note,
                comments,
                attribution,
                claims,
                attributes,
                creator: AgentId::from_u128(creator),
                created,
                modified,
                kept,
            }
        },
    )
}

fn any_tag() -> impl Strategy<Value = Tag> {
    let pattern = any_word(Pattern::ALL.to_vec(), Pattern::Kept);
    let looks = (
        any::<[u8; 3]>(),
        pattern,
        proptest::option::of(any::<char>()),
    );
    (any_tag_id(), any_string(), looks, any_string(), any_kept()).prop_map(
        |(id, name, ([red, green, blue], pattern, key), guideline, kept)| Tag {
            id,
            name,
            colour: Rgb8 { red, green, blue },
            pattern,
            key,
            guideline,
            kept,
        },
    )
}

fn any_article() -> impl Strategy<Value = Article> {
    let newline = select(vec![
        Newline::Lf,
        Newline::CrLf,
        Newline::Cr,
        Newline::Mixed,
    ]);
    let known = (
        any_string(),
        any_string(),
        any_string(),
        any_string(),
        any_string(),
    );
    let measures = (any::<u32>(), any::<u32>(), any_string(), newline);
    (
        any_string(),
        any_text(20),
        measures,
        known,
        any::<bool>(),
        any_kept(),
    )
        .prop_map(
            |(file_name, text, (n_chars, n_bytes, encoding, newline), known, embed, kept)| {
                let (title, url, publisher, author, date) = known;
                Article {
                    file_name,
                    edition: EditionId::of(&text),
                    n_chars: n_chars as usize,
                    n_bytes: n_bytes as usize,
                    encoding,
                    newline,
                    title,
                    url,
                    publisher,
                    author,
                    date,
                    embedded_text: embed.then(|| Arc::from(text)),
                    kept,
                }
            },
        )
}

fn any_agent() -> impl Strategy<Value = Agent> {
    let kind = any_word(
        vec![AgentKind::Person, AgentKind::Software],
        AgentKind::Kept,
    );
    (any::<u128>(), any_string(), kind, any_kept()).prop_map(|(id, name, kind, kept)| Agent {
        id: AgentId::from_u128(id),
        name,
        kind,
        kept,
    })
}

fn any_speaker() -> impl Strategy<Value = Speaker> {
    let about = (any_string(), any_string(), any_string());
    (any::<u128>(), vec(any_string(), 0..3), about, any_kept()).prop_map(
        |(id, aliases, (name, role, side), kept)| Speaker {
            id: SpeakerId::from_u128(id),
            name,
            aliases,
            role,
            side,
            kept,
        },
    )
}

fn any_claim() -> impl Strategy<Value = Claim> {
    (any::<u128>(), any_string(), any_string(), any_kept()).prop_map(|(id, text, note, kept)| {
        Claim {
            id: ClaimId::from_u128(id),
            text,
            note,
            kept,
        }
    })
}

fn any_link() -> impl Strategy<Value = Link> {
    let known = vec![
        LinkKind::RespondsTo,
        LinkKind::Supports,
        LinkKind::SameStatement,
    ];
    let ends = (any::<u128>(), any::<u128>(), any::<u128>(), any::<u128>());
    (
        ends,
        any_word(known, LinkKind::Kept),
        any_time(),
        any_kept(),
    )
        .prop_map(|((id, from, to, creator), kind, created, kept)| Link {
            id: LinkId::from_u128(id),
            from: AnnotationId::from_u128(from),
            to: AnnotationId::from_u128(to),
            kind,
            creator: AgentId::from_u128(creator),
            created,
            kept,
        })
}

fn any_set() -> impl Strategy<Value = AnnotationSet> {
    let records = (
        vec(any_tag(), 0..3),
        vec(any_agent(), 0..3),
        vec(any_speaker(), 0..3),
        vec(any_claim(), 0..3),
        vec(any_link(), 0..3),
        vec(any_annotation(), 0..5),
    );
    let newer = proptest::option::weighted(0.2, 1u16..);
    (any_article(), records, any_kept(), newer).prop_map(|(article, records, kept, newer)| {
        let mut fields: BTreeMap<String, String> = kept
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if let Some(minor) = newer {
            fields.insert("version".to_owned(), format!("(1, {minor})"));
        }
        let (tags, agents, speakers, claims, links, annotations) = records;
        AnnotationSet {
            article,
            tags: tags
                .into_iter()
                .map(|it| (it.id.clone(), Arc::new(it)))
                .collect(),
            agents: agents.into_iter().map(|it| (it.id, Arc::new(it))).collect(),
            speakers: speakers
                .into_iter()
                .map(|it| (it.id, Arc::new(it)))
                .collect(),
            claims: claims.into_iter().map(|it| (it.id, Arc::new(it))).collect(),
            links: links.into_iter().map(|it| (it.id, Arc::new(it))).collect(),
            annotations: annotations
                .into_iter()
                .map(|it| (it.id, Arc::new(it)))
                .collect(),
            kept: Kept::new(fields),
        }
    })
}
