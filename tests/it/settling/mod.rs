//! Several annotators' work settled into one agreed file: cases by name.

mod commands;
mod laws;

use crate::support::{
    edits::stamp,
    sets::{CountingIds, source},
};
use sourcemark::{
    annotation::{
        Agent, AgentId, AgentKind, AnnotationId, AnnotationSet, Article, Kept, Marks, TagId,
    },
    edit::{Edit, Workspace},
    settling::{Answers, EdgeRule, Outcome, Pick, Question, QuestionKind, Rules, Side, settle},
    text::TextRange,
};

pub const TEXT: &str = "On Monday the firm denied it again, they say. An expert called it unlikely.\n\
    The ministry insists; nobody was asked. It never built a back door.\n";

pub fn agent(number: u128, name: &str) -> Agent {
    Agent {
        id: AgentId::from_u128(number),
        name: name.to_owned(),
        kind: AgentKind::Person,
        kept: Kept::default(),
    }
}

/// One annotator's own file.
pub struct Annotator {
    workspace: Workspace,
    who: Agent,
    ids: CountingIds,
    second: i64,
}

impl Annotator {
    pub fn new(number: u128, name: &str) -> Self {
        Self::on(TEXT, "a.txt", number, name)
    }

    pub fn on(text: &str, file_name: &str, number: u128, name: &str) -> Self {
        let text = source(text);
        let set = AnnotationSet::new(Article::describe(&text, file_name, "UTF-8"));
        Self::of(set, text.as_str(), number, name)
    }

    pub fn of(set: AnnotationSet, text: &str, number: u128, name: &str) -> Self {
        let marks = Marks::find(&source(text), &set, &|| true).unwrap();
        Self {
            workspace: Workspace::new(set, marks),
            who: agent(number, name),
            ids: CountingIds(number << 20),
            second: 1_770_000_000 + 1_000 * number as i64,
        }
    }

    pub fn set(&self) -> &AnnotationSet {
        self.workspace.set()
    }

    pub fn side(&self) -> Side {
        Side {
            name: self.who.name.clone(),
            set: self.set().clone(),
        }
    }

    #[track_caller]
    pub fn does(&mut self, edit: Edit) -> &mut Self {
        self.second += 1;
        let stamp = &mut stamp(self.who.clone(), &mut self.ids, self.second);
        self.workspace.apply(&edit, stamp).unwrap();
        self
    }

    #[track_caller]
    pub fn marks(&mut self, quote: &str, tag: &str) -> AnnotationId {
        self.says(quote, tag, "", None)
    }

    #[track_caller]
    pub fn says(
        &mut self,
        quote: &str,
        tag: &str,
        note: &str,
        speaker: Option<&str>,
    ) -> AnnotationId {
        let at = self.workspace.text().as_str().find(quote).unwrap();
        self.does(Edit::Annotate {
            segments: vec![TextRange::from_bytes(at..at + quote.len())],
            tags: vec![TagId::parse(tag).unwrap()],
            note: note.to_owned(),
            speaker: speaker.map(str::to_owned),
        });
        let newest = self.set().annotations.values().max_by_key(|it| it.created);
        newest.unwrap().id
    }
}

/// An agreed set without marks.
pub fn nothing() -> AnnotationSet {
    let mut set = AnnotationSet::new(Article::describe(&source(TEXT), "a.txt", "UTF-8"));
    set.tags.clear();
    set
}

pub fn settled(sides: &[Side], agreed: &AnnotationSet, answers: &Answers) -> Outcome {
    let who = agent(9, "Chitra");
    let now = sourcemark::annotation::Timestamp::from_unix_seconds(1_771_000_000);
    settle(
        sides,
        Some(&source(TEXT)),
        agreed,
        answers,
        (now, Some(&who)),
    )
}

fn by_rules(rules: Rules) -> Answers {
    Answers {
        rules,
        ..Answers::default()
    }
}

