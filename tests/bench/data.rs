//! Texts and annotation sets of any size, the same every time.

use sourcemark::{
    annotation::{
        Agent, AgentId, AgentKind, AnnotationSet, Article, IdSource, Kept, Marks, TagId, Timestamp,
    },
    edit::{Edit, Stamp, apply},
    text::{ByteOffset, SourceText, TextRange},
};

/// Numbers that look random and are the same every time (xorshift).
pub struct Numbers(pub u64);

impl Numbers {
    /// A number below `below`.
    pub fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

const WORDS: &[&str] = &[
    "the",
    "ministry",
    "said",
    "that",
    "a",
    "spokeswoman",
    "for",
    "vendor",
    "denied",
    "claims",
    "of",
    "hidden",
    "access",
    "to",
    "network",
    "equipment",
    "according",
    "experts",
    "who",
    "had",
    "examined",
    "its",
    "code",
    "and",
    "“unlikely”",
    "in",
    "2019",
    "court",
    "found",
    "no",
    "evidence",
    "naïve",
    "Zürich",
    "report",
    "was",
    "never",
    "published",
    "earlier",
    "case",
    "against",
    "another",
    "firm",
];

/// Prose of about `bytes` bytes: sentences of 6 to 26 words in paragraphs of one to seven, blank lines between.
pub fn prose(bytes: usize) -> String {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let mut text = String::with_capacity(bytes + 2_000);
    while text.len() < bytes {
        for _ in 0..1 + numbers.below(7) {
            for word in 0..6 + numbers.below(20) {
                if word > 0 {
                    text.push(' ');
                }
                text.push_str(WORDS[numbers.below(WORDS.len())]);
            }
            text.push_str(". ");
        }
        text.push_str("\n\n");
    }
    text
}

/// Counts upwards, so that runs are alike.
pub struct Counting(pub u128);

impl IdSource for Counting {
    fn next_uuid(&mut self) -> uuid::Uuid {
        self.0 += 1;
        uuid::Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 | self.0)
    }
}

/// A stamp of a fixed moment.
pub fn stamp(ids: &mut Counting) -> Stamp<'_> {
    Stamp {
        now: Timestamp::from_unix_seconds(1_790_000_000),
        agent: Agent {
            id: AgentId::from_u128(7),
            name: "Bench".to_owned(),
            kind: AgentKind::Person,
            kept: Kept::default(),
        },
        ids,
    }
}

/// A range of 20 to 300 bytes somewhere in `text`.
pub fn somewhere(text: &SourceText, numbers: &mut Numbers) -> TextRange {
    let start = text.floor_char(ByteOffset::new(
        numbers.below(text.len().saturating_sub(400)),
    ));
    let end = text.floor_char(ByteOffset::new(start.get() + 20 + numbers.below(280)));
    TextRange::new(start, end)
}

/// `n` annotations on `text`, four tags, a note on every tenth.
pub fn annotated(text: &SourceText, n: usize) -> AnnotationSet {
    let mut set = AnnotationSet::new(Article::describe(text, "bench.txt", "UTF-8"));
    let tags: Vec<TagId> = set.tags.keys().cloned().collect();
    let (mut numbers, mut ids) = (Numbers(424_242), Counting(1_000));
    let mut made = 0;
    while made < n {
        let edit = Edit::Annotate {
            segments: vec![somewhere(text, &mut numbers)],
            tags: vec![tags[numbers.below(tags.len())].clone()],
            note: if made % 10 == 0 {
                "See the earlier report.".to_owned()
            } else {
                String::new()
            },
            speaker: None,
        };
        if let Ok(change) = apply(&set, text, &edit, &mut stamp(&mut ids)) {
            change.replay(&mut set);
            made += 1;
        }
    }
    set
}

/// The places of `set` in `text`.
pub fn placed(text: &SourceText, set: &AnnotationSet) -> Marks {
    Marks::find(text, set, &|| true).expect("never stopped")
}
