//! Annotation sets that the tests are made with.

use sourcemark::{
    anchor::describe,
    annotation::{
        Agent, AgentId, AgentKind, Annotation, AnnotationId, AnnotationSet, Article, Attribution,
        Claim, ClaimId, ClaimStance, Comment, CommentId, Conflict, DecidedMark, Decision,
        DecisionId, FieldValue, Fingerprint, IdSource, Kept, Link, LinkId, LinkKind, QuoteMode,
        Record, RecordRef, Side, Speaker, SpeakerId, Stance, StateId, TagId, Timestamp, Tombstone,
    },
    text::{SourceText, TextRange},
};
use std::{collections::BTreeMap, sync::Arc};

/// Names that count up, in the form of version 7.
pub struct CountingIds(pub u128);

impl IdSource for CountingIds {
    fn next_uuid(&mut self) -> uuid::Uuid {
        self.0 += 1;
        uuid::Uuid::from_u128(0x0193_9f3a_7b1c_7000_8000_0000_0000_0000 + self.0)
    }
}

pub fn source(text: &str) -> SourceText {
    SourceText::new(text.to_owned()).unwrap()
}

pub fn time(written: &str) -> Timestamp {
    Timestamp::parse(written).unwrap()
}

/// The article of [`full_set`]: English and Hindi, one line each.
pub const ARTICLE: &str = "# Back doors?\n\
    “We never built a back door,” the vendor said, “and we never will.”\n\
    विक्रेता ने आरोप से इनकार किया, मंत्रालय ने कहा।\n";

/// A plain annotation on `quote`, which stands once in `text`.
pub fn annotation(text: &SourceText, quote: &str, ids: &mut CountingIds) -> Annotation {
    let start = text.as_str().find(quote).unwrap();
    let range = TextRange::from_bytes(start..start + quote.len());
    Annotation {
        id: AnnotationId::new(ids),
        segments: vec![describe(text, range).unwrap()],
        tags: Vec::new(),
        note: String::new(),
        comments: Vec::new(),
        attribution: Attribution::default(),
        claims: Vec::new(),
        attributes: BTreeMap::new(),
        creator: AgentId::from_u128(1),
        also_by: Vec::new(),
        created: time("2026-03-01T12:00:00Z"),
        modified: time("2026-03-01T12:00:00Z"),
        kept: Kept::default(),
    }
}