fn one_by_one<'a>(answers: impl IntoIterator<Item = (&'a Question, Pick)>) -> Answers {
    let by_id = answers
        .into_iter()
        .map(|(question, pick)| (question.id, (pick, "because".to_owned())))
        .collect();
    Answers {
        by_id,
        ..Answers::default()
    }
}

fn kinds(outcome: &Outcome) -> Vec<QuestionKind> {
    outcome.questions.iter().map(|it| it.kind).collect()
}

fn quotes(set: &AnnotationSet) -> Vec<String> {
    let mut marks: Vec<_> = set.annotations.values().collect();
    marks.sort_by_key(|it| (it.segments[0].position.start, it.segments[0].position.end));
    marks.into_iter().map(|it| it.quote()).collect()
}

/// Ana and Ben, who differ in each way once.
fn two() -> (Annotator, Annotator) {
    let (mut ana, mut ben) = (Annotator::new(2, "Ana"), Annotator::new(3, "Ben"));
    ana.says("the firm denied it", "denial", "", Some("The firm"));
    ben.says("the firm denied it again", "denial", "", Some("the  FIRM"));
    ana.marks("An expert called it unlikely", "expert-opinion");
    ben.marks("An expert called it unlikely", "allegation");
    ana.says(
        "The ministry insists",
        "allegation",
        "",
        Some("The ministry"),
    );
    ben.says("The ministry insists", "allegation", "Who?", None);
    ben.marks("nobody was asked", "allegation");
    ana.says("It never built", "denial", "One.", None);
    ben.says("It never built", "denial", "Two.", None);
    (ana, ben)
}

#[test]
fn what_is_the_same_becomes_one_and_the_rest_is_asked() {
    let (ana, ben) = two();
    let outcome = settled(&[ana.side(), ben.side()], &nothing(), &Answers::default());
    use QuestionKind::{Details, Edges, Only, Tags};
    assert_eq!(kinds(&outcome), [Edges, Tags, Only, Details]);
    assert_eq!((outcome.n_same, outcome.open().count()), (1, 4));
    assert_eq!(quotes(&outcome.set), ["The ministry insists"]);
    let [one] = outcome.set.annotations.values().collect::<Vec<_>>()[..] else {
        panic!("{:?}", outcome.set.annotations);
    };
    assert_eq!(one.creator, AgentId::from_u128(2));
    assert_eq!(one.also_by, [AgentId::from_u128(3)]);
    assert_eq!(
        (one.note.as_str(), outcome.set.speaker_name(one)),
        ("Who?", "The ministry")
    );
    assert!(outcome.set.decisions.is_empty());
}

#[test]
fn answers_are_kept_and_asked_once() {
    let (ana, ben) = two();
    let sides = [ana.side(), ben.side()];
    let first = settled(&sides, &nothing(), &Answers::default());
    let picks = [Pick::Side(1), Pick::Both, Pick::Neither, Pick::Both];
    let answers = one_by_one(first.questions.iter().zip(picks));
    let second = settled(&sides, &first.set, &answers);
    assert_eq!(second.open().count(), 0);
    assert_eq!(
        quotes(&second.set),
        [
            "the firm denied it again",
            "An expert called it unlikely",
            "An expert called it unlikely",
            "The ministry insists",
            "It never built",
        ]
    );
    let note = second
        .set
        .annotations
        .values()
        .find(|it| it.quote() == "It never built");
    assert_eq!(note.unwrap().note, "Ana: One.\n\nBen: Two.");
    assert_eq!(second.set.speakers.len(), 2, "one firm, one ministry");
    let decisions = second.set.decisions.values();
    let reasons: Vec<&str> = decisions.map(|it| it.reason.as_str()).collect();
    assert_eq!(reasons, ["because"; 4]);
    // Nothing is asked again, and nothing changes.
    for answers in [
        Answers::default(),
        answers,
        by_rules(Rules {
            rest: Some(Pick::Neither),
            ..Rules::default()
        }),
    ] {
        let third = settled(&sides, &second.set, &answers);
        assert_eq!(third.open().count(), 0);
        assert_eq!(third.set, second.set);
    }
}

