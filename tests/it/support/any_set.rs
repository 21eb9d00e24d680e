//! Any text and any annotation set, for laws: strings are any strings, ids any ids, and words and fields also
//! those of newer versions.

use proptest::{collection::vec, prelude::*, sample::select};
use sourcemark::{
    anchor::{Selector, TextPositionSelector, TextQuoteSelector},
    annotation::{
        Agent, AgentId, AgentKind, Annotation, AnnotationId, AnnotationSet, Article, Attribution,
        Claim, ClaimId, ClaimStance, Comment, CommentId, Conflict, DecidedMark, Decision,
        DecisionId, FieldValue, Fingerprint, Kept, Link, LinkId, LinkKind, Pattern, QuoteMode,
        RecordKind, RecordRef, Rgb8, Side, Speaker, SpeakerId, Stance, StateId, Tag, TagId,
        Timestamp, Tombstone,
    },
    text::{CharOffset, EditionId, Newline},
};
use std::{collections::BTreeMap, sync::Arc};

/// Letters, marks and newlines of many scripts, weighted so that clusters and line endings really form.
pub fn any_text(max: usize) -> impl Strategy<Value = String> {
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
        (any_kept(), vec(any::<u128>(), 0..3)),
    );
    (vec(any_segment(), 0..3), said, more, made).prop_map(
        |(segments, (mut tags, note, comments, attribution), (claims, attributes), made)| {
            tags.sort();
            tags.dedup();
            let (id, creator, created, modified, (kept, mut also_by)) = made;
            also_by.sort();
            also_by.dedup();
            let also_by = also_by.into_iter().map(AgentId::from_u128).collect();
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
                also_by,
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

fn any_record() -> impl Strategy<Value = RecordRef> {
    let known = vec![
        RecordKind::File,
        RecordKind::Article,
        RecordKind::Annotation,
        RecordKind::Comment,
        RecordKind::Tag,
        RecordKind::Conflict,
        RecordKind::Decision,
    ];
    (any_word(known, RecordKind::Kept), any_string()).prop_map(|(kind, id)| RecordRef {
        kind,
        id: id.into(),
    })
}

fn any_fingerprint() -> impl Strategy<Value = Fingerprint> {
    any::<u64>().prop_map(|n| {
        let fields = [("n".to_owned(), FieldValue::Text(n.to_string()))];
        Fingerprint::of_record(&fields.into_iter().collect())
    })
}

fn any_tombstone() -> impl Strategy<Value = Tombstone> {
    (
        any_time(),
        proptest::option::of(any::<u128>()),
        proptest::option::weighted(0.2, any_string()),
        proptest::collection::btree_set(any_fingerprint(), 0..3),
        any_kept(),
    )
        .prop_map(|(when, who, instead, seen, kept)| Tombstone {
            when,
            who: who.map(AgentId::from_u128),
            instead: instead.map(Box::from),
            seen,
            kept,
        })
}

fn any_value() -> impl Strategy<Value = Option<FieldValue>> {
    prop_oneof![
        Just(None),
        Just(Some(FieldValue::Present)),
        any_fingerprint().prop_map(|it| Some(FieldValue::Record(it))),
        any_string().prop_map(|text| Some(FieldValue::Text(text))),
        vec(any_string(), 0..3).prop_map(|texts| Some(FieldValue::List(texts))),
        vec(any_segment(), 0..3).prop_map(|segments| Some(FieldValue::Segments(segments))),
    ]
}

fn any_conflict() -> impl Strategy<Value = Conflict> {
    let side = (any_string(), any_value(), any_kept());
    let side = side.prop_map(|(name, value, kept)| Side { name, value, kept });
    let kept = (any_kept(), select(vec!["", "base/"])).prop_map(|(kept, place)| {
        let fields = kept
            .iter()
            .map(|(name, value)| (format!("{place}{name}"), value.to_owned()));
        Kept::new(fields.collect())
    });
    (
        any_record(),
        any_string(),
        any_value(),
        vec(side, 0..4),
        kept,
    )
        .prop_map(|(record, field, base, sides, kept)| Conflict {
            kept,
            ..Conflict::new(record, field, base, sides)
        })
}

fn any_decision() -> impl Strategy<Value = Decision> {
    let mark = (
        (any::<u128>(), any::<u128>(), any::<u128>()),
        any_string(),
        vec(any_tag_id(), 0..3),
        any::<bool>(),
        any_kept(),
    );
    let mark = mark.prop_map(
        |((id, creator, state), quote, tags, taken, kept)| DecidedMark {
            id: AnnotationId::from_u128(id),
            creator: AgentId::from_u128(creator),
            state: StateId::from_u128(state),
            quote,
            tags,
            taken,
            kept,
        },
    );
    (
        any::<u128>(),
        (any_time(), proptest::option::of(any::<u128>())),
        any_string(),
        vec(mark, 0..4),
        any_kept(),
    )
        .prop_map(|(id, (when, who), reason, mut marks, kept)| {
            marks.sort_by_key(|mark| mark.id);
            Decision {
                id: DecisionId::from_u128(id),
                when,
                who: who.map(AgentId::from_u128),
                reason,
                marks,
                kept,
            }
        })
}

/// A set with everything in it.
pub fn any_set() -> impl Strategy<Value = AnnotationSet> {
    let records = (
        vec(any_tag(), 0..3),
        vec(any_agent(), 0..3),
        vec(any_speaker(), 0..3),
        vec(any_claim(), 0..3),
        vec(any_link(), 0..3),
        vec(any_annotation(), 0..5),
        vec((any_record(), any_tombstone()), 0..3),
        vec(any_conflict(), 0..3),
        vec(any_decision(), 0..3),
    );
    let newer = proptest::option::weighted(0.2, 3u16..);
    (any_article(), records, any_kept(), newer).prop_map(|(article, records, kept, newer)| {
        let mut fields: BTreeMap<String, String> = kept
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if let Some(minor) = newer {
            fields.insert("version".to_owned(), format!("(1, {minor})"));
        }
        let (tags, agents, speakers, claims, links, annotations, tombstones, conflicts, decisions) =
            records;
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
            tombstones: tombstones
                .into_iter()
                .map(|(record, it)| (record, Arc::new(it)))
                .collect(),
            conflicts: conflicts
                .into_iter()
                .map(|it| (it.id, Arc::new(it)))
                .collect(),
            decisions: decisions
                .into_iter()
                .map(|it| (it.id, Arc::new(it)))
                .collect(),
            kept: Kept::new(fields),
        }
    })
}