/// A set in which every field of the format is used.
pub fn full_set() -> AnnotationSet {
    let text = source(ARTICLE);
    let ids = &mut CountingIds(0);
    let mut set = AnnotationSet::new(Article::describe(&text, "back-doors.txt", "UTF-8"));
    // The guidelines are the codebook's business and may be rewritten; the golden file is not touched by that.
    for mut tag in set.tags.clone().into_iter().map(|(_, tag)| tag) {
        Arc::make_mut(&mut tag).guideline = format!("When to use {}.", tag.name);
        set.tags.insert(tag.id.clone(), tag);
    }
    set.article.url = "https://example.org/back-doors".to_owned();
    set.article.publisher = "Example Weekly".to_owned();
    set.article.author = "Ana Writer".to_owned();
    set.article.date = "2026-02-28".to_owned();
    set.article.embedded_text = Some(Arc::from(ARTICLE));
    let agent = Agent {
        id: AgentId::new(ids),
        name: "Chitra चित्रा".to_owned(),
        kind: AgentKind::Person,
        kept: Kept::default(),
    };
    let vendor = Speaker {
        id: SpeakerId::new(ids),
        name: "The vendor".to_owned(),
        aliases: vec!["विक्रेता".to_owned(), "Vendor Inc.".to_owned()],
        role: "maker of the device".to_owned(),
        side: "defence".to_owned(),
        kept: Kept::default(),
    };
    let ministry = Speaker {
        id: SpeakerId::new(ids),
        name: "मंत्रालय".to_owned(),
        aliases: Vec::new(),
        role: String::new(),
        side: String::new(),
        kept: Kept::default(),
    };
    let claim = Claim {
        id: ClaimId::new(ids),
        text: "The vendor built back doors".to_owned(),
        note: "Asserted in the headline as a question.".to_owned(),
        kept: Kept::default(),
    };
    let denial = TagId::parse("denial").unwrap();
    let mut first = annotation(&text, "“We never built a back door,”", ids);
    let going_on = annotation(&text, "“and we never will.”", ids);
    first.segments.extend(going_on.segments);
    first.tags = vec![denial.clone()];
    first.note = "Two segments;\nthe second \"promises\".".to_owned();
    first.comments = vec![Comment {
        id: CommentId::new(ids),
        author: agent.id,
        created: time("2026-03-02T08:30:00Z"),
        text: "Is the second one a denial?".to_owned(),
        kept: Kept::default(),
    }];
    first.attribution = Attribution {
        speaker: Some(vendor.id),
        cue: "said".to_owned(),
        mode: Some(QuoteMode::Direct),
        reported_by: Vec::new(),
        kept: Kept::default(),
    };
    first.claims = vec![ClaimStance {
        claim: claim.id,
        stance: Stance::Denies,
        kept: Kept::default(),
    }];
    first
        .attributes
        .insert("certainty".to_owned(), "high".to_owned());
    first.modified = time("2026-03-02T08:31:00Z");
    let mut second = annotation(&text, "विक्रेता ने आरोप से इनकार किया", ids);
    second.tags = vec![TagId::parse("allegation").unwrap(), denial];
    second.attribution = Attribution {
        speaker: Some(vendor.id),
        cue: "ने कहा".to_owned(),
        mode: Some(QuoteMode::Indirect),
        reported_by: vec![ministry.id],
        kept: Kept::default(),
    };
    let third = annotation(&text, "Back doors?", ids);
    let link = Link {
        id: LinkId::new(ids),
        from: first.id,
        to: third.id,
        kind: LinkKind::RespondsTo,
        creator: agent.id,
        created: time("2026-03-02T08:32:00Z"),
        kept: Kept::default(),
    };
    for mut annotation in [first, second, third] {
        annotation.creator = agent.id;
        set.annotations.insert(annotation.id, Arc::new(annotation));
    }
    set.agents.insert(agent.id, Arc::new(agent));
    for speaker in [vendor, ministry] {
        set.speakers.insert(speaker.id, Arc::new(speaker));
    }
    set.claims.insert(claim.id, Arc::new(claim));
    set.links.insert(link.id, Arc::new(link));
    set
}

/// The same with what version 1.1 added: removals, an alias, and a conflict of each type of value.
pub fn merged_set() -> AnnotationSet {
    let mut set = full_set();
    let agent = *set.agents.keys().next().unwrap();
    let annotation = set.annotations.values().next().unwrap().clone();
    let gone = |when: &str, who: Option<AgentId>, instead: Option<&str>| Tombstone {
        when: time(when),
        who,
        instead: instead.map(Box::from),
        seen: Default::default(),
        kept: Kept::default(),
    };
    let ids = &mut CountingIds(50);
    let tombstones = [
        (
            RecordRef::from(&AnnotationId::new(ids)),
            gone("2026-03-03T09:00:00Z", Some(agent), None),
        ),
        (
            RecordRef::from(&TagId::parse("rebuttal").unwrap()),
            gone("2026-03-03T09:05:00Z", Some(agent), Some("denial")),
        ),
        (
            RecordRef::from(&CommentId::new(ids)),
            gone("2026-03-03T09:10:00Z", None, None),
        ),
    ];
    set.tombstones = tombstones
        .into_iter()
        .map(|(record, tombstone)| (record, Arc::new(tombstone)))
        .collect();
    let side = |name: &str, value| Side {
        name: name.to_owned(),
        value,
        kept: Kept::default(),
    };
    let text = |text: &str| Some(FieldValue::Text(text.to_owned()));
    let list = |texts: &[&str]| {
        let texts = texts.iter().map(|&text| text.to_owned());
        Some(FieldValue::List(texts.collect()))
    };
    let record = RecordRef::from(&annotation.id);
    let two =
        |segments: &[sourcemark::anchor::Selector]| Some(FieldValue::Segments(segments.to_vec()));
    let conflicts = [
        Conflict::new(
            record.clone(),
            "note".to_owned(),
            text("Two segments."),
            vec![
                side("Chitra", text(&annotation.note)),
                side("Ben", text("Two\tsegments?")),
            ],
        ),
        Conflict::new(
            record.clone(),
            "segments".to_owned(),
            two(&annotation.segments[..1]),
            vec![
                side("Chitra", two(&annotation.segments)),
                side("Ben", two(&annotation.segments[1..])),
            ],
        ),
        Conflict::new(
            record,
            String::new(),
            Some(FieldValue::Present),
            vec![side("Chitra", Some(FieldValue::Present)), side("Ben", None)],
        ),
        Conflict::new(
            RecordRef::from(set.speakers.keys().next().unwrap()),
            "aliases".to_owned(),
            None,
            vec![
                side("Chitra", list(&["विक्रेता", "Vendor Inc."])),
                side("Ben", list(&["Vendor, Inc."])),
            ],
        ),
    ];
    for conflict in conflicts {
        set.conflicts.insert(conflict.id, Arc::new(conflict));
    }
    set
}