#[test]
fn an_answer_counts_for_what_it_saw() {
    let (mut ana, ben) = two();
    let rules = by_rules(Rules {
        rest: Some(Pick::Side(0)),
        ..Rules::default()
    });
    let first = settled(&[ana.side(), ben.side()], &nothing(), &rules);
    assert_eq!(first.open().count(), 0);
    let id = *ana.set().annotations.keys().next().unwrap();
    let note = "Really?".to_owned();
    ana.does(Edit::SetNote { id, note });
    let sides = [ana.side(), ben.side()];
    let second = settled(&sides, &first.set, &Answers::default());
    assert_eq!(second.set, first.set);
    let open: Vec<&Question> = second.open().collect();
    let [question] = open.as_slice() else {
        panic!("{open:?}");
    };
    // What the agreed file has is one of three marks, and a rule may settle it, for it is as it was settled.
    assert_eq!((question.variants.len(), question.is_edited), (3, false));
    let third = settled(
        &sides,
        &second.set,
        &one_by_one([(*question, Pick::Side(0))]),
    );
    assert_eq!(
        (
            third.open().count(),
            third.set.annotations[&id].note.as_str()
        ),
        (0, "Really?")
    );
    assert_eq!(
        settled(&sides, &third.set, &Answers::default()).set,
        third.set
    );
}

#[test]
fn what_a_person_did_in_the_agreed_file_is_never_undone() {
    let (ana, ben) = two();
    let sides = [ana.side(), ben.side()];
    let rest = by_rules(Rules {
        rest: Some(Pick::Side(0)),
        ..Rules::default()
    });
    let first = settled(&sides, &nothing(), &rest);
    let mut hand = Annotator::of(first.set.clone(), TEXT, 9, "Chitra");
    let of = |quote: &str, set: &AnnotationSet| {
        let mut marks = set.annotations.values();
        marks.find(|it| it.quote() == quote).unwrap().id
    };
    let (same, decided) = (
        of("The ministry insists", &first.set),
        of("the firm denied it", &first.set),
    );
    for id in [same, decided] {
        let note = "By hand.".to_owned();
        hand.does(Edit::SetNote { id, note });
    }
    let own = hand.marks("On Monday", "precedent");
    let second = settled(&sides, hand.set(), &rest);
    assert_eq!(second.set, *hand.set());
    assert_eq!(second.n_only_agreed, 1);
    // What was decided stays so; what all say and the agreed file does not is a question, which no rule answers.
    let open: Vec<&Question> = second.open().collect();
    assert_eq!(
        open.iter().map(|it| it.kind).collect::<Vec<_>>(),
        [QuestionKind::Changed]
    );
    let third = settled(&sides, &second.set, &one_by_one([(open[0], Pick::Agreed)]));
    assert_eq!(third.open().count(), 0);
    assert_eq!(third.set.annotations, hand.set().annotations);
    // Removed there, it does not come back by itself.
    let mut hand = Annotator::of(third.set.clone(), TEXT, 9, "Chitra");
    hand.does(Edit::Remove {
        ids: vec![same, own],
    });
    let fourth = settled(&sides, hand.set(), &rest);
    assert_eq!(fourth.set, *hand.set());
}

#[test]
fn the_words_of_both_can_be_changed_once_more() {
    let (ana, ben) = two();
    let sides = [ana.side(), ben.side()];
    let first = settled(&sides, &nothing(), &Answers::default());
    let edges = &first.questions[0];
    let a = settled(&sides, &first.set, &one_by_one([(edges, Pick::Side(0))]));
    let b = settled(&sides, &a.set, &one_by_one([(edges, Pick::Side(1))]));
    assert_eq!(
        quotes(&b.set),
        ["the firm denied it again", "The ministry insists"]
    );
    assert_eq!(b.set.decisions.len(), 1);
}

