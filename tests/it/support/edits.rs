//! Edits by number, for laws about whatever people do.

use super::sets::CountingIds;
use sourcemark::{
    annotation::{
        Agent, AgentId, AgentKind, AnnotationId, Article, Attribution, Choice, Claim, ClaimId,
        ConflictId, Kept, LinkKind, Pattern, QuoteMode, RecordRef, Rgb8, Speaker, SpeakerId, Tag,
        TagId, Timestamp, twins,
    },
    edit::{Edit, Stamp, Workspace},
    text::{ByteOffset, SourceText, TextRange},
};

/// One edit: its kind, two numbers and a flag that say which.
pub type Step = (u8, usize, usize, bool);

/// The kind that makes two records one.
pub const UNIFY: u8 = 21;
/// How many kinds there are.
pub const N_KINDS: u8 = 26;

/// The annotator of this number.
pub fn person(number: u128) -> Agent {
    Agent {
        id: AgentId::from_u128(number),
        name: format!("Person {number}"),
        kind: AgentKind::Person,
        kept: Kept::default(),
    }
}

pub fn stamp(agent: Agent, ids: &mut CountingIds, second: i64) -> Stamp<'_> {
    Stamp {
        now: Timestamp::from_unix_seconds(second),
        agent,
        ids,
    }
}

pub fn range_in(text: &SourceText, a: usize, b: usize) -> TextRange {
    let place = |n: usize| text.floor_char(ByteOffset::new(n % (text.len() + 1)));
    TextRange::new(place(a), place(b))
}

/// The edit that `step` is in the present state of `workspace`; it may be refused.
pub fn edit_of(workspace: &Workspace, (kind, a, b, flag): Step) -> Edit {
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
        11 if b % 2 == 0 => Edit::AddTags(vec![new_tag(a), new_tag(b)]),
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
        16 => Edit::SetNote {
            id: pick(a),
            note: {
                let old = set.annotations.get(&pick(a));
                let old = old.map_or("", |annotation| &annotation.note);
                rewritten(old, b)
            },
        },
        17 => {
            let id = pick(a);
            let comments = set.annotations.get(&id).map(|it| it.comments.clone());
            let comments = comments.unwrap_or_default();
            match comments.get(b % comments.len().max(1)) {
                Some(comment) => Edit::RemoveComment {
                    id,
                    comment: comment.id,
                },
                None => Edit::Unlink(match set.links.keys().nth(b % set.links.len().max(1)) {
                    Some(link) => *link,
                    None => sourcemark::annotation::LinkId::from_u128(0),
                }),
            }
        }
        18 => Edit::DefineClaim(Claim {
            id: ClaimId::from_u128((a % 4) as u128),
            text: format!("Claim {}", b % 3),
            note: rewritten("One two three four five six seven eight.", b),
            kept: Kept::default(),
        }),
        19 => Edit::DefineSpeaker(Speaker {
            id: SpeakerId::from_u128((a % 4) as u128),
            name: format!("Speaker {}", b % 3),
            aliases: (0..a % 3)
                .map(|n| format!("Alias {}", (b + n) % 4))
                .collect(),
            role: "judge".repeat(b % 2),
            side: String::new(),
            kept: Kept::default(),
        }),
        20 => Edit::SetAttribution {
            id: pick(a),
            attribution: Attribution {
                speaker: set
                    .speakers
                    .keys()
                    .nth(b % set.speakers.len().max(1))
                    .copied(),
                cue: "said".repeat(a % 2),
                mode: flag.then_some(QuoteMode::Direct),
                reported_by: Vec::new(),
                kept: Kept::default(),
            },
        },
        UNIFY => match twins(set).into_iter().nth(a % 2) {
            Some(twins) => Edit::Unify {
                keep: twins.keep,
                other: twins.other,
            },
            None => Edit::Unify {
                keep: RecordRef::from(&tag(a)),
                other: RecordRef::from(&tag(b)),
            },
        },
        22 | 23 => Edit::Settle {
            conflict: match set.conflicts.keys().nth(a % set.conflicts.len().max(1)) {
                Some(conflict) => *conflict,
                None => ConflictId::from_u128(0),
            },
            choice: match b % 3 {
                2 => Choice::Both,
                side => Choice::Side(side),
            },
        },
        24 => Edit::Remove {
            ids: vec![pick(a), pick(b)],
        },
        25 => Edit::ClearTombstones {
            before: Timestamp::from_unix_seconds((a % 100) as i64),
        },
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

/// `text` with one word of it changed, added or taken away.
fn rewritten(text: &str, n: usize) -> String {
    let text = match text {
        "" => "The first remark names nobody, the second names a ministry, the last a firm.",
        text => text,
    };
    let mut words: Vec<&str> = text.split(' ').collect();
    let at = (n / 3) % words.len();
    match n % 3 {
        0 => words.insert(at, "indeed"),
        1 if words.len() > 3 => drop(words.remove(at)),
        _ => words[at] = ["Ana", "Ben", "clearly"][n / 3 % 3],
    }
    words.join(" ")
}