/// The same with what version 1.2 added: removals say what was seen, and a conflict about a whole record says in
/// which states it was.
pub fn seen_set() -> AnnotationSet {
    let mut set = merged_set();
    let agent = *set.agents.keys().next().unwrap();
    let annotation = set.annotations.values().next().unwrap().clone();
    let record = RecordRef::from(&annotation.id);
    let whole = |conflict: &Conflict| conflict.of_whole_record();
    let old = set.conflicts.values().find(|it| whole(it)).unwrap().clone();
    set.conflicts.remove(&old.id);
    let state = |annotation: &Annotation| {
        Some(FieldValue::Record(Fingerprint::of_record(
            &annotation.fields(),
        )))
    };
    let mut before = Annotation::clone(&annotation);
    before.note.clear();
    let mut sides = old.sides.clone();
    sides[0].value = state(&annotation);
    let conflict = Conflict::new(record.clone(), String::new(), state(&before), sides);
    set.conflicts.insert(conflict.id, Arc::new(conflict));
    let signature = (time("2026-03-03T09:20:00Z"), Some(agent));
    let answered = Conflict::new(
        record,
        "note".to_owned(),
        None,
        vec![
            Side {
                name: "Chitra".to_owned(),
                value: Some(FieldValue::Text("One.".to_owned())),
                kept: Kept::default(),
            },
            Side {
                name: "Ben".to_owned(),
                value: None,
                kept: Kept::default(),
            },
        ],
    );
    let gone = AnnotationId::new(&mut CountingIds(50));
    let removals = [
        (RecordRef::from(&answered.id), answered.seen_in(None)),
        (
            RecordRef::from(&gone),
            vec![RecordRef::from(&gone).state(&annotation.fields())],
        ),
    ];
    for (record, seen) in removals {
        let tombstone = Tombstone::new(&record, signature, seen, None);
        set.tombstones.insert(record, Arc::new(tombstone));
    }
    set
}

/// The same with all that version 1.2 added: also a mark of two makers, and a decision between two marks.
pub fn settled_set() -> AnnotationSet {
    let mut set = seen_set();
    let agent = *set.agents.keys().next().unwrap();
    let other = AgentId::from_u128(0x0193_9f3a_7b1c_7000_8000_0000_0000_0100);
    let mut annotation = set.annotations.values().next().unwrap().clone();
    Arc::make_mut(&mut annotation).also_by = vec![agent];
    let mark = |id, creator, state: &[u8], tag: &str, taken| DecidedMark {
        id,
        creator,
        state: StateId::of_content(state),
        quote: annotation.quote(),
        tags: vec![TagId::parse(tag).unwrap()],
        taken,
        kept: Kept::default(),
    };
    let not_taken = AnnotationId::from_u128(0x0193_9f3a_7b1c_7000_8000_0000_0000_0101);
    let decision = Decision {
        id: DecisionId::of_content(b"a difference"),
        when: time("2026-03-04T10:00:00Z"),
        who: Some(agent),
        reason: "The vendor denies it.".to_owned(),
        marks: vec![
            mark(annotation.id, agent, b"one", "denial", true),
            mark(not_taken, other, b"other", "allegation", false),
        ],
        kept: Kept::default(),
    };
    set.decisions.insert(decision.id, Arc::new(decision));
    set.annotations.insert(annotation.id, annotation);
    set
}