#[test]
fn rules_settle_a_kind() {
    let (ana, ben) = two();
    let sides = [ana.side(), ben.side()];
    let rules = Rules {
        edges: Some(EdgeRule::Shorter),
        tags: Some(Pick::Side(1)),
        only: Some(Pick::Neither),
        ..Rules::default()
    };
    let outcome = settled(&sides, &nothing(), &by_rules(rules));
    assert_eq!(
        outcome.open().map(|it| it.kind).collect::<Vec<_>>(),
        [QuestionKind::Details]
    );
    let longer = Rules {
        edges: Some(EdgeRule::Longer),
        ..Rules::default()
    };
    let longer = settled(&sides, &nothing(), &by_rules(longer));
    assert_eq!(quotes(&outcome.set)[0], "the firm denied it");
    assert_eq!(quotes(&longer.set)[0], "the firm denied it again");
}

#[test]
fn two_of_three_are_most() {
    let (mut ana, mut ben) = (Annotator::new(2, "Ana"), Annotator::new(3, "Ben"));
    let mut dora = Annotator::new(4, "Dora");
    ana.marks("the firm denied it", "denial");
    ben.marks("the firm denied it", "denial");
    dora.marks("firm denied it again", "denial");
    ana.marks("nobody was asked", "allegation");
    ana.marks("The ministry insists", "allegation");
    ben.marks("The ministry insists", "denial");
    dora.marks("The ministry insists", "precedent");
    let sides = [ana.side(), ben.side(), dora.side()];
    let majority = by_rules(Rules {
        majority: true,
        ..Rules::default()
    });
    let outcome = settled(&sides, &nothing(), &majority);
    assert_eq!(quotes(&outcome.set), ["the firm denied it"]);
    assert_eq!(
        outcome.open().map(|it| it.kind).collect::<Vec<_>>(),
        [QuestionKind::Tags]
    );
}

#[test]
fn what_one_marked_twice_is_one() {
    let (mut ana, mut ben) = (Annotator::new(2, "Ana"), Annotator::new(3, "Ben"));
    ana.marks("the firm denied it", "denial");
    ana.marks("the firm denied it", "denial");
    ben.marks("the firm denied it", "denial");
    ana.says("nobody was asked", "denial", "One", None);
    ana.says("nobody was asked", "denial", "Two", None);
    let outcome = settled(&[ana.side(), ben.side()], &nothing(), &Answers::default());
    assert_eq!((outcome.n_same, outcome.n_repeated), (1, 1));
    assert_eq!(kinds(&outcome), [QuestionKind::Duplicate]);
    let second = one_by_one([(&outcome.questions[0], Pick::Number(2))]);
    let outcome = settled(&[ana.side(), ben.side()], &outcome.set, &second);
    assert_eq!(
        quotes(&outcome.set),
        ["the firm denied it", "nobody was asked"]
    );
}

#[test]
fn links_lead_to_the_agreed_marks() {
    let (mut ana, mut ben) = (Annotator::new(2, "Ana"), Annotator::new(3, "Ben"));
    for one in [&mut ana, &mut ben] {
        let from = one.marks("the firm denied it", "denial");
        let to = one.marks("The ministry insists", "allegation");
        let kind = sourcemark::annotation::LinkKind::RespondsTo;
        one.does(Edit::Link { from, to, kind });
    }
    let outcome = settled(&[ana.side(), ben.side()], &nothing(), &Answers::default());
    let links: Vec<_> = outcome.set.links.values().collect();
    let [link] = links.as_slice() else {
        panic!("{links:?}");
    };
    assert!(outcome.set.annotations.contains_key(&link.from));
    assert!(outcome.set.annotations.contains_key(&link.to));
    assert_eq!(outcome.n_links_left, 0);
}
